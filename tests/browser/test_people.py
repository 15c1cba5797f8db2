"""Several people by name and password over an encrypted way: each gets in, does their part, and leaves nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from iprkit.actions import codings, history, transcripts
from iprkit.actions.accounts import add_account
from iprkit.actions.assignments import Plan, assign
from iprkit.actions.codings import Sought
from iprkit.database.connect import Study

PASSWORD = "a horse and a battery"
PEOPLE = {"lea": "researcher", "ben": "coder", "rita": "reader"}


@pytest.fixture
def lan(sample: Study, tmp_path: Path, serve: Callable[..., Any]) -> Any:
    """The study under a certificate, for three who have accounts."""
    for name, role in PEOPLE.items():
        add_account(sample, name, role, PASSWORD)
    key, certificate = _certificate(tmp_path)
    return serve("lea", "--lan", "127.0.0.1", "--certfile", str(certificate), "--keyfile", str(key))


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that takes the certificate for good, as one does where it was installed."""
    context = chromium.new_context(
        ignore_https_errors=True, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, lan: Any) -> Page:
    """The way in."""
    page = context.new_page()
    page.goto(lan.url)
    return page


def test_who_gives_a_wrong_password_stays_outside_and_who_signs_out_is_out(page: Page, lan: Any, sample: Study) -> None:
    _sign_in(page, "lea", "a horse and a camel")
    expect(page.get_by_role("alert")).to_have_text("name and password do not belong together")
    expect(page.get_by_label("Password")).to_be_focused()
    _sign_in(page, "lea")
    _begin_correction(page)
    page.keyboard.type(" Truly.")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.request.get(f"{lan.url}api/study").status == 401
    newest = history.history(sample, "D01-S03")[-1]
    assert newest.author == "lea"
    assert transcripts.show(sample, "D01-S03").segments[0].text.endswith("Truly.")


def test_what_one_left_half_written_waits_for_her_alone(page: Page, context: BrowserContext, lan: Any) -> None:
    _sign_in(page, "lea")
    _begin_correction(page)
    page.keyboard.type(" Half a sen")
    context.clear_cookies()
    page.goto(lan.url)
    _sign_in(page, "ben")
    expect(page.get_by_role("banner")).to_contain_text("ben · coder")
    expect(page.get_by_role("textbox", name="Text of")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    _sign_in(page, "lea")
    expect(page.get_by_role("textbox", name="Text of D01-S03-T001")).to_contain_text("Half a sen")


def test_a_coder_codes_blind_and_leaves_text_to_researchers(page: Page, sample: Study) -> None:
    assign(sample, Plan("real-relationship", ("anna", "ben")))
    _sign_in(page, "ben")
    page.keyboard.press("Alt+3")
    expect(page.locator("[aria-label*='· ben']").first).to_be_visible()
    expect(page.locator("[aria-label*='· anna']")).to_have_count(0)
    expect(page.get_by_role("region", name="Assignment")).to_contain_text("left")
    expect(page.get_by_role("button", name="Assign coding…")).to_have_count(0)
    page.keyboard.press("Alt+1")
    page.locator("[data-segment] p").first.dblclick()
    expect(page.locator(".toast")).to_contain_text("You are here as a coder")
    expect(page.get_by_role("textbox", name="Text of")).to_have_count(0)


def test_a_reader_looks_at_everything_and_is_told_that_nothing_is_changed(page: Page, sample: Study) -> None:
    _sign_in(page, "rita")
    page.keyboard.press("Alt+3")
    before = len(codings.list_codings(sample, Sought("D01-S03")).codings)
    page.keyboard.press("j")
    expect(page.get_by_role("region", name="Codings here")).to_contain_text("anna")
    page.keyboard.press("1")
    expect(page.locator(".toast")).to_have_text("You are here as a reader: look at everything, but nothing is changed.")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(codings.list_codings(sample, Sought("D01-S03")).codings) == before


def test_a_change_outlives_a_server_that_was_started_anew(page: Page, lan: Any, sample: Study) -> None:
    _sign_in(page, "lea")
    lan.stop()
    _begin_correction(page)
    page.keyboard.type(" Kept.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 change is kept in this browser")).to_be_visible()
    lan.start()
    page.get_by_role("button", name="Sign in").click()
    _sign_in(page, "lea")
    expect(page.get_by_role("region", name="Turns")).to_contain_text("Kept.")
    expect(page.get_by_role("banner")).to_contain_text("Saved")
    assert transcripts.show(sample, "D01-S03").segments[0].text.endswith("Kept.")


def _sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    if password == PASSWORD:
        page.wait_for_selector("main.centre", timeout=20_000)


def _begin_correction(page: Page) -> None:
    page.keyboard.press("Alt+1")
    page.locator("[data-segment] p").first.dblclick()
    page.get_by_role("textbox", name="Text of D01-S03").press("End")


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate for this machine, as a lab makes its own."""
    program = shutil.which("openssl")
    assert program, "these tests need openssl; on Debian: apt-get install openssl"
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    wish = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    files = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([program, *wish, *files], check=True, capture_output=True)
    return key, certificate
