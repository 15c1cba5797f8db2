"""What strangers try on a server that runs on somebody's machine, and that they get nothing by it."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from iprkit.actions.accounts import add_account, remove_account
from iprkit.database.connect import Study
from iprkit.web.app import Address, Served, serve_study

from .conftest import HOST, Browser

CSRF = "x-iprkit-token"


@pytest.fixture
def stranger(served: Served) -> TestClient:
    """A browser that was not let in."""
    return TestClient(served.app, base_url=HOST, follow_redirects=False)


def test_without_the_printed_address_nothing_is_told(stranger: TestClient) -> None:
    answer = stranger.get("/api/study")
    assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")


def test_the_printed_address_lets_one_browser_in_once(served: Served, stranger: TestClient) -> None:
    token = served.visits.token_for("lea", "researcher")
    assert stranger.get(f"/?token={token}").status_code == 303
    another = TestClient(served.app, base_url=HOST, follow_redirects=False)
    refused = another.get(f"/?token={token}")
    assert refused.status_code == 401
    assert "set-cookie" not in refused.headers


def test_a_made_up_token_lets_nobody_in(stranger: TestClient) -> None:
    assert stranger.get("/?token=guess").status_code == 401


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(served: Served, stranger: TestClient) -> None:
    cookie = stranger.get(f"/?token={served.visits.token_for('lea', 'researcher')}").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", "localhost.evil:8765"]
)
def test_a_name_that_was_made_to_point_here_gets_nothing(lea: Browser, host: str) -> None:
    for path in ("/", "/api/me"):
        answer = lea.client.get(path, headers={"host": host})
        assert answer.status_code == 403
        assert "cookie" not in answer.text.lower()


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1:8765", "http://127.0.0.1:9999", "null"])
def test_pages_of_other_sites_neither_read_nor_write(lea: Browser, origin: str) -> None:
    assert lea.client.get("/api/study", headers={"origin": origin}).status_code == 403
    answer = lea.send("POST", "/api/coders", {"name": "eve"}, headers={"origin": origin})
    assert answer.status_code == 403
    assert [one["name"] for one in lea.get("/api/study")["coders"]] == ["anna", "ben"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_browser_that_says_where_a_request_comes_from_is_believed(lea: Browser, site: str) -> None:
    assert lea.client.get("/api/study", headers={"sec-fetch-site": site}).status_code == 403


def test_our_own_page_reads_and_writes(lea: Browser) -> None:
    headers = {"origin": HOST, "sec-fetch-site": "same-origin"}
    assert lea.client.get("/api/study", headers=headers).status_code == 200
    assert lea.send("POST", "/api/coders", {"name": "cleo"}, headers=headers).status_code == 200


@pytest.mark.parametrize("word", [None, "", "guess"])
def test_a_change_without_the_csrf_word_is_refused(lea: Browser, word: str | None) -> None:
    headers = {} if word is None else {CSRF: word}
    answer = lea.client.post("/api/coders", json={"name": "eve"}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")


def test_one_visitors_csrf_word_is_of_no_use_to_another(lea: Browser, others: Callable[[str, str], Browser]) -> None:
    anna = others("anna", "coder")
    answer = anna.client.post("/api/undo", json={}, headers={CSRF: lea.csrf})
    assert answer.status_code == 403


def test_every_answer_is_locked_down(lea: Browser, stranger: TestClient) -> None:
    for answer in (lea.client.get("/"), lea.client.get("/api/me"), stranger.get("/api/me"), stranger.get("/nothing")):
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"


def test_what_the_study_says_is_kept_in_no_browser(lea: Browser) -> None:
    assert lea.client.get("/api/transcripts/D01-S01").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/../setup.cfg", "/..%2f..%2fsetup.cfg", "/assets/..%2f..%2fapp.py", "/%2e%2e/app.py", "/etc/passwd", "/app.py"],
)
def test_no_file_outside_the_page_is_given_out(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("recording", ["..%2f..%2fstudy.db", "study.db", "%2fetc%2fpasswd", "a" * 32])
def test_media_are_had_by_number_alone(lea: Browser, recording: str) -> None:
    assert lea.client.get(f"/api/recordings/{recording}/media").status_code == 404


def test_words_of_the_study_come_as_data_never_as_a_page(lea: Browser) -> None:
    attack = "<script>alert(1)</script>"
    lea.done("PATCH", "/api/transcripts/D01-S01/segments/D01-S01-T001", {"text": attack})
    answer = lea.client.get("/api/transcripts/D01-S01")
    assert answer.headers["content-type"] == "application/json"
    session = lea.done("POST", "/api/moments/D01-S01", {"start_ms": 0, "end_ms": 400, "label": attack})
    assert session["moments"][0]["label"] == attack
    page = lea.client.get("/api/reports/moments?format=html&session=D01-S01")
    assert attack not in page.text
    assert "sandbox" in page.headers["content-security-policy"]


def test_an_upload_says_what_it_is_and_must_be_it(lea: Browser, tmp_path: Path, coded: Study) -> None:
    lea.done("POST", "/api/sessions", {"dyad": "D01", "number": 2})
    headers = {"content-type": "application/octet-stream"}
    for name, status in (("virus.exe", 422), ("../../x.wav/..", 422), ("film.mp4", 422)):
        answer = lea.send("POST", f"/api/recordings?key=D01-S02&name={name}", content=b"#!/bin/sh", headers=headers)
        assert answer.status_code == status, answer.text
    assert {place.name for place in (coded.folder / "recordings").iterdir()} == {"d01-s01.wav"}


def test_an_upload_is_added_under_a_name_of_ours_and_for_its_owner_alone(
    lea: Browser, coded: Study, record: Callable[..., Path]
) -> None:
    lea.done("POST", "/api/sessions", {"dyad": "D01", "number": 2})
    film = record("b.wav", seconds=3, pitch=300).read_bytes()
    answer = lea.send("POST", "/api/recordings?key=D01-S02&name=..%2F..%2Fevil%20name.WAV", content=film)
    assert answer.status_code == 200, answer.text
    place = coded.folder / "recordings/d01-s02.wav"
    assert place.read_bytes() == film
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    again = lea.send("POST", "/api/recordings?key=D01-S02&name=b.wav", content=film)
    assert (again.status_code, again.json()["error"]) == (422, "same_recording")


def test_a_transcribed_session_takes_another_microphone_and_no_further_part(
    lea: Browser, record: Callable[..., Path]
) -> None:
    film = record("b.wav", seconds=3, pitch=300).read_bytes()
    refused = lea.send("POST", "/api/recordings?key=D01-S01&name=b.wav", content=film)
    assert (refused.status_code, refused.json()["error"]) == (409, "conflict")
    assert "as another camera or microphone" in refused.json()["message"]
    added = lea.send("POST", "/api/recordings?key=D01-S01&name=b.wav&beside=true&offset_ms=-250", content=film).json()
    assert (added["view"], added["offset_ms"], added["align"], added["note"]) == ("camera2", -250, False, "")
    lea.done("PATCH", "/api/recordings/D01-S01/camera2", {"offset_ms": 400})
    (session,) = (one for dyad in lea.get("/api/study")["dyads"] for one in dyad["sessions"] if one["key"] == "D01-S01")
    assert [one["offset_ms"] for one in session["recordings"]] == [0, 400]


def test_a_request_larger_than_anything_meant_is_refused(lea: Browser) -> None:
    answer = lea.send("POST", "/api/coders", {"name": "x" * 6_000_000})
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


def test_no_path_comes_in_by_the_name_of_a_model_or_codebook(lea: Browser) -> None:
    for model in ("../../models", "/tmp", "C:\\models", "study.db"):
        answer = lea.send("POST", "/api/jobs", {"step": "transcribe", "key": "D01-S01", "options": {"model": model}})
        assert answer.status_code in (404, 422)
    assert lea.send("POST", "/api/codebooks", {"name": "/etc/passwd"}).status_code == 404


def test_there_is_no_other_door(lea: Browser) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert lea.client.get(path).status_code == 404
    with pytest.raises(WebSocketDisconnect) as refused, lea.client.websocket_connect("/api/events"):
        pass
    assert refused.value.code == 1008


@pytest.fixture
def lan(coded: Study) -> Served:
    """The study served to other machines, under the name studio.local."""
    return serve_study(coded, Address("studio.local", 8443, tls=True, others=True, accounts=True))


def at(served: Served) -> TestClient:
    return TestClient(served.app, base_url="https://studio.local:8443", follow_redirects=False)


def sign_in(client: TestClient, name: str, password: str) -> Any:
    return client.post("/api/login", json={"name": name, "password": password})


def test_other_machines_need_name_and_password(lan: Served, coded: Study) -> None:
    add_account(coded, "mia", "reader", "correct horse")
    client = at(lan)
    assert client.get("/api/door").json() == {"accounts": True, "signed_in": False}
    assert client.get("/api/study").status_code == 401
    assert sign_in(client, "mia", "wrong battery").status_code == 401
    answer = sign_in(client, "mia", "correct horse")
    assert answer.json() == {"name": "mia", "role": "reader"}
    assert "secure" in answer.headers["set-cookie"].lower()
    assert client.get("/api/study").status_code == 200
    assert client.get("/api/study", headers={"host": "127.0.0.1:8443"}).status_code == 403
    remove_account(coded, "mia")
    assert client.get("/api/study").status_code == 401


def test_passwords_cannot_be_tried_without_end(lan: Served, coded: Study) -> None:
    add_account(coded, "mia", "coder", "correct horse")
    client = at(lan)
    for _ in range(5):
        sign_in(client, "mia", "guess")
    answer = sign_in(client, "MIA", "correct horse")
    assert answer.status_code == 401
    assert "wait a minute" in answer.json()["message"]


def test_a_password_is_kept_as_its_hash_alone(coded: Study) -> None:
    add_account(coded, "mia", "coder", "correct horse")
    stored = b"".join(file.read_bytes() for file in coded.folder.glob("study.db*"))
    assert b"correct horse" not in stored
    assert b"$argon2id$" in stored


def test_the_terminals_token_does_not_open_a_server_with_accounts(lan: Served) -> None:
    client = at(lan)
    client.get(f"/?token={lan.visits.token_for('nobody', 'researcher')}")
    assert client.get("/api/study").status_code == 401
