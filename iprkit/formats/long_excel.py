"""The long table as an Excel workbook, and what its columns mean on a second sheet."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from iprkit.exchange import Exchange
from iprkit.formats.long_table import COLUMNS, TEXT, Value, long_rows
from iprkit.formats.sheet import LONGEST_CELL, write_undated

CUT = " … (cut here; the CSV has it whole)"

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_IN_ORDER = itemgetter(*(column.name for column in COLUMNS))


def write_long_excel(values: Exchange, stream: BinaryIO) -> None:
    """One row a coding, numbers as numbers; no text is ever a formula. The same values make the same bytes.

    The rows go straight into the sheet of a workbook without any: openpyxl and XlsxWriter alike take longer over the
    cells of 40,000 codings than the whole of an export may.
    """
    frame = io.BytesIO()
    _frame().save(frame)
    rows = (_row(at, _IN_ORDER(row)).encode() for at, row in enumerate(long_rows(values), start=2))
    write_undated(frame, stream, {"xl/worksheets/sheet1.xml": rows})


def _frame() -> Workbook:
    """The workbook with its heads, and without a coding."""
    book = Workbook(write_only=True)
    table = book.create_sheet("Codings")
    _prepare(table, [60 if column.kind == TEXT else 14 for column in COLUMNS])
    table.append([_bold(table, column.name) for column in COLUMNS])
    meanings = book.create_sheet("Columns")
    _prepare(meanings, [26, 70])
    for line in _meanings():
        meanings.append(list(line))
    return book


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


def _row(number: int, cells: Sequence[Value]) -> str:
    """A row of the sheet; cells without anything in them are left out."""
    told = [_cell(f"{at}{number}", value) for at, value in zip(_LETTERS, cells, strict=True) if value not in (None, "")]
    return f'<row r="{number}">{"".join(told)}</row>'


def _cell(place: str, value: Value) -> str:
    if not isinstance(value, str):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = _UNWRITABLE.sub("", value)
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - len(CUT)] + CUT
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    return f'<c r="{place}" t="inlineStr"><is><t{kept}>{escape(text)}</t></is></c>'


def _letters(column: int) -> str:
    first, last = divmod(column - 1, 26)
    return (_letters(first) if first else "") + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[last]


_LETTERS = tuple(_letters(at) for at in range(1, len(COLUMNS) + 1))
