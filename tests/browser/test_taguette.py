"""The real Taguette reads every codebook that comes with iprkit, in its own pages, and gives it back.

`make test-peers` runs this: Taguette needs an older SQLAlchemy than iprkit, so it gets an environment of its own.
``IPRKIT_KEEP_SAMPLE=1`` also renews the sample that every run of the tests reads.
"""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from iprkit.codebook import Codebook
from iprkit.formats.codebooks import read_codebook
from iprkit.formats.foreign import read_foreign
from iprkit.formats.taguette import write_taguette

pytestmark = pytest.mark.peers
ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests/formats/samples/refi/taguette_1.5.2_cis.sqlite3"
BOOKS = sorted((ROOT / "codebooks").glob("*.yaml"))


@pytest.fixture(scope="module")
def server(peer: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Taguette for a single person; its address with the token that it tells."""
    home = tmp_path_factory.mktemp("taguette")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--no-browser", "-b", "127.0.0.1", "-p", str(port), "--database", str(home / "taguette.sqlite3")]
    with (home / "told").open("w") as told:
        running = subprocess.Popen(
            [str(peer("taguette==1.5.2") / "taguette"), *words],
            stdin=subprocess.DEVNULL, stdout=told, stderr=told, env={**os.environ, "HOME": str(home)},
        )  # fmt: skip
    try:
        yield _address(home / "told")
    finally:
        running.terminate()
        running.wait(20)


def _address(told: Path) -> str:
    end = time.monotonic() + 60
    while not (found := re.search(r"http://\S+token=\S+", told.read_text())):
        assert time.monotonic() < end, told.read_text()
        time.sleep(0.2)
    return found[0]


@pytest.fixture(scope="module")
def page(chromium: Browser, server: str) -> Page:
    """Its page, signed in; nothing but Taguette itself is reached."""
    made = chromium.new_context().new_page()
    made.route("**", lambda route: route.continue_() if "//localhost:" in route.request.url else route.abort())
    made.goto(server, wait_until="domcontentloaded")
    return made


def through_taguette(page: Page, book: Codebook, table: Path, out: Path) -> Path:
    """What Taguette exports of a project into which somebody imported the table, as they would by hand."""
    with table.open("wb") as stream:
        write_taguette(book, stream)
    here = page.url.split("/project")[0].split("/?")[0].rstrip("/")
    page.goto(f"{here}/project/new", wait_until="domcontentloaded")
    page.fill("input[name=name]", book.name)
    page.click("input[type=submit], button[type=submit]")
    page.wait_for_url(re.compile(r"/project/\d+$"), wait_until="domcontentloaded")
    project = page.url
    page.goto(f"{project}/import_codebook", wait_until="domcontentloaded")
    page.set_input_files("input[name=file]", table)
    page.click("input[type=submit]")
    page.wait_for_selector("input[name=tag0-path]", state="attached")
    page.click("input[type=submit]")
    page.wait_for_url(project, wait_until="domcontentloaded")
    out.write_bytes(page.request.get(f"{project}/export/project.sqlite3").body())
    return out


@pytest.mark.parametrize("file", BOOKS, ids=lambda file: file.stem)
def test_taguette_keeps_every_code_with_its_place_and_description(page: Page, file: Path, tmp_path: Path) -> None:
    book = read_codebook(file.read_bytes(), file.stem, file.stem, file.name)
    made = through_taguette(page, book, tmp_path / "codes.csv", tmp_path / "project.sqlite3")
    with closing(sqlite3.connect(made)) as database:
        kept = dict(database.execute("SELECT path, description FROM tags WHERE path != 'interesting'"))
    table = BytesIO()
    write_taguette(book, table)
    ours = read_codebook(table.getvalue(), file.stem, "", "codes.csv")
    assert len(kept) == len(book.active) == len(ours.codes)
    (theirs,) = read_foreign(made).values.codebooks
    assert {(c.key, c.name, c.parent, c.definition, c.include, c.exclude, c.examples) for c in ours.codes} == {
        (c.key, c.name, c.parent, c.definition, c.include, c.exclude, c.examples)
        for c in theirs.codes if c.key != "interesting"
    }  # fmt: skip
    if os.environ.get("IPRKIT_KEEP_SAMPLE") and file.stem == "cis":
        SAMPLE.write_bytes(made.read_bytes())


def test_taguette_refuses_a_codebook_of_refi(page: Page, tmp_path: Path) -> None:
    """Which is why docs/howto/taguette.md names the table: a .qdc is what Taguette writes, and does not read."""
    here = re.sub(r"(/project/\d+).*", r"\1", page.url)
    page.goto(f"{here}/import_codebook", wait_until="domcontentloaded")
    page.set_input_files("input[name=file]", ROOT / "tests/formats/samples/ours/codebook.qdc")
    page.click("input[type=submit]")
    assert page.locator(".alert-danger").inner_text().strip()
