"""``/api/recalls``: recall interviews on the session's clock."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from iprkit.actions import recalls
from iprkit.actions.maps import show_map
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer
from iprkit.web.shapes.recalls import RecallShape

router = APIRouter(prefix="/api/recalls", tags=["recall"], responses=REFUSALS)


@router.get("/{key}", response_model=RecallShape)
def show(key: str, study: Asked, request: Request) -> Response:
    """What was playing when, where it was stopped and what was said about it, as ``iprkit recall show --json``."""
    return answer(request, study, lambda: told.recall(recalls.show(study, key), show_map(study, key)))
