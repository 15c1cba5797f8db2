"""Forced alignment where sessions are really held: in rooms that echo, with a fan running."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from iprkit.speech.activity import RATE
from iprkit.speech.sphinx import place

AROUND_MS = 400


@pytest.fixture(scope="module")
def room(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sample session in a room that echoes for 0.4 s (RT60), as much echo as direct sound, noise 15 dB below."""
    chance = np.random.default_rng(1)
    length = round(0.4 * RATE)
    echo = chance.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    echo[0] = np.sqrt(np.sum(echo[1:] ** 2))
    heard = fftconvolve(sound, echo)[: len(sound)]
    loud = np.sqrt(np.mean(heard[np.abs(sound) > 0.01] ** 2))
    heard += chance.standard_normal(len(heard)) * loud * 10 ** (-15 / 20)
    return (0.9 * heard / np.abs(heard).max()).astype(np.float32)


def test_every_turn_is_placed_in_a_room_that_echoes(room: NDArray[np.float32], turns: Sequence[Any]) -> None:
    late = []
    for turn in turns:
        start, end = turn.span.start_ms - AROUND_MS, turn.span.end_ms + AROUND_MS
        spans = place(room[start * RATE // 1000 : end * RATE // 1000], turn.text.split())
        assert spans is not None, turn.text
        assert spans[0] is not None
        late.append(spans[0].start_ms - AROUND_MS)
    assert sum(abs(ms) <= 200 for ms in late) >= 0.9 * len(late)
