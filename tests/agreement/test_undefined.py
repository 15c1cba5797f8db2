"""Where a figure cannot be had it says why, and is never 0, 1 or not a number."""

from collections.abc import Callable

import pytest

from iprkit.agreement.correlated import correlations
from iprkit.agreement.measures import NOMINAL, ORDERED
from iprkit.agreement.method import Method
from iprkit.agreement.rated import figures
from iprkit.agreement.ratings import Ratings, ratings
from iprkit.agreement.report import report_on_timelines
from iprkit.agreement.result import Agreement
from iprkit.agreement.timelines import Timeline

Table = Callable[..., Ratings]
Line = Callable[..., Timeline]


def reasons(table: Ratings) -> dict[str, str | None]:
    measures = NOMINAL if table.level == "nominal" else ORDERED
    return {one.statistic: one.reason for one in figures(table, measures)}


def of(report: list[Agreement], statistic: str, code: str | None = None) -> Agreement:
    return next(one for one in report if (one.statistic, one.code) == (statistic, code))


def test_one_category_throughout(table: Table) -> None:
    found = reasons(table("aaaa aaaa"))
    assert found["percent_agreement"] is None
    for statistic in ("cohen_kappa", "scott_pi", "fleiss_kappa", "krippendorff_alpha"):
        assert found[statistic] == "every rating is 'a'; where all is one category, chance agrees as well"
    for statistic in ("brennan_prediger", "gwet_ac1"):
        assert found[statistic] == "only one category is known; it takes all that the coders could have chosen"


def test_one_category_of_several_that_could_have_been_chosen(table: Table) -> None:
    found = {one.statistic: one.value for one in figures(table("aaaa aaaa", categories="abc"), NOMINAL)}
    assert (found["brennan_prediger"], found["gwet_ac1"], found["cohen_kappa"]) == (1, 1, None)


def test_only_one_coder(table: Table) -> None:
    assert set(reasons(table("abab")).values()) == {"only A coded; agreement takes two coders"}


def test_no_unit_that_two_coders_rated(table: Table) -> None:
    assert set(reasons(table("ab.. ..ab")).values()) == {"there is no unit that two coders rated"}


def test_no_rating_at_all(table: Table) -> None:
    assert set(reasons(table(".... ....")).values()) == {"there is no unit that two coders rated"}


def test_scotts_pi_is_for_two_coders(table: Table) -> None:
    assert reasons(table("abab abba aabb"))["scott_pi"] == (
        "it is for two coders, and there are 3; Fleiss' κ is the same for more"
    )


def test_pabak_is_for_two_categories(table: Table) -> None:
    assert "two categories" in (reasons(table("abc abb"))["pabak"] or "")


def test_a_code_that_nobody_used(table: Table) -> None:
    rated = table("abab abba", categories="abc")
    assert [one.reason for one in figures(rated, NOMINAL[1:2], codes=["c"])] == ["nobody used 'c'"]


def test_weights_of_more_ratings_than_a_scale_has() -> None:
    rows = {f"u{n}": [n / 7, n / 7 + 0.01] for n in range(600)}
    assert "different ratings" in (reasons(ratings(rows, ["A", "B"], "interval"))["weighted_kappa"] or "")


def test_intraclass_correlations_of_equal_ratings(table: Table) -> None:
    found = correlations(table("3333 3333", "interval"))
    assert {one.reason for one in found} == {"the units do not differ enough from one another for this form"}


def test_intraclass_correlations_need_complete_rows(table: Table) -> None:
    found = correlations(table("123. .2.3", "interval"))
    assert {one.reason for one in found} == {"it takes two units that every coder rated, and there are 1"}


def test_coders_who_never_differ_correlate_fully_and_have_no_interval(table: Table) -> None:
    found = correlations(table("1234 1234", "interval"))
    assert {(one.value, one.ci) for one in found} == {(1.0, None)}
    assert {one.interval for one in found} == {"no interval, because the coders never differ, or the units do not"}


def test_a_time_line_that_nobody_coded(line: Line) -> None:
    found = list(report_on_timelines([line(10_000)], Method(gamma_samples=5)).figures)
    assert of(found, "percent_agreement").value == 1
    assert of(found, "time_unit_kappa").reason == (
        "every rating is 'no code'; where all is one category, chance agrees as well"
    )
    assert {of(found, name).reason for name in ("alpha_u", "gamma")} == {"nobody coded anything"}
    assert of(found, "event_kappa").value is None


def test_a_time_line_that_one_coder_watched(line: Line) -> None:
    found = report_on_timelines([line(10_000, "A x 0-5000", coders="A")], Method(gamma_samples=5)).figures
    assert {(one.value, one.reason) for one in found} == {(None, "only A coded; agreement takes two coders")}


def test_sessions_that_no_two_coders_share(line: Line) -> None:
    apart = [line(9000, "A x 0-5000", coders="A"), line(9000, "B x 0-5000", coders="B", session="S02")]
    found = report_on_timelines(apart, Method()).figures
    assert {one.value for one in found} == {None}


def test_events_of_a_single_code_cannot_be_confused(line: Line) -> None:
    found = list(report_on_timelines([line(9000, "A x 0-5000", "B x 0-4000")], Method()).figures)
    assert "there is one code only" in (of(found, "event_kappa").reason or "")
    assert of(found, "event_kappa").observed == 1


def test_the_later_alphas_take_one_code_at_a_time(line: Line) -> None:
    found = list(report_on_timelines([line(9000, "A x 0-5000", "A y 2000-6000", "B x 0-4000")], Method()).figures)
    assert "two codes at once" in (of(found, "u_alpha").reason or "")


def test_time_left_out_leaves_no_chance_for_a_single_code(line: Line) -> None:
    method = Method(uncoded="left_out")
    found = list(report_on_timelines([line(9000, "A x 0-6000", "B x 0-3000", "B y 3000-6000")], method).figures)
    assert of(found, "percent_agreement", "x").value == pytest.approx(0.5)
    assert "left out" in (of(found, "time_unit_kappa", "x").reason or "")


def test_gamma_of_more_alignments_than_can_be_compared(line: Line) -> None:
    coders = "ABCDEFGH"
    marks = [f"{coder} x {1000 * n}-{1000 * n + 900}" for coder in coders for n in range(9)]
    found = list(report_on_timelines([line(9000, *marks, coders=coders)], Method(None, gamma_samples=2)).figures)
    assert "fewer coders" in (of(found, "gamma").reason or "")


def test_a_figure_without_value_and_without_reason_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="a value, or else a reason"):
        Agreement("cohen_kappa", None, None, "unit", "units", ("A", "B"), 3, None, None, None, None, None)
