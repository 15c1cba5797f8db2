"""The server is started again while pages are open: they go on by themselves, or say plainly what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from iprkit.actions import transcripts
from iprkit.database.connect import Study


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def server(serve: Callable[..., Any]) -> Any:
    return serve()


@pytest.fixture
def page(context: BrowserContext, server: Any, come_in: Callable[..., None]) -> Page:
    page = context.new_page()
    come_in(page, server, "transcribe")
    return page


def test_the_page_goes_on_by_itself_after_the_server_was_started_anew(page: Page, server: Any, sample: Study) -> None:
    server.stop()
    _correct(page, " Meanwhile.")
    expect(page.get_by_text("1 change is kept in this browser")).to_be_visible(timeout=20_000)
    server.start()
    _is_saved(page)
    assert transcripts.show(sample, "D01-S03").segments[0].text.endswith("Meanwhile.")
    _correct(page, " Afterwards.")
    _is_saved(page)
    assert transcripts.show(sample, "D01-S03").segments[0].text.endswith("Meanwhile. Afterwards.")


def test_a_browser_that_is_not_known_any_more_is_told_and_revived_by_another_tab(
    context: BrowserContext, page: Page, server: Any, sample: Study
) -> None:
    server.stop()
    _correct(page, " Meanwhile.")
    shutil.rmtree(sample.folder.parent / "state")
    server.start()
    told = "open the address that it tells, in any tab; this page then goes on by itself"
    expect(page.get_by_text(told)).to_be_visible(timeout=20_000)
    assert not transcripts.show(sample, "D01-S03").segments[0].text.endswith("Meanwhile.")
    other = context.new_page()
    other.goto(server.url)
    _is_saved(page)
    assert transcripts.show(sample, "D01-S03").segments[0].text.endswith("Meanwhile.")
    other.close()
    _correct(page, " Afterwards.")
    _is_saved(page)
    assert transcripts.show(sample, "D01-S03").segments[0].text.endswith("Meanwhile. Afterwards.")


def _correct(page: Page, words: str) -> None:
    page.locator("[data-segment] p").first.dblclick()
    field = page.get_by_role("textbox", name="Text of D01-S03-T001")
    field.press("End")
    field.press_sequentially(words)
    field.press("Control+Enter")
    expect(field).to_have_count(0)


def _is_saved(page: Page) -> None:
    expect(page.locator(".saved")).to_contain_text("Saved", timeout=20_000)
    expect(page.locator(".banner")).to_have_count(0, timeout=20_000)
