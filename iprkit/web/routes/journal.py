"""``/api/history`` and ``/api/events``: what was changed, and what is being changed just now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from iprkit.actions import feed
from iprkit.actions import history as actions
from iprkit.database.connect import Study
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer, written
from iprkit.web.shapes.studies import EventShape, Reverted, Whose
from iprkit.web.watch import Watch

router = APIRouter(prefix="/api", tags=["journal"], responses=REFUSALS)

HEARTBEAT_S = 15.0

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Events as they happen."}
}


@router.get("/history", response_model=list[EventShape])
def history(
    study: Asked, request: Request, key: Annotated[str | None, Query(max_length=120)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100, before: Annotated[int | None, Query(ge=1, le=1 << 40)] = None,
) -> Response:  # fmt: skip
    """What was changed, newest first, all or what concerns a key; ``before`` goes on from an entry's number."""
    return answer(request, study, lambda: [told.event(one) for one in feed.recent(study, limit, key, before)])


@router.post("/undo", response_model=Reverted)
def undo(whose: Whose, study: Asked) -> dict[str, Any]:
    """Take back the newest change: one's own, or with ``mine`` false anybody's, as far as that is allowed."""
    return _reverted(study, actions.undo(study, whose.mine))


@router.post("/redo", response_model=Reverted)
def redo(whose: Whose, study: Asked) -> dict[str, Any]:
    """Bring back what was undone last."""
    return _reverted(study, actions.redo(study, whose.mine))


def _reverted(study: Study, entry: actions.Entry) -> dict[str, Any]:
    (event,) = feed.recent(study, 1, before=entry.id + 1)
    return written(study, {"event": told.event(event)})


@router.get("/events", response_class=StreamingResponse, responses=_STREAM)
async def events(
    study: Asked, request: Request, since: Annotated[int | None, Query(ge=0, le=1 << 40)] = None
) -> StreamingResponse:
    """Every change as server-sent event, from the entry ``since`` on; without it, from now. Blind rules hold here too.

    Events: ``change`` with an entry of the journal, ``jobs`` where the queue changed; ``id`` is the number up to which
    the journal was read, with which a browser goes on after an interruption. Where nothing but codings was changed the
    event brings those of them that there are, as they were when the journal had reached ``state``.
    """
    watch: Watch = request.app.state.watch
    last = request.headers.get("last-event-id", "")
    start = int(last) if last.isdecimal() and len(last) < 16 else since
    if start is None:
        start = await to_thread.run_sync(feed.last_number, study)
    return StreamingResponse(_stream(study, watch, start), media_type="text/event-stream")


async def _stream(study: Study, watch: Watch, number: int) -> AsyncIterator[str]:
    yield ": listening\n\n"
    jobs, behind = watch.jobs, True
    with watch.listening(study.author):
        while not watch.closing:
            if behind:
                portion = watch.read(study.author, number)
                if portion is None:
                    portion = await to_thread.run_sync(feed.news_since, study, number)
                number = portion.upto
                if portion.news:
                    yield told.news(portion)
                behind = portion.upto < portion.state
                continue
            if watch.jobs != jobs:
                jobs = watch.jobs
                yield f"event: jobs\ndata: {jobs}\n\n"
            if not await watch.changed(number, jobs, HEARTBEAT_S):
                yield f": {number}\n\n"
            behind = watch.number > number
