"""The recall room: an interview held inside iprkit. What was played is noted as it happens, and the sound is stored
piece by piece as it comes, so that a browser that dies takes no more than its last seconds with it.

Everything lies in a folder of its own until the interview is finished: pieces of sound, events, and what the room is
about. A *take* is one run of the microphone; a page that is opened again begins another.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Lock

from iprkit.actions import parties
from iprkit.actions.roles import need_researcher
from iprkit.actions.sessions import date_of
from iprkit.database import queries, recall_queries
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.database.journal import now
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.formats.playlog import PEOPLE
from iprkit.linking.logged import EVENTS, PAUSE, PLAY, Happened

FOLDER = "rooms"

KINDS = {"audio/webm": ".webm", "video/webm": ".webm", "audio/ogg": ".ogg", "audio/mp4": ".m4a", "video/mp4": ".mp4"}
"""What browsers record, and how such files end."""

MOST_TAKES, MOST_CHUNKS = 50, 100_000

_PIECE_MS = 1_000  # so long the page lets a piece become

_ID = re.compile(r"[0-9a-f]{16}")
_locks: defaultdict[str, Lock] = defaultdict(Lock)


@dataclass(frozen=True)
class Room:
    """An interview being held: about which session, with whom, since when.

    ``state`` is ``open``, or ``finished`` once the interview ``key`` is in the study. ``suffixes`` says by take what
    is recorded, ``files`` are the recordings that were made of the takes, in their order.
    """

    id: str
    session: str
    participant: str
    date: str | None
    author: str
    started_at: str
    state: str = "open"
    key: str | None = None
    suffixes: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    logged: bool = False


@dataclass(frozen=True)
class Take:
    """What is stored of one run of the microphone: how many pieces in a row, and which numbers lack before the last."""

    number: int
    chunks: int
    missing: tuple[int, ...]


@dataclass(frozen=True)
class Event:
    """What the player did, numbered by the page; ``happened`` is on the take's clock."""

    n: int
    take: int
    happened: Happened


def begin(study: Study, session: str, participant: str, date: str | None = None) -> Room:
    """Open a room for an interview about a session.

    Raises NotAllowed, NotFound, Conflict where that interview is there already with a recording, InvalidInput.
    """
    need_researcher(study, "hold recall interviews")
    when = date_of(date)
    with study.read() as db:
        row = recall_queries.session(db, session)
        role, person = parties.participant(row.dyad, participant)
        party = parties.party_named(row.dyad, participant)
        key = f"{session}-{role}" if party == role else f"{session}-{role}-{party}"
        there = queries.find_conversation(db, key)
        if there is not None and there.recordings:
            raise Conflict(f"recall interview {key} has a recording already; take it back with: iprkit undo")
    room = Room(secrets.token_hex(8), session, person.key if person else role, when, study.author, now(), key=key)
    with storing():
        (study.folder / FOLDER).mkdir(mode=0o700, exist_ok=True)
        folder_of(study, room.id).mkdir(mode=0o700)
    store(study, room)
    return room


def listed(study: Study) -> list[Room]:
    """All rooms, those begun last first."""
    folder = study.folder / FOLDER
    ids = [place.name for place in folder.iterdir() if _ID.fullmatch(place.name)] if folder.is_dir() else []
    return sorted((find(study, one) for one in ids), key=lambda room: room.started_at, reverse=True)


def find(study: Study, room: str) -> Room:
    """The room of an id. Raises NotFound."""
    place = folder_of(study, room) / "room.json"
    if not place.is_file():
        raise NotFound(f"there is no recall room {room}")
    told = json.loads(place.read_text(encoding="utf-8"))
    return Room(**told | {"files": tuple(told["files"])})


def takes(study: Study, room: str) -> list[Take]:
    """What is stored of a room's sound, take by take."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for place in folder_of(study, room).glob("*.chunk"):
        take, _, number = place.stem.partition("-")
        found[int(take)].append(int(number))
    return [_take(number, sorted(chunks)) for number, chunks in sorted(found.items())]


def keep_chunk(study: Study, room: str, at: tuple[int, int], data: bytes, kind: str) -> list[Take]:
    """Store piece ``at`` (take, number) of the sound, on the disk when this returns. The same piece again is well.

    Raises NotFound, Conflict where another piece has that number or the room is finished, InvalidInput.
    """
    need_researcher(study, "hold recall interviews")
    take, number = at
    if not (0 <= take < MOST_TAKES and 0 <= number < MOST_CHUNKS):
        raise InvalidInput(f"take {take}, piece {number} cannot be meant")
    suffix = KINDS.get(kind.partition(";")[0].strip().lower())
    if suffix is None:
        raise InvalidInput(f"{kind!r} is not what a browser records; expected one of {', '.join(KINDS)}")
    with _locks[room]:
        state = _open(study, room)
        place = folder_of(study, room) / f"{take:02d}-{number:06d}.chunk"
        if place.exists():
            if place.read_bytes() != data:
                raise Conflict(f"piece {number} of take {take} is stored already and differs; begin another take")
            return takes(study, room)
        if str(take) not in state.suffixes:
            store(study, replace(state, suffixes=state.suffixes | {str(take): suffix}))
        write_whole(place, data)
    return takes(study, room)


def note_events(study: Study, room: str, events: Sequence[Event]) -> int:
    """Note what the player did, on the disk when this returns; events whose number is known already are left out.

    Returns how many are noted in all. Raises NotFound, Conflict where the room is finished, InvalidInput.
    """
    need_researcher(study, "hold recall interviews")
    for one in events:
        _check(one)
    with _locks[room]:
        _open(study, room)
        known = {(one.take, one.n) for one in events_of(study, room)}
        fresh = {(one.take, one.n): one for one in events if (one.take, one.n) not in known}
        lines = "".join(json.dumps({"n": e.n, "take": e.take} | asdict(e.happened)) + "\n" for e in fresh.values())
        with storing():
            opened = os.open(_log(study, room), os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
            with os.fdopen(opened, "w", encoding="utf-8") as stream:
                stream.write(lines)
                stream.flush()
                os.fsync(stream.fileno())
    return len(known) + len(fresh)


def events_of(study: Study, room: str) -> list[Event]:
    """What was noted, in the order in which it came; a line that a power cut tore is left out."""
    place = _log(study, room)
    return list(_events(place.read_text(encoding="utf-8").splitlines(keepends=True))) if place.is_file() else []


def stood_ms(study: Study, room: str) -> int:
    """Where in the session the playback stood when the room was last heard of, for whoever goes on with it."""
    playing, last = False, None
    for one in sorted(events_of(study, room), key=lambda event: (event.take, event.n)):
        if one.happened.session_ms is not None:
            last = one
        playing = one.happened.event == PLAY or (playing and one.happened.event != PAUSE)
    if last is None or last.happened.session_ms is None:
        return 0
    heard = max((_PIECE_MS * one.chunks for one in takes(study, room) if one.number == last.take), default=0)
    return last.happened.session_ms + (max(0, heard - last.happened.at_ms) if playing else 0)


def pieces_about(study: Study, session: str) -> list[Path]:
    """The pieces of sound of all rooms about a session that are not in its recall interviews yet."""
    mine = [one.id for one in listed(study) if one.session == session]
    return [place for room in mine for place in sorted(folder_of(study, room).glob("*.chunk"))]


def folder_of(study: Study, room: str) -> Path:
    """Where a room's pieces lie. Raises NotFound for what cannot be a room's id."""
    if not _ID.fullmatch(room):
        raise NotFound(f"there is no recall room {room[:32]!r}")
    return study.folder / FOLDER / room


def store(study: Study, room: Room) -> None:
    """Keep what a room is about, whole or not at all."""
    write_whole(folder_of(study, room.id) / "room.json", json.dumps(asdict(room), indent=1).encode())


def locked(room: str) -> Lock:
    """Held by whoever changes a room."""
    return _locks[room]


def _open(study: Study, room: str) -> Room:
    found = find(study, room)
    if found.state != "open":
        raise Conflict(f"this interview is finished; it is in the study as {found.key}")
    return found


def _take(number: int, chunks: Sequence[int]) -> Take:
    missing = sorted(set(range(chunks[-1] + 1)) - set(chunks))
    return Take(number, missing[0] if missing else len(chunks), tuple(missing))


def _check(one: Event) -> None:
    happened = one.happened
    if happened.event not in EVENTS:
        raise InvalidInput(f"{happened.event!r} is no event; choose among {', '.join(EVENTS)}")
    if happened.by is not None and happened.by not in PEOPLE:
        raise InvalidInput(f"{happened.by!r} did nothing; choose among {', '.join(PEOPLE)}")
    if one.n < 0 or not 0 <= one.take < MOST_TAKES or happened.at_ms < 0:
        raise InvalidInput("an event has a number, a take and a time, none below 0")


def _events(lines: Iterable[str]) -> Iterable[Event]:
    for line in lines:
        if line.endswith("\n"):
            told = json.loads(line)
            yield Event(told.pop("n"), told.pop("take"), Happened(**told))


def _log(study: Study, room: str) -> Path:
    return folder_of(study, room) / "events.jsonl"


def write_whole(place: Path, data: bytes) -> None:
    """Under another name first, flushed to the disk, then renamed: a power cut leaves all of it or nothing."""
    partial = place.with_name(f"{place.name}.partial")
    with storing():
        opened = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(place)
        if os.name == "posix":
            folder = os.open(place.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
