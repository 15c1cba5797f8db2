"""One error shape over HTTP, whatever goes wrong and wherever."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from iprkit.errors import ChangedMeanwhile, IprkitError
from iprkit.web.app import Served
from iprkit.web.errors import answer_to
from iprkit.web.openapi import document

from .conftest import HOST, Browser

ROUTES = [(kind.upper(), path) for path, kinds in document()["paths"].items() for kind in kinds]


def filled(path: str) -> str:
    """An address in which every name means nothing."""
    for part in ("key", "segment", "session", "comment", "code", "name", "recording", "kind", "format", "room"):
        path = path.replace("{" + part + "}", "NO-SUCH")
    return path.replace("{number}", "999")


def check(answer: Any) -> None:
    body = answer.json()
    assert {"error", "message"} <= set(body) <= {"error", "message", "theirs"}, body
    assert body["error"].replace("_", "").isalpha()
    assert body["message"]
    assert answer.headers["content-type"] == "application/json"


def test_every_address_refuses_in_the_one_shape(lea: Browser) -> None:
    for method, path in ROUTES:
        if path in ("/api/events", "/api/logout"):  # the one never ends, after the other nobody is signed in
            continue
        nothing = lea.send(method, filled(path), json={"no": "such field"})
        if nothing.status_code >= 400:
            check(nothing)
        check(lea.send("TRACE", filled(path)))


def test_every_address_is_closed_to_strangers_in_the_one_shape(served: Served) -> None:
    stranger = TestClient(served.app, base_url=HOST)
    for method, path in ROUTES:
        if path not in ("/api/door", "/api/login"):
            answer = stranger.request(method, filled(path))
            assert answer.status_code == 401, (method, path)
            check(answer)


def test_what_is_no_address_at_all_is_told_in_the_one_shape(lea: Browser) -> None:
    for path in ("/api", "/api/", "/api/nothing", "/nothing", "/api/codings/a/b/c"):
        answer = lea.client.get(path)
        assert answer.status_code == 404
        check(answer)


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff\xfe", b'{"name": 1}'])
def test_a_body_that_cannot_be_meant_is_told_in_the_one_shape(lea: Browser, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = lea.send("POST", "/api/coders", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    check(answer)


def all_errors(kind: type[IprkitError]) -> list[type[IprkitError]]:
    return [kind, *(one for below in kind.__subclasses__() for one in all_errors(below))]


@pytest.mark.parametrize("kind", [one for one in all_errors(IprkitError) if one is not ChangedMeanwhile])
def test_every_error_of_the_toolkit_has_an_answer(kind: type[IprkitError]) -> None:
    answer = answer_to(kind("what is wrong"))
    assert 400 <= answer.status_code < 600
    assert b'"message":"what is wrong"' in answer.body
