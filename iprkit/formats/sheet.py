"""Tables as people send them: comma-separated text of any dialect, and Excel workbooks, as rows of texts."""

from __future__ import annotations

import csv
import io
import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from iprkit.errors import FormatError
from iprkit.formats.encodings import decoded

Rows = list[list[str]]

LONGEST_CELL = 32_767
"""Letters that a cell of Excel holds."""

_LARGEST = 256 * 1024 * 1024
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+Z")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_DAMAGE = (
    BadZipFile, InvalidFileException, DefusedXmlException, SyntaxError, KeyError, ValueError, OSError, zlib.error,
    EOFError, NotImplementedError, RuntimeError, TypeError, IndexError, AttributeError, struct.error,
)  # fmt: skip
"""What damage makes of a workbook; parsers of XML say it as a SyntaxError."""


def csv_rows(data: str | bytes, file: str) -> Rows:
    """The rows of a table parted by commas, semicolons or tabs, whichever parts its first line most often.

    Raises FormatError with the line where the table breaks.
    """
    text = decoded(data)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=lambda mark: len(next(csv.reader([head], delimiter=mark), [])))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return list(reader)
    except csv.Error as e:
        raise FormatError(f"{file}, line {reader.line_num}: not a table ({e})") from e


def excel_rows(data: bytes, file: str) -> list[Rows]:
    """The rows of every sheet of a workbook, empty cells as empty texts, formulas as the value they last had.

    Raises FormatError where it is no workbook, or unpacks to more than any table of texts needs.
    """
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise FormatError(f"{file} unpacks to more than {_LARGEST // 1024**2} MB; it was not read")
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return [
            [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
            for sheet in workbook.worksheets
        ]
    except _DAMAGE as e:
        raise FormatError(f"{file} is no Excel workbook (.xlsx): {e}") from e


def write_excel(rows: Rows, title: str, widths: tuple[float, ...], stream: BinaryIO) -> None:
    """One sheet of texts. Raises FormatError for a text that no cell can hold."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if len(text) > LONGEST_CELL:
                raise FormatError(
                    f"row {number} has a text of {len(text)} letters, a cell of Excel holds {LONGEST_CELL}"
                )
            sheet.cell(number, column, text).data_type = "s"  # a text that opens with = is no formula
    for column, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column]].width = width
    made = io.BytesIO()
    workbook.save(made)
    write_undated(made, stream)


def guarded(text: str) -> str:
    """A text as a cell of CSV that no spreadsheet takes for a formula: with ``'`` before it where it begins like one.

    >>> guarded("=1+1"), guarded("-1.5"), guarded("'=x"), guarded("so")
    ("'=1+1", '-1.5', "''=x", 'so')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(cell: str) -> str:
    """The text that a cell stands for; `guarded` undone.

    >>> [unguarded(guarded(text)) for text in ("=1+1", "'=x", "-1.5", "'tis")]
    ['=1+1', "'=x", '-1.5', "'tis"]
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def write_undated(made: BinaryIO, stream: BinaryIO, more: Mapping[str, Iterable[bytes]] | None = None) -> None:
    """The same workbook without the time at which it was made, so that the same rows make the same file.

    ``more`` are rows to put at the end of a sheet, by the sheet's part of the workbook.
    """
    with ZipFile(made) as source, ZipFile(stream, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _TIME.sub(b"2000-01-01T00:00:00Z", content)
            undated = ZipInfo(entry.filename)
            undated.compress_type = ZIP_DEFLATED
            head, end, tail = content.partition(b"</sheetData>")
            with target.open(undated, "w") as part:
                part.write(head)
                for row in (more or {}).get(entry.filename, ()):
                    part.write(row)
                part.write(end + tail)
