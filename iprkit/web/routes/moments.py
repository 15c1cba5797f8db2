"""``/api/moments``: the stretches of a session worth talking about."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from iprkit.actions.moments import moments_of
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer
from iprkit.web.shapes.recalls import MomentShape

router = APIRouter(prefix="/api/moments", tags=["moments"], responses=REFUSALS)


@router.get("/{session}", response_model=list[MomentShape])
def show(session: str, study: Asked, request: Request) -> Response:
    """The moments of a session, as ``iprkit moments --json``."""
    return answer(request, study, lambda: [told.moment(one) for one in moments_of(study, session)])
