"""A recall room that ends: its sound becomes the interview's recording, its events the map, and what follows is asked
for. Whatever ended it halfway, finishing again goes on from there."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from iprkit.actions import jobs, rooms
from iprkit.actions.added_recordings import add_recording, free_name
from iprkit.actions.keys import session_named
from iprkit.actions.playback import log_playback
from iprkit.actions.recalls import Held, add_recall
from iprkit.actions.recordings import Intake, Source
from iprkit.actions.roles import need_researcher
from iprkit.actions.rooms import Event, Room, Take
from iprkit.database import queries, recall_queries
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.errors import Conflict
from iprkit.formats.playlog import write_playlog
from iprkit.linking.logged import PAUSE, Happened, sensible
from iprkit.timeline import Span


@dataclass(frozen=True)
class Finished:
    """The interview that came of a room, and the work that was asked for."""

    key: str
    jobs: tuple[int, ...]
    gaps: int


def finish(study: Study, room: str, gaps: bool = False) -> Finished:
    """Make a recall interview of a room: recording, logged map, and the work that follows.

    ``gaps``: also where pieces of the sound are missing; what is there keeps its time. Raises NotAllowed, NotFound,
    Conflict where nothing was recorded or pieces are missing, MediaError where it cannot be heard.
    """
    need_researcher(study, "hold recall interviews")
    with rooms.locked(room):
        state = rooms.find(study, room)
        missing = 0
        if state.state == "open":
            found = _whole(rooms.takes(study, room), gaps)
            missing = sum(len(one.missing) for one in found)
            state = _added(study, state, found)
            state = _logged(study, state)
            _queued(study, state)
            state = replace(state, state="finished")
            rooms.store(study, state)
            _tidy(study, state)
        key = state.key or ""
        asked = [one.id for one in jobs.listed(study) if one.key == key and one.state in jobs.OPEN]
    return Finished(key, tuple(sorted(asked)), missing)


def _whole(found: Sequence[Take], gaps: bool) -> list[Take]:
    """The takes to use. Raises Conflict."""
    if not found:
        raise Conflict("nothing was recorded in this room")
    lacking = [f"{', '.join(map(str, one.missing[:10]))} of take {one.number}" for one in found if one.missing]
    if lacking and not gaps:
        raise Conflict(
            f"pieces of the sound are missing: {'; '.join(lacking)}; send them, or finish with gaps to go without them"
        )
    usable = [one for one in found if 0 not in one.missing]
    if not usable:
        raise Conflict("the first piece of the sound is missing, without which none of it can be heard")
    return usable


def _added(study: Study, state: Room, takes: Sequence[Take]) -> Room:
    """With the interview in the study, unless an earlier attempt got as far as that."""
    key = state.key or ""
    if state.files and _is_added(study, key, state.files):
        return state
    for name in state.files:
        (study.folder / "recordings" / name).unlink(missing_ok=True)
    with storing():
        (study.folder / "recordings").mkdir(mode=0o700, exist_ok=True)
    places: list[Path] = []
    for number, take in enumerate(takes, start=1):
        part = f"-part{number}" if len(takes) > 1 else ""
        places.append(free_name(study, f"{key.lower()}{part}{state.suffixes[str(take.number)]}"))
    state = replace(state, files=tuple(place.name for place in places))
    rooms.store(study, state)
    try:
        for take, place in zip(takes, places, strict=True):
            _join(study, state.id, take, place)
        _add(study, state, places)
    except BaseException:
        for place in places:
            if place.name not in _names(study, key):
                place.unlink(missing_ok=True)
        raise
    return state


def _is_added(study: Study, key: str, files: Sequence[str]) -> bool:
    return _names(study, key) == list(files)


def _names(study: Study, key: str) -> list[str]:
    """The files of an interview's recordings; none where there is no such interview yet."""
    with study.read() as db:
        row = queries.find_conversation(db, key)
        return [] if row is None else [Path(one.path).name for one in row.recordings]


def _add(study: Study, state: Room, places: Sequence[Path]) -> None:
    """Add the interview with its recordings, or these to one that was added without any."""
    how = Intake(allow_damaged=True)
    with study.read() as db:
        there = queries.find_conversation(db, state.key or "") is not None
    if there:
        for place in places:
            add_recording(study, state.key or "", place, how)
        return
    sources = [Source(place, part=number) for number, place in enumerate(places, start=1)]
    add_recall(study, session_named(state.session), Held(state.participant, state.date), sources, how)


def _join(study: Study, room: str, take: Take, place: Path) -> None:
    """The pieces of a take one after the other: a browser's recording is cut anywhere, and whole again when joined."""
    folder = rooms.folder_of(study, room)
    with storing(), place.open("xb") as whole:
        place.chmod(0o600)
        for piece in sorted(folder.glob(f"{take.number:02d}-*.chunk")):
            with piece.open("rb") as part:
                shutil.copyfileobj(part, whole)


def _logged(study: Study, state: Room) -> Room:
    """With the map that the events tell, where anything was played."""
    key = state.key or ""
    if state.logged:
        return state
    with study.read() as db:
        interview = recall_queries.interview(db, key)
        spans = [Span(row.offset_ms, row.offset_ms + row.duration_ms) for row in interview.recordings]
        lengths = interview.duration_ms, interview.about.duration_ms
    used = [one.number for one in rooms.takes(study, state.id) if 0 not in one.missing]
    events = rooms.events_of(study, state.id)
    told = [_in_take(events, take, span) for take, span in zip(used, spans, strict=True)]
    happened = sensible(chain.from_iterable(told), *lengths)
    if happened:
        _log(study, state, happened)
    state = replace(state, logged=True)
    rooms.store(study, state)
    return state


def _in_take(events: Sequence[Event], take: int, span: Span) -> list[Happened]:
    """What happened in a take, on the interview's clock. With the page that died the playback stopped."""
    own = [one.happened for one in events if one.take == take]
    at = [replace(one, at_ms=min(span.start_ms + one.at_ms, span.end_ms)) for one in own]
    return [*at, Happened(span.end_ms, PAUSE)]


def _log(study: Study, state: Room, happened: Sequence[Happened]) -> None:
    text = io.StringIO()
    write_playlog(happened, text)
    place = rooms.folder_of(study, state.id) / "playlog.csv"
    rooms.write_whole(place, text.getvalue().encode())
    log_playback(study, state.key or "", place)


def _queued(study: Study, state: Room) -> None:
    for step in ("transcribe", "link"):
        jobs.ask_for(study, step, state.key or "")


def _tidy(study: Study, state: Room) -> None:
    """The pieces go once the recording is in the study; what was noted of the interview stays."""
    for piece in rooms.folder_of(study, state.id).glob("*.chunk"):
        piece.unlink(missing_ok=True)
