"""``/api/me``, ``/api/study``, search, and the keys of the keyboard."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from iprkit.actions import coders, codings, dyads, feed, recalls, search, sessions
from iprkit.actions import keys as keys_read
from iprkit.actions.overview import identity, overview, title
from iprkit.rights import CODER, READER
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer, visit_of, written
from iprkit.web.keymap import Keymap, keymap_or_usual
from iprkit.web.shapes.studies import HitShape, Keyed, Me, NewCoder, NewDyad, NewRecall, NewSession, StudyShape

router = APIRouter(prefix="/api", tags=["study"], responses=REFUSALS)

CAN = ("read", "code", "submit", "undo", "adjudicate", "edit", "record", "transcribe", "reveal", "assign")
_OF_CODERS = ("read", "code", "submit", "undo")


@router.get("/me", response_model=Me)
def me(study: Asked, request: Request) -> dict[str, Any]:
    """Who asks, what they may do, and the word that every change must bring along."""
    visit, (changes, made) = visit_of(request), feed.done_today(study)
    can = {READER: ("read",), CODER: _OF_CODERS}.get(study.role, CAN)
    names = {one.name.casefold() for one in coders.list_coders(study)}
    return {
        "coder": study.author,
        "role": study.role,
        "codes": study.author.casefold() in names,
        "csrf": visit.csrf,
        "study": title(study),
        "study_id": identity(study),
        "can": list(can),
        "today": {"changes": changes, "codings": made},
        "seq": feed.last_number(study),
        "blind_in": list(codings.blind_in(study)),
    }


@router.get("/study", response_model=StudyShape)
def show(study: Asked) -> dict[str, Any]:
    """Dyads, sessions, interviews and recordings with how far they are; coders and codebooks."""
    seq = feed.last_number(study)
    return told.study(overview(study), seq)


@router.get("/search", response_model=list[HitShape])
def find(study: Asked, request: Request, q: Annotated[str, Query(max_length=200)]) -> Response:
    """Where a text stands in transcripts, comments, moments and memos."""
    return answer(request, study, lambda: [vars(hit) for hit in search.search(study, q)])


@router.get("/keymap", response_model=Keymap)
def keys(study: Asked) -> Keymap:
    """Which key does what: the usual keys, and those of the study's file ``keys.toml`` in their place."""
    return keymap_or_usual(study.folder)


@router.post("/dyads", response_model=Keyed)
def add_dyad(new: NewDyad, study: Asked) -> dict[str, Any]:
    """A new dyad, or new members of one that is there."""
    key = dyads.add_dyad(study, new.key, {"therapist": new.therapist, "client": new.client})
    return written(study, {"key": key})


@router.post("/sessions", response_model=Keyed)
def add_session(new: NewSession, study: Asked) -> dict[str, Any]:
    """A new session; its recording is added afterwards."""
    return written(study, {"key": sessions.add_session(study, (new.dyad, new.number), (), new.date)})


@router.post("/recalls", response_model=Keyed)
def add_recall(new: NewRecall, study: Asked) -> dict[str, Any]:
    """A new recall interview; its recording is added afterwards."""
    held = recalls.Held(new.participant, new.date)
    return written(study, {"key": recalls.add_recall(study, keys_read.session_named(new.session), held, ()).key})


@router.post("/coders", response_model=Keyed)
def add_coder(new: NewCoder, study: Asked) -> dict[str, Any]:
    """Somebody who codes."""
    return written(study, {"key": coders.add_coder(study, new.name, new.role).name})
