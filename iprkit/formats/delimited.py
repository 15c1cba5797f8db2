"""Tables as text, as spreadsheets and statistics programs write them: read whatever their delimiter and encoding."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from iprkit.errors import FormatError
from iprkit.formats.encodings import decoded

_DELIMITERS = ("\t", ";", ",")


@dataclass(frozen=True)
class Row:
    """The cells of one row under their heads, without blanks around them; ``line`` is where it ends in the file."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Heads and rows of equal width; rows without any content are left out."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def read_delimited(data: str | bytes) -> Table:
    """A table of commas, semicolons or tabs, in any encoding that `decoded` knows, also with Excel's line ``sep=;``.

    Short rows are filled up; columns without a head and without content are dropped. Raises FormatError with the
    line's number for an empty file, a row that is too long, a column with content but no head, two heads that are the
    same but for upper and lower case, and a quotation mark that is never closed.
    """
    lines = decoded(data).split("\n")
    skipped = next((place for place, line in enumerate(lines) if line.strip()), None)
    if skipped is None:
        raise FormatError("the file is empty; expected a line of column names and rows below it")
    told = lines[skipped].strip().lower()
    delimiter = told[4:] if told.startswith("sep=") and told[4:] in _DELIMITERS else None
    skipped += delimiter is not None
    rows = _rows(lines[skipped:], delimiter or _delimiter(lines[skipped]), skipped)
    if not rows:
        raise FormatError("the file has no line of column names")
    return _under_heads(rows[0], rows[1:])


def _delimiter(head: str) -> str:
    """The one that parts the column names most often, outside of quotation marks."""
    outside = "".join(head.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _rows(lines: list[str], delimiter: str, skipped: int) -> list[Row]:
    reader = csv.reader([f"{line}\n" for line in lines], delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        for cells in reader:
            rows.append(Row(skipped + reader.line_num, tuple(cell.strip() for cell in cells)))
    except csv.Error as e:
        begun = rows[-1].line + 1 if rows else skipped + 1
        raise FormatError(f"line {begun}: {e}; is a quotation mark not closed?") from e
    return [row for row in rows if any(row.cells)]


def _under_heads(head: Row, rows: list[Row]) -> Table:
    width = len(head.cells)
    for row in rows:
        if any(row.cells[width:]):
            raise FormatError(f"line {row.line}: {len(row.cells)} cells, but there are {width} columns")
    filled = [Row(row.line, (*row.cells, *[""] * width)[:width]) for row in rows]
    kept = [place for place, name in enumerate(head.cells) if name or any(row.cells[place] for row in filled)]
    seen: dict[str, int] = {}
    for place in kept:
        name = head.cells[place]
        if not name:
            raise FormatError(f"line {head.line}: column {place + 1} has content but no name")
        if name.casefold() in seen:
            first = seen[name.casefold()]
            raise FormatError(f"line {head.line}: columns {first + 1} and {place + 1} are both called {name!r}")
        seen[name.casefold()] = place
    picked = tuple(Row(row.line, tuple(row.cells[place] for place in kept)) for row in filled)
    return Table(tuple(head.cells[place] for place in kept), picked)
