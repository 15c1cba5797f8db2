"""``/api/recalls``: recall interviews on the session's clock."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from iprkit.actions import bases, maps, recalls
from iprkit.errors import InvalidInput, NotFound
from iprkit.linking.corrections import Edit
from iprkit.recall import MANUAL, Piece
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer, span_of, written
from iprkit.web.shapes.recalls import CommentEdit, CommentWritten, MapEdit, RecallShape, RecallWritten

router = APIRouter(prefix="/api/recalls", tags=["recall"], responses=REFUSALS)


@router.get("/{key}", response_model=RecallShape)
def show(key: str, study: Asked, request: Request) -> Response:
    """What was playing when, where it was stopped and what was said about it, as ``iprkit recall show --json``."""
    return answer(request, study, lambda: told.recall(recalls.show(study, key), maps.show_map(study, key)))


@router.patch("/{key}/comments/{comment}", response_model=CommentWritten)
def edit_comment(key: str, comment: str, edit: CommentEdit, study: Asked) -> dict[str, Any]:
    """Say what a comment is about, of when it tells, who had stopped, and what it may be used for."""
    if not comment.startswith(f"{key}-"):
        raise NotFound(f"{key} has no comment {comment}")
    based = bases.on_comment(study, comment, edit.base)
    about = span_of(edit.session_start_ms, edit.session_end_ms)
    changed = recalls.note_comment(
        based,
        comment,
        recalls.Noted(edit.temporal_frame, about, edit.stopped_by, edit.may_be_quoted, edit.may_be_shown),
    )
    return written(study, {"comment": told.comment(changed)})


@router.post("/{key}/map", response_model=RecallWritten)
def edit(key: str, change: MapEdit, study: Asked) -> dict[str, Any]:
    """Put the time map right; comments and moments follow at once. What is deleted is not found again."""
    maps.edit_map(bases.on_map(study, key, change.base), key, _edit(change))
    return written(study, {"recall": told.recall(recalls.show(study, key), maps.show_map(study, key))})


def _edit(change: MapEdit) -> Edit:
    if change.do == "add":
        return Edit(add=(_piece(change),))
    if change.number is None:
        raise InvalidInput(f"say by its number which stretch of the time map to {change.do}")
    if change.do in ("move", "set"):
        return Edit(move=((change.number, _piece(change)),))
    if change.do == "split":
        if change.at_ms is None:
            raise InvalidInput("say at which time of the interview to split the stretch")
        return Edit(split=((change.number, change.at_ms),))
    numbers = (change.number,)
    if change.do == "pin":
        return Edit(pin=numbers)
    return Edit(unpin=numbers) if change.do == "unpin" else Edit(delete=numbers)


def _piece(change: MapEdit) -> Piece:
    interview = span_of(change.interview_start_ms, change.interview_end_ms)
    session = span_of(change.session_start_ms, change.session_end_ms)
    if interview is None or session is None:
        raise InvalidInput("say where the stretch begins and ends, both in the interview and in the session")
    return Piece(interview, session, 1.0, MANUAL)
