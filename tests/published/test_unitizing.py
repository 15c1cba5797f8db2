"""Free boundaries: alpha on unitised time, its later family, gamma, and three cases that other programs get wrong."""

from collections.abc import Callable

import numpy as np
import pytest

from iprkit.agreement.coincidences import coincidences, cu_alpha, ku_alpha, u_alpha, u_alpha_binary
from iprkit.agreement.gamma import Stretched, best_alignment, disorder, dissimilarity
from iprkit.agreement.measures import PERCENT, TIME_UNIT_KAPPA
from iprkit.agreement.method import Method
from iprkit.agreement.rated import figures
from iprkit.agreement.result import Agreement
from iprkit.agreement.ticked import code_table, time_table
from iprkit.agreement.timed import stretch_figures
from iprkit.agreement.timelines import Timeline, ticks
from iprkit.agreement.unitizing import Units, observed_disagreement

Line = Callable[..., Timeline]


def alphas(line: Timeline) -> dict[str | None, Agreement]:
    return {one.code: one for one in stretch_figures(ticks([line], 1), Method())}


def test_content_analysis_2004_page_254(time_line: Line) -> None:
    # Krippendorff (2004), Content Analysis, 2nd ed., p. 254; the book rounds on its way and prints .8591 for both.
    k = [(30, 60), (150, 50)]
    marks = {"A": {"c": [(75, 70), (220, 30)], "k": k}, "B": {"c": [(70, 80), (205, 20), (250, 20)], "k": k}}
    found = alphas(time_line(300, marks))
    assert (found["c"].observed, found["c"].expected) == pytest.approx((0.014444, 0.053222), abs=5e-7)
    assert (found["k"].observed, found["k"].expected) == pytest.approx((0, 0.048979), abs=5e-7)
    assert [found[code].value for code in ("c", "k", None)] == pytest.approx([0.728599, 1, 0.858665], abs=5e-7)


def test_one_long_stretch_against_three_short_ones(time_line: Line) -> None:
    # DKPro Statistics, its test of fragmented units.
    found = alphas(time_line(10, {"A": {"x": [(1, 8)]}, "B": {"x": [(2, 1), (4, 1), (6, 1)]}}))["x"]
    assert (found.observed, found.expected) == pytest.approx((0.91, 0.535185), abs=5e-7)
    assert found.value == pytest.approx(-0.700346, abs=5e-7)


def test_a_stretch_that_one_of_three_coders_has_alone(time_line: Line) -> None:
    # DKPro Statistics, its test of a lone unit.
    found = alphas(time_line(20, {"A": {"x": [(0, 1)]}, "B": {}, "C": {}}))["x"]
    assert (found.observed, found.expected) == pytest.approx((1 / 600, 1 / 600))
    assert found.value == pytest.approx(0)


@pytest.mark.parametrize(
    ("first", "second", "observed", "alpha"),
    [
        ([(2, 8), (14, 6)], [(4, 4), (15, 2)], 0.03125, 0.553),
        ([(0, 18)], [(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)], 2.267361, -0.928),
        ([(2, 6), (10, 2), (14, 4), (20, 2)], [(0, 2), (4, 4), (10, 4), (16, 2), (20, 2)], 0.027778, 0.693),
        ([(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)], [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)], 0.387153, 0.066),
    ],
)
def test_krippendorff_1995_page_57_in_fine_ticks(
    time_line: Line, first: list[tuple[int, int]], second: list[tuple[int, int]], observed: float, alpha: float
) -> None:
    # Krippendorff (1995), On the reliability of unitizing continuous data, p. 57: alpha depends on the resolution.
    fine = 50_000
    marks = {
        name: {"x": [(begin * fine, length * fine) for begin, length in stretches]}
        for name, stretches in (("A", first), ("B", second))
    }
    found = alphas(time_line(24 * fine, marks))["x"]
    assert found.observed == pytest.approx(observed, abs=5e-7)
    assert found.value == pytest.approx(alpha, abs=5e-4)


@pytest.mark.parametrize(
    ("first", "second", "squared"),
    [
        ((5, 6), (4, 2), 26),
        ((5, 6), (5, 2), 16),
        ((5, 6), (6, 2), 10),
        ((5, 6), (7, 2), 8),
        ((5, 6), (6, 4), 2),
        ((225, 70), (220, 80), 50),
        ((370, 30), (355, 20), 850),
        ((5, 6), None, 36),  # the other coder has a gap there
        ((2, 2), None, 4),
        ((2, 3), (20, 2), 9 + 4),  # both lie in the other's gap
    ],
)
def test_the_squared_difference_of_two_stretches(
    first: tuple[int, int], second: tuple[int, int] | None, squared: int
) -> None:
    # Distances of the test of DKPro Statistics' unitizing study; offset and length.
    stretches = [one for one in (first, second) if one]
    units = Units(
        np.arange(len(stretches)),
        np.array([begin for begin, _ in stretches]),
        np.array([begin + length for begin, length in stretches]),
    )
    assert observed_disagreement(units, 2) == pytest.approx(squared)


ALEX_PAUL_SUZAN = {
    "Alex": {"1": [(0, 7)], "2": [(7, 6)], "5": [(30, 2)], "6": [(32, 5), (37, 7)], "7": [(44, 16)]},
    "Paul": {"1": [(0, 7)], "3": [(7, 6)], "5": [(13, 8)], "6": [(32, 12)]},
    "Suzan": {"1": [(0, 7)], "4": [(7, 6)], "5": [(13, 8)], "6": [(32, 5), (37, 4), (41, 3)]},
}


def test_the_later_family_of_content_analysis_2019_figure_12_11(time_line: Line) -> None:
    # Krippendorff (2019), Content Analysis, 4th ed., p. 340: uα .510, |uα .413, cuα .724; of codes 1, 5, 6 1, else 0.
    found = coincidences(time_table(ticks([time_line(60, ALEX_PAUL_SUZAN)], 1)))
    assert u_alpha(found.lengths, found.own).value[0] == pytest.approx(0.510, abs=5e-4)
    assert u_alpha_binary(found.lengths, found.own).value[0] == pytest.approx(0.413, abs=1e-3)
    assert cu_alpha(found.lengths, found.pairable).value[0] == pytest.approx(0.724, abs=5e-4)
    single = [ku_alpha(found.lengths, found.pairable, code).value[0] for code in range(6)]
    assert single == pytest.approx([1, 0, 0, 0, 1, 1], abs=1e-12)


def test_intersections_of_krippendorff_2016(time_line: Line) -> None:
    # Krippendorff, Mathet, Bouvry & Widlöcher (2016): what two coders give to a code together, in ticks. Of 13 + 5 +
    # 5 + 3 + 5 + 5 ticks the two say different things, each counted from either side.
    i = {"1": [(0, 15), (20, 18), (70, 5)], "2": [(60, 5)]}
    j = {"1": [(0, 15)], "3": [(33, 10)], "4": [(50, 3)], "2": [(60, 5)], "5": [(70, 10)]}
    lengths = coincidences(time_table(ticks([time_line(80, {"i": i, "j": j})], 1))).lengths[0]
    assert lengths.sum() - np.trace(lengths) == 2 * 36


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((4, 14), (40, 44), 22.2),
        ((4, 14), (20, 25), 3.2),
        ((4, 14), (14, 24), 1.0),
        ((20, 30), (20, 25), 0.11),
        ((20, 25), (14, 24), 0.22),
    ],
)
def test_gammas_dissimilarity_of_position(first: tuple[int, int], second: tuple[int, int], expected: float) -> None:
    # pygamma-agreement's test of the positional dissimilarity of Mathet et al. (2015); ours is weighted by 3.
    one, other = (Stretched(np.array([a]), np.array([b]), np.array([0])) for a, b in (first, second))
    assert dissimilarity(one, other)[0, 0] / 3 == pytest.approx(expected, abs=6e-2 if expected > 1 else 6e-3)


def test_gamma_of_alex_paul_and_suzan(time_line: Line) -> None:
    # pygamma-agreement's AlexPaulSuzan: best disorder .9606, gamma .44 to .47, as random time lines happen to be.
    marks = {
        "Alex": {"1": [(2, 7)], "2": [(11, 6)], "5": [(24, 6)], "6": [(32, 4), (36, 8)], "7": [(44, 16)]},
        "Paul": {"1": [(2, 7)], "3": [(11, 6)], "5": [(19, 6)], "6": [(32, 12)]},
        "Suzan": {"1": [(2, 7)], "4": [(11, 6)], "5": [(21, 6)], "6": [(32, 4), (36, 4), (40, 4)]},
    }
    found = disorder(time_line(60, marks), 300, np.random.default_rng(1))
    assert found.best / found.stretches == pytest.approx(0.96062, abs=5e-6)
    assert 0.44 <= 1 - found.best / found.random <= 0.47


def test_the_best_alignment_leaves_no_stretch_out() -> None:
    lines = [Stretched(np.array([0.0, 50.0]), np.array([10.0, 60.0]), np.array([0, 1])) for _ in range(3)]
    assert best_alignment(lines)[0] == 0
    assert best_alignment(lines)[1].tolist() == [[0, 0, 0], [1, 1, 1]]


@pytest.mark.parametrize(
    ("first", "second", "percent", "kappa"),
    [
        ((0, 30), (0, 30), 1.0, 1.0),
        ((10, 1), (10.5, 1), 0.9833, 0.492),
        ((0, 40), (10, 40), 0.6667, 0.25),
    ],
)
def test_three_cases_on_an_hour_of_time(
    time_line: Line, first: tuple[float, float], second: tuple[float, float], percent: float, kappa: float
) -> None:
    # By hand from Cohen (1960), minutes of one hour: begin and length of what each coder marked. A widely used
    # program shows 50 %, 97.5 % and 16.67 % for them, because it multiplies where chance has to be added up.
    marks = {
        name: {"x": [(round(begin * 60_000), round(length * 60_000))]}
        for name, (begin, length) in (("A", first), ("B", second))
    }
    table = code_table(ticks([time_line(3_600_000, marks)], 1000), "x").ratings()
    agreed, beyond = figures(table, [PERCENT, TIME_UNIT_KAPPA], Method(bootstrap=None), ["x"])
    assert agreed.value == pytest.approx(percent, abs=5e-5)
    assert beyond.value == pytest.approx(kappa, abs=5e-4)
    assert agreed.n_units == 3600
