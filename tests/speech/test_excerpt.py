from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprkit.speech.activity import RATE
from iprkit.speech.excerpt import KEPT_MS, LEAST_MS, SILENCE_MS, TARGET_MS, Excerpt, plan
from iprkit.timeline import Span, merge

HOUR_MS = 3_600_000


def excerpt(speech: list[Span], span: Span) -> Excerpt:
    """An excerpt whose samples tell when they were recorded: sample ``k`` is ``k``."""
    return Excerpt(np.arange(span.duration_ms * RATE // 1000, dtype=np.float32), span, tuple(speech))


@st.composite
def recordings(draw: st.DrawFn) -> tuple[list[Span], int]:
    """Stretches of speech and the length of the recording that they are in."""
    duration_ms = draw(st.one_of(st.integers(1, 60_000), st.integers(60_000, HOUR_MS)))
    edges = sorted(draw(st.lists(st.integers(0, duration_ms), max_size=60)))
    return merge([Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False) if a < b]), duration_ms


@given(recordings(), st.integers(1, 16))
def test_excerpts_cover_the_recording_once_and_in_order(recording: tuple[list[Span], int], workers: int) -> None:
    speech, duration_ms = recording
    cuts = plan(speech, duration_ms, workers)
    assert (cuts[0].start_ms, cuts[-1].end_ms) == (0, duration_ms)
    assert all(a.end_ms == b.start_ms for a, b in pairwise(cuts))
    assert all(span.duration_ms <= TARGET_MS * 5 // 4 for span in cuts)


def test_a_cut_lies_in_the_middle_of_the_longest_pause_near_by() -> None:
    turns = [Span(at, at + 9_500) for at in range(0, 300_000, 10_000)]
    turns[15] = Span(150_000, 157_000)
    assert plan(turns, 300_000)[0] == Span(0, 158_500)


def test_without_any_pause_the_cut_comes_anyway() -> None:
    assert [span.duration_ms for span in plan([Span(0, 2 * TARGET_MS)], 2 * TARGET_MS)] == [TARGET_MS, TARGET_MS]


def test_a_short_recording_is_shared_among_the_workers() -> None:
    assert [len(plan([], 3 * LEAST_MS, workers)) for workers in (1, 2, 3)] == [1, 2, 3]


def test_a_long_silence_is_shortened_and_half_of_what_is_kept_stays_on_each_side() -> None:
    silence = Span(10_000, 10_000 + SILENCE_MS + 5_000)
    heard = excerpt([Span(0, silence.start_ms), Span(silence.end_ms, 40_000)], Span(0, 40_000))
    kept = KEPT_MS // 2
    assert heard.condensed.kept == (Span(0, silence.start_ms + kept), Span(silence.end_ms - kept, 40_000))
    assert len(heard.condensed.samples) == (40_000 - silence.duration_ms + KEPT_MS) * RATE // 1000


def test_a_pause_of_ordinary_length_stays_as_it_is() -> None:
    heard = excerpt([Span(0, 10_000), Span(10_000 + SILENCE_MS, 20_000)], Span(0, 20_000))
    assert len(heard.condensed.samples) == len(heard.samples)


def test_the_times_that_an_engine_gives_are_mapped_back_over_shortened_silences() -> None:
    heard = excerpt([Span(101_000, 110_000), Span(130_000, 140_000)], Span(100_000, 140_000))
    before_the_silence, behind_it = 9.0, 10.0 + KEPT_MS / 1000
    assert heard.clock_ms(before_the_silence) == 109_000
    assert heard.clock_ms(behind_it) == 130_000


@given(recordings(), st.integers(0, HOUR_MS), st.data())
def test_what_is_heard_at_a_time_was_recorded_at_the_time_it_is_mapped_to(
    recording: tuple[list[Span], int], start_ms: int, data: st.DataObject
) -> None:
    speech, duration_ms = recording
    span = Span(start_ms, start_ms + min(duration_ms, 60_000))
    inside = [shared for s in speech if (shared := s.shift(start_ms) & span)]
    heard = excerpt(inside, span)
    if not len(heard.condensed.samples):
        return
    at = data.draw(st.integers(0, len(heard.condensed.samples) - 1))
    recorded_ms = span.start_ms + float(heard.condensed.samples[at]) * 1000 / RATE
    assert heard.clock_ms(at / RATE) == pytest.approx(recorded_ms, abs=KEPT_MS if _at_a_joint(heard, at) else 1)


def _at_a_joint(heard: Excerpt, sample: int) -> bool:
    """Whether a sample lies where two kept stretches meet: either side is right there."""
    ends = np.cumsum([span.duration_ms for span in heard.condensed.kept])
    return bool((np.abs(ends - sample * 1000 / RATE) <= 1).any())


@given(recordings(), st.floats(-10, 100_000))
def test_no_time_leaves_the_excerpt(recording: tuple[list[Span], int], seconds: float) -> None:
    speech, duration_ms = recording
    span = Span(5_000, 5_000 + min(duration_ms, 60_000))
    heard = excerpt([shared for s in speech if (shared := s.shift(5_000) & span)], span)
    assert span.start_ms <= heard.clock_ms(seconds) <= span.end_ms


@given(recordings(), st.lists(st.floats(0, 70), min_size=2, max_size=10))
def test_later_stays_later(recording: tuple[list[Span], int], seconds: list[float]) -> None:
    speech, duration_ms = recording
    span = Span(0, min(duration_ms, 60_000))
    heard = excerpt([shared for s in speech if (shared := s & span)], span)
    mapped = [heard.clock_ms(one) for one in sorted(seconds)]
    assert mapped == sorted(mapped)
