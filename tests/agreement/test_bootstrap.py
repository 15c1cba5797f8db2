"""Intervals: what is drawn, that draws can be repeated, and that a weighted sum is the figure of the drawn units."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from iprkit.agreement.bootstrap import Bootstrap
from iprkit.agreement.measures import COHEN, NOMINAL, ORDERED
from iprkit.agreement.method import Method
from iprkit.agreement.rated import figures, pair_figures
from iprkit.agreement.ratings import Clusters, Level, Ratings, ratings
from iprkit.agreement.report import report_on_timelines
from iprkit.agreement.tally import condensed
from iprkit.agreement.timelines import Timeline

Table = Callable[..., Ratings]
Line = Callable[..., Timeline]
CHANCE = np.random.default_rng(2)


def random_table(units: int, coders: int, level: Level = "nominal") -> Ratings:
    truth = CHANCE.integers(1, 4, units)
    rows = {
        f"u{n}": [str(one if CHANCE.random() < 0.7 else CHANCE.integers(1, 4)) for _ in range(coders)]
        for n, one in enumerate(truth)
    }
    return ratings(rows, [f"coder {n}" for n in range(coders)], level)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    table = random_table(40, 3)
    ends = [figures(table, [COHEN], Method(Bootstrap(seed=seed)))[0].ci for seed in (1, 1, 2)]
    assert ends[0] == ends[1] != ends[2]


def test_the_interval_says_how_it_was_found() -> None:
    (one,) = figures(random_table(40, 3), [COHEN], Method(Bootstrap(draws=200, seed=7)))
    assert one.interval == "95%, percentiles of 200 draws of 40 units, seed 7"
    assert one.ci is not None
    assert one.value is not None
    assert one.ci[0] < one.value < one.ci[1]


def test_sessions_are_drawn_whole() -> None:
    rows = {f"u{n}": ["a", "a"] if n < 50 else ["a", "b"] if n % 2 else ["b", "a"] for n in range(100)}
    home = {unit: "S01" if n < 50 else "S02" for n, unit in enumerate(rows)}
    (one,) = figures(ratings(rows, ["A", "B"], clusters=("session", home)), NOMINAL[:1])
    assert one.ci == (
        0.0,
        1.0,
    )  # one session is wholly alike, one wholly different, and a draw may have one twice
    assert "2 sessions" in one.interval


def test_one_session_gives_no_interval(line: Line) -> None:
    found = report_on_timelines([line(60_000, "A x 0-9000", "B x 3000-9000")], Method()).figures
    assert {one.ci for one in found} == {None}
    assert {one.interval for one in found if one.value is not None} == {
        "no interval, because there is only one session to draw from"
    }


def test_dyads_are_drawn_where_several_sessions_have_the_same(line: Line) -> None:
    lines = [line(60_000, "A x 0-9000", f"B x {1000 * n}-9000", session=f"S{n}", dyad=f"D{n // 2}") for n in range(6)]
    found = report_on_timelines(lines, Method()).figures
    assert "3 dyads" in found[0].interval


def test_no_interval_where_too_many_draws_leave_the_figure_undefined(table: Table) -> None:
    (one,) = figures(table("aaaaaaab aaaaaaab"), [COHEN])
    assert (one.value, one.ci) == (1, None)
    assert "draws left it undefined" in one.interval


def test_no_interval_where_none_is_asked_for(table: Table) -> None:
    (one,) = figures(table("abab abba"), [COHEN], Method(bootstrap=None))
    assert (one.ci, one.interval) == (None, "no interval was asked for")


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_a_draw_is_the_figure_of_the_units_drawn(level: Level) -> None:
    table, bootstrap = random_table(12, 3, level), Bootstrap(draws=3)
    weights = np.concatenate(list(bootstrap.weights(12)))
    measures = NOMINAL if level == "nominal" else ORDERED
    for drawn in weights:
        rows = {
            f"{unit} {again}": [table.categories[code] for code in table.codes[unit]]
            for unit, often in enumerate(drawn)
            for again in range(int(often))
        }
        whole = ratings(rows, table.coders, level, table.categories)
        weighted = replace(table, weights=drawn)
        plain = Method(bootstrap=None)
        expected = [one.value for one in figures(whole, measures, plain)]
        assert [one.value for one in figures(weighted, measures, plain)] == pytest.approx(expected, abs=1e-9)


def test_a_pair_of_many_coders_has_the_figures_of_a_table_of_two() -> None:
    table, plain = random_table(30, 4), Method(bootstrap=None)
    found = {one.coders: one.value for one in pair_figures(table, [COHEN], plain)}
    assert len(found) == 6
    for pair, value in found.items():
        assert value == pytest.approx(figures(table.between(*pair), [COHEN], plain)[0].value)


def test_equal_ratings_of_two_coders_are_counted_together() -> None:
    table = random_table(200, 2)
    one = replace(table, clusters=Clusters("session", ("S01",), np.zeros(200, dtype=np.int32)))
    assert len(condensed(one).units) <= 9
    assert condensed(one).weight.sum() == 200


@pytest.mark.parametrize(("draws", "share"), [(1, 0.95), (1000, 1.0), (1000, 0.0)])
def test_a_bootstrap_that_cannot_be_meant(draws: int, share: float) -> None:
    with pytest.raises(ValueError, match=r"draws|share"):
        Bootstrap(draws, 1, share)
