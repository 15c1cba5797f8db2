"""BORIS: its project files, and the events that it exports as tables, aggregated (one row a bout) or tabular (one row a
start or stop)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from iprkit.errors import FormatError
from iprkit.exchange import Exchange, Medium
from iprkit.formats.delimited import Row, Table, read_delimited
from iprkit.formats.encodings import decoded
from iprkit.formats.events import Behaviour, Event, Observed, exchange_of, ms_of
from iprkit.formats.node import Node, parsed
from iprkit.formats.ratings_table import decimal
from iprkit.wording import tidy_line

PROGRAM = "BORIS"

_NOBODY = ("", "no focal subject")
_START = ("start (s)", "start")
_STOP = ("stop (s)", "stop")
_KNOWN = {
    "observation id", "observation date", "description", "observation duration", "observation type", "source",
    "time offset (s)", "coding duration", "media file", "media file name", "media duration (s)", "total length", "fps",
    "fps (frame/s)", "observer", "coder", "time", "media file path",
}  # fmt: skip
"""Columns before the subject that BORIS always writes; others are independent variables."""


def is_project(text: str) -> bool:
    """Whether a text is a project file."""
    return text.lstrip().startswith("{") and '"behaviors_conf"' in text and '"observations"' in text


def is_table(text: str) -> bool:
    """Whether a text is one of the tables of events."""
    lines = [line.casefold() for line in text.lstrip().split("\n")[:60]]
    return any("behavior" in line and ("start" in line or "status" in line or "\ttime\t" in line) for line in lines)


def read_project(text: str, file: str) -> Exchange:
    """All observations of a project; state events begin and end by turns, point events stand alone.

    Raises FormatError naming the place.
    """
    root = parsed(text, "BORIS project")
    behaviours = [_behaviour(node) for _, node in _fields(root["behaviors_conf"])]
    states = {
        node["code"].text()
        for _, node in _fields(root["behaviors_conf"])
        if (node["type"].text_or_none() or "").casefold().startswith("state")
    }
    remarks: list[str] = []
    events = [
        event
        for name, node in _fields(root["observations"])
        for event in _bouts(list(_marks(name, node)), states, remarks)
    ]
    observed = {name: _observed(node) for name, node in _fields(root["observations"])}
    return exchange_of(events, PROGRAM, file, behaviours, remarks, observed)


def read_table(data: bytes | str, file: str) -> Exchange:
    """The events of a table, whichever of both kinds it is. Raises FormatError naming the line."""
    text = decoded(data)
    lines = text.split("\n")
    start = next((n for n, line in enumerate(lines) if _is_head(line)), None)
    if start is None:
        raise FormatError(f"{file}: no row of column names with Behavior and Start or Time in it")
    try:
        table = read_delimited("\n".join([*([""] * start), *lines[start:]]))
        columns = {head.casefold(): place for place, head in enumerate(table.heads)}
        if any(name in columns for name in _START):
            return exchange_of(list(_aggregated(table, columns)), PROGRAM, file, observed=_columns_told(table))
        remarks: list[str] = []
        above = _observation(lines[:start], file)
        marks = list(_tabular(table, columns, above))
        observed = _columns_told(table, above)
        observed[above] = _above_told(lines[:start], observed.get(above, Observed()))
        return exchange_of(_bouts(marks, None, remarks), PROGRAM, file, remarks=remarks, observed=observed)
    except FormatError as e:
        raise FormatError(str(e) if str(e).startswith(file) else f"{file}, {e}") from e


class _Mark:
    """A start, a stop or a point; ``status`` is START, STOP, POINT or empty where the project says it by the code."""

    def __init__(self, event: Event, status: str = "") -> None:
        self.event, self.status = event, status


def _bouts(marks: Sequence[_Mark], states: set[str] | None, remarks: list[str]) -> list[Event]:
    """Starts joined with their stops; one that never stops is left out, with a remark."""
    running: dict[tuple[str, str, str], Event] = {}
    found: list[Event] = []
    for mark in sorted(marks, key=lambda one: (one.event.observation, one.event.start_ms)):
        event, key = mark.event, (mark.event.observation, mark.event.subject, mark.event.code)
        is_state = event.code in states if states is not None else mark.status in ("START", "STOP")
        if not is_state:
            found.append(event)
        elif key in running:
            begun = running.pop(key)
            memo = "\n".join(part for part in (begun.memo, event.memo) if part)
            found.append(replace(begun, end_ms=event.start_ms, memo=memo))
        else:
            running[key] = event
    for event in running.values():
        remarks.append(f"{event.observation}: {event.code} begins at {event.start_ms} ms and never ends; left out")
    return found


def _marks(name: str, node: Node) -> Iterator[_Mark]:
    """The events of an observation: time, subject, code, modifiers, comment."""
    offset = node["time offset"].number_or_none() or 0.0
    for event in node["events"].items():
        cells = list(event.items())
        if len(cells) < 3:
            event.refuse("time, subject, behaviour")
        at = ms_of(cells[0].number() + offset, f"observation {name}")
        modifiers, comment = ([cell.text_or_none() or "" for cell in cells[3:5]] + [""] * 2)[:2]
        memo = _memo(modifiers, comment)
        yield _Mark(Event(name, cells[2].text(), at, at, _subject(cells[1].text_or_none() or ""), memo=memo))


def _observed(node: Node) -> Observed:
    """What a project says of an observation; the first player's recordings follow each other, the others are views."""
    known = _fields(node["independent_variables"]) if "independent_variables" in node else ()
    told = [("description", node["description"]), *known]
    date = node["date"].text_or_none() or ""
    return Observed(
        date, tuple(_media(node)), tuple((name, tidy_line(str(one.value))) for name, one in told if one.value)
    )


def _media(node: Node) -> Iterator[Medium]:
    lengths = node["media_info"]["length"] if "media_info" in node and "length" in node["media_info"] else None
    for player, files in _fields(node["file"]) if "file" in node and isinstance(node["file"].value, dict) else ():
        at_ms = 0
        for part, file in enumerate(files.items(), start=1):
            path = file.text()
            known = lengths[path].number_or_none() if lengths is not None and path in lengths else None
            lasts_ms = ms_of(known, f"the recording {path}") if known else 0
            view = "main" if player == "1" else f"player-{player}"
            yield Medium(_file_name(path), lasts_ms, offset_ms=at_ms, view=view, part=part)
            at_ms += lasts_ms


def _file_name(path: str) -> str:
    return tidy_line(re.split(r"[\\/]", path)[-1])[:120]


def _columns_told(table: Table, above: str = "observation") -> dict[str, Observed]:
    """By observation what its rows say: day, recording and its length, and independent variables, which stand in
    columns of their own before the subject."""
    heads = [head.casefold() for head in table.heads]
    last = heads.index("subject") if "subject" in heads else 0
    free = [(table.heads[n], n) for n in range(last) if heads[n] not in _KNOWN]
    at = {head: n for n, head in enumerate(heads)}
    found: dict[str, Observed] = {}
    for row in table.rows:
        name = _cell(row, at, "observation id") or above
        if name not in found:
            known = tuple((head, row.cells[n]) for head, n in free if row.cells[n])
            described = _cell(row, at, "description")
            known = (*((("description", described),) if described else ()), *known)
            file = _file_name(_cell(row, at, "media file", "media file name", "media file path"))
            media = (Medium(file, _length(_cell(row, at, "total length", "media duration (s)"))),) if file else ()
            found[name] = Observed(_cell(row, at, "observation date"), media, known)
    return found


def _above_told(lines: Sequence[str], below: Observed) -> Observed:
    """The same with what stands above a tabular export: the observation's day, and independent variables."""
    rows = [[cell.strip() for cell in line.replace(";", "\t").split("\t")] + [""] for line in lines]
    said = {row[0].casefold(): row[1] for row in rows if row[0]}
    heads = [row[0].casefold() for row in rows]
    begin = heads.index("independent variables") + 1 if "independent variables" in heads else len(rows)
    listed = itertools.takewhile(lambda row: row[0], rows[begin:])
    known = [("description", said.get("description", "")), *((row[0], row[1]) for row in listed)]
    told = tuple((name, value) for name, value in known if value and name.casefold() != "variable")
    return Observed(said.get("observation date", below.date), below.media, (*told, *below.known))


def _length(said: str) -> int:
    try:
        return ms_of(decimal(said), "media duration")
    except (ValueError, FormatError):
        return 0  # several recordings, or none: what is said is no length


def _behaviour(node: Node) -> Behaviour:
    described, group = node["description"].text_or_none() or "", node["category"].text_or_none() or ""
    return Behaviour(node["code"].text(), described, group)


def _fields(node: Node) -> Iterator[tuple[str, Node]]:
    """The fields of an object by name, in their order."""
    if not isinstance(node.value, dict):
        node.refuse("an object")
    for name in node.value:
        yield str(name), node[str(name)]


def _is_head(line: str) -> bool:
    cells = [cell.strip().strip('"').casefold() for cell in line.replace(";", "\t").replace(",", "\t").split("\t")]
    return "behavior" in cells and bool(set(cells) & {*_START, "time"})


def _aggregated(table: Table, columns: Mapping[str, int]) -> Iterator[Event]:
    for row in table.rows:
        start = _seconds(row, columns, _START)
        stop = _cell(row, columns, *_STOP)
        end = start if stop.casefold() in ("", "na") else _seconds(row, columns, _STOP)
        if end < start:
            raise FormatError(f"line {row.line}: the event ends at {end} ms, before its start at {start} ms")
        memo = _memo(_cell(row, columns, "modifiers", "modifier #1"), _cell(row, columns, "comment start", "comment"))
        yield Event(
            observation=_cell(row, columns, "observation id") or "observation",
            code=_needed(row, columns, "behavior"),
            start_ms=start,
            end_ms=end,
            subject=_subject(_cell(row, columns, "subject")),
            coder=_cell(row, columns, "observer", "coder"),
            memo=memo,
            line=row.line,
        )


def _tabular(table: Table, columns: Mapping[str, int], observation: str) -> Iterator[_Mark]:
    for row in table.rows:
        at = _seconds(row, columns, ("time",))
        status = (_cell(row, columns, "status", "behavior type") or "POINT").upper()
        if status not in ("START", "STOP", "POINT"):
            raise FormatError(f"line {row.line}: Status is {status!r}; expected START, STOP or POINT")
        name = _cell(row, columns, "observation id") or observation
        memo = _memo(_cell(row, columns, "modifiers", "modifier #1"), _cell(row, columns, "comment"))
        subject = _subject(_cell(row, columns, "subject"))
        yield _Mark(Event(name, _needed(row, columns, "behavior"), at, at, subject, memo=memo, line=row.line), status)


def _observation(lines: Sequence[str], file: str) -> str:
    """The observation that stands above a tabular export, else the file's name."""
    for line in lines:
        cells = [cell.strip() for cell in line.replace(";", "\t").split("\t")]
        if cells[0].casefold() == "observation id" and len(cells) > 1 and cells[1]:
            return cells[1]
    return file.split(".")[0]


def _cell(row: Row, columns: Mapping[str, int], *names: str) -> str:
    return next((row.cells[columns[name]] for name in names if name in columns), "")


def _needed(row: Row, columns: Mapping[str, int], name: str) -> str:
    found = _cell(row, columns, name)
    if not found:
        raise FormatError(f"line {row.line}: the cell {name} is empty")
    return found


def _seconds(row: Row, columns: Mapping[str, int], names: Sequence[str]) -> int:
    said = _cell(row, columns, *names)
    try:
        return ms_of(decimal(said), f"line {row.line}")
    except ValueError as e:
        raise FormatError(f"line {row.line}: {names[0]} is {said!r}; expected seconds, as 12.350") from e


def _subject(said: str) -> str:
    return "" if said.casefold() in _NOBODY else said


def _memo(modifiers: str, comment: str) -> str:
    told = [f"modifiers: {modifiers}"] if modifiers and modifiers.casefold() != "none" else []
    return "\n".join([*told, *([comment] if comment else [])])
