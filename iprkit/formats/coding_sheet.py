"""Coding sheets: a table, one row a coding, that a coder without iprkit fills in, as CSV or as an Excel workbook.

The workbook brings the codes with their definitions on a second sheet and offers them where a code is to be written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from iprkit.codebook import Codebook
from iprkit.coding import ABOUT, CERTAINTIES
from iprkit.errors import FormatError
from iprkit.formats.sheet import LONGEST_CELL, Rows, csv_rows, excel_rows, guarded, unguarded, write_undated
from iprkit.scale import number
from iprkit.wording import tidy_line

COLUMNS = (
    "session", "target", "start_ms", "end_ms", "codebook", "code", "coder", "rating", "about", "certainty", "memo",
    "round", "quote",
)  # fmt: skip

_WIDTHS = (12, 22, 10, 10, 14, 16, 10, 8, 12, 10, 30, 12, 80)
_CODE_HEADS = ("code", "name", "definition", "counts", "does not count", "rating", "what the numbers mean")


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet: its number as a spreadsheet shows it, and the cells that are filled in, by column."""

    number: int
    cells: dict[str, str]


def read_sheet(data: bytes, file: str) -> list[SheetRow]:
    """The filled rows of a sheet, CSV or Excel by its content.

    Raises FormatError where it is no table, or one without a column ``code``.
    """
    written = [[[unguarded(cell) for cell in row] for row in csv_rows(data, file)]] if data[:2] != b"PK" else []
    for rows in written or excel_rows(data, file):
        heads = [tidy_line(head).lower().replace(" ", "_") for head in rows[0]] if rows else []
        if "code" in heads and not set(heads) & {"definition", "name"}:
            return list(_filled(heads, rows[1:]))
    raise FormatError(f"{file}: no table of codings in it; its first row must name the columns {', '.join(COLUMNS)}")


def is_sheet(data: bytes, file: str) -> bool:
    """Whether a file is a table of codings: one with a column of codes, and one that says what is coded."""
    try:
        tables = excel_rows(data, file) if data.startswith(b"PK") else [csv_rows(data.split(b"\n", 1)[0], file)]
    except FormatError:
        return False
    heads = [{tidy_line(head).lower().replace(" ", "_") for head in rows[0]} for rows in tables if rows]
    return any(
        "code" in those and those & {"target", "start_ms"} and not those & {"definition", "name"} for those in heads
    )


def write_sheet_csv(rows: Iterable[dict[str, str]], stream: BinaryIO) -> None:
    """It opens with a byte order mark, without which Excel spoils accents; no cell can be taken for a formula."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows({column: guarded(cell) for column, cell in row.items()} for row in rows)
    text.detach()


def write_sheet_excel(rows: Sequence[dict[str, str]], book: Codebook, stream: BinaryIO) -> None:
    """The sheet ``Coding`` with the choices that its columns allow, and the codes on the sheet ``Codes``."""
    workbook = Workbook()
    coding = workbook.active
    assert coding is not None
    coding.title = "Coding"
    _fill(coding, [list(COLUMNS), *([row.get(column, "") for column in COLUMNS] for row in rows)], _WIDTHS)
    codes = workbook.create_sheet("Codes")
    listed = [code for code in book.active if code.codable]
    _fill(codes, [list(_CODE_HEADS), *(_described(book, code.key) for code in listed)], (16, 28, 60, 50, 50, 10, 60))
    last = len(rows) + 1 + 500
    _choices(coding, "code", f"Codes!$A$2:$A${len(listed) + 1}", last)
    _choices(coding, "about", f'"{",".join(ABOUT)}"', last)
    _choices(coding, "certainty", f'"{",".join(CERTAINTIES)}"', last)
    _ratings(coding, book, [code.key for code in listed], last)
    made = io.BytesIO()
    workbook.save(made)
    write_undated(made, stream)


def _filled(heads: Sequence[str], rows: Rows) -> Iterable[SheetRow]:
    for row_number, row in enumerate(rows, start=2):
        pairs = zip(heads, row, strict=False)
        cells = {head: cell.strip() for head, cell in pairs if head in COLUMNS and cell.strip()}
        if cells:
            yield SheetRow(row_number, cells)


def _fill(sheet: Worksheet, rows: Rows, widths: Sequence[float]) -> None:
    for at, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if len(text) > LONGEST_CELL:
                raise FormatError(f"row {at} has a text of {len(text)} letters, a cell of Excel holds {LONGEST_CELL}")
            cell = sheet.cell(at, column, int(text) if text.isdecimal() and len(text) < 12 else text)
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text that opens with = is no formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=at == 1)
    for column, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column]].width = width
    sheet.freeze_panes = "A2"


def _choices(sheet: Worksheet, column: str, allowed: str, last: int) -> None:
    choice = DataValidation(type="list", formula1=allowed, allow_blank=True, showErrorMessage=True)
    choice.error = f"choose one of the {column}s that are offered"
    _apply(sheet, choice, column, last)


def _ratings(sheet: Worksheet, book: Codebook, keys: Sequence[str], last: int) -> None:
    scales = [scale for scale in (book.scale(key) for key in keys) if scale is not None]
    if not scales:
        return
    low, high = min(scale.min for scale in scales), max(scale.max for scale in scales)
    within = DataValidation(
        type="decimal", operator="between", formula1=number(low), formula2=number(high), allow_blank=True,
        showErrorMessage=True,
    )  # fmt: skip
    within.error = f"ratings run from {number(low)} to {number(high)}; see the sheet Codes"
    _apply(sheet, within, "rating", last)


def _apply(sheet: Worksheet, rule: DataValidation, column: str, last: int) -> None:
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[COLUMNS.index(column)]
    rule.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(rule)


def _described(book: Codebook, key: str) -> list[str]:
    code, scale = book.by_key[key], book.scale(key)
    anchors = " | ".join(f"{number(anchor.value)} = {anchor.text}" for anchor in scale.anchors) if scale else ""
    return [key, code.name, code.definition, code.include, code.exclude, scale.range if scale else "", anchors]
