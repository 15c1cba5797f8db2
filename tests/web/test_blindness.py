"""A blind coder's browser asks every address that there is for what another coded, and learns nothing.

The addresses are those of the application itself: one that is added and not asked here fails the first test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from iprkit.actions.adjudications import Verdict, adjudicate
from iprkit.actions.assignments import submit
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding, list_codings
from iprkit.actions.feed import news_since
from iprkit.database.connect import Study
from iprkit.errors import Conflict
from iprkit.web import told
from iprkit.web.app import Address, Served, serve_study
from iprkit.web.openapi import document

from .conftest import Browser, open_browser

SECRET = "bens-secret"
BENS = "D01-S01-ben-0001"
TELLING = (SECRET, BENS, "ben-000")

READS: dict[str, list[str]] = {
    "/api/door": ["/api/door"],
    "/api/me": ["/api/me"],
    "/api/study": ["/api/study"],
    "/api/search": [f"/api/search?q={SECRET}", "/api/search?q=ben", "/api/search?q=Push"],
    "/api/keymap": ["/api/keymap"],
    "/api/transcripts/{key}": ["/api/transcripts/D01-S01", "/api/transcripts/D01-S01-T001", f"/api/transcripts/{BENS}"],
    "/api/transcripts/{key}/segments": [
        "/api/transcripts/D01-S01/segments?keys=D01-S01-T001", f"/api/transcripts/{BENS}/segments?keys=D01-S01-T001",
    ],
    "/api/transcripts/{key}/doubts": ["/api/transcripts/D01-S01/doubts"],
    "/api/speakers/{key}": ["/api/speakers/D01-S01", "/api/speakers/D01"],
    "/api/recordings/{recording}/media": [f"/api/recordings/{BENS}/media"],
    "/api/recordings/{recording}/peaks": [f"/api/recordings/{BENS}/peaks"],
    "/api/recalls/{key}": ["/api/recalls/D01-S01", f"/api/recalls/{BENS}"],
    "/api/moments/{session}": ["/api/moments/D01-S01"],
    "/api/memos/{key}": ["/api/memos/D01-S01", f"/api/memos/{BENS}"],
    "/api/codebooks": ["/api/codebooks"],
    "/api/codebooks/{name}": ["/api/codebooks/talk"],
    "/api/codings/{session}": [
        "/api/codings/D01-S01", "/api/codings/D01-S01?coder=ben", "/api/codings/D01-S01?codebook=talk&round=main",
        "/api/codings/D01-S01-T001", "/api/codings/D01", f"/api/codings/{BENS}",
    ],
    "/api/assignments": ["/api/assignments"],
    "/api/assignments/{key}": ["/api/assignments/A01"],
    "/api/compare/{session}": ["/api/compare/D01-S01?codebook=talk", "/api/compare/D01-S01?codebook=talk&round=main"],
    "/api/adjudications": ["/api/adjudications"],
    "/api/agreement": ["/api/agreement?codebook=talk", "/api/agreement?unit=segment&session=D01-S01&draws=0"],
    "/api/jobs": ["/api/jobs"],
    "/api/rooms": ["/api/rooms"],
    "/api/rooms/{room}": ["/api/rooms/0123456789abcdef"],
    "/api/grid": ["/api/grid"],
    "/api/reports": ["/api/reports"],
    "/api/reports/{kind}": [
        "/api/reports/moments?format=html&session=D01-S01", "/api/reports/moments?format=xlsx&session=D01-S01",
        "/api/reports/agreement?format=csv&codebook=talk", "/api/reports/codebook?format=csv&codebook=talk",
    ],
    "/api/figures": ["/api/figures?session=D01-S01", "/api/figures?session=D01-S01&every=true"],
    "/api/figures/{name}": [
        f"/api/figures/{name}?session=D01-S01&every=true"
        for name in ("D01-S01-timeline", "codes-talk", "together-talk")
    ],
    "/api/exports": ["/api/exports"],
    "/api/exports/{format}": ["/api/exports/csv", "/api/exports/native?keys=D01-S01"],
    "/api/history": [
        "/api/history", "/api/history?key=D01-S01", f"/api/history?key={BENS}", "/api/history?key=D01-S01-T001",
        "/api/history?limit=500",
    ],
}  # fmt: skip

STREAMS = {"/api/events"}  # asked below, as it never ends

WRITES: dict[tuple[str, str], tuple[str, Any]] = {
    ("post", "/api/login"): ("/api/login", {"name": "ben", "password": "guess"}),
    ("post", "/api/dyads"): ("/api/dyads", {"key": "D09"}),
    ("post", "/api/sessions"): ("/api/sessions", {"dyad": "D01", "number": 9}),
    ("post", "/api/recalls"): ("/api/recalls", {"session": "D01-S01", "participant": "client"}),
    ("post", "/api/coders"): ("/api/coders", {"name": "ben2"}),
    ("patch", "/api/transcripts/{key}/segments/{segment}"): (
        "/api/transcripts/D01-S01/segments/D01-S01-T001", {"text": "x", "base": "0"}),
    ("post", "/api/speakers/{key}"): ("/api/speakers/D01-S01", {"do": "name", "names": {"A": "Dr. T"}}),
    ("post", "/api/recordings"): (f"/api/recordings?key={BENS}&name=a.wav", None),
    ("patch", "/api/recordings/{key}/{view}"): (f"/api/recordings/{BENS}/camera2", {"offset_ms": 5}),
    ("patch", "/api/recalls/{key}/comments/{comment}"): (
        "/api/recalls/D01-S01-client/comments/D01-S01-client-K01", {"temporal_frame": "then", "base": "0"}),
    ("post", "/api/recalls/{key}/map"): ("/api/recalls/D01-S01-client/map", {"do": "pin", "number": 1}),
    ("post", "/api/moments/{session}"): ("/api/moments/D01-S01", {"start_ms": 0, "end_ms": 400}),
    ("post", "/api/moments/{session}/merge"): (
        "/api/moments/D01-S01/merge", {"keys": ["D01-S01-M01", "D01-S01-M02"]}),
    ("patch", "/api/moments/{key}"): ("/api/moments/D01-S01-M01", {"label": "x", "base": "0"}),
    ("delete", "/api/moments/{key}"): ("/api/moments/D01-S01-M01?base=0", None),
    ("post", "/api/codebooks"): ("/api/codebooks", {"name": "3rs-2022"}),
    ("post", "/api/codebooks/own"): ("/api/codebooks/own", {"title": "Glances"}),
    ("post", "/api/codebooks/import"): (f"/api/codebooks/import?file={BENS}.csv", None),
    ("patch", "/api/codebooks/{name}"): ("/api/codebooks/talk", {"title": "Talk", "base": "0"}),
    ("put", "/api/codebooks/{name}"): (f"/api/codebooks/talk?file={BENS}.yaml", None),
    ("post", "/api/codebooks/{name}/update"): ("/api/codebooks/talk/update", None),
    ("post", "/api/codebooks/{name}/scales"): ("/api/codebooks/talk/scales", {"name": "heat", "min": 0, "max": 3}),
    ("post", "/api/codebooks/{name}/codes"): ("/api/codebooks/talk/codes", {"name": "Push"}),
    ("post", "/api/codebooks/{name}/codes/{code}/move"): ("/api/codebooks/talk/codes/push/move", {"parent": "pull"}),
    ("post", "/api/codebooks/{name}/codes/{code}/split"): (
        "/api/codebooks/talk/codes/pull/split", {"names": ["Tug", "Draw"]}),
    ("post", "/api/codebooks/{name}/merge"): ("/api/codebooks/talk/merge", {"codes": ["tug"], "into": "push"}),
    ("patch", "/api/codebooks/{name}/codes/{code}"): ("/api/codebooks/talk/codes/push", {"retired": True}),
    ("post", "/api/codings"): (
        "/api/codings", {"target": "D01-S01-T001", "code": "Push", "codebook": "talk", "coder": "ben", "rating": 1}),
    ("patch", "/api/codings/{key}"): (f"/api/codings/{BENS}", {"memo": "mine now", "base": "0"}),
    ("delete", "/api/codings/{key}"): (f"/api/codings/{BENS}?base=0", None),
    ("post", "/api/assignments"): ("/api/assignments", {"codebook": "talk", "coders": ["anna", "ben"], "blind": False}),
    ("post", "/api/assignments/{key}/reveal"): ("/api/assignments/A01/reveal", {"reason": "I want to see"}),
    ("post", "/api/adjudications"): (
        "/api/adjudications", {"target": "D01-S01-T001", "code": "push", "codebook": "talk", "reason": "x"}),
    ("post", "/api/jobs"): ("/api/jobs", {"step": "align", "key": BENS}),
    ("delete", "/api/jobs/{number}"): ("/api/jobs/1", None),
    ("post", "/api/rooms"): ("/api/rooms", {"session": "D01-S01", "participant": "client"}),
    ("post", "/api/rooms/{room}/events"): ("/api/rooms/0123456789abcdef/events", []),
    ("put", "/api/rooms/{room}/chunks/{number}"): ("/api/rooms/0123456789abcdef/chunks/0", None),
    ("post", "/api/rooms/{room}/finish"): ("/api/rooms/0123456789abcdef/finish", {}),
    ("post", "/api/undo"): ("/api/undo", {"mine": False}),
    ("post", "/api/redo"): ("/api/redo", {"mine": False}),
    ("post", "/api/assignments/{key}/submit"): ("/api/assignments/A01/submit", {}),
    ("post", "/api/logout"): ("/api/logout", None),
}  # fmt: skip
"""In this order: submitting ends one's coding, logging out the visit."""


@pytest.fixture
def sealed(blind: Study) -> Study:
    """Ben gave all three segments codes, with a memo that tells; Anna none. The study is Lea's."""
    ben = replace(blind, author="ben")
    for target, code in (("T001", "push"), ("C001", "pull"), ("C002", "push")):
        add_coding(ben, Wish(f"D01-S01-{target}", code, memo=SECRET))
    return blind


@pytest.fixture
def ground(sealed: Study) -> Served:
    return serve_study(sealed, Address())


@pytest.fixture(params=["coder", "researcher", "reader"])
def anna(ground: Served, request: pytest.FixtureRequest) -> Browser:
    """Anna, who codes blind, whatever her part in the study is called."""
    return open_browser(ground, "anna", request.param)


def test_every_address_of_the_application_is_asked() -> None:
    paths = document()["paths"]
    assert {path for path, kinds in paths.items() if "get" in kinds} == set(READS) | STREAMS
    assert {(kind, path) for path, kinds in paths.items() for kind in kinds if kind != "get"} == set(WRITES)


def test_no_answer_tells_what_another_coded(anna: Browser) -> None:
    for asked in (path for paths in READS.values() for path in paths):
        answer = anna.client.get(asked)
        assert answer.status_code < 500, asked
        if SECRET not in asked and BENS not in asked:
            assert not [word for word in TELLING if word in answer.text], asked
        else:
            assert answer.status_code == 404 or answer.json() == [], asked


def test_no_change_tells_or_touches_what_another_coded(anna: Browser, sealed: Study) -> None:
    ben = replace(sealed, author="ben")
    before = [one for one in list_codings(ben).codings if one.coder == "ben"]
    for (method, _), (path, body) in WRITES.items():
        answer = anna.send(method.upper(), path, body)
        assert answer.status_code < 500, (method, path, answer.text)
        assert SECRET not in answer.text, (method, path)
    assert [one for one in list_codings(ben).codings if one.coder == "ben"] == before


def test_what_is_not_to_be_seen_is_as_unknown_as_what_is_not_there(anna: Browser) -> None:
    for method, body in (("PATCH", {"memo": "x"}), ("DELETE", None)):
        hidden = anna.send(method, f"/api/codings/{BENS}", body)
        absent = anna.send(method, "/api/codings/D01-S01-ben-0999", body)
        assert hidden.status_code == absent.status_code == 404
        assert hidden.json()["message"].replace(BENS, "") == absent.json()["message"].replace("D01-S01-ben-0999", "")


def test_counts_of_codings_do_not_tell_either(anna: Browser) -> None:
    (session,) = anna.get("/api/study")["dyads"][0]["sessions"]
    assert session["n_codings"] == 0
    assert "coded" not in session["state"]
    assert all(code["uses"] == {} for code in anna.get("/api/codebooks/talk")["codes"])
    shares = {one["coder"]: one["coded"] for one in anna.get("/api/assignments/A01")["coders"]}
    assert shares == {"anna": 0, "ben": None}


def test_what_a_change_of_codes_answers_counts_no_codings_of_others(ground: Served) -> None:
    anna = open_browser(ground, "anna", "researcher")
    for path, body in (
        ("codes/push/move", {"after": "pull"}), ("merge", {"codes": ["push"], "into": "pull"}),
        ("codes/pull/split", {"names": ["Tug", "Draw"]}),
    ):  # fmt: skip
        told = anna.done("POST", f"/api/codebooks/talk/{path}", body)["codebook"]
        assert all(code["uses"] == {} for code in told["codes"])


def test_the_stream_of_changes_leaves_others_codings_out(sealed: Study) -> None:
    heard = news_since(replace(sealed, author="anna"), 0)
    assert not [word for word in TELLING if word in told.news(heard)]
    assert heard.upto == news_since(replace(sealed, author="lea"), 0).upto


def test_a_settlement_is_hidden_from_those_who_are_still_to_code(ground: Served, sealed: Study) -> None:
    with pytest.raises(Conflict):
        adjudicate(sealed, Verdict("D01-S01-T001", "push", "x", codebook="talk"))
    assert open_browser(ground, "anna", "researcher").get("/api/adjudications") == []


def test_once_all_have_submitted_everybody_sees_everything(ground: Served, sealed: Study) -> None:
    for name in ("anna", "ben"):
        submit(replace(sealed, author=name), "A01")
    anna = open_browser(ground, "anna", "coder")
    assert {one["coder"] for one in anna.get("/api/codings/D01-S01")} == {"ben"}
    compared = anna.get("/api/compare/D01-S01?codebook=talk")
    assert compared["coders"] == ["ben"]
    assert any(one["key"] == BENS for one in anna.get("/api/codings/D01-S01"))


def test_ben_sees_his_own(ground: Served) -> None:
    ben = open_browser(ground, "ben", "coder")
    assert len(ben.get("/api/codings/D01-S01")) == 3
    assert ben.get("/api/assignments/A01")["mine"] == {"submitted": False, "done": 3, "total": 3, "left": {}}
    assert [unit["done"] for unit in ben.get("/api/assignments/A01")["units"]] == [True, True, True]


def test_the_history_goes_on_behind_what_one_may_not_read(anna: Browser) -> None:
    newest, older = anna.get("/api/history?limit=2")
    assert SECRET not in str([newest, older])
    (before,) = anna.get(f"/api/history?limit=1&before={newest['seq']}")
    assert before == older


def test_answers_kept_for_one_are_not_given_to_another(ground: Served, others: Callable[[str, str], Browser]) -> None:
    ben, anna = open_browser(ground, "ben", "coder"), open_browser(ground, "anna", "coder")
    tag = ben.client.get("/api/codings/D01-S01").headers["etag"]
    answer = anna.client.get("/api/codings/D01-S01", headers={"if-none-match": tag})
    assert (answer.status_code, answer.json()) == (200, [])
