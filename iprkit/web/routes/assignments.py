"""``/api/assignments``: what coders are asked to code, and what is left of it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from iprkit.actions import assignments
from iprkit.coding import Assignment
from iprkit.database.connect import Study
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer
from iprkit.web.shapes.codings import AssignmentShape, AssignmentWithUnits

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
