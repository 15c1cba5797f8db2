"""Places alike found where they were put."""

from __future__ import annotations

import numpy as np
import pytest

from iprkit.progress import Step
from iprkit.replay.prints import Print
from iprkit.replay.search import WINDOW, find_hits


def _noise(frames: int, seed: int) -> Print:
    """A print in which nothing resembles anything."""
    rng = np.random.default_rng(seed)
    return Print(
        rng.normal(0, 0.4, (frames, 96)).astype(np.float32), np.zeros(frames, np.float32), np.ones(frames, np.float32)
    )


def _with(interview: Print, session: Print, at: int, place: int, length: int) -> Print:
    frames = interview.frames.copy()
    frames[at : at + length] += session.frames[place : place + length]
    return Print(frames, interview.level, interview.size)


@pytest.mark.parametrize("place", [0, 700, 12_345, 29_900])
def test_three_seconds_are_found_anywhere_in_a_long_session(place: int) -> None:
    session = _noise(30_000, 1)
    hits = find_hits(session, _with(_noise(2_000, 2), session, 503, place, 60))
    best = int(np.argmax(hits.height))
    assert abs(hits.lag[best] - (place - 503)) < 0.5
    assert 503 <= hits.at[best] <= 563
    assert hits.height[best] > 20


def test_a_stretch_shown_twice_is_found_twice() -> None:
    session = _noise(4_000, 1)
    once = _with(_noise(2_000, 2), session, 300, 1_000, 80)
    hits = find_hits(session, _with(once, session, 900, 1_000, 80))
    assert {round(lag) for lag in hits.lag[hits.height > 15]} == {700, 100}


def test_noise_is_hardly_like_noise() -> None:
    assert (find_hits(_noise(30_000, 1), _noise(2_000, 2)).height < 6.5).all()


@pytest.mark.parametrize(("session", "interview"), [(0, 0), (WINDOW, 500), (500, WINDOW - 1), (1, 1)])
def test_what_is_shorter_than_a_window_is_like_nothing(session: int, interview: int) -> None:
    assert len(find_hits(_noise(session, 1), _noise(interview, 2)).at) == 0


def test_the_caller_hears_how_far_the_comparison_is() -> None:
    heard: list[Step] = []
    find_hits(_noise(30_000, 1), _noise(100, 2), heard.append)
    assert [step.done for step in heard] == [1, 2, 3]
    assert heard[-1].done == heard[-1].total
