"""Somebody who never saw the page comes to a first own code, finds the memos, and has the keys their hands know."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from iprkit.actions import codings, moments
from iprkit.actions.coders import list_coders
from iprkit.actions.codings import Sought
from iprkit.actions.moments import Wanted
from iprkit.database.connect import Study
from iprkit.timeline import Span
from iprkit.web.keymap import ACTIONS, FILE

Opened = Callable[..., Page]


def test_whoever_is_no_coder_yet_becomes_one_with_the_first_code(open_page: Opened, sample: Study) -> None:
    page = open_page("code", "lea")
    page.locator("[data-w]").first.click()
    page.keyboard.press("1")
    expect(page.get_by_role("dialog", name="Code as lea?")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("given to whole stretches of 60 s: here 0:00–1:00")
    page.keyboard.press("4")
    expect(page.locator("header")).to_contain_text("Saved")
    assert "lea" in {one.name for one in list_coders(sample)}
    (first,) = [one for one in codings.list_codings(sample, Sought("D01-S03")).codings if one.coder == "lea"]
    assert (first.code, first.rating, first.anchor.target.key) == ("WD_P", 4, "D01-S03-W60s-01")


def test_who_does_not_want_to_code_leaves_nothing_behind(open_page: Opened, sample: Study) -> None:
    page = open_page("code", "lea")
    page.locator("[data-w]").first.click()
    page.keyboard.press("1")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert "lea" not in {one.name for one in list_coders(sample)}


def test_a_press_between_two_lines_selects_the_words_beside_it(open_page: Opened) -> None:
    page = open_page("code")
    first, last = page.locator("[data-w]").nth(2).bounding_box(), page.locator("[data-w]").nth(5).bounding_box()
    assert first is not None
    assert last is not None
    page.mouse.move(first["x"] + 4, first["y"] - 2)
    page.mouse.down()
    page.mouse.move(last["x"] + 4, last["y"] - 2, steps=6)
    page.mouse.up()
    expect(page.get_by_role("region", name="Selection")).to_contain_text("Last week we ended")


def test_the_studys_own_keys_hold_on_the_page_and_stand_in_the_list(open_page: Opened, sample: Study) -> None:
    (sample.folder / FILE).write_text('[keys]\nwhole_turn = ["F2"]\nhelp = ["F1"]\n', encoding="utf-8")
    page = open_page("code")
    page.keyboard.press("F2")
    expect(page.get_by_role("region", name="Selection")).to_contain_text("-turn")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("F1")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys.get_by_title("keys.toml: whole_turn")).to_contain_text("F2")
    for name, action in ACTIONS.items():
        expect(keys.get_by_title(f"keys.toml: {name}", exact=True)).to_contain_text(action.label)


def test_a_mistake_in_the_file_of_keys_is_said_and_the_page_opens(open_page: Opened, sample: Study) -> None:
    (sample.folder / FILE).write_text('[keys]\nplay = ["F5"]\n', encoding="utf-8")
    page = open_page("code")
    expect(page.get_by_text("the key F5 is meant for both forward and play")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys").get_by_title("keys.toml: play", exact=True)).to_contain_text("F4")


def test_memos_are_pins_that_open_what_they_are_on(open_page: Opened, sample: Study) -> None:
    made = moments.add_moment(sample, "D01-S03", Wanted(Span(70_000, 80_000), "the bus", "She smiles here."))
    page = open_page("code")
    row = page.get_by_role("group", name=re.compile("^Memos on the time axis"))
    pin = row.get_by_role("button", name=re.compile("She smiles here"))
    expect(pin).to_be_visible()
    pin.click()
    while "She smiles here" not in page.get_by_role("complementary").last.inner_text():
        pin.click()
    expect(page.get_by_role("region", name="Moment")).to_contain_text(made.label or "")


def test_memos_are_walked_through_by_key_and_read_out(open_page: Opened) -> None:
    page = open_page("transcribe")
    page.keyboard.press("n")
    expect(page.get_by_role("status")).to_contain_text("Memo by")
    expect(page.get_by_role("region", name="Coding", exact=True)).to_be_visible()
    first = page.get_by_role("status").inner_text()
    page.keyboard.press("n")
    expect(page.get_by_role("status")).not_to_have_text(first)
    page.keyboard.press("Shift+N")
    expect(page.get_by_role("status")).to_have_text(first)


def test_the_pins_are_reached_by_tab_and_walked_along_by_arrows(open_page: Opened) -> None:
    page = open_page("code")
    pins = page.get_by_role("group", name=re.compile("^Memos on the time axis")).get_by_role("button")
    expect(pins.first).to_be_visible()
    assert [pins.nth(i).get_attribute("tabindex") for i in range(2)] == ["0", "-1"]
    pins.first.focus()
    page.keyboard.press("ArrowRight")
    expect(pins.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(pins.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("region", name="Coding", exact=True)).to_be_visible()


def test_an_address_from_a_link_leads_there_without_a_new_start(open_page: Opened) -> None:
    page = open_page("code")
    page.evaluate("location.hash = '#/D01-S03-client/transcribe'")
    expect(page.locator("main.centre")).to_have_attribute("aria-label", "Transcribe: D01-S03-client")
