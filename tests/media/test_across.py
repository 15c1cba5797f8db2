"""The sound of several recordings on one clock."""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from iprkit.media.across import Placed, read_across
from iprkit.media.decode import RATE
from iprkit.timeline import Span

Maker = Callable[[str, list[int]], Path]


@pytest.fixture
def level(tmp_path: Path) -> Maker:
    """Writes a recording at 16 kHz whose milliseconds have these levels, in hundredths: ``level("a.wav", [1, 2])``."""

    def write(name: str, levels: list[int]) -> Path:
        samples = np.repeat(np.array(levels, "<i2") * 328, RATE // 1000)
        with wave.open(str(tmp_path / name), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(samples.tobytes())
        return tmp_path / name

    return write


@pytest.fixture
def parts(level: Maker) -> list[Placed]:
    """One recording of a second, half a second of nothing, and another one of a second."""
    first, second = level("a.wav", [10] * 1000), level("b.wav", [20] * 500 + [30] * 500)
    return [Placed(first, Span(0, 1_000)), Placed(second, Span(1_500, 2_500))]


def levels(parts: list[Placed], *spans: Span) -> list[list[float]]:
    """The level in the middle of every tenth of a second of the spans."""
    step = RATE // 10
    return [[round(float(s[n + step // 2]), 2) for n in range(0, len(s), step)] for s in read_across(parts, spans)]


def test_a_span_in_the_second_recording_is_on_the_conversations_clock(parts: list[Placed]) -> None:
    assert levels(parts, Span(1_900, 2_100)) == [[0.2, 0.3]]


def test_a_span_across_both_is_silent_in_between(parts: list[Placed]) -> None:
    assert levels(parts, Span(800, 1_700)) == [[0.1, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.2]]


def test_spans_may_overlap_and_skip(parts: list[Placed]) -> None:
    found = levels(parts, Span(0, 200), Span(100, 300), Span(1_600, 1_700), Span(2_400, 2_600))
    assert found == [[0.1, 0.1], [0.1, 0.1], [0.2], [0.3, 0.0]]


def test_every_span_has_its_whole_length(parts: list[Placed]) -> None:
    (sound,) = read_across(parts, [Span(0, 4_000)])
    assert (sound.dtype, sound.shape) == (np.float32, (4 * RATE,))


def test_no_spans_are_no_sound(parts: list[Placed]) -> None:
    assert levels(parts) == []
