"""The page itself: its files, and the way in by the address that the terminal printed."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from iprkit.errors import NotFound
from iprkit.web.asking import house_of

STATIC = Path(__file__).parents[1] / "static"
"""Where the built page lies; it is built, never kept with the sources."""

UNBUILT = "the workbench's page is not built; build it with: pip install . (or, in a checkout: npm run build)"

_UNBUILT_PAGE = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>iprkit</title>
<body><h1>iprkit</h1><p>The server runs, but {UNBUILT}</p></body></html>"""

router = APIRouter(include_in_schema=False)


@router.get("/")
def page(request: Request, token: Annotated[str | None, Query(max_length=200)] = None) -> Response:
    """The page; with a token, the way in, once."""
    house = house_of(request)
    if token is not None:
        secret = house.visits.enter(token)
        return let_in(RedirectResponse("/", 303), request, secret)
    index = STATIC / "index.html"
    if not index.is_file():
        return HTMLResponse(_UNBUILT_PAGE, 503)
    return FileResponse(index, headers={"cache-control": "no-cache"})


@router.get("/{name:path}")
def file(name: str) -> Response:
    """One of the page's files, found by its name among those that are there."""
    found = {place.relative_to(STATIC).as_posix(): place for place in STATIC.rglob("*") if place.is_file()}
    if name not in found:
        raise NotFound(f"there is no page {name[:100]!r} here")
    lasting = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(found[name], media_type=kind, headers={"cache-control": lasting})


def let_in(response: Response, request: Request, secret: str) -> Response:
    """The response with the cookie that lets this browser in."""
    house = house_of(request)
    secure = request.url.scheme == "https"
    response.set_cookie(house.cookie, secret, httponly=True, samesite="strict", secure=secure, path="/")
    response.headers["cache-control"] = "no-store"
    return response
