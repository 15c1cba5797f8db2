"""Agreement of files beside the study, as an action."""

from pathlib import Path

import pytest

from iprkit.actions import agreement
from iprkit.errors import FormatError, InvalidInput


@pytest.fixture
def ratings(tmp_path: Path) -> Path:
    file = tmp_path / "ratings.csv"
    file.write_text("unit,A,B\nu1,a,a\nu2,b,a\nu3,b,b\n", encoding="utf-8")
    return file


def test_a_table_is_reported_on_without_a_study(ratings: Path) -> None:
    report = agreement.agree_on_table(ratings, "nominal", agreement.method(100, 1))
    assert report.coders == ("A", "B")
    assert report.figures[0].value == pytest.approx(2 / 3)
    assert [one.unit for one in report.disagreements] == ["u2"]


def test_an_event_list_is_reported_on_without_a_study(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("coder,code,start_ms,end_ms\nA,x,0,5000\nB,x,100,200\n", encoding="utf-8")
    report = agreement.agree_on_events(file, 10_000, agreement.method(0, 1))
    assert report.figures[0].value == pytest.approx(0.5)
    assert "1 codings lie between" in report.notes[0]


def test_an_error_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_text("", encoding="utf-8")
    with pytest.raises(FormatError, match=r"^empty\.csv: the file is empty"):
        agreement.agree_on_table(file, "nominal", agreement.method(0, 1))


@pytest.mark.parametrize(("draws", "chosen"), [(1, {}), (10, {"tick_ms": 0}), (10, {"tolerance_ms": 300})])
def test_what_cannot_be_meant_is_an_error_of_ours(draws: int, chosen: dict[str, int]) -> None:
    with pytest.raises(InvalidInput):
        agreement.method(draws, 1, **chosen)


def test_no_draws_are_no_intervals(ratings: Path) -> None:
    report = agreement.agree_on_table(ratings, "nominal", agreement.method(0, 1))
    assert {one.ci for one in report.figures} == {None}


def test_figures_go_to_a_folder_that_is_there(ratings: Path, tmp_path: Path) -> None:
    report = agreement.agree_on_table(ratings, "nominal", agreement.method(0, 1))
    with pytest.raises(InvalidInput, match="there is no folder"):
        agreement.write_figures(report.figures, tmp_path / "nowhere/figures.csv")
