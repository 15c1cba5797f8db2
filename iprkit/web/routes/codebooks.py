"""``/api/codebooks``: what coders code with."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request
from starlette.responses import Response

from iprkit.actions import codebooks
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer
from iprkit.web.shapes.codings import CodebookShape, ListedShape

router = APIRouter(prefix="/api/codebooks", tags=["codebooks"], responses=REFUSALS)


@router.get("", response_model=list[ListedShape])
def listed(study: Asked, request: Request) -> Response:
    """The study's codebooks, then those of the library."""
    return answer(request, study, lambda: [asdict(one) for one in codebooks.list_codebooks(study)])


@router.get("/{name}", response_model=CodebookShape)
def show(name: str, study: Asked, request: Request) -> Response:
    """A codebook with definitions, anchors, scales, colours and keys, as ``iprkit codebook show --json``."""
    return answer(request, study, lambda: told.codebook(codebooks.show(study, name)))
