"""The one place where errors become answers over HTTP, all in the same shape: ``{"error": code, "message": text}``."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from iprkit.errors import (
    ChangedMeanwhile,
    Conflict,
    IprkitError,
    ModelError,
    NetworkShare,
    NotAllowed,
    NotFound,
    NotSignedIn,
    StorageFull,
    StudyError,
)

_STATUS: tuple[tuple[type[IprkitError], int], ...] = (
    (NotFound, 404),
    (NotSignedIn, 401),
    (NotAllowed, 403),
    (Conflict, 409),
    (NetworkShare, 409),
    (ModelError, 409),
    (StorageFull, 507),
    (StudyError, 503),
    (IprkitError, 422),
)

_PLAIN = {
    400: ("bad_request", "the request cannot be read"),
    404: ("not_found", "there is no such address"),
    405: ("method_not_allowed", "this address does not take requests of that kind"),
}


def answer_to(error: IprkitError) -> JSONResponse:
    """What a client is told of an error; of a change that came too late also the state of now, as ``theirs``."""
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    body: dict[str, Any] = {"error": error.code, "message": str(error)}
    if isinstance(error, ChangedMeanwhile):
        body["theirs"] = error.theirs
    return JSONResponse(body, status)


def refused(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An answer in the same shape for what only HTTP knows: too large, not satisfiable, too many."""
    return JSONResponse({"error": code, "message": message}, status, headers)


def tell_errors(app: FastAPI) -> None:
    """Let the application answer all errors in the one shape."""
    app.add_exception_handler(IprkitError, _ours)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _fault)


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, IprkitError)
    return answer_to(error)


async def _not_understood(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path")) or "the request"
    return refused(422, "invalid_input", f"{where}: {first['msg']}")


async def _plain(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code, message = _PLAIN.get(error.status_code, ("refused", str(error.detail)))
    return refused(error.status_code, code, message, dict(error.headers or {}))


async def _fault(_request: Request, _error: Exception) -> JSONResponse:
    return refused(500, "fault", "iprkit made a mistake; nothing of this was stored. The terminal says where")
