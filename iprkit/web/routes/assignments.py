"""``/api/assignments``: what coders are asked to code, and what is left of it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from iprkit.actions import assignments
from iprkit.coding import Assignment
from iprkit.database.connect import Study
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer, written
from iprkit.web.shapes.codings import AssignmentShape, AssignmentWithUnits, AssignmentWritten, NewAssignment, Reason

router = APIRouter(prefix="/api/assignments", tags=["assignments"], responses=REFUSALS)


@router.get("", response_model=list[AssignmentShape])
def listed(study: Asked, request: Request) -> Response:
    """All assignments; blind coders learn of the others only who has submitted."""
    return answer(
        request, study, lambda: [told.assignment(one, study.author) for one in assignments.list_assignments(study)]
    )


@router.get("/{key}", response_model=AssignmentWithUnits)
def show(key: str, study: Asked, request: Request) -> Response:
    """One assignment with its units, and which of them the asker gave a code."""
    return answer(request, study, lambda: with_units(study, assignments.show(study, key)))


@router.post("", response_model=AssignmentWritten)
def add(new: NewAssignment, study: Asked) -> dict[str, Any]:
    """Draw units and ask coders to code them."""
    fields = new.model_dump() | {"coders": tuple(new.coders), "places": tuple(new.places)}
    return _written(study, assignments.assign(study, assignments.Plan(**fields)))


@router.post("/{key}/submit", response_model=AssignmentWritten)
def submit(key: str, study: Asked) -> dict[str, Any]:
    """Say that one's own part is done; its codings are locked from then on."""
    return _written(study, assignments.submit(study, key))


@router.post("/{key}/reveal", response_model=AssignmentWritten)
def reveal(key: str, why: Reason, study: Asked) -> dict[str, Any]:
    """Show everybody the codings before all have submitted."""
    return _written(study, assignments.reveal(study, key, why.reason))


def _written(study: Study, one: Assignment) -> dict[str, Any]:
    return written(study, {"assignment": told.assignment(one, study.author)})


def with_units(study: Study, one: Assignment) -> dict[str, Any]:
    left = set(assignments.left_to_code(study, one.key))
    units = [
        {
            "target": anchor.target.key,
            "kind": anchor.target.kind,
            "session": anchor.target.place,
            "start_ms": anchor.span.start_ms,
            "end_ms": anchor.span.end_ms,
            "quote": anchor.quote,
            "done": place not in left,
        }
        for place, anchor in enumerate(one.units)
    ]
    return told.assignment(one, study.author) | {"units": units}
