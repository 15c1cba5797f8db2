"""``/api/recordings``: what can be heard and seen, by number, never by path."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from iprkit.actions.waveforms import playable, waveform
from iprkit.web.asking import REFUSALS, Asked
from iprkit.web.errors import refused
from iprkit.web.ranges import Unsatisfiable, blocks, part_of
from iprkit.web.shapes.transcripts import PeaksShape

router = APIRouter(prefix="/api/recordings", tags=["recordings"], responses=REFUSALS)

_MEDIA: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/*": {}, "video/*": {}}, "description": "The whole recording."},
    206: {"content": {"audio/*": {}, "video/*": {}}, "description": "The part that was asked for."},
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
    packed, duration_ms = base64.b64encode(found.tobytes()).decode(), len(found) * 1000 // per_second
    return {
        "recording": recording,
        "per_second": per_second,
        "count": len(found),
        "duration_ms": len(found) * 1000 // per_second,
        "peaks": packed,
    }
