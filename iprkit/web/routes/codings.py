"""``/api/codings``: who gave which code to what, as far as the asker may see it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from iprkit.actions import bases, codings
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import Sought
from iprkit.coding import span_key
from iprkit.errors import InvalidInput
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, BaseQuery, answer, span_of, written
from iprkit.web.shapes.asked import CodingsAsked
from iprkit.web.shapes.codings import CodingEdit, CodingGone, CodingShape, CodingWritten, NewCoding

router = APIRouter(prefix="/api/codings", tags=["codings"], responses=REFUSALS)


@router.get("/{session}", response_model=list[CodingShape])
def listed(session: str, study: Asked, request: Request, asked: Annotated[CodingsAsked, Query()]) -> Response:
    """The codings of a session, as ``iprkit code list --json``; blind coders get only their own."""
    keys = frozenset(asked.keys) if asked.keys else None
    sought = Sought(session, asked.coder, asked.codebook, round=asked.round, keys=keys)
    return answer(request, study, lambda: told.codings(codings.list_codings(study, sought).filed))


@router.post("", response_model=CodingWritten)
def add(new: NewCoding, study: Asked) -> dict[str, Any]:
    """Give a code to a target, or to a span of a session."""
    fields = new.model_dump(exclude={"target", "session", "start_ms", "end_ms"})
    made = codings.add_coding(study, Wish(_target(new), **fields))
    return written(study, {"coding": told.coding(made)})


@router.patch("/{key}", response_model=CodingWritten)
def edit(key: str, change: CodingEdit, study: Asked) -> dict[str, Any]:
    """Change one's own coding."""
    wanted = {name: getattr(change, name) for name in change.model_fields_set - {"here", "base"}}
    for name in ("code", "target", "memo"):
        if wanted.get(name, "") is None:
            raise InvalidInput(f"{name} cannot be taken away from a coding; leave it out, or delete the coding")
    changed = codings.edit_coding(bases.on_coding(study, key, change.base), key, wanted, change.here)
    return written(study, {"coding": told.coding(changed)})


@router.delete("/{key}", response_model=CodingGone)
def remove(key: str, study: Asked, base: BaseQuery = None) -> dict[str, Any]:
    """Take one's own coding back."""
    codings.remove_coding(bases.on_coding(study, key, base), key)
    return written(study, {"key": key})


def _target(new: NewCoding) -> str:
    if new.target is not None:
        return new.target
    span = span_of(new.start_ms, new.end_ms)
    if new.session is None or span is None:
        raise InvalidInput(
            "say what is coded: a segment, words or another unit, or a session with the beginning and end of a stretch"
        )
    return span_key(new.session, span)
