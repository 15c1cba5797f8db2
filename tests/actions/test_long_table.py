"""The long table read back by other programs: csv, pandas, pyarrow, openpyxl, pyreadstat, and R itself."""

import csv
import shutil
import subprocess
from pathlib import Path

import pandas
import pyarrow.parquet
import pyreadstat
import pytest
from openpyxl import load_workbook

from iprkit.actions.adjudications import Verdict, adjudicate
from iprkit.actions.coding_sheets import import_sheet
from iprkit.actions.codings import list_codings
from iprkit.actions.imports import import_files
from iprkit.actions.study_exports import Wanted, export_study
from iprkit.actions.withdrawals import withdraw
from iprkit.database.connect import Study
from iprkit.formats.long_table import COLUMNS, LEVELS
from iprkit.formats.sheet import guarded, unguarded
from iprkit.formats.studies import STUDY_WRITERS

R = [program] if (program := shutil.which("Rscript")) else []
"""R where it is installed, as it is in CI."""


def exported(study: Study, name: str, to: Path) -> Path:
    return export_study(study, Wanted(STUDY_WRITERS[name]), to / f"t{STUDY_WRITERS[name].suffix}").places[0]


def table(study: Study, to: Path) -> list[dict[str, str]]:
    with exported(study, "csv", to).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_there_is_a_row_for_each_coding_with_its_time_speaker_and_path(coded: Study, tmp_path: Path) -> None:
    rows = table(coded, tmp_path)
    codings = {one.key: one for one in list_codings(coded).codings}
    assert sorted(row["coding"] for row in rows) == sorted(codings)
    for row in rows:
        one = codings[row["coding"]]
        assert (int(row["start_ms"]), int(row["end_ms"])) == (one.anchor.span.start_ms, one.anchor.span.end_ms)
        assert int(row["duration_ms"]) == one.anchor.span.duration_ms
        assert (row["quote"], row["coder"], row["code"]) == (one.anchor.quote, one.coder, one.code)
    assert {row["target"]: row["speakers"] for row in rows}["D01-S03-C001"] == "client"
    assert {row["speakers"] for row in rows if row["kind"] == "moment"} == {"client|therapist"}
    assert {row["session"] for row in rows} == {"D01-S03"}


def test_a_coding_on_a_moment_stands_beside_what_both_recalled_of_it(coded: Study, tmp_path: Path) -> None:
    row = next(row for row in table(coded, tmp_path) if row["target"] == "D01-S03-M01")
    assert "D01-S03-M01" in row["moments"].split("|")
    assert row["client_comment_keys"].startswith("D01-S03-client-K")
    assert row["client_comments"]


def test_what_was_settled_stands_beside_the_codings_of_its_target(coded: Study, tmp_path: Path) -> None:
    adjudicate(coded, Verdict("D01-S03-C001", "pull", "both heard the sigh", "talk"))
    rows = [row for row in table(coded, tmp_path) if row["target"] == "D01-S03-C001"]
    assert {row["adjudicated_code"] for row in rows} == {"pull"}
    assert {row["code"]: row["adjudicated_agrees"] for row in rows} == {"pull": "yes", "push": "no", "warmth": "no"}


def test_no_cell_of_csv_can_be_taken_for_a_formula_and_no_text_is_lost(coded: Study, tmp_path: Path) -> None:
    rows = table(coded, tmp_path)
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t")]
    memos = {one.memo for one in list_codings(coded).codings}
    assert {unguarded(row["memo"]) for row in rows} == memos
    assert "=1+1" in memos


def test_the_long_table_comes_back_in_as_the_codings_that_are_there(coded: Study, tmp_path: Path) -> None:
    done = import_sheet(coded, exported(coded, "csv", tmp_path))
    assert (done.added, done.known) == (0, 6)
    assert import_files(coded, [exported(coded, "xlsx", tmp_path)])[0].counts["known codings"] == 6


def test_the_workbook_holds_texts_and_numbers_and_no_formula(coded: Study, tmp_path: Path) -> None:
    book = load_workbook(exported(coded, "xlsx", tmp_path))
    cells = [cell for row in book["Codings"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert "=1+1" in [cell.value for cell in cells]
    assert [row[0].value for row in book["Columns"].iter_rows(min_row=2)] == [column.name for column in COLUMNS]


def test_pandas_reads_the_parquet_as_the_csv(coded: Study, tmp_path: Path) -> None:
    parquet = pandas.read_parquet(exported(coded, "parquet", tmp_path))
    rows = table(coded, tmp_path)
    assert list(parquet.columns) == [column.name for column in COLUMNS]
    for name in ("coding", "code", "start_ms", "speakers", "quote"):
        assert [str(value) for value in parquet[name]] == [row[name] for row in rows]
    assert parquet["code"].dtype == "category"
    schema = pyarrow.parquet.read_schema(tmp_path / "t.long.parquet")
    assert schema.field("quote").metadata[b"label"] == b"What is said there"


def test_pyreadstat_reads_labels_value_labels_and_measures_of_the_spss_file(coded: Study, tmp_path: Path) -> None:
    data, meta = pyreadstat.read_sav(exported(coded, "sav", tmp_path))
    rows = table(coded, tmp_path)
    assert meta.column_names_to_labels == {column.name: column.label for column in COLUMNS}
    assert meta.variable_value_labels["certainty"] == {1.0: "low", 2.0: "high"}
    assert meta.variable_value_labels["coder"] == {1.0: "anna", 2.0: "ben"}
    named, _ = pyreadstat.read_sav(tmp_path / "t.sav", apply_value_formats=True)
    for column in COLUMNS:
        if column.kind == LEVELS:
            there = ["" if pandas.isna(value) else str(value) for value in named[column.name]]
            assert there == [row[column.name] for row in rows]
    assert [unguarded(row["memo"]) for row in rows] == list(data["memo"])
    assert meta.variable_measure["certainty"] == "ordinal"
    assert meta.variable_measure["start_ms"] == "scale"


@pytest.mark.parametrize("rscript", R)
def test_r_reads_the_table_with_factors_dates_and_numbers_set(coded: Study, tmp_path: Path, rscript: str) -> None:
    exported(coded, "csv", tmp_path)
    exported(coded, "r", tmp_path)
    asked = """source("t.long.R", echo = FALSE)
      cat("\\n#", nrow(codings), class(codings$start_ms), class(codings$code), class(codings$date),
          is.ordered(codings$certainty), paste(levels(codings$certainty), collapse = ","),
          sum(codings$memo == "=1+1", na.rm = TRUE), sum(codings$memo == "'=not one", na.rm = TRUE),
          sum(codings$memo == "\\u00c4rger\\nzwei", na.rm = TRUE), "\\n")"""
    done = subprocess.run([rscript, "-e", asked], cwd=tmp_path, capture_output=True, text=True, check=True)
    answer = done.stdout.rpartition("#")[2].split()
    assert answer == ["6", "numeric", "factor", "Date", "TRUE", "low,high", "1", "1", "1"]


TABLES = ["csv", "xlsx", "parquet", "sav", "r", "sdis", "traminer", "traminer-sts", "traminer-r", "quotes", "docx"]


@pytest.mark.parametrize("name", TABLES)
def test_the_same_study_makes_the_same_bytes(coded: Study, tmp_path: Path, name: str) -> None:
    first = exported(coded, name, tmp_path).read_bytes()
    assert first
    assert exported(coded, name, tmp_path).read_bytes() == first


@pytest.mark.parametrize("name", TABLES)
def test_a_study_without_codings_makes_a_whole_file(recalled: Study, tmp_path: Path, name: str) -> None:
    file = exported(recalled, name, tmp_path)
    assert file.stat().st_size > 0
    if name == "sav":
        assert len(pyreadstat.read_sav(file)[1].column_names) == len(COLUMNS)
    if name == "parquet":
        assert len(pandas.read_parquet(file)) == 0


def test_nothing_that_somebody_said_who_withdrew_is_in_any_table(coded: Study, tmp_path: Path) -> None:
    before = table(coded, tmp_path)
    said = {row["quote"] for row in before if row["speakers"] == "client"}
    recalled = {row["client_comments"] for row in before} - {""}
    assert said and recalled
    withdraw(coded, "D01", "client")
    for name in ("csv", "sav", "r", "sdis", "traminer"):
        data = exported(coded, name, tmp_path).read_bytes()
        for text in (*said, *recalled):
            assert text.encode() not in data
    assert {row["client_comments"] for row in table(coded, tmp_path)} <= {""}


def test_guarding_can_always_be_undone() -> None:
    for text in ("=a", "'=a", "''=a", "+1", "-1.5", "- so", "@x", "'tis", "", "'", "=", "\tx"):
        assert unguarded(guarded(text)) == text
