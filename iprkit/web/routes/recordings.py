"""``/api/recordings``: what can be heard and seen, by number, never by path."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from iprkit.actions.added_recordings import (
    AddedRecording,
    Placing,
    add_upload,
    place_for_upload,
    start_recording_at,
)
from iprkit.actions.waveforms import playable, waveform
from iprkit.database.files import storing
from iprkit.errors import IprkitError
from iprkit.web.asking import REFUSALS, Asked, written
from iprkit.web.errors import refused
from iprkit.web.ranges import Unsatisfiable, blocks, part_of
from iprkit.web.shapes.base import Written
from iprkit.web.shapes.rooms import MOST_MS, RecordingStart, Uploaded
from iprkit.web.shapes.transcripts import PeaksShape

router = APIRouter(prefix="/api/recordings", tags=["recordings"], responses=REFUSALS)

_MEDIA: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/*": {}, "video/*": {}}, "description": "The whole recording."},
    206: {"content": {"audio/*": {}, "video/*": {}}, "description": "The part that was asked for."},
}


_RAW: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/{recording}/media", response_class=Response, responses=_MEDIA)
def media(recording: str, study: Asked, request: Request) -> Response:
    """The bytes of a recording; a player asks for parts of it with Range."""
    found = playable(study, recording)
    tag = f'"{found.sha256[:32]}"'
    headers = {"accept-ranges": "bytes", "etag": tag}
    if_range = request.headers.get("if-range")
    wanted = request.headers.get("range") if if_range in (None, tag) else None
    try:
        part = part_of(wanted, found.size_bytes)
    except Unsatisfiable:
        message = f"the recording has {found.size_bytes} bytes; a part of it must begin before that"
        return refused(416, "not_satisfiable", message, headers | {"content-range": f"bytes */{found.size_bytes}"})
    first, last = part or (0, found.size_bytes - 1)
    headers["content-length"] = str(last - first + 1)
    if part:
        headers["content-range"] = f"bytes {first}-{last}/{found.size_bytes}"
    body = blocks(found.file, first, last)
    return StreamingResponse(body, 206 if part else 200, headers, found.kind)


@router.get("/{recording}/peaks", response_model=PeaksShape)
def peaks(recording: str, study: Asked, per_second: Annotated[int, Query(ge=1, le=100)] = 20) -> dict[str, Any]:
    """The waveform of a recording, computed once and kept."""
    found = waveform(study, recording, per_second)
    packed = base64.b64encode(found.tobytes()).decode()
    return {
        "recording": recording,
        "per_second": per_second,
        "count": len(found),
        "duration_ms": len(found) * 1000 // per_second,
        "peaks": packed,
    }


@router.post("", response_model=Uploaded, openapi_extra=_RAW)
async def upload(
    study: Asked, request: Request, key: Annotated[str, Query(max_length=64)],
    name: Annotated[str, Query(max_length=255)], beside: bool = False,
    offset_ms: Annotated[int | None, Query(ge=-MOST_MS, le=MOST_MS)] = None,
) -> dict[str, Any]:  # fmt: skip
    """A recording for a session or interview that is there; the body is the file. Its name only tells what it is.

    ``beside``: another camera or microphone, running from ``offset_ms`` on; without that its sound tells from where.
    """
    where = Placing(beside, offset_ms)
    stated = request.headers.get("content-length", "0")
    size = int(stated) if stated.isdecimal() else 0
    try:
        place = await to_thread.run_sync(place_for_upload, study, key, name, size, where)
    except IprkitError:
        await _let_pass(request)
        raise
    try:
        await _receive(request, place)
        added = await to_thread.run_sync(add_upload, study, key, place, name, where)
    finally:
        place.unlink(missing_ok=True)
    return await to_thread.run_sync(written, study, {"key": key, "recording": added.id, **_placed(added)})


@router.patch("/{key}/{view}", response_model=Written)
def start_at(key: str, view: str, change: RecordingStart, study: Asked) -> dict[str, Any]:
    """Say where a camera or microphone beside the main recording starts."""
    start_recording_at(study, key, view, change.offset_ms)
    return written(study, {})


def _placed(added: AddedRecording) -> dict[str, Any]:
    return {"view": added.view, "offset_ms": added.offset_ms, "note": added.note, "align": added.align}


async def _let_pass(request: Request) -> None:
    """The body read and thrown away: a browser hears a refusal only once it has sent all."""
    async for _ in request.stream():
        pass


async def _receive(request: Request, place: Path) -> None:
    """The body into a private file, block by block, whatever its size."""

    def opened() -> BinaryIO:
        return os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")

    with storing():
        stream = await to_thread.run_sync(opened)
        try:
            async for block in request.stream():
                await to_thread.run_sync(stream.write, block)
        finally:
            await to_thread.run_sync(stream.close)
