"""``/api/codebooks``: what coders code with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from iprkit.actions import codebooks, codes
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer, written
from iprkit.web.shapes.codings import CodebookShape, CodebookWritten, CodeEdit, ListedShape, NewCode, Pin

router = APIRouter(prefix="/api/codebooks", tags=["codebooks"], responses=REFUSALS)


@router.get("", response_model=list[ListedShape])
def listed(study: Asked, request: Request) -> Response:
    """The study's codebooks, then those of the library."""
    return answer(request, study, lambda: [asdict(one) for one in codebooks.list_codebooks(study)])


@router.get("/{name}", response_model=CodebookShape)
def show(name: str, study: Asked, request: Request) -> Response:
    """A codebook with definitions, anchors, scales, colours and keys, as ``iprkit codebook show --json``."""
    return answer(request, study, lambda: told.codebook(codebooks.show(study, name)))


@router.post("", response_model=CodebookWritten)
def pin(new: Pin, study: Asked) -> dict[str, Any]:
    """Work with a codebook of the library, in the version that it has now."""
    codebooks.pin_of_library(study, new.name)
    return _written(study, new.name)


@router.post("/{name}/codes", response_model=CodebookWritten)
def add_code(name: str, new: NewCode, study: Asked) -> dict[str, Any]:
    """Add a code to a codebook of the study."""
    values = {key: value for key, value in new.model_dump(exclude={"name", "after"}).items() if value}
    codes.add(study, name, new.name, values, new.after)
    return _written(study, name)


@router.patch("/{name}/codes/{code}", response_model=CodebookWritten)
def edit_code(name: str, code: str, edit: CodeEdit, study: Asked) -> dict[str, Any]:
    """Change what a code says of itself, retire it, or take it back into use; its codings stay."""
    values = edit.model_dump(exclude_unset=True, exclude={"retired"})
    if any(values.get(field, "") is None for field in ("name", "definition", "include", "exclude")):
        raise InvalidInput("a code's texts can be empty, and not null")
    if values:
        codes.edit(study, name, code, values)
    if edit.retired is not None:
        (codes.retire if edit.retired else codes.revive)(study, name, code)
    return _written(study, name)


def _written(study: Study, name: str) -> dict[str, Any]:
    return written(study, {"codebook": told.codebook(codebooks.show(study, name))})
