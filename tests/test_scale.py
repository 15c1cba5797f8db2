from collections.abc import Callable

import pytest

from iprkit.errors import InvalidCodebook
from iprkit.scale import Anchor, Scale, scale_of


@pytest.mark.parametrize("value", [1, 1.5, 9])
def test_half_points_are_on_a_scale_of_half_points(value: float) -> None:
    assert Scale("helpfulness", 1, 9, 0.5).holds(value)


@pytest.mark.parametrize("value", [0.5, 1.25, 9.5])
def test_what_lies_between_or_outside_is_not(value: float) -> None:
    assert not Scale("helpfulness", 1, 9, 0.5).holds(value)


def test_every_tenth_is_on_a_scale_of_tenths_in_spite_of_binary_fractions() -> None:
    scale = Scale("apes", 0, 7, 0.1)
    assert all(scale.holds(tenths / 10) for tenths in range(71))


def test_a_range_that_people_write_is_a_scale_named_after_it() -> None:
    assert scale_of("1-5") == Scale("1-5", 1, 5)
    assert scale_of("1–9/0.5") == Scale("1-9/0.5", 1, 9, 0.5)
    assert scale_of("-2 to 2") == Scale("-2-2", -2, 2)
    assert scale_of("often") is None


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (lambda: Scale("s", 5, 1), "give min below max"),
        (lambda: Scale("s", 1, 5, 0), "a step above 0"),
        (lambda: Scale("s", 1, 5, 3), "steps of 3 do not reach 5"),
        (lambda: Scale("presence", 1, 5), "cannot name a scale"),
        (lambda: Scale("s", 1, 5, level="nominal"), "choose among ordinal, interval, ratio"),
        (lambda: Scale("s", 1, 5, no_evidence=0), "no_evidence 0 is not on it"),
        (lambda: Scale("s", 1, 5, anchors=(Anchor(6, "more"),)), "anchor 6 is not on it"),
        (lambda: Scale("s", 1, 5, anchors=(Anchor(2, "b"), Anchor(1, "a"))), "anchors must rise"),
        (lambda: Scale("s", 1, 5, anchors=(Anchor(1, ""),)), "needs a text"),
    ],
)
def test_a_scale_that_contradicts_itself_is_refused(said: Callable[[], object], complaint: str) -> None:
    with pytest.raises(InvalidCodebook, match=complaint):
        said()
