"""``/api/codings``: who gave which code to what, as far as the asker may see it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from iprkit.actions import codings
from iprkit.actions.codings import Sought
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer
from iprkit.web.shapes.codings import CodingShape

router = APIRouter(prefix="/api/codings", tags=["codings"], responses=REFUSALS)

Name = Annotated[str | None, Query(max_length=64)]


@router.get("/{session}", response_model=list[CodingShape])
def listed(
    session: str, study: Asked, request: Request, coder: Name = None, codebook: Name = None, round: Name = None
) -> Response:
    """The codings of a session, as ``iprkit code list --json``; blind coders get only their own."""
    sought = Sought(session, coder, codebook, round=round)
    return answer(request, study, lambda: [told.coding(one) for one in codings.list_codings(study, sought).codings])
