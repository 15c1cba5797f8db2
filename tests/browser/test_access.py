"""The page can be used by everybody: axe-core finds nothing against WCAG 2.2 AA, in any mode, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from iprkit.actions.accounts import add_account
from iprkit.actions.recordings import Intake
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database.connect import Study

ROOT = Path(__file__).parents[2]
FOCUSED = """() => {
  const here = document.activeElement;
  return [here.getAttribute('aria-label') || here.textContent.trim(), getComputedStyle(here).outlineStyle];
}"""
LOOKS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MODES = ["transcribe", "link-recall", "code", "compare", "adjudicate", "report"]

Opened = Callable[..., Page]
Looked = Callable[[Page], list[Any]]


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_no_violation_in_light_and_dark(open_page: Opened, mode: str, violations: Looked) -> None:
    page = open_page(mode)
    _choose_something(page, mode)
    assert violations(page) == []
    page.get_by_role("button", name="Dark", exact=True).click()
    assert violations(page) == []


def test_axe_finds_no_violation_in_what_opens_above_the_page(open_page: Opened, violations: Looked) -> None:
    page = open_page("code")
    for look in ("Dark", "Light"):
        page.get_by_role("button", name=look, exact=True).click()
        page.keyboard.press("ArrowDown")
        for key in ("?", "/"):
            page.keyboard.press(key)
            page.get_by_role("dialog").wait_for()
            assert violations(page) == []
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_have_count(0)
        page.keyboard.press("Control+h")
        page.get_by_role("complementary", name="History").wait_for()
        assert violations(page) == []
        page.keyboard.press("Control+h")


def test_axe_finds_no_violation_in_the_recall_room_while_it_records_and_where_it_was_left(
    start_chromium: Callable[..., Browser],
    serve: Callable[..., Any],
    come_in: Callable[..., None],
    sample: Study,
    violations: Looked,
) -> None:
    sound = sources_of([ROOT / "recordings/d01-s03-stereo.ogg"])
    add_session(sample, ("D01", 4), sound, None, Intake(link=True))
    browser = start_chromium("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    page = browser.new_page(reduced_motion="reduce")
    come_in(page, serve(), "link-recall", "D01-S04")
    for look, begin in (("Dark", "Start recording"), ("Light", "Go on with it")):
        page.get_by_role("button", name=look, exact=True).click()
        page.get_by_role("button", name="Hold an interview here").click()
        page.get_by_role("button", name=begin).wait_for()
        assert violations(page) == []
        page.get_by_role("button", name=begin).click()
        page.get_by_text("Stored as it comes").wait_for()
        page.keyboard.press("Space")
        expect(page.get_by_role("list", name="Noted")).to_contain_text("play")
        assert violations(page) == []
        page.wait_for_timeout(1500)  # a piece of the sound is stored
        page.reload()
        expect(page.get_by_text("was left open.")).to_be_visible()
    browser.close()


def test_axe_finds_no_violation_at_the_way_in_and_after_a_wrong_password(
    chromium: Browser, serve: Callable[..., Any], sample: Study, violations: Looked
) -> None:
    add_account(sample, "lea", "researcher", "a horse and a battery")
    page = chromium.new_page(reduced_motion="reduce")
    page.goto(serve("lea", "--accounts").url)
    for look in LOOKS:
        page.emulate_media(color_scheme=look)
        page.get_by_label("Name").fill("lea")
        page.get_by_label("Password").fill("a guess")
        assert violations(page) == []
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("alert").wait_for()
        assert violations(page) == []
        page.reload()
    page.close()


def test_axe_finds_no_violation_where_recordings_come_in_and_speakers_are_put_right(
    open_page: Opened, sample: Study, record: Callable[..., Path], violations: Looked
) -> None:
    add_session(sample, ("D01", 5), ())
    page = open_page("transcribe")
    for look in ("Dark", "Light"):
        page.get_by_role("button", name=look, exact=True).click()
        page.locator("button.chip").first.click()
        page.get_by_role("dialog").wait_for()
        assert violations(page) == []
        page.keyboard.press("Escape")
        page.get_by_role("button", name="D01-S05").click()
        torn = record("torn.wav")
        torn.write_bytes(b"nothing to hear")
        field = page.get_by_label("Recording files")
        field.set_input_files(torn)
        page.get_by_role("alert").wait_for()
        field.set_input_files([torn, record("b.wav")])
        page.get_by_role("group", name="Parts in order").wait_for()
        assert violations(page) == []
        page.get_by_role("button", name="D01-S03").click()


def test_axe_finds_no_violation_in_the_window_of_the_video_and_the_page_without_it(
    open_page: Opened, violations: Looked
) -> None:
    page = open_page("code")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Detach").click()
    page.get_by_role("button", name="Bring it back").wait_for()
    for look in ("Dark", "Light"):
        page.get_by_role("button", name=look, exact=True).click()
        assert violations(page) == []
    assert violations(opened.value) == []


def test_every_control_is_reached_by_tab_and_shows_that_it_has_the_focus(open_page: Opened) -> None:
    page = open_page("code")
    reached = []
    for _ in range(130):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    assert {"Transcribe", "Play", "Turns", "Playhead on the time axis"} <= {name for name, _ in reached}
    assert {outline for name, outline in reached if name in ("Play", "Turns", "Transcribe")} == {"solid"}


def _choose_something(page: Page, mode: str) -> None:
    if mode in ("compare", "adjudicate"):
        page.keyboard.press("j")
        page.get_by_role("table").first.wait_for()
    elif mode == "link-recall":
        page.get_by_role("region", name="Stretches").get_by_role("button").first.click()
    elif mode == "code":
        page.keyboard.press("j")
        page.keyboard.press("1")
    page.wait_for_timeout(300)
