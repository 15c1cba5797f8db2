"""The long table as an Excel workbook, and what its columns mean on a second sheet."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from iprkit.exchange import Exchange
from iprkit.formats.long_table import COLUMNS, TEXT, Value, long_rows
from iprkit.formats.sheet import LONGEST_CELL, write_undated

CUT = " … (cut here; the CSV has it whole)"


def write_long_excel(values: Exchange, stream: BinaryIO) -> None:
    """One row a coding, numbers as numbers; no text is ever a formula. The same values make the same bytes."""
    book = Workbook(write_only=True)
    table = book.create_sheet("Codings")
    _prepare(table, [60 if column.kind == TEXT else 14 for column in COLUMNS])
    table.append([_bold(table, column.name) for column in COLUMNS])
    for row in long_rows(values):
        table.append([_cell(table, row[column.name]) for column in COLUMNS])
    meanings = book.create_sheet("Columns")
    _prepare(meanings, [26, 70])
    for line in _meanings():
        meanings.append(list(line))
    made = io.BytesIO()
    book.save(made)
    write_undated(made, stream)


def _prepare(sheet: Any, widths: Sequence[float]) -> None:
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[_letters(column)].width = width
    sheet.freeze_panes = "A2"


def _meanings() -> Iterator[tuple[str, str]]:
    yield "column", "what it says"
    yield from ((column.name, column.label) for column in COLUMNS)


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Value) -> Any:
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - len(CUT)] + CUT
    if not text.startswith("="):
        return text or None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # a text that opens with = is no formula
    return cell


def _letters(column: int) -> str:
    first, last = divmod(column - 1, 26)
    return (_letters(first) if first else "") + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[last]
