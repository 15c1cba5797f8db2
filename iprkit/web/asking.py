"""The study as the asker of one request sees it: in their name, with their part in it; and how answers are given."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.responses import Response

from iprkit.actions import feed
from iprkit.actions.accounts import account_of
from iprkit.actions.roles import as_person
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput, NotSignedIn
from iprkit.timeline import Span, clock
from iprkit.web.repeats import EDIT_HEADER
from iprkit.web.shapes.base import Refusal
from iprkit.web.visits import Visit, Visits

REFUSALS: dict[int | str, dict[str, Any]] = {"4XX": {"model": Refusal}, "5XX": {"model": Refusal}}
"""What every route may answer besides."""

_WORTH_PACKING = 20_000  # bytes


@dataclass(frozen=True)
class House:
    """What all requests share: the study, the visitors, and whether other machines are served."""

    study: Study
    visits: Visits
    cookie: str
    lan: bool
    accounts: bool


def house_of(request: Request) -> House:
    house: House = request.app.state.house
    return house


def visit_of(request: Request) -> Visit:
    """The visit that the guard let in. Raises NotSignedIn."""
    visit: Visit | None = request.state.visit
    if visit is None:
        raise NotSignedIn("nobody is signed in here")
    return visit


def _study_of(request: Request) -> Study:
    visit = visit_of(request)
    named = request.headers.get(EDIT_HEADER)
    change = named and hashlib.blake2b(f"{visit.name} {named}".encode(), digest_size=16).hexdigest()
    house = house_of(request)
    role = account_of(house.study, visit.name).role if house.accounts else visit.role
    return replace(as_person(house.study, visit.name, role), page_change=change)


Asked = Annotated[Study, Depends(_study_of)]
"""The study in the name of whoever asks."""


BaseQuery = Annotated[str | None, Query(max_length=64, description="The version that the person saw.")]


def written(study: Study, more: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a change answers: its number in the journal, and the new thing."""
    return {"seq": study.numbers[-1] if study.numbers else feed.last_number(study), **(more or {})}


def span_of(start_ms: int | None, end_ms: int | None) -> Span | None:
    """A stretch that a request names, None where it names none. Raises InvalidInput for half of one."""
    if start_ms is None and end_ms is None:
        return None
    if start_ms is None or end_ms is None:
        raise InvalidInput("a stretch needs both a beginning and an end; give the other one, too")
    if end_ms <= start_ms:
        raise InvalidInput(
            f"the stretch would end at {clock(end_ms)} and begin at {clock(start_ms)}; give an end after the beginning"
        )
    return Span(start_ms, end_ms)


def _packed(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def answer(request: Request, study: Study, make: Callable[[], Any], shared: bool = False) -> Response:
    """What is read, marked so that a browser that has it already is told that, and is sent nothing.

    ``shared``: it is the same for everybody and does not depend on codings, so that it is made once for all.
    """
    if shared:
        name = ("answer", request.url.path, request.url.query)
        body, tag = feed.made_once(study, name, lambda: _tagged(_packed(make())))
        return _unless_known(request, tag, lambda: body)
    number = feed.last_number(study)
    asked = f"{request.url.path}?{request.url.query} {study.author} {study.role}"
    return _unless_known(request, f'"{number}-{_digest(asked.encode())}"', lambda: _packed(make()))


def _unless_known(request: Request, tag: str, make: Callable[[], bytes]) -> Response:
    headers = {"etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    body = make()
    if house_of(request).lan and len(body) > _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 1)
        headers["content-encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)


def _tagged(body: bytes) -> tuple[bytes, str]:
    return body, f'"{_digest(body)}"'


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=6).hexdigest()
