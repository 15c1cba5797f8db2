from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprkit.linking.moments import covering, same_moments
from iprkit.recall import Mark
from iprkit.timeline import Span


def marks(*times: int) -> list[Mark]:
    return [Mark(f"K{n:02d}", "client", at, Span(max(0, at - 10_000), at)) for n, at in enumerate(times)]


def grouped(*times: int, tolerance: int = 15_000) -> list[list[int]]:
    return [[mark.at_ms for mark in group] for group in same_moments(marks(*times), tolerance)]


def test_marks_within_the_tolerance_are_one_moment() -> None:
    assert grouped(42_000, 53_000, 90_000) == [[42_000, 53_000], [90_000]]


def test_the_nearest_come_together_first_and_nothing_is_chained() -> None:
    assert grouped(42_000, 53_000, 61_000, 69_000) == [[42_000], [53_000, 61_000], [69_000]]


def test_with_no_tolerance_only_marks_at_the_same_place_are_one() -> None:
    assert grouped(5_000, 5_000, 5_001, tolerance=0) == [[5_000, 5_000], [5_001]]


def test_a_moment_covers_all_that_its_marks_are_about() -> None:
    assert covering(marks(42_000, 53_000)) == Span(32_000, 53_000)


def test_a_tolerance_below_zero_cannot_be_meant() -> None:
    with pytest.raises(ValueError, match="cannot be meant"):
        same_moments([], -1)


@given(st.lists(st.integers(0, 300_000), max_size=12), st.integers(0, 40_000))
def test_no_moment_is_wider_than_the_tolerance_and_no_mark_is_lost(times: list[int], tolerance: int) -> None:
    groups = grouped(*times, tolerance=tolerance)
    assert sorted(at for group in groups for at in group) == sorted(times)
    assert all(group[-1] - group[0] <= tolerance for group in groups)
    assert all(b[-1] - a[0] > tolerance for a, b in pairwise(groups))
