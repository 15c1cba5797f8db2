"""``/api/transcripts`` and ``/api/speakers``: what was said, and by whom."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from iprkit.actions import speakers, transcripts
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer
from iprkit.web.shapes.transcripts import DoubtShape, TranscriptShape, VoiceShape

router = APIRouter(prefix="/api", tags=["transcripts"], responses=REFUSALS)


@router.get("/transcripts/{key}", response_model=TranscriptShape)
def show(
    key: str, study: Asked, request: Request, version: Annotated[int | None, Query(ge=1, le=100_000)] = None
) -> Response:
    """The transcript of a session or interview, as ``iprkit transcript show --json``."""
    return answer(request, study, lambda: told.transcript(transcripts.show(study, key, version)))


@router.get("/transcripts/{key}/doubts", response_model=list[DoubtShape])
def doubts(key: str, study: Asked, request: Request) -> Response:
    """Suspect stretches and words of doubtful speaker, in order of time."""
    return answer(request, study, lambda: told.doubts(transcripts.show(study, key)))


@router.get("/speakers/{key}", response_model=list[VoiceShape])
def voices(key: str, study: Asked, request: Request) -> Response:
    """The voices of a session, interview or dyad."""
    return answer(request, study, lambda: [asdict(one) for one in speakers.speakers(study, key)])
