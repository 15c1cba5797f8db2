"""``/api/moments`` and ``/api/memos``: the stretches of a session worth talking about, and the notes on it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from iprkit.actions import bases, moments
from iprkit.actions.coded_moments import coded_moments
from iprkit.actions.memos import memos_of
from iprkit.actions.moments import Wanted
from iprkit.errors import NotFound
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, BaseQuery, answer, span_of, written
from iprkit.web.shapes.recalls import MemoShape, Merging, MomentEdit, MomentShape, MomentsWritten, NewMoment

router = APIRouter(prefix="/api/moments", tags=["moments"], responses=REFUSALS)
notes = APIRouter(prefix="/api/memos", tags=["moments"], responses=REFUSALS)


@router.get("/{session}", response_model=list[MomentShape])
def show(session: str, study: Asked, request: Request) -> Response:
    """The moments of a session, as ``iprkit moments --json``."""
    return answer(request, study, lambda: [told.moment(*one) for one in coded_moments(study, session)])


@router.post("/{session}", response_model=MomentsWritten)
def add(session: str, new: NewMoment, study: Asked) -> dict[str, Any]:
    """A moment of the researcher's, or a session cut by a protocol."""
    if new.windows is not None:
        made = moments.add_windows(study, session, new.windows)
    else:
        span = span_of(new.start_ms, new.end_ms)
        made = [moments.add_moment(study, session, Wanted(span, new.label, new.memo))]
    return written(study, {"moments": [told.moment(one) for one in made]})


@router.post("/{session}/merge", response_model=MomentsWritten)
def merge(session: str, which: Merging, study: Asked) -> dict[str, Any]:
    """Several moments of a session are one, under the first key."""
    if not all(key.startswith(f"{session}-") for key in which.keys):
        raise NotFound(f"these are not all moments of {session}")
    made = moments.merge_moments(study, which.keys)
    return written(study, {"moments": [told.moment(made)], "gone": [key for key in which.keys if key != made.key]})


@router.patch("/{key}", response_model=MomentsWritten)
def edit(key: str, change: MomentEdit, study: Asked) -> dict[str, Any]:
    """Give a moment another span, label or a note."""
    wanted = Wanted(span_of(change.start_ms, change.end_ms), change.label, change.memo)
    made = moments.edit_moment(bases.on_moment(study, key, change.base), key, wanted)
    return written(study, {"moments": [told.moment(made)]})


@router.delete("/{key}", response_model=MomentsWritten)
def delete(key: str, study: Asked, base: BaseQuery = None) -> dict[str, Any]:
    """Strike a moment out; its comments stay."""
    gone = moments.delete_moments(bases.on_moment(study, key, base), [key])
    return written(study, {"moments": [], "gone": gone})


@notes.get("/{key}", response_model=list[MemoShape])
def noted(key: str, study: Asked, request: Request) -> Response:
    """The free notes that have a place in a session or interview, as far as the asker may see them."""
    return answer(request, study, lambda: [told.memo(one) for one in memos_of(study, key)])
