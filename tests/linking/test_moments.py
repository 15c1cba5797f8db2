from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprkit.linking.moments import same_moments
from iprkit.recall import Mark
from iprkit.timeline import Span


def marks(*times: int) -> list[Mark]:
    return [Mark(f"K{n:02d}", "client", at, Span(max(0, at - 10_000), at)) for n, at in enumerate(times)]


def grouped(*times: int, tolerance: int = 15_000) -> list[list[int]]:
    return [[mark.at_ms for mark in group.marks] for group in same_moments(marks(*times), tolerance)]


def test_marks_within_the_tolerance_are_one_moment() -> None:
    assert grouped(42_000, 53_000, 90_000) == [[42_000, 53_000], [90_000]]


def test_the_nearest_come_together_first_and_nothing_is_chained() -> None:
    assert grouped(42_000, 53_000, 61_000, 69_000) == [[42_000], [53_000, 61_000], [69_000]]


def test_with_no_tolerance_only_marks_at_the_same_place_are_one() -> None:
    assert grouped(5_000, 5_000, 5_001, tolerance=0) == [[5_000, 5_000], [5_001]]


def test_a_moment_covers_all_that_its_marks_are_about() -> None:
    (group,) = same_moments(marks(42_000, 53_000))
    assert (group.at, group.about) == (Span(42_000, 53_000), Span(32_000, 53_000))


def fixed(*times: int) -> list[tuple[str | None, list[int]]]:
    """Groups of marks at these times beside two moments that a person set: ``early`` at 50 s, ``late`` at 58 s."""
    own = {name: [Mark("", "", at, Span(at - 5_000, at))] for name, at in (("early", 50_000), ("late", 58_000))}
    groups = same_moments(marks(*times), 15_000, own)
    return [(group.fixed, sorted(mark.at_ms for mark in group.marks if mark.key)) for group in groups]


def test_marks_join_the_nearest_moment_that_a_person_set() -> None:
    assert fixed(48_000, 61_000, 90_000) == [("early", [48_000]), ("late", [61_000]), (None, [90_000])]


def test_marks_that_are_nearer_to_each_other_stay_together() -> None:
    assert fixed(38_000, 34_000) == [(None, [34_000, 38_000]), ("early", []), ("late", [])]


def test_two_moments_that_a_person_set_are_never_one() -> None:
    assert fixed() == [("early", []), ("late", [])]


def test_a_tolerance_below_zero_cannot_be_meant() -> None:
    with pytest.raises(ValueError, match="cannot be meant"):
        same_moments([], -1)


@given(st.lists(st.integers(0, 300_000), max_size=12), st.integers(0, 40_000))
def test_no_moment_is_wider_than_the_tolerance_and_no_mark_is_lost(times: list[int], tolerance: int) -> None:
    groups = grouped(*times, tolerance=tolerance)
    assert sorted(at for group in groups for at in group) == sorted(times)
    assert all(group[-1] - group[0] <= tolerance for group in groups)
    assert all(b[-1] - a[0] > tolerance for a, b in pairwise(groups))
