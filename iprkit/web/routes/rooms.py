"""``/api/rooms``: the recall room."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Body, Header, Path, Query, Request

from iprkit.actions import finished_rooms, rooms
from iprkit.actions.rooms import Event, Room
from iprkit.database.connect import Study
from iprkit.linking.logged import Happened
from iprkit.web.asking import REFUSALS, Asked, written
from iprkit.web.routes.jobs import queue_of
from iprkit.web.shapes.rooms import Finish, FinishedShape, NewRoom, Noted, RoomEvent, RoomShape, TakeShape

router = APIRouter(prefix="/api/rooms", tags=["recall room"], responses=REFUSALS)

_RAW: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in rooms.KINDS},
    }
}


@router.post("", response_model=RoomShape)
def begin(new: NewRoom, study: Asked) -> dict[str, Any]:
    """Open a room for an interview about a session."""
    return _told(study, rooms.begin(study, new.session, new.participant, new.date))


@router.get("", response_model=list[RoomShape])
def listed(study: Asked) -> list[dict[str, Any]]:
    """All rooms; those that are open can be gone on with, or finished."""
    return [_told(study, one) for one in rooms.listed(study)]


@router.get("/{room}", response_model=RoomShape)
def show(room: str, study: Asked) -> dict[str, Any]:
    """One room with what is stored of it."""
    return _told(study, rooms.find(study, room))


@router.post("/{room}/events", response_model=Noted)
def note(room: str, events: Annotated[list[RoomEvent], Body(max_length=10_000)], study: Asked) -> dict[str, Any]:
    """What the player did; an event whose take and number are known is not noted again."""
    happened = [Event(one.n, one.take, Happened(one.at_ms, one.event, one.session_ms, one.by)) for one in events]
    return {"events": rooms.note_events(study, room, happened)}


@router.put("/{room}/chunks/{number}", response_model=list[TakeShape], openapi_extra=_RAW)
async def keep(
    room: str, number: Annotated[int, Path(ge=0, lt=100_000)], study: Asked, request: Request,
    take: Annotated[int, Query(ge=0, lt=50)] = 0, content_type: Annotated[str, Header(max_length=200)] = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """A piece of the sound, on the disk when this answers. The body is the piece as the browser's recorder gave it."""
    data = await request.body()
    found = await to_thread.run_sync(rooms.keep_chunk, study, room, (take, number), data, content_type)
    return [asdict(one) for one in found]


@router.post("/{room}/finish", response_model=FinishedShape)
def finish(room: str, how: Finish, study: Asked, request: Request) -> dict[str, Any]:
    """Make the recall interview: recording and logged map; transcribing and linking follow in the queue."""
    done = finished_rooms.finish(study, room, how.gaps)
    queue_of(request).look()
    return written(study, {"key": done.key, "jobs": list(done.jobs), "gaps": done.gaps})


def _told(study: Study, room: Room) -> dict[str, Any]:
    names = ("id", "session", "participant", "key", "date", "author", "started_at", "state")
    takes, events = rooms.takes(study, room.id), rooms.events_of(study, room.id)
    return {name: getattr(room, name) for name in names} | {
        "takes": [asdict(one) for one in takes],
        "events": len(events),
        "stood_ms": rooms.stood_ms(study, room.id),
    }
