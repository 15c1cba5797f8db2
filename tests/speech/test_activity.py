from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from iprkit.speech.activity import MIN_PAUSE_MS, MIN_SPEECH_MS, OFF, ON, PAD_MS, RATE, spans_from, speech_spans
from iprkit.timeline import Span, covered_ms

FRAME_MS = 10
SURE, BETWEEN, NONE = ON + 0.3, (ON + OFF) / 2, OFF - 0.3


def spans(*stretches: tuple[float, int]) -> list[Span]:
    """Speech in stretches of one probability each, ``(probability, milliseconds)``."""
    frames = [np.full(ms // FRAME_MS, probability, np.float32) for probability, ms in stretches]
    return spans_from(np.concatenate(frames), FRAME_MS)


def padded(start_ms: int, end_ms: int) -> Span:
    return Span(start_ms - PAD_MS, end_ms + PAD_MS)


def test_speech_that_has_begun_lasts_until_it_is_clearly_over() -> None:
    assert spans((NONE, 500), (SURE, 300), (BETWEEN, 400), (NONE, 500)) == [padded(500, 1200)]


def test_what_is_never_clearly_speech_does_not_begin_any() -> None:
    assert spans((NONE, 500), (BETWEEN, 3000), (NONE, 500)) == []


def test_a_stop_inside_a_word_is_no_pause() -> None:
    assert spans((NONE, 500), (SURE, 300), (NONE, MIN_PAUSE_MS), (SURE, 300), (NONE, 500)) == [
        padded(500, 1100 + MIN_PAUSE_MS)
    ]


def test_a_longer_one_is() -> None:
    pause = MIN_PAUSE_MS + 2 * FRAME_MS
    assert len(spans((NONE, 500), (SURE, 300), (NONE, pause), (SURE, 300), (NONE, 500))) == 2


def test_a_tap_on_the_microphone_is_no_speech() -> None:
    assert spans((NONE, 500), (SURE, MIN_SPEECH_MS - FRAME_MS), (NONE, 500)) == []


def test_the_shortest_answer_is() -> None:
    assert spans((NONE, 500), (SURE, MIN_SPEECH_MS), (NONE, 500)) == [padded(500, 500 + MIN_SPEECH_MS)]


def test_padding_stays_inside_the_recording() -> None:
    assert spans((SURE, 400)) == [Span(0, 400)]


def test_nothing_recorded_is_no_speech() -> None:
    assert speech_spans([]) == []


@given(st.lists(st.floats(0, 1, width=32), max_size=300))
def test_spans_are_in_order_apart_and_inside_whatever_the_probabilities(probabilities: list[float]) -> None:
    found = spans_from(np.array(probabilities, np.float32), FRAME_MS)
    whole = Span(0, len(probabilities) * FRAME_MS)
    assert all(a.end_ms < b.start_ms for a, b in pairwise(found))
    assert all(whole & span == span and span.duration_ms >= MIN_SPEECH_MS for span in found)


def test_every_turn_of_the_sample_session_is_found(sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    found = speech_spans([sound])
    assert min(covered_ms(found, turn.span) / turn.span.duration_ms for turn in turns) > 0.8


def test_its_long_pauses_are_found_where_they_are(sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    pauses = [Span(a.span.end_ms, b.span.start_ms) for a, b in pairwise(turns) if b.span.start_ms > a.span.end_ms]
    long = [pause for pause in pauses if pause.duration_ms >= 1000]
    found = speech_spans([sound])
    assert len(long) > 5
    assert max(covered_ms(found, pause) / pause.duration_ms for pause in long) < 0.3


def blocks(samples: NDArray[np.float32], size: int) -> Iterator[NDArray[np.float32]]:
    for start in range(0, len(samples), size):
        yield samples[start : start + size]


@pytest.mark.parametrize("size", [300, 16_000, 64_001])
def test_it_does_not_matter_in_which_blocks_the_sound_comes(sound: NDArray[np.float32], size: int) -> None:
    part = sound[: 20 * RATE]
    assert speech_spans(blocks(part, size)) == speech_spans([part])


def test_neither_silence_nor_hiss_nor_hum_is_speech() -> None:
    numbers = np.random.default_rng(3)
    silence = np.zeros(10 * RATE, np.float32)
    hiss = numbers.normal(scale=0.01, size=10 * RATE).astype(np.float32)
    hum = (0.1 * np.sin(2 * np.pi * 50 * np.arange(10 * RATE) / RATE)).astype(np.float32)
    assert [speech_spans([one]) for one in (silence, hiss, hum)] == [[], [], []]
