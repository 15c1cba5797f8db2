"""Datavyu: its spreadsheets (.opf), and the tables that it exports, three columns and more for each of its columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from iprkit.errors import FormatError
from iprkit.exchange import Exchange
from iprkit.formats.archive import Archive
from iprkit.formats.delimited import read_delimited
from iprkit.formats.encodings import decoded
from iprkit.formats.events import Behaviour, Event, exchange_of, ms_of

PROGRAM = "Datavyu"

_COLUMN = re.compile(r"(?P<name>.+?) \((?P<kind>[^)]*)\)-(?P<codes>.*)")
_CELL = re.compile(r"(?P<start>\d+:\d\d:\d\d:\d{3}),(?P<end>\d+:\d\d:\d\d:\d{3}),(?P<values>.*)")
_TIME = re.compile(r"(\d+):(\d\d):(\d\d):(\d{3})")


def is_spreadsheet(archive: Archive) -> bool:
    """Whether an archive is one of Datavyu's."""
    return archive.find("db") is not None


def is_table(text: str) -> bool:
    """Whether a text is a table that Datavyu exported."""
    head = text.lstrip("\ufeff \n").split("\n", 1)[0].casefold()
    return ".ordinal" in head and ".onset" in head and ".offset" in head


def read_spreadsheet(archive: Archive, file: str) -> Exchange:
    """Every cell of every column: the column is the code, what the cell says its memo. Raises FormatError with line."""
    name = archive.find("db")
    if name is None:
        raise FormatError(f"{file} holds no spreadsheet of Datavyu")
    text = decoded(archive.read(name))
    observation, column, arguments = _observation(file), "", list[str]()
    behaviours: list[Behaviour] = []
    events: list[Event] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if cell := _CELL.fullmatch(line.strip()):
            if not column:
                raise FormatError(f"{file}, line {number}: a cell before any column")
            start, end = _ms(cell["start"], file, number), _ms(cell["end"], file, number)
            memo = _memo(arguments, _values(cell["values"]))
            events.append(Event(observation, column, start, max(start, end), memo=memo, line=number))
        elif found := _COLUMN.fullmatch(line.strip()):
            column = found["name"].strip()
            arguments = [part.partition("|")[0].strip() for part in found["codes"].split(",") if part.strip()]
            behaviours.append(Behaviour(column, f"Column with {', '.join(arguments)}" if arguments else ""))
    return exchange_of(events, PROGRAM, file, behaviours)


def read_table(data: bytes | str, file: str) -> Exchange:
    """The cells of an exported table, times in ms. Raises FormatError naming the line."""
    try:
        table = read_delimited(data)
        heads = [head.casefold() for head in table.heads]
        columns = list(
            dict.fromkeys(head.partition(".")[0] for head in table.heads if head.casefold().endswith(".onset"))
        )
        events = []
        for column in columns:
            at = {head.partition(".")[2]: n for n, head in enumerate(heads) if head.startswith(f"{column.casefold()}.")}
            arguments = [name for name in at if name not in ("ordinal", "onset", "offset")]
            for row in table.rows:
                start, end = (row.cells[at[name]] if name in at else "" for name in ("onset", "offset"))
                if not start:
                    continue
                start_ms, end_ms = _whole(start, row.line), _whole(end or start, row.line)
                memo = _memo(arguments, [row.cells[at[name]] for name in arguments])
                events.append(
                    Event(_observation(file), column, start_ms, max(start_ms, end_ms), memo=memo, line=row.line)
                )
    except FormatError as e:
        raise FormatError(f"{file}, {e}") from e
    return exchange_of(events, PROGRAM, file)


def _observation(file: str) -> str:
    return Path(file).stem


def _ms(said: str, file: str, line: int) -> int:
    found = _TIME.fullmatch(said)
    assert found is not None
    hours, minutes, seconds, rest = map(int, found.groups())
    return ms_of(hours * 3600 + minutes * 60 + seconds + rest / 1000, f"{file}, line {line}")


def _whole(said: str, line: int) -> int:
    try:
        return ms_of(float(said) / 1000, f"line {line}")
    except ValueError as e:
        raise FormatError(f"line {line}: {said!r} is no time; expected milliseconds, as 12350") from e


def _values(said: str) -> list[str]:
    """The values of a cell, in brackets and parted by commas; a text alone where it has one argument."""
    inside = said[1:-1] if said.startswith("(") and said.endswith(")") else said
    return next(csv.reader([inside], escapechar="\\"), [])


def _memo(arguments: Sequence[str], values: Sequence[str]) -> str:
    return "; ".join(_told(arguments, values))


def _told(arguments: Sequence[str], values: Sequence[str]) -> Iterator[str]:
    for at, value in enumerate(values):
        if value.strip():
            yield f"{arguments[at]}: {value.strip()}" if at < len(arguments) else value.strip()
