"""The long table as an SPSS file: variables with labels, levels as numbers with value labels, their measure set."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from iprkit.exchange import Exchange
from iprkit.formats.long_table import COLUMNS, COUNT, LEVELS, NUMBER, LongRow, levels_of, long_rows

if TYPE_CHECKING:
    import pandas

LONGEST = 32_000
"""Bytes of UTF-8 that a text of SPSS holds, and a little room."""

CUT = " … (cut here; the CSV has it whole)"
_UNDATED = b"01 Jan 8000:00:00"
_DATED_AT = 92
"""Where the head of an SPSS system file says on which day and when it was made: 9 and 8 letters."""


def write_long_spss(values: Exchange, stream: BinaryIO) -> None:
    """One row a coding. Levels are numbered from 1 in their order; the same values make the same bytes."""
    import pyreadstat  # with pandas it takes longer to load than most commands take to run

    rows = list(long_rows(values))
    levels = levels_of(rows)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "long.sav"
        pyreadstat.write_sav(
            _frame(rows, levels),
            str(file),
            file_label=_cut(values.title, 60),
            column_labels={column.name: column.label for column in COLUMNS},
            variable_value_labels=_labels(values, rows, levels),
            variable_measure={column.name: _measure(column.name, column.kind) for column in COLUMNS},
            variable_format={column.name: "F12.0" for column in COLUMNS if column.kind == COUNT},
            row_compress=True,
        )
        made = bytearray(file.read_bytes())
    made[_DATED_AT : _DATED_AT + len(_UNDATED)] = _UNDATED
    stream.write(made)


def _frame(rows: Sequence[LongRow], levels: dict[str, tuple[str, ...]]) -> pandas.DataFrame:
    import pandas

    columns: dict[str, pandas.Series] = {}
    for column in COLUMNS:
        cells = [row[column.name] for row in rows]
        if column.kind == LEVELS:
            number = {level: float(at) for at, level in enumerate(levels[column.name], start=1)}
            columns[column.name] = pandas.Series([number.get(str(cell)) for cell in cells], dtype="float64")
        elif column.kind in (COUNT, NUMBER):
            columns[column.name] = pandas.Series(cells, dtype="float64")
        else:
            texts = ["" if cell is None else _cut(str(cell), LONGEST) for cell in cells]
            columns[column.name] = pandas.Series(texts, dtype="object")
    return pandas.DataFrame(columns)


def _labels(
    values: Exchange, rows: Sequence[LongRow], levels: dict[str, tuple[str, ...]]
) -> dict[str, dict[int | float, str]]:
    found: dict[str, dict[int | float, str]] = {
        name: {float(at): _cut(level, 120) for at, level in enumerate(names, start=1)}
        for name, names in levels.items()
        if names
    }
    anchors = _anchors(values, rows)
    return found | {"rating": anchors, "adjudicated_rating": anchors} if anchors else found


def _anchors(values: Exchange, rows: Sequence[LongRow]) -> dict[int | float, str]:
    """What the numbers of ratings mean, where that is the same for all codes that were rated."""
    used = {(str(row["codebook"]), str(row["code"])) for row in rows if row["rating"] is not None}
    scales = {book.scale(code) for name, code in used if (book := values.book(name)) is not None}
    if len(scales) != 1:
        return {}
    scale = scales.pop()
    return {anchor.value: _cut(anchor.text, 120) for anchor in scale.anchors} if scale else {}


def _measure(name: str, kind: str) -> str:
    if kind in (COUNT, NUMBER):
        return "ordinal" if name in ("rating", "adjudicated_rating") else "scale"
    return "ordinal" if name == "certainty" else "nominal"


def _cut(text: str, most: int) -> str:
    """The text in at most so many bytes of UTF-8, with a word on it where it was cut."""
    data = text.encode("utf-8")
    if len(data) <= most:
        return text
    end = CUT if most > 200 else "…"
    return data[: most - len(end.encode())].decode("utf-8", errors="ignore") + end
