"""The sample's recall interviews against their truth, and interviews in which nothing of the session is played."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.media import decode
from iprkit.recall import TimeMap
from iprkit.replay.locate import locate

ROOT = Path(__file__).parents[2]
TRUTH = json.loads((ROOT / "transcripts/d01-s03.truth.json").read_text(encoding="utf-8"))
STEP_MS = 20


def _sound(name: str) -> Iterator[NDArray[np.float32]]:
    return decode.stream(ROOT / "recordings" / name)


@pytest.fixture(scope="module", params=TRUTH["recalls"], ids=lambda recall: recall["participant"])
def interview(request: pytest.FixtureRequest) -> tuple[dict[str, Any], TimeMap]:
    recall: dict[str, Any] = request.param
    return recall, locate(_sound(TRUTH["session"]["file"]), _sound(recall["file"]))


def _true_ms(recall: dict[str, Any], ms: int) -> float | None:
    for replay in recall["replays"]:
        if replay["recall_start"] * 1000 <= ms < replay["recall_end"] * 1000:
            share = (ms / 1000 - replay["recall_start"]) / (replay["recall_end"] - replay["recall_start"])
            return 1000 * (replay["session_start"] + share * (replay["session_end"] - replay["session_start"]))
    return None


def test_nearly_all_playback_is_mapped_to_within_a_tenth_of_a_second(interview: tuple[dict[str, Any], TimeMap]) -> None:
    recall, found = interview
    played = [(ms, true) for ms in range(0, int(recall["duration"] * 1000), STEP_MS) if (true := _true_ms(recall, ms))]
    right = [abs((found.session_ms(ms) or -1_000_000) - true) <= 100 for ms, true in played]
    assert np.mean(right) >= 0.99


def test_hardly_any_talk_is_taken_for_playback(interview: tuple[dict[str, Any], TimeMap]) -> None:
    recall, found = interview
    talk = [ms for ms in range(0, int(recall["duration"] * 1000), STEP_MS) if _true_ms(recall, ms) is None]
    assert np.mean([found.session_ms(ms) is not None for ms in talk]) < 0.005


def test_every_edge_lies_within_half_a_second(interview: tuple[dict[str, Any], TimeMap]) -> None:
    recall, found = interview
    assert len(found.pieces) == len(recall["replays"])
    for piece, replay in zip(found.pieces, recall["replays"], strict=True):
        assert abs(piece.interview.start_ms - replay["recall_start"] * 1000) <= 500
        assert abs(piece.interview.end_ms - replay["recall_end"] * 1000) <= 500


@pytest.mark.parametrize("seconds", [0, 2, 30])
def test_silence_holds_no_playback(seconds: int) -> None:
    silence = [np.zeros(seconds * decode.RATE, np.float32)]
    assert locate(_sound(TRUTH["session"]["file"]), silence).pieces == ()


def test_noise_holds_no_playback() -> None:
    noise = np.random.default_rng(3).normal(0, 0.1, 60 * decode.RATE).astype(np.float32)
    assert locate(_sound(TRUTH["session"]["file"]), [noise]).pieces == ()


def test_an_interview_about_other_minutes_of_the_session_holds_no_playback_of_these() -> None:
    """The client's first two stretches come from before 1:02; what is given here begins after that."""
    whole = np.concatenate(list(_sound(TRUTH["session"]["file"])), axis=1)
    client = np.concatenate(list(_sound(TRUTH["recalls"][0]["file"])), axis=1)
    replays = TRUTH["recalls"][0]["replays"][:2]
    later = whole[:, round((replays[1]["session_end"] + 1) * decode.RATE) :]
    heard = client[:, : round((replays[1]["recall_end"] + 1) * decode.RATE)]
    assert locate([later], [heard]).pieces == ()
