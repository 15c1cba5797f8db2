"""The paired table as a spreadsheet: one row a moment, one column a perspective and one for its keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from iprkit.report.paired import PairedMoment, PairedTable
from iprkit.report.printable import printable

_LONGEST = 32_767  # characters that a cell can hold
_WIDE, _NARROW = 50, 18


def write_xlsx(table: PairedTable, stream: BinaryIO, made: datetime) -> None:
    """Write the table as a workbook; every cell is text or a number, never a formula, whatever was said."""
    book = Workbook()
    book.properties.title, book.properties.creator = table.title, "iprkit"
    book.properties.created = book.properties.modified = made
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = table.session[:31]
    heads = ["moment", "start_ms", "end_ms", "source", "label", "memo", "codes", "session"]
    heads += [name for one in table.perspectives for name in (one, f"{one} keys")]
    _row(sheet, 1, heads)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, moment in enumerate(table.moments, start=2):
        _row(sheet, number, _cells(table, moment))
    for number, note in enumerate(table.notes, start=len(table.moments) + 3):
        _row(sheet, number, [note])
    for column, head in enumerate(heads, start=1):
        text = head == "session" or head in table.perspectives
        sheet.column_dimensions[get_column_letter(column)].width = _WIDE if text else _NARROW
    sheet.freeze_panes = "B2"
    book.save(stream)


def _cells(table: PairedTable, moment: PairedMoment) -> list[str | int | None]:
    cells: list[str | int | None] = [moment.key, moment.span.start_ms, moment.span.end_ms, moment.source, moment.label]
    cells += ["\n".join(moment.memos) or None, "\n".join(moment.codes) or None]
    cells.append("\n".join(f"{one.speaker}: {one.text} [{one.key}]" for one in moment.excerpt) or None)
    for perspective in table.perspectives:
        quotations = moment.recalls.get(perspective, ())
        cells.append("\n\n".join(one.text for one in quotations) or None)
        cells.append(", ".join(one.key for one in quotations) or None)
    return cells


def _row(sheet: Worksheet, number: int, values: Sequence[str | int | None]) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column)
        cell.value = printable(value)[:_LONGEST] if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"  # what begins with = is something that somebody said
        cell.alignment = Alignment(wrap_text=True, vertical="top")
