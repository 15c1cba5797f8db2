"""The page in a real browser: Chromium, the real server, and a copy of the sample study, coded by two."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from iprkit.actions.demo_codings import code_sample, settle_sample
from iprkit.database.connect import Study, open_study

ROOT = Path(__file__).parents[2]
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_READY_S = 30.0
_AXE = ROOT / "workbench/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_SWITCHES = ("--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required")


@dataclass
class Server:
    """``iprkit open`` as a program of its own, so that it can be stopped and started again on its port."""

    folder: Path
    coder: str
    port: int
    more: tuple[str, ...] = ()
    running: subprocess.Popen[str] | None = None
    url: str = ""

    def start(self) -> None:
        """Starts it and waits for the address that it tells."""
        how = ["--port", str(self.port), "--no-browser", *self.more]
        words = ["-C", str(self.folder), "--as", self.coder, "open", *how]
        self.running = subprocess.Popen(
            [sys.executable, "-c", "from iprkit.cli import main; main()", *words],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, 
            env={**os.environ, "PYTHONUNBUFFERED": "1", "XDG_STATE_HOME": str(self.folder.parent / "state")},
        )  # fmt: skip
        assert self.running.stdout is not None
        first = self.running.stdout.readline()
        found = re.search(r"https?://\S+", first)
        assert found, first + self.running.stdout.read()
        self.url = found.group()
        _until(lambda: _answers(self.port))

    def stop(self) -> None:
        """Ends it as Ctrl+C does."""
        if self.running is not None:
            self.running.send_signal(signal.SIGINT)
            try:
                self.running.wait(10)
            except subprocess.TimeoutExpired:
                self.running.kill()
                self.running.wait()
            if self.running.stdout is not None:
                self.running.stdout.close()
            self.running = None


@pytest.fixture(scope="module")
def playing() -> Iterator[Playwright]:
    """What drives the browser."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """Where this machine has Chromium."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    assert found, "these tests need Chromium; on Debian: apt-get install chromium"
    return found


@pytest.fixture(scope="module")
def start_chromium(playing: Playwright, chromium_program: str) -> Callable[..., Browser]:
    """Starts a browser: ``start_chromium("--use-fake-device-for-media-stream")``."""

    def start(*more: str) -> Browser:
        return playing.chromium.launch(executable_path=chromium_program, args=[*_SWITCHES, *more])

    return start


@pytest.fixture(scope="module")
def start_profile(playing: Playwright, chromium_program: str) -> Callable[..., BrowserContext]:
    """Starts a browser as people have it, with all that it keeps in a folder."""

    def start(folder: Path, *more: str) -> BrowserContext:
        return playing.chromium.launch_persistent_context(
            folder, executable_path=chromium_program, args=[*_SWITCHES, *more],
            viewport={"width": 1440, "height": 900},
        )  # fmt: skip

    return start


@pytest.fixture(scope="module")
def chromium(start_chromium: Callable[..., Browser]) -> Iterator[Browser]:
    """One browser for all tests; each test has contexts of its own."""
    browser = start_chromium()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def _coded(_recalled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample study as after `iprkit demo`: linked, coded by anna and ben, one difference settled."""
    folder = tmp_path_factory.mktemp("coded") / "study"
    shutil.copytree(_recalled, folder)
    with open_study(folder, "anna") as study:
        for told in (code_sample(study, ROOT / "codings"), settle_sample(study)):
            assert list(told)
    return folder


@pytest.fixture
def sample(_coded: Path, tmp_path: Path) -> Iterator[Study]:
    """A copy of the coded sample study."""
    shutil.copytree(_coded, tmp_path / "sample")
    with open_study(tmp_path / "sample", "anna") as study:
        yield study


@pytest.fixture
def serve(sample: Study) -> Iterator[Callable[..., Server]]:
    """Starts the server for somebody: ``serve("ben")``, ``serve("anna", "--accounts")``; each has its own port."""
    started: list[Server] = []

    def start(coder: str = "anna", *more: str) -> Server:
        server = Server(sample.folder, coder, _free_port(), more)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def open_page(chromium: Browser, serve: Callable[..., Server]) -> Iterator[Callable[..., Page]]:
    """Opens the page in a mode: ``open_page("code")``, for somebody else ``open_page("code", "ben")``.

    What goes wrong in the page fails the test at its end.
    """
    contexts, wrong = [], []

    def start(mode: str = "code", coder: str = "anna", key: str = "D01-S03") -> Page:
        server = serve(coder)
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        enter(page, server, mode, key)
        return page

    yield start
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[Any]]:
    """``violations(page)``: what axe-core finds against the rules, each as its rule and the elements."""
    axe = _AXE.read_text(encoding="utf-8")

    def look(page: Page) -> list[Any]:
        page.evaluate(axe)  # the page's policy lets no script in, so it comes by the driver
        found = page.evaluate("(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", _RULES)
        return [(one["id"], [node["html"][:160] for node in one["nodes"]][:4]) for one in found["violations"]]

    return look


@pytest.fixture(scope="session")
def come_in() -> Callable[..., None]:
    """``come_in(page, server, "code")``: by the address that the server told, into a mode."""
    return enter


def enter(page: Page, server: Server, mode: str, key: str = "D01-S03") -> None:
    """Goes in by the address that the server told, to a session in a mode, and waits until it can be worked with."""
    page.goto(server.url)
    page.wait_for_selector("main.centre")  # until then the page itself still writes its address
    page.goto(f"http://127.0.0.1:{server.port}/#/{key}/{mode}")
    page.reload()
    page.wait_for_selector("main.centre")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as door:
        door.settimeout(0.5)
        return door.connect_ex(("127.0.0.1", port)) == 0


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + _READY_S
    while not true():
        assert time.monotonic() < end, "the server does not answer"
        time.sleep(0.05)
