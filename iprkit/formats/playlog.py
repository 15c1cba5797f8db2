"""A log of what was played in a recall interview: play, pause and jump, row by row, from a player or by hand."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO

from iprkit.errors import FormatError
from iprkit.formats.encodings import decoded
from iprkit.linking.logged import EVENTS, Happened
from iprkit.linking.pauses import Stop
from iprkit.recall import LOGGED, PERSPECTIVES, Piece, TimeMap
from iprkit.timeline import Span

PEOPLE = (*PERSPECTIVES, "interviewer")
COLUMNS = ("interview", "event", "session", "by")
"""``interview``: when, on the interview's clock. ``session``: where the player stood. ``by``: who did it, may be empty
or lack. Times are ``12:40.5``, ``1:02:03``, or whole milliseconds."""

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)(?:[.,](\d{1,3}))?")


@dataclass(frozen=True)
class PlayLog:
    """What a log tells: the pieces that were played, and who stopped them."""

    time_map: TimeMap
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class _Event:
    row: int
    interview_ms: int
    name: str
    session_ms: int | None
    by: str | None


def read_playlog(data: bytes) -> PlayLog:
    """The map of a CSV with the columns `COLUMNS`, in any order; rows stand in order of time.

    ``play`` and ``jump`` need a session time: playback goes on from there. A ``pause`` may have one; without it the
    session went as far as the interview did. Raises FormatError naming the row.
    """
    return _played(list(_events(decoded(data))))


def write_playlog(events: Iterable[Happened], stream: TextIO) -> None:
    """The events as such a CSV, times in whole milliseconds."""
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in events:
        rows.writerow([one.at_ms, one.event, "" if one.session_ms is None else one.session_ms, one.by or ""])


def _events(text: str) -> Iterator[_Event]:
    rows = csv.DictReader(io.StringIO(text), dialect=_dialect(text))
    heads = {head.strip().lower(): head for head in rows.fieldnames or () if head}
    missing = [column for column in COLUMNS[:3] if column not in heads]
    if missing:
        raise FormatError(
            f"there is no column {missing[0]}; the first row must name {', '.join(COLUMNS)} (by may lack)"
        )
    for row in rows:
        cells = {column: (row.get(heads[column]) or "").strip() for column in COLUMNS if column in heads}
        if any(cells.values()):
            yield _event(cells, rows.line_num)


def _event(cells: Mapping[str, str], number: int) -> _Event:
    event = cells["event"].lower()
    if event not in EVENTS:
        raise FormatError(f"row {number}: event is {cells['event']!r}; expected one of {', '.join(EVENTS)}")
    interview_ms = _ms(cells["interview"], number, "interview")
    session_ms = _ms(cells["session"], number, "session") if cells["session"] else None
    if session_ms is None and event != "pause":
        raise FormatError(f"row {number}: {event} needs a session time, as in 12:40.5")
    by = cells.get("by", "").lower() or None
    if by is not None and by not in PEOPLE:
        raise FormatError(f"row {number}: by is {cells['by']!r}; expected one of {', '.join(PEOPLE)}, or nothing")
    return _Event(number, interview_ms, event, session_ms, by)


def _played(events: list[_Event]) -> PlayLog:
    pieces: list[Piece] = []
    stops: list[Stop] = []
    running: _Event | None = None
    last_ms = 0
    for event in events:
        if event.interview_ms < last_ms:
            raise FormatError(f"row {event.row}: its interview time lies before that of the row above")
        last_ms = event.interview_ms
        _check_order(event, running)
        if running is not None:
            pieces += _piece(running, event)
        if event.name == "pause":
            stops.append(Stop(event.interview_ms, event.by))
        running = None if event.name == "pause" else event
    if running is not None:
        raise FormatError(f"row {running.row}: playback never stops; add a last row with the event pause")
    return PlayLog(TimeMap(tuple(pieces)), tuple(stops))


def _check_order(event: _Event, running: _Event | None) -> None:
    if event.name == "play" and running is not None:
        raise FormatError(f"row {event.row}: play, but it is playing since row {running.row}; write jump or pause")
    if event.name != "play" and running is None:
        raise FormatError(f"row {event.row}: {event.name}, but nothing is playing; write play")


def _piece(begun: _Event, ended: _Event) -> list[Piece]:
    interview = Span(begun.interview_ms, ended.interview_ms)
    start_ms = begun.session_ms or 0
    told_ms = ended.session_ms if ended.name == "pause" else None
    end_ms = start_ms + interview.duration_ms if told_ms is None else told_ms
    if end_ms < start_ms:
        raise FormatError(f"row {ended.row}: the session stopped before where row {begun.row} began to play it")
    return [Piece(interview, Span(start_ms, end_ms), 1.0, LOGGED)] if interview.duration_ms else []


def _ms(text: str, number: int, column: str) -> int:
    if text.isdecimal():
        return int(text)
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise FormatError(
            f"row {number}: {column} is {text!r}; write minutes:seconds as in 12:40.5, or whole milliseconds"
        )
    hours, minutes, seconds, rest = found.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((rest or "").ljust(3, "0"))


def _dialect(text: str) -> type[csv.Dialect]:
    """Commas, or the semicolons and tabs that spreadsheets of some countries write."""
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    return type("Dialect", (csv.excel,), {"delimiter": mark})
