"""The long table as comma-separated values, safe to open in a spreadsheet, and the R script that reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from operator import itemgetter
from typing import BinaryIO

from iprkit.exchange import Exchange
from iprkit.formats.long_table import COLUMNS, COUNT, LEVELS, NUMBER, TEXT, LongRow, Value, levels_of, long_rows
from iprkit.formats.sheet import guarded
from iprkit.scale import number

_IN_ORDER = itemgetter(*(column.name for column in COLUMNS))


def write_long_csv(values: Exchange, stream: BinaryIO) -> None:
    """One row a coding; with a byte order mark, without which Excel spoils accents, and no cell that is a formula."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    writer.writerows(_cells(row) for row in long_rows(values))
    text.detach()


def write_long_r(values: Exchange, stream: BinaryIO) -> None:
    """An R script that reads the table with factors, dates, numbers and labels set; nothing but R itself is needed."""
    rows = list(long_rows(values))
    for line in _script(rows):
        stream.write(f"{line}\n".encode())


def _cells(row: LongRow) -> list[Value]:
    """What stands in the cells; a writer leaves None empty and writes whole numbers as they are."""
    return [
        guarded(value) if isinstance(value, str) else number(value) if isinstance(value, float) else value
        for value in _IN_ORDER(row)
    ]


def _script(rows: list[LongRow]) -> Iterator[str]:
    yield "# Reads the long table that iprkit exported: one row a coding, factors with their levels in order."
    yield "# Rscript study.long.R study.long.csv, or source() it in the folder where the table lies."
    yield ""
    yield "levels_of <- list("
    known = [(name, levels) for name, levels in levels_of(rows).items() if levels]
    for at, (name, levels) in enumerate(known, start=1):
        yield f"  {name} = c({', '.join(map(_quoted, levels))}){',' if at < len(known) else ''}"
    yield ")"
    yield "labels_of <- c("
    for at, column in enumerate(COLUMNS, start=1):
        yield f"  {column.name} = {_quoted(column.label)}{',' if at < len(COLUMNS) else ''}"
    yield ")"
    yield f"ordered_ones <- c({_quoted('certainty')})"
    yield f"numbers <- c({', '.join(_quoted(c.name) for c in COLUMNS if c.kind in (COUNT, NUMBER))})"
    yield f"texts <- c({', '.join(_quoted(c.name) for c in COLUMNS if c.kind in (TEXT, LEVELS))})"
    yield _READ


def _quoted(text: str) -> str:
    r"""A text in R, letters beyond ASCII as they are told everywhere.

    >>> _quoted('a "b" \\ ü')
    '"a \\"b\\" \\\\ \\u00fc"'
    """
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + "".join(one if ord(one) < 128 else _escaped(one) for one in plain) + '"'


def _escaped(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


_READ = r"""
read_long <- function(file) {
  table <- read.csv(file, fileEncoding = "UTF-8-BOM", colClasses = "character", na.strings = "",
                    check.names = FALSE, encoding = "UTF-8")
  # a text that begins like a formula was written with an apostrophe before it
  for (name in texts) table[[name]] <- sub("^'(?='*[=+@\t\r-])", "", table[[name]], perl = TRUE)
  for (name in numbers) table[[name]] <- as.numeric(table[[name]])
  for (name in names(levels_of))
    table[[name]] <- factor(table[[name]], levels = levels_of[[name]], ordered = name %in% ordered_ones)
  table$date <- as.Date(table$date)
  for (name in names(labels_of)) attr(table[[name]], "label") <- labels_of[[name]]
  table
}

arguments <- commandArgs(trailingOnly = TRUE)
file <- if (length(arguments)) arguments[1] else list.files(pattern = "\\.long\\.csv$")[1]
codings <- read_long(file)
str(codings, vec.len = 1, give.attr = FALSE)"""
