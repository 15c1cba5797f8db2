"""Events side by side, kappa of events, tolerance, confusions, and how far ends lie apart."""

from collections.abc import Callable

import numpy as np
import pytest

from iprkit.agreement.alignment import Alignment, align_events
from iprkit.agreement.confusions import event_confusions
from iprkit.agreement.events import event_kappa, event_kappa_of_code, event_tables
from iprkit.agreement.measures import TIME_UNIT_KAPPA
from iprkit.agreement.method import Method
from iprkit.agreement.offsets import boundary_offsets
from iprkit.agreement.ratings import Floats
from iprkit.agreement.report import report_on_timelines
from iprkit.agreement.timelines import Timeline

Line = Callable[..., Timeline]


def align(one: Timeline, near_ms: int = 2000) -> Alignment:
    return align_events([one], one.coders, ["x", "y", "z"], near_ms)


def side_by_side(one: Timeline, near_ms: int = 2000) -> list[tuple[str, str]]:
    names = ("x", "y", "z", "-")
    found = align(one, near_ms)
    return [(names[a], names[b]) for a, b in zip(found.first, found.second, strict=True)]


def test_events_that_overlap_answer_each_other(line: Line) -> None:
    one = line(90_000, "A x 0-9000", "A y 20000-29000", "B x 8000-15000", "B y 28000-30000")
    assert side_by_side(one) == [("x", "x"), ("y", "y")]


def test_events_apart_answer_each_other_when_they_begin_near(line: Line) -> None:
    one = line(90_000, "A x 0-1000", "B x 1500-3000")
    assert side_by_side(one, near_ms=1500) == [("x", "x")]
    assert sorted(side_by_side(one, near_ms=1499)) == [("-", "x"), ("x", "-")]


def test_a_disagreement_is_preferred_to_two_omissions(line: Line) -> None:
    assert side_by_side(line(90_000, "A x 0-9000", "B y 0-9000")) == [("x", "y")]


def test_an_event_of_one_coder_alone_does_not_shift_the_others(line: Line) -> None:
    one = line(90_000, "A x 0-1000", "A y 30000-31000", "A z 60000-61000", "B x 0-1000", "B z 60000-61000")
    assert side_by_side(one) == [("x", "x"), ("y", "-"), ("z", "z")]


def test_among_several_the_nearest_beginning_answers(line: Line) -> None:
    one = line(90_000, "A x 10000-20000", "B x 2000-11000", "B x 11000-19000")
    assert side_by_side(one) == [("-", "x"), ("x", "x")]


def test_event_tables_have_nothing_last_and_no_event_that_nobody_saw(line: Line) -> None:
    one = line(90_000, "A x 0-9000", "A y 20000-29000", "B x 0-9000", "B z 20000-29000", "B z 50000-51000")
    table = event_tables(align(one), 1).counts[0, 0]
    assert table.tolist() == [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 1, 0]]


def margins(table: Floats) -> tuple[Floats, Floats, Floats]:
    return np.diagonal(table)[None, None], table.sum(1)[None, None], table.sum(0)[None, None]


def test_chance_of_events_is_that_of_iterative_proportional_fitting() -> None:
    # A second way to the same numbers: fit a table without the corner nothing/nothing to the margins by hand.
    table = np.array([[20.0, 3, 5], [2, 12, 4], [6, 1, 0]])
    fitted = np.ones((3, 3))
    fitted[2, 2] = 0
    for _ in range(500):
        fitted *= (table.sum(1) / fitted.sum(1))[:, None]
        fitted *= table.sum(0) / fitted.sum(0)
    found = event_kappa(*margins(table))
    assert found.expected is not None
    assert found.expected[0] == pytest.approx(np.trace(fitted) / table.sum())
    assert found.observed[0] == pytest.approx(32 / 53)


def test_events_of_one_code_are_set_against_all_others() -> None:
    table = np.array([[20.0, 3, 5], [2, 12, 4], [6, 1, 0]])
    # Cohen (1960) of x against the rest: 20 both, 8 only the first, 8 only the second, 17 neither.
    observed, expected = 37 / 53, (28 * 28 + 25 * 25) / 53**2
    found = event_kappa_of_code(*margins(table), 0)
    assert found.value[0] == pytest.approx((observed - expected) / (1 - expected))


def test_codes_taken_for_one_another_are_told_with_what_was_missed(line: Line) -> None:
    one = line(90_000, "A x 0-900", "A x 9000-9900", "A y 20000-20900", "B y 0-900", "B y 9000-9900")
    found = event_confusions(event_tables(align(one), 1))
    assert [(c.first, c.second, c.count) for c in found] == [("x", "y", 2), ("y", "nothing", 1)]
    assert sum(c.share for c in found) == pytest.approx(1)


def test_how_far_ends_lie_apart(line: Line) -> None:
    one = line(90_000, "A x 0-9000", "A x 20000-29000", "B x 500-8000", "B x 21000-29000", "A y 40000-41000")
    (over_all, of_x) = boundary_offsets(align(one), one.coders)
    assert (over_all.code, of_x.code, of_x.n_events) == (None, "x", 2)
    assert (of_x.start.least, of_x.start.median, of_x.start.most) == (500, 750, 1000)
    assert (of_x.end.least, of_x.end.most, of_x.end.median_apart) == (-1000, 0, 500)


def kappa(one: Timeline, tolerance_ms: int) -> float:
    found = report_on_timelines([one], Method(bootstrap=None, tolerance_ms=tolerance_ms)).figures
    value = next(f.value for f in found if f.statistic == TIME_UNIT_KAPPA.statistic and f.code == "x")
    assert value is not None
    return value


def test_tolerance_forgives_ends_that_lie_less_far_apart(line: Line) -> None:
    one = line(60_000, "A x 10000-20000", "B x 12000-22000")
    assert kappa(one, 0) == pytest.approx((56 / 60 - (100 + 2500) / 3600) / (1 - (100 + 2500) / 3600))
    assert kappa(one, 0) < kappa(one, 1000) < 1
    assert kappa(one, 2000) == 1


def test_tolerance_does_not_reach_over_the_end_of_a_session(line: Line) -> None:
    first = line(10_000, "A x 8000-10000", session="S01")
    second = line(10_000, "B x 0-2000", session="S02")
    found = report_on_timelines([first, second], Method(bootstrap=None, tolerance_ms=2000)).figures
    (one,) = (f for f in found if f.statistic == TIME_UNIT_KAPPA.statistic and f.code == "x")
    # Whose x is looked up finds none, 8 of 10 ticks agree; the other's ticks without code all find one, 10 of 10.
    assert one.observed == pytest.approx(0.9)


def test_who_saw_the_same_as_another_within_the_tolerance_is_found_tick_by_tick(line: Line) -> None:
    # By hand, 20 ticks, tolerance 1: A has x in 5–9, B in 7–9 and 12. Of A's x the ticks 6–9 find one, and of A's no
    # code all; of B's x 7–9 find one and 12 does not; of B's no code 5, 10 and 11 find one, 6 does not.
    one = line(20_000, "A x 5000-10000", "B x 7000-10000", "B x 12000-13000")
    found = report_on_timelines([one], Method(bootstrap=None, tolerance_ms=1000)).figures
    (figure,) = (f for f in found if f.statistic == TIME_UNIT_KAPPA.statistic and f.code == "x")
    assert figure.observed == pytest.approx((19 + 18) / 40)


def test_time_units_with_and_without_tolerance_are_the_same_figure(line: Line) -> None:
    one = line(60_000, "A x 10000-20000", "B x 12000-22000", "B y 1000-5000")
    plain = report_on_timelines([one], Method(bootstrap=None)).figures
    tolerant = report_on_timelines([one], Method(bootstrap=None, tick_ms=1000, tolerance_ms=0)).figures
    assert [f.value for f in plain] == [f.value for f in tolerant]


@pytest.mark.parametrize("near_ms", [-1, -2000])
def test_near_is_not_less_than_nothing(line: Line, near_ms: int) -> None:
    with pytest.raises(ValueError, match="near_ms"):
        align(line(9000), near_ms)
