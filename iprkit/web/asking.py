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
    """What is read, marked with the journal's number; a browser that has it already is told so, and nothing is read.

    ``shared``: it is the same for everybody and does not depend on codings, so that it is made once for all.
    """
    number = feed.last_number(study)
    asked = f"{request.url.path}?{request.url.query} {study.author} {study.role}"
    tag = f'"{number}-{hashlib.blake2b(asked.encode(), digest_size=6).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    name = ("answer", request.url.path, request.url.query)
    body = feed.made_once(study, name, lambda: _packed(make())) if shared else _packed(make())
    headers = {"etag": tag}
    if house_of(request).lan and len(body) > _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 1)
        headers["content-encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)
