"""Recall interviews made of the sample: stretches of its session played into a room, among talk of the interviews."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import fftconvolve, resample_poly

from iprkit.media.decode import RATE, stream
from iprkit.recall import TimeMap
from iprkit.replay.locate import locate

ROOT = Path(__file__).parents[2]
TRUTH: dict[str, Any] = json.loads((ROOT / "transcripts/d01-s03.truth.json").read_text(encoding="utf-8"))

Sound = NDArray[np.float32]


def _load(name: str) -> Sound:
    return np.concatenate([block[0] for block in stream(ROOT / "recordings" / name)])


@pytest.fixture(scope="module")
def session() -> Sound:
    return _load(TRUTH["session"]["file"])


@pytest.fixture(scope="module")
def talk() -> Sound:
    """What is said in the client's interview while nothing plays."""
    recall = TRUTH["recalls"][0]
    sound = _load(recall["file"])
    said = [sound[round(one["start"] * RATE) : round(one["end"] * RATE)] for one in recall["speech"]]
    return np.concatenate(said)


def _room(film: Sound, level: float) -> Sound:
    """Through an echo of 0.4 s, at a share of its level."""
    rng = np.random.default_rng(4)
    times = np.arange(round(0.4 * RATE)) / RATE
    echo = np.r_[1, 0.05 * rng.standard_normal(len(times) - 1)] * 10 ** (-3 * times / 0.4)
    return (level * fftconvolve(film, echo)[: len(film)]).astype(np.float32)


def _interview(talk: Sound, *shown: Sound, level: float = 0.25) -> tuple[Sound, list[float]]:
    """Five seconds of talk before each stretch and after the last; the seconds at which stretches begin."""
    parts, starts = [], []
    for number, film in enumerate(shown):
        parts.append(talk[5 * number * RATE : 5 * (number + 1) * RATE])
        starts.append(sum(map(len, parts)) / RATE)
        parts.append(_room(film, level))
    parts.append(talk[-5 * RATE :])
    sound = np.concatenate(parts)
    noise = np.random.default_rng(5).normal(0, 3e-4, len(sound))
    return (sound + noise).astype(np.float32), starts


def _cut(session: Sound, start_s: float, end_s: float) -> Sound:
    return session[round(start_s * RATE) : round(end_s * RATE)]


def _check(found: TimeMap, starts: list[float], spans: list[tuple[float, float]]) -> None:
    assert len(found.pieces) == len(spans)
    for piece, begins_s, (start_s, end_s) in zip(found.pieces, starts, spans, strict=True):
        assert abs(piece.interview.start_ms / 1000 - begins_s) <= 0.5
        assert abs(piece.interview.duration_ms / 1000 - (end_s - start_s)) <= 0.5
        middle_ms = piece.interview.middle_ms
        assert abs(piece.session_ms(middle_ms) / 1000 - (start_s + middle_ms / 1000 - begins_s)) <= 0.1


def test_a_rewind_a_repeat_and_a_skip_are_each_put_where_they_belong(session: Sound, talk: Sound) -> None:
    spans = [(14.0, 22.0), (18.5, 24.0), (18.5, 24.0), (100.0, 110.0)]
    sound, starts = _interview(talk, *(_cut(session, *span) for span in spans))
    _check(locate([session], [sound]), starts, spans)


def test_a_jump_without_a_pause_is_seen(session: Sound, talk: Sound) -> None:
    film = np.concatenate([_cut(session, 14.0, 22.0), _cut(session, 30.5, 36.0)])
    sound, (begins,) = _interview(talk, film)
    _check(locate([session], [sound]), [begins, begins + 8], [(14.0, 22.0), (30.5, 36.0)])


def test_three_seconds_of_quiet_playback_are_found(session: Sound, talk: Sound) -> None:
    spans = [(108.0, 111.0)]
    sound, starts = _interview(talk, *(_cut(session, *span) for span in spans), level=0.06)
    _check(locate([session], [sound]), starts, spans)


@pytest.mark.parametrize("drift", [-0.003, 0.003])
def test_clocks_that_run_apart_are_measured(session: Sound, talk: Sound, drift: float) -> None:
    film = resample_poly(_cut(session, 70, 118), 10_000 + round(10_000 * drift), 10_000).astype(np.float32)
    sound, (begins,) = _interview(talk, film)
    (piece,) = locate([session], [sound]).pieces
    for session_s in (72, 94, 116):
        played_s = begins + (session_s - 70) * (1 + drift)
        assert abs(piece.interview_ms(session_s * 1000) / 1000 - played_s) <= 0.1


def test_talk_over_the_film_leaves_one_stretch(session: Sound, talk: Sound) -> None:
    spans = [(86.0, 112.0)]
    sound, starts = _interview(talk, _cut(session, *spans[0]))
    first = round((starts[0] + 9) * RATE)
    sound[first : first + 6 * RATE] += talk[10 * RATE : 16 * RATE]
    _check(locate([session], [sound]), starts, spans)


def test_a_sentence_that_the_session_has_twice_is_placed_by_the_words_around_it(session: Sound, talk: Sound) -> None:
    twice = np.concatenate([session[: 60 * RATE], _cut(session, 14.0, 18.5), session[60 * RATE :]])
    with_context, starts = _interview(talk, _cut(twice, 9.0, 18.0))
    _check(locate([twice], [with_context]), starts, [(9.0, 18.0)])
    alone, _ = _interview(talk, _cut(twice, 14.2, 18.2))
    assert locate([twice], [alone]).pieces == ()


def test_a_session_taken_over_by_wire_is_one_stretch_with_its_silences(session: Sound) -> None:
    (piece,) = locate([session], [session]).pieces
    assert piece.interview.start_ms == piece.session.start_ms == 0
    assert abs(piece.interview.end_ms - 1000 * len(session) / RATE) < 100
    assert piece.confidence > 0.9


def test_a_session_of_two_recordings_is_one_stream(session: Sound, talk: Sound) -> None:
    sound, starts = _interview(talk, _cut(session, 100.0, 110.0))
    parts = [session[: 60 * RATE], np.zeros(2 * RATE, np.float32), session[60 * RATE :]]
    (piece,) = locate(parts, [sound]).pieces
    assert abs(piece.session_ms(round(1000 * starts[0]) + 5_000) - 107_000) <= 100


@pytest.mark.parametrize(("session_s", "interview_s"), [(0, 60), (1, 60), (60, 1), (2, 2)])
def test_recordings_of_a_moment_hold_no_playback(session: Sound, session_s: int, interview_s: int) -> None:
    assert locate([session[: session_s * RATE]], [session[: interview_s * RATE]]).pieces == ()


def test_the_same_voices_talking_of_something_else_hold_no_playback(session: Sound, talk: Sound) -> None:
    assert locate([session], [talk]).pieces == ()
