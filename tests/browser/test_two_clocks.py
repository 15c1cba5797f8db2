"""A session and the interviews about it, side by side: nothing of the one's clock is shown or done on the other's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from iprkit.actions import history, maps
from iprkit.database.connect import Study
from iprkit.linking.corrections import Edit

Opened = Callable[..., Page]
CLIENT = "D01-S03-client"


def test_a_key_held_down_moves_an_edge_as_far_as_it_was_held(open_page: Opened, sample: Study) -> None:
    page = open_page("link-recall")
    before = maps.show_map(sample, CLIENT).rows[0].piece.interview
    _stretches(page).get_by_role("button").first.click()
    edge = page.get_by_role("slider", name="End of stretch 1")
    for _ in range(5):
        edge.press("ArrowLeft")
    expect(edge).to_have_attribute("aria-valuenow", str(before.end_ms - 500))
    expect(page.locator(".toast")).to_contain_text("Moved")
    expect(page.locator("header")).to_contain_text("Saved")
    page.keyboard.press("Alt+x")
    expect(page.locator(".toast")).to_contain_text("to where the stretch is to be split")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert maps.show_map(sample, CLIENT).rows[0].piece.interview.end_ms == before.end_ms - 500


def test_the_time_map_is_scrolled_by_key(open_page: Opened) -> None:
    page = open_page("link-recall")
    _stretches(page).get_by_role("button").first.click()
    page.keyboard.press("+")
    page.keyboard.press("+")
    edge = page.get_by_role("slider", name="End of stretch 1")
    left = edge.evaluate("one => one.offsetLeft")
    page.get_by_role("region", name="Both waveforms").press("PageDown")
    page.wait_for_function("([one, left]) => one.offsetLeft < left", arg=[edge.element_handle(), left])
    page.get_by_role("region", name="Both waveforms").press("PageUp")
    page.wait_for_function("([one, left]) => one.offsetLeft === left", arg=[edge.element_handle(), left])


def test_an_edge_that_is_only_clicked_stays_as_it_was_found(open_page: Opened, sample: Study) -> None:
    page = open_page("link-recall")
    done = len(history.history(sample, CLIENT))
    _stretches(page).get_by_role("button").first.click()
    page.get_by_role("slider", name="End of stretch 1").click()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".toast")).to_contain_text("Moved")
    expect(page.locator("header")).to_contain_text("Saved")
    assert len(history.history(sample, CLIENT)) == done + 1


def test_of_a_stretch_that_two_changed_both_places_are_shown_and_one_decides(
    chromium: Browser, serve: Callable[..., Any], come_in: Callable[..., None], sample: Study
) -> None:
    server = serve()
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    come_in(page, server, "link-recall")
    _stretches(page).get_by_role("button").first.click()
    server.stop()
    page.get_by_role("slider", name="End of stretch 1").press("Shift+ArrowLeft")
    piece = maps.show_map(sample, CLIENT).rows[0].piece
    maps.edit_map(sample, CLIENT, Edit(pin=(1,)))
    server.start()
    clash = page.get_by_role("alert")
    end_s = piece.interview.end_ms // 100
    expect(clash).to_contain_text("The time map of D01-S03-client was changed meanwhile. Yours is not stored.")
    mine, theirs = f"Yours.*–0:{(end_s - 10) // 10}", f"Now in the study.*–0:{end_s // 10}.*pinned"
    expect(clash).to_contain_text(re.compile(f"{mine}.*{theirs}"))
    clash.get_by_role("button", name="Use mine").click()
    expect(clash).to_have_count(0)
    expect(page.locator("header")).to_contain_text("Saved")
    row = maps.show_map(sample, CLIENT).rows[0]
    assert row.piece.interview.end_ms == piece.interview.end_ms - 1000
    context.close()


def test_a_stretch_that_ends_before_it_begins_is_told_and_not_sent(open_page: Opened) -> None:
    page = open_page("link-recall")
    _stretches(page).get_by_role("button").first.click()
    field = page.get_by_label("Interview from")
    before = field.input_value()
    field.fill("1:30:00")
    field.press("Tab")
    expect(page.get_by_role("alert")).to_have_text("A stretch ends after it begins; nothing was changed.")
    expect(field).to_have_value(before)


def test_after_linking_the_keys_are_the_sessions_again(open_page: Opened) -> None:
    page = open_page("link-recall")
    expect(page.get_by_role("button", name="Play the interview")).to_be_visible()
    page.keyboard.press("Alt+3")
    page.keyboard.press("F4")
    page.wait_for_function("() => document.querySelector('section[aria-label=Recording] video').currentTime > 0")
    page.keyboard.press("F4")
    page.get_by_role("button", name="Play the interview").click()
    page.wait_for_function("() => !document.querySelector('section[aria-label^=Recall] video').paused")
    page.keyboard.press("F4")
    page.wait_for_function("() => document.querySelector('section[aria-label^=Recall] video').paused")


def test_the_sessions_codes_do_not_stand_on_an_interviews_words(open_page: Opened) -> None:
    page = open_page("code", key=CLIENT)
    expect(page.locator("[data-segment]").first).to_be_visible()
    expect(page.locator(".bracket")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^D01-S03 ")).click()
    expect(page.locator(".bracket").first).to_be_visible()


@pytest.mark.parametrize("mode", ["compare", "adjudicate", "report"])
def test_what_is_about_a_session_leads_to_it_from_an_interview(open_page: Opened, mode: str) -> None:
    page = open_page(mode)
    page.get_by_role("button", name=re.compile("^client recall ")).click()
    expect(page.get_by_role("status").first).to_contain_text(f"{mode.title()} is about the session D01-S03.")
    expect(page.locator("main.centre")).to_have_attribute("aria-label", f"{mode.title()}: D01-S03")


def test_an_interview_that_is_opened_in_link_recall_is_linked_there(open_page: Opened) -> None:
    page = open_page("link-recall")
    page.evaluate("location.hash = '#/D01-S03-therapist/link-recall'")
    expect(page.locator("main.centre")).to_have_attribute("aria-label", "Link recall: D01-S03")
    choice = page.get_by_role("group", name="Recall interviews").first
    expect(choice.get_by_role("button", name="therapist’s recall")).to_have_attribute("aria-pressed", "true")


def _stretches(page: Page) -> Locator:
    return page.get_by_role("region", name="Stretches")
