"""``/api/transcripts`` and ``/api/speakers``: what was said, and by whom."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from iprkit.actions import bases, corrections, handovers, speakers, transcripts
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput
from iprkit.timeline import Span
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer, span_of, written
from iprkit.web.shapes.asked import SegmentsAsked
from iprkit.web.shapes.transcripts import (
    Corrected,
    Correction,
    DoubtShape,
    SegmentsShape,
    TranscriptShape,
    Voiced,
    VoiceShape,
    Voicing,
)

router = APIRouter(prefix="/api", tags=["transcripts"], responses=REFUSALS)


@router.get("/transcripts/{key}", response_model=TranscriptShape)
def show(
    key: str, study: Asked, request: Request, version: Annotated[int | None, Query(ge=1, le=100_000)] = None
) -> Response:
    """The transcript of a session or interview, as ``iprkit transcript show --json``."""
    return answer(request, study, lambda: told.transcript(transcripts.show(study, key, version)), shared=True)


@router.get("/transcripts/{key}/segments", response_model=SegmentsShape)
def some(key: str, study: Asked, request: Request, asked: Annotated[SegmentsAsked, Query()]) -> Response:
    """Of a transcript those of these segments that are there, in order, as an event names them; not the others."""
    return answer(request, study, lambda: told.segments(transcripts.show(study, key), set(asked.keys)))


@router.get("/transcripts/{key}/doubts", response_model=list[DoubtShape])
def doubts(key: str, study: Asked, request: Request) -> Response:
    """Suspect stretches and words of doubtful speaker, in order of time."""
    return answer(request, study, lambda: told.doubts(transcripts.show(study, key)), shared=True)


@router.get("/speakers/{key}", response_model=list[VoiceShape])
def voices(key: str, study: Asked, request: Request) -> Response:
    """The voices of a session, interview or dyad."""
    return answer(request, study, lambda: [asdict(one) for one in speakers.speakers(study, key)])


@router.patch("/transcripts/{key}/segments/{segment}", response_model=Corrected)
def correct(key: str, segment: str, correction: Correction, study: Asked, request: Request) -> dict[str, Any]:
    """Correct what a segment says; what changed is put onto the sound at once, as one step of undo."""
    based = bases.on_segment(study, key, segment, correction.base)
    now = corrections.segment_in(study, key, segment)
    done = corrections.correct_together(based, now, correction.text, request.app.state.means)
    parts = {name: value for name, value in vars(done).items() if name != "segment"}
    return written(study, parts | {"segment": told.segment(done.segment)})


@router.post("/speakers/{key}", response_model=Voiced)
def voice(key: str, change: Voicing, study: Asked) -> dict[str, Any]:
    """One change of who is who, as ``iprkit speakers``."""
    what = _DOING[change.do](bases.on_transcript(study, key, change.base), key, change)
    told_now = {"what": what, "version": bases.transcript_after(study, key, change.base)}
    return written(study, told_now | {"voices": [asdict(one) for one in speakers.speakers(study, key)]})


def _name(study: Study, key: str, change: Voicing) -> str:
    if not change.who and not change.names:
        raise InvalidInput('say who is who, as in {"who": {"A": "therapist"}}')
    return speakers.name_speakers(study, key, change.who, change.names)


def _merge(study: Study, key: str, change: Voicing) -> str:
    return handovers.merge_speakers(study, key, *_two(change))


def _swap(study: Study, key: str, change: Voicing) -> str:
    span = _span(change)
    if span is not None:
        return handovers.swap_words(study, key, *_two(change), span)
    return speakers.swap_speakers(study, key, *_two(change))


def _split(study: Study, key: str, change: Voicing) -> str:
    span = _span(change)
    if change.one and span is not None:
        return handovers.split_speaker(study, key, change.one, span)
    if not change.places:
        raise InvalidInput("say what belongs to a new voice: one with times, or places such as T012")
    return handovers.split_off(study, key, change.places)


def _give(study: Study, key: str, change: Voicing) -> str:
    if not change.gifts:
        raise InvalidInput('say whose words they are, as in {"gifts": [{"place": "T012", "to": "B"}]}')
    return handovers.give_words(study, key, [(one.place, one.to) for one in change.gifts])


def _by_voice(study: Study, key: str, _change: Voicing) -> str:
    return speakers.name_by_voice(study, key)


_DOING = {"name": _name, "merge": _merge, "swap": _swap, "split": _split, "give": _give, "by_voice": _by_voice}


def _two(change: Voicing) -> tuple[str, str]:
    if not change.one or not change.other:
        raise InvalidInput(f"to {change.do} takes two voices: one and other")
    return change.one, change.other


def _span(change: Voicing) -> Span | None:
    return span_of(change.start_ms, change.end_ms)
