"""Time lines cut into ticks: what is on in a tick, who watched, what nobody coded."""

from collections.abc import Callable

import numpy as np
import pytest

from iprkit.agreement.measures import PERCENT, TIME_UNIT_KAPPA
from iprkit.agreement.method import Method
from iprkit.agreement.rated import figures
from iprkit.agreement.report import report_on_timelines
from iprkit.agreement.ticked import code_table, time_table
from iprkit.agreement.timelines import Timeline, ticks

Line = Callable[..., Timeline]


def test_a_code_is_on_in_a_tick_whose_middle_it_covers(line: Line) -> None:
    cut = ticks([line(4000, "A x 400-1501", "B x 500-1500")], 1000)
    assert [(int(a), int(b)) for a, b in zip(cut.start, cut.end, strict=True)] == [(0, 2), (0, 1)]


def test_overlapping_marks_of_one_coder_and_code_are_one_and_touching_ones_are_two(line: Line) -> None:
    cut = ticks([line(9000, "A x 0-3000", "A x 2000-5000", "A x 5000-6000", "A y 1000-2000")], 1000)
    assert [(int(a), int(b)) for a, b in zip(cut.start, cut.end, strict=True)] == [(0, 5), (5, 6), (1, 2)]


def test_what_falls_between_two_middles_is_counted_as_lost(line: Line) -> None:
    short = line(9000, "A x 600-1400", "A x 3000-3000", "A x 5000-8000")
    assert ticks([short], 1000).lost == 2
    assert "2 codings lie between" in report_on_timelines([short], Method()).notes[0]
    assert ticks([short], 100).lost == 1


def test_a_last_short_tick_counts_when_its_middle_is_on_the_line(line: Line) -> None:
    assert [int(ticks([line(ms)], 1000).lengths[0]) for ms in (2500, 2501, 1)] == [2, 3, 1]


def test_several_codes_at_once_are_a_category_of_their_own(line: Line) -> None:
    table = time_table(ticks([line(4000, "A x 0-2000", "A y 1000-3000", "B y 1000-3000")], 1000))
    assert set(table.categories) == {"no code", "x", "x + y", "y"}
    assert [table.categories[code] for code in table.seen[:, 0]] == ["x", "x + y", "y", "no code"]


def test_more_codes_than_fit_into_one_mask(line: Line) -> None:
    marks = [f"A c{n:02d} {1000 * n}-{1000 * n + 2000}" for n in range(40)]
    table = time_table(ticks([line(60_000, *marks)], 1000))
    assert table.categories[table.seen[0, 0]] == "c00"
    assert table.categories[table.seen[20, 0]] == "c19 + c20"


def test_who_did_not_watch_a_session_is_missing_there_and_not_without_code(line: Line) -> None:
    lines = [
        line(10_000, "A x 0-5000", "B x 0-5000", coders="AB"),
        line(10_000, "A x 0-5000", "C x 0-5000", coders="AC", session="S02"),
    ]
    table = code_table(ticks(lines, 1000), "x").ratings()
    assert table.coders == ("A", "B", "C")
    assert np.unique(table.codes[:, 1]).tolist() == [-1, 0, 1]
    assert [one.value for one in figures(table, [PERCENT], codes=["x"])] == [1.0]


def test_time_that_nobody_coded_is_counted_or_left_out_and_the_figure_says_so(line: Line) -> None:
    table = code_table(ticks([line(100_000, "A x 0-20000", "B x 10000-20000")], 1000), "x")
    counted, left_out = (figures(table.ratings(how), [PERCENT], codes=["x"])[0] for how in ("counted", "left_out"))
    assert (counted.value, counted.n_units) == (0.9, 100)
    assert "nobody coded counted as agreement" in counted.denominator
    assert (left_out.value, left_out.n_units) == (0.5, 20)
    assert "nobody coded left out" in left_out.denominator


def test_the_tick_is_told_with_every_figure_of_ticks(line: Line) -> None:
    method = Method(tick_ms=500, tolerance_ms=1000)
    for one in report_on_timelines([line(10_000, "A x 0-5000", "B x 0-4000")], method).figures:
        assert one.settings.get("tick_ms", 500) == 500
        if one.statistic == TIME_UNIT_KAPPA.statistic:
            assert one.settings["tolerance_ms"] == 1000


@pytest.mark.parametrize(
    ("duration_ms", "marks", "told"),
    [
        (0, [], "at least 1 ms"),
        (100, ["A x 50-101"], "lies outside"),
        (100, ["C x 50-60"], "not among its coders"),
    ],
)
def test_time_lines_that_cannot_be(line: Line, duration_ms: int, marks: list[str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        line(duration_ms, *marks)


def test_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="no time line"):
        ticks([], 1000)


@pytest.mark.parametrize("chosen", [{"tick_ms": 0}, {"tolerance_ms": 1500}, {"tolerance_ms": -1000}, {"near_ms": -1}])
def test_methods_that_cannot_be_meant(chosen: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="_ms is"):
        Method(**chosen)
