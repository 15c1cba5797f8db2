"""The right side shows what was chosen, at once and with its history; the left side finds what is still to be done."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from iprkit.actions import coders, codings, recalls, sessions
from iprkit.actions.codings import Sought
from iprkit.actions.recalls import Held
from iprkit.database.connect import Study

from .test_access import LOOKS

Opened = Callable[..., Page]


def test_a_codings_history_stands_beside_it(open_page: Opened) -> None:
    page = open_page("code")
    page.keyboard.press("j")
    page.keyboard.press("1")
    page.keyboard.press("5")
    expect(page.locator("header")).to_contain_text("Saved")
    page.get_by_text("History", exact=True).last.click()
    past = page.get_by_role("list", name=re.compile("^History of "))
    expect(past.get_by_role("listitem").first).to_contain_text("anna changed coding")
    page.keyboard.press("Control+z")
    expect(past).to_contain_text("taken back")


def test_one_thing_changed_twice_in_a_moment_is_no_conflict_with_oneself(open_page: Opened, sample: Study) -> None:
    page = open_page("code")
    page.keyboard.press("j")
    page.keyboard.press("1")
    page.keyboard.press("5")
    page.get_by_role("textbox", name="Memo").fill("a first thought")
    page.get_by_role("combobox", name="About").select_option("client")
    page.get_by_role("combobox", name="How sure").select_option("low")
    page.keyboard.press("Tab")
    expect(page.locator("header")).to_contain_text("Saved")
    page.keyboard.press("Alt+2")
    page.get_by_role("region", name="Comments").get_by_role("button").nth(1).click()
    page.get_by_label("may be quoted").check()
    page.get_by_label("may be shown to the other party").check()
    expect(page.locator("header")).to_contain_text("Saved")
    expect(page.get_by_role("alert")).to_have_count(0)
    comment = recalls.show(sample, "D01-S03-client").comments[1]
    assert (comment.may_be_quoted, comment.may_be_shown) == (True, True)
    (mine,) = [
        one for one in codings.list_codings(sample, Sought("D01-S03", "anna")).codings if one.memo == "a first thought"
    ]
    assert (mine.rating, mine.about, mine.certainty) == (5, "client", "low")


def test_changes_of_one_thing_that_waited_for_the_server_all_arrive(
    chromium: Browser, serve: Callable[..., Any], come_in: Callable[..., None], sample: Study
) -> None:
    server = serve()
    page = chromium.new_context().new_page()
    come_in(page, server, "code")
    page.keyboard.press("j")
    page.keyboard.press("1")
    page.keyboard.press("5")
    expect(page.locator("header")).to_contain_text("Saved")
    server.stop()
    page.get_by_role("combobox", name="About").select_option("therapist")
    page.get_by_role("combobox", name="How sure").select_option("medium")
    expect(page.locator("header")).to_contain_text("2 waiting")
    server.start()
    expect(page.locator("header")).to_contain_text("Saved", timeout=20_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    mine = [one for one in codings.list_codings(sample, Sought("D01-S03", "anna")).codings if one.rating == 5]
    assert ("therapist", "medium") in {(one.about, one.certainty) for one in mine}
    page.context.close()


def test_what_was_settled_is_opened_from_the_time_axis(open_page: Opened) -> None:
    page = open_page("code")
    lane = page.locator(".label", has_text="Settled").bounding_box()
    axis = page.get_by_role("slider", name="Playhead on the time axis").bounding_box()
    assert lane is not None
    assert axis is not None
    page.mouse.click(axis["x"] + axis["width"] * 0.1, lane["y"] + lane["height"] / 2)
    expect(page.get_by_role("region", name="Settled")).to_contain_text("they do not rule the whole window")


def test_the_rating_is_in_sight_as_soon_as_a_code_is_given(open_page: Opened) -> None:
    page = open_page("code")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.keyboard.press("j")
    expect(page.get_by_role("region", name="Selection")).to_be_in_viewport()
    page.keyboard.press("1")
    expect(page.get_by_role("button", name=re.compile("^5: very much"))).to_be_in_viewport(ratio=1)
    coding, selection = (page.get_by_role("region", name=name, exact=True) for name in ("Coding", "Selection"))
    assert _top(coding) < _top(selection)


def test_a_coders_lane_is_unfolded_until_its_codes_can_be_read(open_page: Opened) -> None:
    page = open_page("code")
    name = page.get_by_role("region", name="Time axis").get_by_role("button", name="anna", exact=True)
    lane = name.locator("..")
    expect(name).to_have_attribute("aria-expanded", "false")
    before = _height(lane)
    name.press("Enter")
    expect(name).to_have_attribute("aria-expanded", "true")
    assert _height(lane) > before
    lanes, head = name.locator("xpath=../../../.."), page.get_by_role("slider", name="Playhead on the time axis")
    head.press("Shift+PageDown")
    page.wait_for_function("(one) => one.scrollTop > 0", arg=lanes.element_handle())
    head.press("Shift+PageUp")
    page.wait_for_function("(one) => one.scrollTop === 0", arg=lanes.element_handle())
    name.hover()
    page.mouse.wheel(0, 100)
    page.wait_for_function("(one) => one.scrollTop > 0", arg=lanes.element_handle())
    name.press("Enter")
    assert _height(lane) == before


def test_the_history_goes_back_as_far_as_one_wants(open_page: Opened, sample: Study) -> None:
    for number in range(200):
        coders.add_coder(sample, f"helper{number}")
    page = open_page("code")
    page.keyboard.press("Control+h")
    listed = page.get_by_role("list", name="Changes, newest first")
    expect(listed).to_contain_text("helper199")
    expect(listed).not_to_contain_text("created the study")
    page.get_by_role("button", name="Show older").click()
    expect(listed).to_contain_text("created the study")
    expect(page.get_by_role("button", name="Show older")).to_have_count(0)


def test_an_open_page_follows_the_systems_light_and_dark_and_esc_clears_the_search(open_page: Opened) -> None:
    page = open_page("code")
    for look in LOOKS[::-1]:
        page.emulate_media(color_scheme=look)
        expect(page.locator("html")).to_have_attribute("data-look", look)
    field = page.get_by_label("Search the study")
    field.fill("bus")
    field.press("Escape")
    expect(field).to_have_value("")
    assert page.evaluate("document.querySelector('video').paused")


def test_after_a_choice_by_pointer_the_keys_are_the_pages(open_page: Opened) -> None:
    page = open_page("code")
    page.keyboard.press("ArrowDown")
    speed = page.get_by_label("Speed")
    speed.focus()
    speed.dispatch_event("pointerdown")
    speed.select_option("1.5")
    page.keyboard.press("1")
    expect(page.get_by_role("region", name="Coding", exact=True)).to_contain_text("Client withdrawal")
    expect(speed).to_have_value("1.5")


def test_the_list_says_where_no_session_is_as_sought_and_finds_interviews_left_to_link(
    open_page: Opened, sample: Study
) -> None:
    page = open_page("transcribe")
    show = page.get_by_label("Show sessions")
    show.select_option("linked")
    expect(page.get_by_text("No session is like that.")).to_be_visible()
    sessions.add_session(sample, ("D01", 4), [])
    recalls.add_recall(sample, ("D01", 4), Held("client"), [])
    page.reload()
    show.select_option("linked")
    expect(page.get_by_role("button", name=re.compile("^D01-S04 "))).to_be_visible()


def test_the_repeated_turn_is_the_one_that_was_gone_to(open_page: Opened) -> None:
    page = open_page("transcribe")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+l")
    for _ in range(8):
        page.keyboard.press("ArrowDown")
    there = page.evaluate("document.querySelector('video').currentTime")
    page.keyboard.press("F4")
    page.wait_for_function("(from) => document.querySelector('video').currentTime > from + 0.2", arg=there)


def test_after_a_correction_the_keyboard_stands_at_its_segment(open_page: Opened) -> None:
    page = open_page("transcribe")
    page.locator("[data-segment]").nth(2).locator("p").dblclick()
    field = page.get_by_role("textbox", name=re.compile("Text of"))
    field.press("End")
    field.press("Control+j")
    expect(field).to_have_text(re.compile(r" \[\d:\d\d\.\d\]\s?$"))
    field.press("Control+Enter")
    expect(page.get_by_role("region", name="Turns")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    after = page.locator("[data-segment]").nth(3).get_attribute("data-segment")
    expect(field).to_have_attribute("aria-label", f"Text of {after}")


def test_a_file_that_is_refused_says_why_and_is_saved_without_what_must_not_be_quoted(open_page: Opened) -> None:
    page = open_page("report")
    row = page.get_by_role("row", name=re.compile("^Client and therapist at the same moment"))
    row.get_by_role("link", name="docx").click()
    told = row.get_by_role("alert")
    expect(told).to_contain_text("a permission is lacking for")
    expect(told).to_contain_text("Link recall, at each comment")
    with page.expect_download() as saved:
        told.get_by_role("button", name="Save without them").click()
    assert saved.value.suggested_filename == "D01-S03-moments.docx"
    expect(told).to_have_count(0)


def _height(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["height"]


def _top(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"]
