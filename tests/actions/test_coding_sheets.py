import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from iprkit.actions import codebooks
from iprkit.actions.assignments import Plan, assign
from iprkit.actions.coding_desk import Wish
from iprkit.actions.coding_sheets import Filled, export_sheet, import_sheet
from iprkit.actions.codings import Sought, add_coding, list_codings
from iprkit.actions.history import undo
from iprkit.database.connect import Study
from iprkit.errors import Conflict, FormatError, InvalidInput

Sheet = Callable[..., Path]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Writes a CSV of these lines."""

    def write(*lines: str, name: str = "anna.csv") -> Path:
        file = tmp_path / name
        file.write_text("\n".join(lines), encoding="utf-8")
        return file

    return write


def codings(study: Study) -> list[tuple[str, str, str, float | None]]:
    found = list_codings(study).codings
    return [(one.coder, one.anchor.target.key, one.code, one.rating) for one in found]


def test_a_sheet_is_entered_and_a_second_time_adds_nothing(talk: Study, sheet: Sheet) -> None:
    file = sheet(
        "target,codebook,code,coder,rating,memo",
        "D01-S01-T001,talk,push,anna,,asks",
        "D01-S01-C001,talk,warmth,anna,4,",
        "D01-S01-C002,talk,,anna,,",
    )
    done = import_sheet(talk, file)
    assert (done.added, done.known, done.empty, done.coders) == (2, 0, 1, ("anna",))
    again = import_sheet(talk, file)
    assert (again.added, again.known) == (0, 2)
    assert codings(talk) == [("anna", "D01-S01-T001", "push", None), ("anna", "D01-S01-C001", "warmth", 4)]


def test_what_the_sheet_leaves_out_is_said_by_the_person(talk: Study, sheet: Sheet) -> None:
    codebooks.edit_codebook(talk, "talk", {"unit": "span"})
    file = sheet("start_ms;end_ms;code", "0;1000;push", "500;900.0;pull", name="b.csv")
    done = import_sheet(talk, file, Filled("ben", "talk", "D01-S01", "training"))
    assert done.added == 2
    assert codings(talk)[1] == ("ben", "D01-S01@0:00.500-0:00.900", "pull", None)
    assert {one.round for one in list_codings(talk).codings} == {"training"}


def test_every_row_at_fault_is_named_and_nothing_is_imported(talk: Study, sheet: Sheet) -> None:
    file = sheet(
        "target,code,rating",
        "D01-S01-T001,push,",
        "D01-S01-T009,push,",
        "D01-S01-C001,warmth,7",
        "D01-S01-C001,warmth,much",
        ",push,",
        "D01-S01-C001,shove,",
    )
    with pytest.raises(FormatError) as refused:
        import_sheet(talk, file, Filled(coder="anna"))
    told = str(refused.value).split("\n")
    assert told[0] == "anna.csv: nothing was imported"
    assert [line.partition(":")[0] for line in told[1:]] == ["row 3", "row 4", "row 5", "row 6", "row 7"]
    assert "has no segment D01-S01-T009" in told[1]
    assert "7 is not on the scale of warmth: 1-5" in told[2]
    assert codings(talk) == []


def test_a_changed_sheet_changes_codings_only_when_asked(talk: Study, sheet: Sheet) -> None:
    import_sheet(talk, sheet("target,code,coder,rating", "D01-S01-C001,warmth,anna,4"))
    changed = sheet("target,code,coder,rating", "D01-S01-C001,warmth,anna,2")
    with pytest.raises(FormatError, match="row 2: anna gave warmth to D01-S01-C001 already, with rating 4"):
        import_sheet(talk, changed)
    assert import_sheet(talk, changed, update=True).updated == 1
    assert codings(talk)[0][3] == 2


def test_a_quote_of_other_words_flags_the_coding(talk: Study, sheet: Sheet) -> None:
    file = sheet("target,code,coder,quote", "D01-S01-C001,push,anna,I slept.", "D01-S01-C002,push,anna,Thank  you.")
    done = import_sheet(talk, file)
    assert done.moved == ("D01-S01-anna-0001",)
    assert [one.moved for one in list_codings(talk, Sought(moved=True)).codings] == ["there is now: I left."]


def test_an_import_is_undone_in_one_step(talk: Study, sheet: Sheet) -> None:
    import_sheet(talk, sheet("target,code,coder", "D01-S01-C001,push,anna", "D01-S01-C002,push,anna"))
    assert undo(talk).action == "undid: imported 2 codings of anna"
    assert codings(talk) == []


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
def test_a_sheet_goes_out_with_the_units_and_comes_back(talk: Study, tmp_path: Path, name: str) -> None:
    assign(talk, Plan("talk", ("anna", "ben")))
    anna, file = replace(talk, author="anna"), tmp_path / name
    add_coding(anna, Wish("D01-S01-C001", "warmth", rating=4, memo="=1+1"))
    assert export_sheet(anna, file, "anna", "A01") == 3
    back = import_sheet(talk, file)
    assert (back.added, back.known, back.empty) == (0, 1, 2)


def test_the_workbook_offers_the_codes_and_explains_them(talk: Study, tmp_path: Path) -> None:
    export_sheet(talk, tmp_path / "s.xlsx", "anna", codebook="talk", places=["D01-S01"])
    book = load_workbook(tmp_path / "s.xlsx")
    assert [row[0].value for row in book["Codes"].iter_rows(min_row=2)] == ["push", "pull", "warmth"]
    rules = {str(rule.sqref).partition(":")[0]: rule for rule in book["Coding"].data_validations.dataValidation}
    assert rules["F2"].formula1 == "Codes!$A$2:$A$4"
    assert (rules["H2"].formula1, rules["H2"].formula2) == ("1", "5")
    assert book["Coding"]["M2"].value == "And then?"


def test_a_codebook_that_rates_every_unit_gets_a_row_for_each_rated_code(talk: Study, tmp_path: Path) -> None:
    codebooks.edit_codebook(talk, "talk", {"exhaustive": True})
    assert export_sheet(talk, tmp_path / "s.csv", "anna", codebook="talk") == 3
    rows = list(csv.DictReader((tmp_path / "s.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["code"] for row in rows] == ["warmth"] * 3
    with pytest.raises(FormatError, match="needs a rating, 1-5"):
        import_sheet(talk, tmp_path / "s.csv")


def test_a_sheet_is_written_for_oneself_or_by_a_researcher(talk: Study, tmp_path: Path) -> None:
    assign(talk, Plan("talk", ("anna",)))
    with pytest.raises(Conflict, match="own name only"):
        export_sheet(replace(talk, author="ben"), tmp_path / "s.csv", "anna", "A01")
    with pytest.raises(Conflict, match="ben is not among the coders of A01"):
        export_sheet(talk, tmp_path / "s.csv", "ben", "A01")
    with pytest.raises(InvalidInput, match="name an assignment"):
        export_sheet(talk, tmp_path / "s.csv", "ben")
