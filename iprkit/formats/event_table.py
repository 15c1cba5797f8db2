"""The event list of one time line: rows of coder, code, start_ms and end_ms, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iprkit.agreement.timelines import Mark, Timeline
from iprkit.errors import FormatError
from iprkit.formats.delimited import Row, Table, read_delimited
from iprkit.formats.ratings_table import decimal
from iprkit.timeline import Span, clock

_COLUMNS = ("coder", "code", "start_ms", "end_ms")


@dataclass(frozen=True)
class EventTable:
    """A time line as read, and what the reader should know of how it was read."""

    line: Timeline
    notes: tuple[str, ...]


def read_events(data: str | bytes, duration_ms: int, coders: Sequence[str] = ()) -> EventTable:
    """Codings on one time line of ``duration_ms``; other columns are left aside.

    ``coders`` are those who watched, also where they saw nothing; without it, those who have a row. An event may be
    without length. Raises FormatError with the line for missing columns, empty cells, times that are no whole
    milliseconds, end before start, an event outside the time line, and for several sessions in one list.
    """
    table = read_delimited(data)
    places = _places(table)
    _one_session(table)
    lines: dict[Mark, int] = {}
    notes = []
    for row in table.rows:
        mark = _mark(row, places, duration_ms)
        if mark in lines:
            notes.append(f"line {row.line} says the same as line {lines[mark]} and is counted once")
        lines.setdefault(mark, row.line)
    found = list(dict.fromkeys(mark.coder for mark in lines))
    if not found and not coders:
        raise FormatError("there is no row below the column names; name who watched with --coders")
    idle = [name for name in coders if name not in found]
    notes += [f"{name} has no row and is taken to have seen no code at all" for name in idle]
    watched = tuple(dict.fromkeys(coders)) or tuple(found)
    marks = tuple(mark for mark in lines if mark.coder in watched)
    return EventTable(Timeline("the time line", duration_ms, watched, marks), tuple(notes))


def _places(table: Table) -> dict[str, int]:
    heads = {head.casefold().replace(" ", "_"): place for place, head in enumerate(table.heads)}
    lacking = [name for name in _COLUMNS if name not in heads]
    if lacking:
        there = ", ".join(table.heads)
        raise FormatError(f"the column {lacking[0]} is missing; expected {', '.join(_COLUMNS)}, found {there}")
    return {name: heads[name] for name in _COLUMNS}


def _one_session(table: Table) -> None:
    for place, head in enumerate(table.heads):
        sessions = dict.fromkeys(row.cells[place] for row in table.rows if row.cells[place])
        if head.casefold() == "session" and len(sessions) > 1:
            some = ", ".join(list(sessions)[:3])
            raise FormatError(f"the list holds {len(sessions)} sessions ({some}…); give each its own file")


def _mark(row: Row, places: dict[str, int], duration_ms: int) -> Mark:
    coder, code = (row.cells[places[name]] for name in ("coder", "code"))
    for name, cell in (("coder", coder), ("code", code)):
        if not cell:
            raise FormatError(f"line {row.line}: the cell {name} is empty")
    start_ms, end_ms = (_ms(row, name, row.cells[places[name]]) for name in ("start_ms", "end_ms"))
    if end_ms < start_ms:
        raise FormatError(f"line {row.line}: the event ends at {end_ms} ms, before its start at {start_ms} ms")
    if start_ms < 0 or end_ms > duration_ms:
        whole = f"the time line of {duration_ms} ms ({clock(duration_ms)})"
        raise FormatError(f"line {row.line}: the event from {start_ms} to {end_ms} ms lies outside {whole}")
    return Mark(coder, code, Span(start_ms, end_ms))


def _ms(row: Row, name: str, cell: str) -> int:
    try:
        value = decimal(cell)
    except ValueError:
        value = float("nan")
    if not value.is_integer():
        raise FormatError(f"line {row.line}: {name} is {cell!r}; expected whole milliseconds, as 83500")
    return int(value)
