"""``iprkit open`` as a process of its own: pages hear of each other's changes, and of those of the command line."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import Result

from iprkit.database.connect import Study
from iprkit.web.kept_visits import LASTS_S
from iprkit.web.routes import page

PATIENCE_S = 30.0  # nothing is judged by it; it only ends a test that would never end


@dataclass
class Running:
    """A server process: the address that it printed, and a browser that was let in."""

    process: subprocess.Popen[str]
    url: str
    client: httpx2.Client

    def page(self) -> httpx2.Client:
        """Another tab of the same browser."""
        return httpx2.Client(base_url=self.client.base_url, cookies=dict(self.client.cookies), timeout=PATIENCE_S)

    def send(self, method: str, path: str, json: Any) -> Any:
        csrf = self.client.get("/api/me").json()["csrf"]
        answer = self.client.request(method, path, json=json, headers={"x-iprkit-token": csrf})
        assert answer.status_code == 200, answer.text
        return answer.json()


def start(study: Study, author: str, port: int = 0, browser: httpx2.Client | None = None) -> Running:
    """A server; ``browser`` is one that was let in before, and does not open the new address."""
    command = [sys.executable, "-c", "from iprkit.cli import main; main()", "-C", str(study.folder), "--as", author]
    process = subprocess.Popen(
        [*command, "open", "--no-browser", "--port", str(port)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "XDG_STATE_HOME": str(_state(study))},
    )  # fmt: skip
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    known = browser and dict(browser.cookies)
    client = httpx2.Client(base_url=url.partition("?")[0], timeout=PATIENCE_S, cookies=known)
    assert browser or client.get(url).status_code == 303
    return Running(process, url, client)


def _state(study: Study) -> Path:
    """Where the account keeps such files."""
    return study.folder.parent / "state"


@pytest.fixture
def running(coded: Study) -> Iterator[Running]:
    made = start(coded, "lea")
    yield made
    end(made)


def end(made: Running) -> None:
    made.client.close()
    made.process.send_signal(signal.SIGINT)
    assert made.process.wait(PATIENCE_S) == 0  # the usual way to end it is no error
    assert made.process.stdout is not None
    made.process.stdout.close()


def events(client: httpx2.Client, since: int, count: int) -> list[Any]:
    """So many events as a page hears them."""
    heard: list[Any] = []
    with client.stream("GET", f"/api/events?since={since}") as stream:
        for line in stream.iter_lines():
            if line.startswith("data: {"):
                heard.append(json.loads(line.removeprefix("data: ")) | {"heard": time.time()})
            if len(heard) == count:
                return heard
    return heard


def test_two_tabs_and_the_command_line_hear_of_each_other(running: Running, cli: Any, coded: Study) -> None:
    seq = running.client.get("/api/me").json()["seq"]
    running.send("POST", "/api/moments/D01-S01", {"start_ms": 0, "end_ms": 400})
    done: Result = cli("code", "add", "D01-S01-T001", "push", "--coder", "anna", folder=coded.folder)
    assert done.exit_code == 0, done.output
    with running.page() as tab:
        first, second = events(tab, seq, 2)
    assert [first["author"], second["author"]] == ["lea", "anna"]
    assert ("moment" in first["kinds"], second["kinds"]) == (True, ["coding"])
    assert second["keys"] == ["D01-S01-anna-0001"]
    assert ("codings" in first, second["codings"]) == (False, running.client.get("/api/codings/D01-S01").json())


def test_two_servers_of_one_study_tell_each_others_changes(running: Running, coded: Study) -> None:
    another = start(coded, "ben")
    try:
        seq = running.client.get("/api/me").json()["seq"]
        another.send("POST", "/api/codings", {"target": "D01-S01-T001", "code": "push"})
        with running.page() as tab:
            (heard,) = events(tab, seq, 1)
        assert (heard["author"], heard["what"]) == ("ben", "added coding D01-S01-ben-0001")
    finally:
        end(another)


def test_a_stream_goes_on_where_it_broke_off(running: Running) -> None:
    seq = running.client.get("/api/me").json()["seq"]
    for start_ms in (0, 500):
        running.send("POST", "/api/moments/D01-S01", {"start_ms": start_ms, "end_ms": start_ms + 400})
    with running.page() as tab:
        tab.headers["last-event-id"] = str(seq + 1)
        (heard,) = events(tab, 0, 1)
    assert heard["seq"] == seq + 2


def test_only_this_machine_is_listened_to_and_nothing_of_the_work_is_logged(coded: Study) -> None:
    made = start(coded, "lea")
    assert made.url.startswith("http://127.0.0.1:")
    made.client.get("/api/search?q=something-private")
    made.client.close()
    made.process.send_signal(signal.SIGINT)
    told, _ = made.process.communicate(timeout=PATIENCE_S)
    assert "something-private" not in told


def test_without_the_built_page_one_sentence_says_how_to_build_it(running: Running) -> None:
    answer = running.client.get("/")
    if (page.STATIC / "index.html").is_file():
        assert answer.status_code == 200
    else:
        assert answer.status_code == 503
        assert "pip install ." in answer.text


def test_others_are_not_served_in_clear_nor_without_accounts(cli: Any, coded: Study) -> None:
    bare = cli("open", "--lan", "127.0.0.1", folder=coded.folder)
    assert bare.exit_code == 2
    assert "--certfile" in bare.output
    nobody = cli("open", "--accounts", "--no-browser", folder=coded.folder)
    assert nobody.exit_code == 1
    assert "iprkit account add" in nobody.output


def test_a_port_that_is_taken_is_told(running: Running, cli: Any, coded: Study) -> None:
    port = running.url.partition("?")[0].rstrip("/").rpartition(":")[2]
    answer = cli("open", "--no-browser", "--port", port, folder=coded.folder)
    assert answer.exit_code == 1
    assert f"port {port}" in answer.output
    assert "--port" in answer.output


def test_accounts_are_given_and_taken_at_the_terminal(cli: Any, coded: Study) -> None:
    added = cli("account", "add", "mia", "--role", "coder", "--password", "correct horse", folder=coded.folder)
    assert added.output.strip() == "mia has an account as coder."
    short = cli("account", "password", "mia", "--password", "short", folder=coded.folder)
    assert (short.exit_code, "at least 10" in short.output) == (1, True)
    assert [one["name"] for one in json.loads(cli("account", "list", "--json", folder=coded.folder).stdout)] == ["mia"]
    assert "mia" in cli("coder", "list", folder=coded.folder).output
    assert cli("account", "remove", "mia", folder=coded.folder).exit_code == 0
    assert cli("account", "remove", "mia", folder=coded.folder).exit_code == 1


@pytest.fixture
def again(running: Running, coded: Study) -> Iterator[Callable[[str], Running]]:
    """Ends the server and starts it anew on its port, for somebody; the browser does not open the new address."""
    started = [running]

    def start_again(author: str) -> Running:
        port = int(running.url.partition("?")[0].strip("/").rpartition(":")[2])
        before = started.pop()
        with before.page() as browser:
            end(before)
            started.append(start(coded, author, port, browser))
        return started[0]

    yield start_again
    if started[0] is not running:
        end(started[0])


def test_a_browser_goes_on_after_the_server_was_started_anew(running: Running, again: Callable[[str], Running]) -> None:
    word = running.client.get("/api/me").json()["csrf"]
    anew = again("lea")
    assert anew.client.get("/api/me").json()["csrf"] == word
    anew.send("POST", "/api/moments/D01-S01", {"start_ms": 0, "end_ms": 400})
    with httpx2.Client(base_url=anew.client.base_url, timeout=PATIENCE_S) as stranger:
        assert stranger.get("/api/me").status_code == 401


def test_a_server_started_for_somebody_else_does_not_know_the_browser(again: Callable[[str], Running]) -> None:
    assert again("anna").client.get("/api/me").status_code == 401


def test_who_signed_out_is_not_let_in_by_a_new_start(running: Running, again: Callable[[str], Running]) -> None:
    running.send("POST", "/api/logout", {})
    assert again("lea").client.get("/api/me").status_code == 401


def test_a_working_day_later_the_browser_is_not_known_any_more(
    running: Running, again: Callable[[str], Running], coded: Study
) -> None:
    (file,) = _state(coded).rglob("*.json")
    found = json.loads(file.read_text(encoding="utf-8"))
    assert all(0 < until - time.time() <= LASTS_S for until in found.values())
    file.write_text(json.dumps({one: time.time() - 1 for one in found}), encoding="utf-8")
    assert again("lea").client.get("/api/me").status_code == 401


def test_what_is_kept_of_a_browser_lets_nobody_in(running: Running, coded: Study) -> None:
    (file,) = _state(coded).rglob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (secret,) = running.client.cookies.values()
    text = file.read_text(encoding="utf-8")
    assert secret not in text
    for checksum in json.loads(text):
        cookies = dict.fromkeys(running.client.cookies, checksum)
        with httpx2.Client(base_url=running.client.base_url, cookies=cookies) as thief:
            assert thief.get("/api/me").status_code == 401


def test_copies_that_a_killed_server_left_behind_are_written_by_the_next(coded: Study) -> None:
    killed = start(coded, "lea")
    killed.send("PATCH", "/api/transcripts/D01-S01/segments/D01-S01-T001", {"text": "And what then?"})
    killed.process.kill()
    killed.process.wait(PATIENCE_S)
    assert killed.process.stdout is not None
    killed.process.stdout.close()
    killed.client.close()
    end(start(coded, "lea"))
    copy = coded.folder / "transcripts" / "D01-S01.vtt"
    assert "And what then?" in copy.read_text(encoding="utf-8")
    assert not [place.name for place in copy.parent.iterdir() if place.name.startswith(".")]
