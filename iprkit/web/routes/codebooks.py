"""``/api/codebooks``: what coders code with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from iprkit.actions import bases, codebooks, codes
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput
from iprkit.scale import Anchor, Scale
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer, written
from iprkit.web.shapes.codebooks import (
    CodebookEdit,
    CodebookShape,
    CodebookWritten,
    CodeEdit,
    CodeMerge,
    CodeMove,
    CodeSplit,
    ListedShape,
    NewCode,
    NewCodebook,
    NewScale,
    Pin,
)
from iprkit.wording import tidy, tidy_line

router = APIRouter(prefix="/api/codebooks", tags=["codebooks"], responses=REFUSALS)

FileName = Annotated[str, Query(max_length=255, description="What the person calls the file.")]

_RAW: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


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


@router.post("/own", response_model=CodebookWritten)
def begin(new: NewCodebook, study: Asked) -> dict[str, Any]:
    """Begin an own codebook."""
    values = {key: value for key, value in new.model_dump(exclude={"name"}).items() if value}
    return _written(study, codebooks.new_codebook(study, new.name or new.title, values).name)


@router.post("/import", response_model=CodebookWritten, openapi_extra=_RAW)
async def bring_in(
    study: Asked, request: Request, file: FileName, name: Annotated[str | None, Query(max_length=200)] = None
) -> dict[str, Any]:
    """Work with the codebook in a file, which is the body. Of which format it is, is told by its content."""
    data = await request.body()
    book = await to_thread.run_sync(codebooks.import_uploaded, study, data, file, name)
    return await to_thread.run_sync(_written, study, book.name)


@router.patch("/{name}", response_model=CodebookWritten)
def edit(name: str, change: CodebookEdit, study: Asked) -> dict[str, Any]:
    """Change what a codebook says of itself, and how its codes are applied where they say nothing else."""
    values = change.model_dump(exclude_unset=True, exclude={"base"})
    _refuse_null(values, ("title", "version", "citation", "rights", "notes", "exclusive", "exhaustive"))
    codebooks.edit_codebook(bases.on_codebook(study, name, change.base), name, values)
    return _written(study, name)


@router.post("/{name}/update", response_model=CodebookWritten)
def update(name: str, study: Asked) -> dict[str, Any]:
    """Bring a codebook to the library's version; codes that only the study has stay."""
    codebooks.update_codebook(study, name)
    return _written(study, name)


@router.put("/{name}", response_model=CodebookWritten, openapi_extra=_RAW)
async def update_from(name: str, study: Asked, request: Request, file: FileName) -> dict[str, Any]:
    """Bring a codebook to what a YAML file says, which is the body; codes that only the study has stay."""
    data = await request.body()
    await to_thread.run_sync(codebooks.update_uploaded, study, name, data, file)
    return await to_thread.run_sync(_written, study, name)


@router.post("/{name}/scales", response_model=CodebookWritten)
def set_scale(name: str, new: NewScale, study: Asked) -> dict[str, Any]:
    """Give a codebook a scale, or change the one of that name."""
    anchors = sorted((Anchor(one.value, tidy(one.text)) for one in new.anchors), key=lambda one: one.value)
    scale = Scale(tidy_line(new.name), new.min, new.max, new.step, new.level, tuple(anchors), new.no_evidence)
    codebooks.set_scale(bases.on_scale(study, name, scale.name, new.base), name, scale)
    return _written(study, name)


@router.post("/{name}/codes", response_model=CodebookWritten)
def add_code(name: str, new: NewCode, study: Asked) -> dict[str, Any]:
    """Add a code to a codebook of the study."""
    values = {key: value for key, value in new.model_dump(exclude={"name", "after"}).items() if value}
    codes.add(study, name, new.name, values, new.after)
    return _written(study, name)


@router.patch("/{name}/codes/{code}", response_model=CodebookWritten)
def edit_code(name: str, code: str, edit: CodeEdit, study: Asked) -> dict[str, Any]:
    """Change what a code says of itself, retire it, or take it back into use; its codings stay."""
    values = edit.model_dump(exclude_unset=True, exclude={"retired", "base"})
    _refuse_null(values, ("name", "definition", "include", "exclude", "examples"))
    seen = bases.on_code(study, name, code, edit.base)
    if values:
        codes.edit(seen, name, code, values)
    if edit.retired is not None:
        (codes.retire if edit.retired else codes.revive)(study if values else seen, name, code)
    return _written(study, name)


@router.post("/{name}/codes/{code}/move", response_model=CodebookWritten)
def move_code(name: str, code: str, where: CodeMove, study: Asked) -> dict[str, Any]:
    """Put a code, and all below it, somewhere else in the tree."""
    codes.move(bases.on_code(study, name, code, where.base), name, code, where.parent, where.after)
    return _written(study, name)


@router.post("/{name}/codes/{code}/split", response_model=CodebookWritten)
def split_code(name: str, code: str, new: CodeSplit, study: Asked) -> dict[str, Any]:
    """Put several new codes in the place of one, which is retired; its codings wait to be coded again."""
    codes.split(bases.on_code(study, name, code, new.base), name, code, new.names)
    return _written(study, name)


@router.post("/{name}/merge", response_model=CodebookWritten)
def merge_codes(name: str, merge: CodeMerge, study: Asked) -> dict[str, Any]:
    """Let one code stand for others, which are retired; their codings stay and go by its name."""
    codes.merge(study, name, merge.codes, merge.into)
    return _written(study, name)


def _refuse_null(values: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Raises InvalidInput where a text or a yes-or-no that can only be another one was to be taken away."""
    found = next((name for name in names if values.get(name, "") is None), None)
    if found:
        raise InvalidInput(f"{found} can be empty or another, and not null")


def _written(study: Study, name: str) -> dict[str, Any]:
    return written(study, {"codebook": told.codebook(codebooks.show(study, name))})
