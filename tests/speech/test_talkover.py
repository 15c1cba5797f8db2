"""Constructed interviews: the sample session through a loudspeaker in a room, with somebody who talks over it."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from iprkit.media import decode
from iprkit.recall import Piece
from iprkit.speech.talkover import band_levels, only_playback
from iprkit.timeline import Span, covered_ms, gaps

ROOT = Path(__file__).parents[2]
Sound = NDArray[np.float32]
PLAYED = Span(20_000, 50_000)  # of the session
HEARD = Span(2_000, 32_000)  # in the interview


def at(sound: Sound, span: Span) -> Sound:
    return sound[span.start_ms * 16 : span.end_ms * 16]


def level(sound: Sound) -> float:
    return float(np.sqrt((sound**2).mean()))


@pytest.fixture(scope="module")
def voice() -> Sound:
    """Seven seconds of the client in the recall interview, who talks in the room and is in no session."""
    whole = np.concatenate([block[0] for block in decode.stream(ROOT / "recordings/d01-s03-client-recall.m4a")])
    return at(whole, Span(34_800, 41_400))


@pytest.fixture(scope="module")
def room(sound: Sound) -> Sound:
    """The session as a small loudspeaker gives it back in a room with an echo of 0.4 s, 12 dB below live speech."""
    rng = np.random.default_rng(1)
    echo = rng.standard_normal(6_400) * 10 ** (-3 * np.arange(6_400) / 6_400)
    echo /= np.sqrt((echo**2).sum())
    echo[0] = 1
    small = sosfilt(butter(4, [250, 4500], "bandpass", fs=16_000, output="sos"), at(sound, PLAYED))
    played = fftconvolve(small, echo)[: len(small)]
    whole = np.zeros(36_000 * 16)
    whole[HEARD.start_ms * 16 : HEARD.end_ms * 16] = played / level(played) * 0.02
    return np.asarray(whole + rng.standard_normal(len(whole)) * 0.0005, np.float32)


def alone(room: Sound, sound: Sound, piece: Piece) -> list[Span]:
    return only_playback(band_levels([room]), band_levels([sound]), [piece])


def talked_over(room: Sound, voice: Sound, start_ms: int) -> tuple[Sound, Span]:
    out = room.copy()
    out[start_ms * 16 : start_ms * 16 + len(voice)] += voice / level(voice) * 0.08
    return out, Span(start_ms, start_ms + len(voice) // 16)


def test_where_only_the_session_is_heard_nobody_need_listen(room: Sound, sound: Sound) -> None:
    found = alone(room, sound, Piece(HEARD, PLAYED))
    assert covered_ms(found, HEARD) > 0.95 * HEARD.duration_ms


def test_where_somebody_talks_over_it_somebody_must(room: Sound, sound: Sound, voice: Sound) -> None:
    mixed, said = talked_over(room, voice, 12_000)
    found = alone(mixed, sound, Piece(HEARD, PLAYED))
    assert covered_ms(found, said) < 0.05 * said.duration_ms
    rest = list(gaps([said.widen(800, HEARD)], HEARD))
    assert sum(covered_ms(found, span) for span in rest) > 0.9 * sum(span.duration_ms for span in rest)


def test_a_piece_cut_short_is_completed_as_far_as_the_sound_goes_on(room: Sound, sound: Sound) -> None:
    found = alone(room, sound, Piece(Span(2_600, 31_400), Span(20_600, 49_400)))
    assert covered_ms(found, HEARD) > 0.95 * HEARD.duration_ms


def test_a_piece_that_reaches_into_talk_leaves_the_talk_to_the_listener(
    room: Sound, sound: Sound, voice: Sound
) -> None:
    mixed, said = talked_over(room, voice[: 3_000 * 16], 32_400)
    found = alone(mixed, sound, Piece(Span(2_000, 33_000), Span(20_000, 51_000)))
    assert covered_ms(found, said) <= 300


def test_a_logged_map_that_is_late_by_half_a_second_is_brought_to_the_sound(
    room: Sound, sound: Sound, voice: Sound
) -> None:
    mixed, said = talked_over(room, voice, 12_000)
    found = alone(mixed, sound, Piece(Span(2_500, 32_500), PLAYED))
    assert covered_ms(found, said) < 0.05 * said.duration_ms


def test_levels_do_not_depend_on_how_the_sound_was_cut_into_blocks(sound: Sound) -> None:
    part = sound[: 16_000 * 70]
    blocks = [part[:5_000], part[5_000:700_001], part[700_001:]]
    assert np.array_equal(band_levels([part]), band_levels(blocks))


def test_no_sound_at_all_is_no_playback() -> None:
    assert only_playback(band_levels([]), band_levels([]), []) == []
