import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iprkit.sequences.shifts import Overlap, Shifts, mark_coincidence, time_overlap
from iprkit.timeline import Span

FEW = Shifts(permutations=200, seed=3)


def test_the_same_moments_fall_wholly_together() -> None:
    found = time_overlap([Span(10_000, 20_000)], [Span(10_000, 20_000)], 100_000, FEW)
    assert (found.observed, found.expected, found.value) == (10_000, 1_000, 1.0)


def test_moments_that_avoid_each_other_fall_together_less_than_by_chance() -> None:
    found = time_overlap([Span(0, 50_000)], [Span(50_000, 90_000)], 100_000, FEW)
    assert found.observed == 0
    assert found.value == pytest.approx(-1.0)  # (0 - 20 s) / (40 s - 20 s)
    assert found.p == 1.0


def test_what_falls_together_as_by_chance_is_zero() -> None:
    found = time_overlap([Span(0, 50_000)], [Span(25_000, 75_000)], 100_000, FEW)
    assert (found.observed, found.expected, found.value) == (25_000, 25_000, 0.0)


def test_p_is_the_share_of_shifts_that_bring_at_least_as_much_together() -> None:
    """Two marks of a tenth of the session each: only the shift by nothing brings all of them together."""
    found = time_overlap([Span(0, 10_000)], [Span(0, 10_000)], 100_000, Shifts(1_999, 5))
    assert found.p == pytest.approx(1 / 2_000, abs=2 / 2_000)


def test_time_that_somebody_marked_twice_counts_once() -> None:
    twice = time_overlap([Span(0, 10_000), Span(5_000, 10_000)], [Span(0, 10_000)], 100_000, FEW)
    assert (twice.observed, twice.n_client) == (10_000, 2)


def test_marks_within_the_tolerance_coincide() -> None:
    found = mark_coincidence([10_000, 60_000], [12_000, 90_000], 5_000, 100_000, FEW)
    assert (found.observed, found.n_client, found.n_therapist) == (1, 2, 2)
    assert found.expected == pytest.approx(2 * 20_002 / 100_000)


def test_the_session_is_a_circle_for_marks_near_its_ends() -> None:
    assert mark_coincidence([500], [99_900], 1_000, 100_000, FEW).observed == 1


def test_the_same_seed_gives_the_same_figure_and_the_seed_is_told() -> None:
    args = ([Span(0, 9_000)], [Span(4_000, 20_000)], 100_000)
    assert time_overlap(*args, Shifts(500, 7)) == time_overlap(*args, Shifts(500, 7))
    found = time_overlap(*args, Shifts(500, 7))
    assert (found.permutations, found.seed) == (500, 7)


def reason(found: Overlap) -> str:
    assert (found.value, found.p) == (None, None)
    assert found.reason is not None
    return found.reason


def test_an_undefined_figure_says_why() -> None:
    some, whole = [Span(0, 1_000)], [Span(0, 100_000)]
    assert reason(time_overlap([], some, 100_000, FEW)) == "the client marked nothing"
    assert reason(time_overlap([], [], 100_000, FEW)) == "the client and the therapist marked nothing"
    assert "whole session" in reason(time_overlap(whole, some, 100_000, FEW))
    assert "whole session" in reason(mark_coincidence([5], [7], 60_000, 100_000, FEW))
    assert reason(time_overlap(some, some, 0, FEW)) == "the session has no length"
    assert reason(time_overlap([Span(200_000, 201_000)], some, 100_000, FEW)) == "no mark lies inside the session"


def test_chance_needs_at_least_one_shift() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Shifts(0)


SPANS = st.lists(
    st.tuples(st.integers(0, 99), st.integers(1, 20)).map(lambda drawn: Span(drawn[0], min(100, drawn[0] + drawn[1]))),
    min_size=1,
    max_size=5,
)


@settings(max_examples=30)
@given(SPANS, SPANS)
def test_all_shifts_together_bring_exactly_what_is_expected(mine: list[Span], other: list[Span]) -> None:
    """The mean over every possible shift, counted tick by tick, is the product of both times over the duration."""
    first, second = np.zeros(100, bool), np.zeros(100, bool)
    for line, spans in ((first, mine), (second, other)):
        for span in spans:
            line[span.start_ms : span.end_ms] = True
    counted = [int((first & np.roll(second, shift)).sum()) for shift in range(100)]
    found = time_overlap(mine, other, 100, FEW)
    assert found.observed == counted[0]
    assert found.expected == pytest.approx(np.mean(counted))


@settings(max_examples=30)
@given(SPANS, SPANS)
def test_exchanging_the_two_changes_nothing_but_their_names(mine: list[Span], other: list[Span]) -> None:
    one, two = time_overlap(mine, other, 100, FEW), time_overlap(other, mine, 100, FEW)
    assert (one.observed, one.expected, one.value) == (two.observed, two.expected, two.value)
