"""The video in a window of its own: one clock with the page, worked from either, and back when it is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

Opened = Callable[..., Page]
AT = "() => document.querySelector('video').currentTime"
STANDS_AT = """(s) => {
  const video = document.querySelector("video");
  return video.readyState > 0 && Math.abs(video.currentTime - s) < 0.6;
}"""
PAUSED = "() => document.querySelector('video').paused"


def test_page_and_window_are_worked_from_either_on_one_clock(open_page: Opened) -> None:
    page = open_page("transcribe")
    page.locator("[data-segment='D01-S03-C002'] [data-w]").first.click()
    page.keyboard.press("F4")
    page.wait_for_function("() => document.querySelector('video').currentTime > 10")
    before = page.evaluate(AT)
    other = _detach(page)
    expect(page.get_by_text("The video is in a window of its own.")).to_be_visible()
    other.wait_for_function(STANDS_AT, arg=before)
    other.locator("video").click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.wait_for_selector("[data-now]")
    other.keyboard.press("F4")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    other.wait_for_function(PAUSED)
    page.get_by_role("button", name="+5 s").click()
    stood = other.evaluate(AT)
    other.keyboard.press("F5")
    other.wait_for_function(STANDS_AT, arg=stood + 5)
    other.close()
    page.wait_for_function(STANDS_AT, arg=stood + 5)
    expect(page.get_by_text("The video is in a window of its own.")).to_have_count(0)


def test_the_window_goes_along_through_the_modes_and_away_with_the_page(open_page: Opened) -> None:
    page = open_page("code")
    page.get_by_role("button", name="+5 s").click()
    other = _detach(page)
    other.wait_for_function(STANDS_AT, arg=5)
    page.keyboard.press("Alt+6")
    expect(other.locator("video")).to_have_count(0)
    page.keyboard.press("Alt+2")
    other.wait_for_function(STANDS_AT, arg=5)
    page.keyboard.press("Alt+3")
    page.get_by_role("button", name="Bring it back").click()
    page.wait_for_function(STANDS_AT, arg=5)
    other = _detach(page)
    with other.expect_event("close"):
        page.reload()


def test_a_window_that_the_browser_forbids_is_said(
    chromium: Browser, serve: Callable[..., Any], come_in: Callable[..., None]
) -> None:
    page = chromium.new_page()
    page.route("**/", _without_windows)
    come_in(page, serve(), "code")
    page.get_by_role("button", name="Detach").click()
    expect(page.locator(".toast")).to_contain_text("The browser did not allow a second window")
    expect(page.get_by_text("The video is in a window of its own.")).to_have_count(0)
    page.close()


def _without_windows(route: Route) -> None:
    """The page under a policy of the browser's that lets it open no windows."""
    answer = route.fetch(max_redirects=0)
    locked = f"{answer.headers['content-security-policy']}, sandbox allow-scripts allow-same-origin"
    route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": locked})


def _detach(page: Page) -> Page:
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Detach").click()
    return opened.value
