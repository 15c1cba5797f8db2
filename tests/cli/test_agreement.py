"""``iprkit agree`` on tables and event lists, without a study."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from iprkit.cli import main

RATINGS = "unit,Anna,Bo,Cy\nu1,a,a,a\nu2,a,b,a\nu3,b,b,b\nu4,b,b,\nu5,c,c,b\nu6,a,a,a\n"
EVENTS = "coder,code,start_ms,end_ms\nA,x,0,30000\nA,y,40000,50000\nB,x,1000,31000\nB,y,42000,50000\n"
Agree = Callable[..., Result]


@pytest.fixture
def agree(tmp_path: Path) -> Agree:
    (tmp_path / "ratings.csv").write_text(RATINGS, encoding="utf-8")
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")

    def run(*words: object) -> Result:
        placed = [str(tmp_path / word) if str(word).endswith(".csv") else str(word) for word in words]
        return CliRunner().invoke(main, ["agree", *placed])

    return run


def answer(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_json_is_a_list_of_figures_in_the_shape_of_the_contract(agree: Agree) -> None:
    found = answer(agree("--table", "ratings.csv", "--json"))
    assert set(found[0]) >= {
        "statistic", "codebook", "code", "unit", "denominator", "coders", "n_units", "observed", "expected", "value",
        "ci", "reason",
    }  # fmt: skip
    alpha = next(one for one in found if one["statistic"] == "krippendorff_alpha" and one["code"] is None)
    assert (alpha["coders"], alpha["n_units"], alpha["reason"]) == (["Anna", "Bo", "Cy"], 6, None)
    assert alpha["ci"][0] <= alpha["value"] <= alpha["ci"][1]


def test_each_code_has_figures_of_its_own(agree: Agree) -> None:
    found = answer(agree("--table", "ratings.csv", "--json"))
    assert {one["code"] for one in found} == {None, "a", "b", "c"}


def test_a_figure_is_named_once_by_statistic_and_code(agree: Agree) -> None:
    for words in (("--table", "ratings.csv"), ("--events", "events.csv", "--duration-ms", 60000, "--gamma", 5)):
        found = answer(agree(*words, "--json"))
        assert len({(one["statistic"], one["code"]) for one in found}) == len(found)


def test_pairs_of_coders_come_before_the_figures_of_all(agree: Agree) -> None:
    found = answer(agree("--table", "ratings.csv", "--pairs", "--json"))
    assert [len(one["coders"]) for one in found] == sorted(len(one["coders"]) for one in found)
    assert ["Anna", "Cy"] in [one["coders"] for one in found]


def test_levels_from_ordinal_up_have_weighted_figures_and_from_interval_up_correlations(tmp_path: Path) -> None:
    file = tmp_path / "scale.csv"
    file.write_text("unit;A;B\nu1;1,5;2\nu2;3;3\nu3;4;5\n", encoding="utf-8")
    for level, names in (("ordinal", {"weighted_kappa", "gwet_ac2"}), ("interval", {"icc_2_k", "weighted_kappa"})):
        found = answer(CliRunner().invoke(main, ["agree", "--table", str(file), "--level", level, "--json"]))
        assert names <= {one["statistic"] for one in found}


def test_events_are_compared_by_tick_stretch_and_event(agree: Agree) -> None:
    found = answer(agree("--events", "events.csv", "--duration-ms", 60000, "--json"))
    assert {"percent_agreement", "time_unit_kappa", "alpha_u", "event_kappa", "u_alpha"} <= {
        one["statistic"] for one in found
    }
    percent = next(one for one in found if one["statistic"] == "percent_agreement")
    assert percent["value"] == pytest.approx(56 / 60)


@pytest.mark.parametrize(
    ("part", "fields"),
    [
        ("confusions", {"first", "second", "count", "share", "unit"}),
        ("disagreements", {"unit", "session", "start_ms", "end_ms", "coders", "said"}),
        ("offsets", {"code", "coders", "n_events", "start", "end"}),
    ],
)
def test_one_part_alone(agree: Agree, part: str, fields: set[str]) -> None:
    found = answer(agree("--events", "events.csv", "--duration-ms", 60000, "--only", part, "--json"))
    assert all(set(one) == fields for one in found)


def test_the_table_for_people_holds_what_a_paper_reports(agree: Agree) -> None:
    shown = agree("--table", "ratings.csv", "--draws", 100).stdout
    assert "Coders: Anna, Bo, Cy" in shown
    for word in ("Interval", "Observed", "Expected", "Units", "Krippendorff's α", "What is counted", "Undefined"):
        assert word in shown
    assert "because it is for two coders, and there are 3" in shown
    assert "100 draws of 6 units, seed 1" in shown
    assert "Where coders differ (2)" in shown


def test_the_time_line_for_people_says_tick_tolerance_and_uncoded_time(agree: Agree) -> None:
    words = ("--events", "events.csv", "--duration-ms", 60000, "--tick-ms", 500, "--tolerance-ms", 1000)
    shown = agree(*words).stdout
    for word in ("ticks of 500 ms", "within 1000 ms", "nobody coded counted as agreement", "How far ends lie apart"):
        assert word in shown
    assert "0:00.0–0:01.0" in shown


def test_figures_as_a_csv_file(agree: Agree, tmp_path: Path) -> None:
    assert agree("--table", "ratings.csv", "--csv", "figures.csv").exit_code == 0
    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    scott = next(row for row in rows if row["statistic"] == "scott_pi")
    assert (scott["value"], "two coders" in scott["reason"]) == ("", True)
    assert rows[0]["coders"] == "Anna|Bo|Cy"
    assert (tmp_path / "figures.csv").stat().st_mode & 0o077 == 0


def test_the_same_question_has_the_same_answer(agree: Agree) -> None:
    words = ("--events", "events.csv", "--duration-ms", 60000, "--gamma", 5, "--json")
    assert agree(*words).stdout == agree(*words).stdout


def test_long_lists_are_cut_and_say_how_to_see_all(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("unit,A,B\n" + "".join(f"u{n},a,b\n" for n in range(30)), encoding="utf-8")
    shown = CliRunner().invoke(main, ["agree", "--table", str(file)]).stdout
    assert "… and 10 more; see all with --only disagreements" in shown
    whole = CliRunner().invoke(main, ["agree", "--table", str(file), "--only", "disagreements"]).stdout
    assert "u29" in whole


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--table", "ratings.csv", "--events", "events.csv"),
        ("--events", "events.csv"),
        ("--table", "ratings.csv", "--level", "cardinal"),
        ("--events", "events.csv", "--duration-ms", 0),
    ],
)
def test_wrong_usage_is_exit_2(agree: Agree, words: tuple[object, ...]) -> None:
    assert agree(*words).exit_code == 2


def test_an_error_names_file_and_line(agree: Agree) -> None:
    result = agree("--events", "events.csv", "--duration-ms", 45000)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: events.csv: line 3: the event from 40000 to 50000 ms lies outside the time line of 45000 ms (0:45.0)\n"
    )


def test_a_file_that_is_not_there_is_told(agree: Agree) -> None:
    result = agree("--table", "nowhere.csv")
    assert (result.exit_code, "nowhere.csv: No such file" in result.stderr) == (1, True)


def test_a_tolerance_that_is_no_whole_number_of_ticks_is_told(agree: Agree) -> None:
    result = agree("--events", "events.csv", "--duration-ms", 60000, "--tolerance-ms", 1500)
    assert result.stderr == "Error: tolerance_ms is 1500; it is 0 or whole ticks of 1000 ms\n"


def test_notes_on_how_cells_were_read_stand_below(tmp_path: Path) -> None:
    file = tmp_path / "na.csv"
    file.write_text("unit,A,B\nu1,a,NA\nu2,a,b\nu3,b,b\n", encoding="utf-8")
    assert "'NA' was read as missing" in CliRunner().invoke(main, ["agree", "--table", str(file)]).stdout
