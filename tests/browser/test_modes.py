"""Each mode of the page does its work, from the click or key to the study's database."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Page, expect

from iprkit.actions import adjudications, codings, maps, recalls, speakers, transcripts
from iprkit.actions.codebooks import show as show_codebook
from iprkit.actions.codings import Sought
from iprkit.codebook import Code
from iprkit.coding import Coding
from iprkit.database.connect import Study

Opened = Callable[..., Page]


def test_a_first_own_code_is_given_by_keyboard_alone(open_page: Opened, sample: Study) -> None:
    page = open_page("code")
    before = len(_mine(sample))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("/")
    page.keyboard.type("giving")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Coding", exact=True)).to_contain_text("Giving up (client)")
    expect(page.locator("header")).to_contain_text("Saved")
    assert len(_mine(sample)) == before + 1


def test_the_finder_is_left_by_esc_or_by_a_click_beside_it(open_page: Opened, sample: Study) -> None:
    page = open_page("code")
    before = len(_mine(sample))
    finder, turns = page.get_by_role("dialog", name="Find a code"), page.get_by_role("region", name="Turns")
    turns.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("/")
    expect(finder.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("F4")
    page.keyboard.press("Escape")
    expect(finder).to_have_count(0)
    expect(turns).to_be_focused()
    assert page.locator("section[aria-label=Recording] video").evaluate("one => one.paused")
    page.keyboard.press("/")
    expect(finder).to_be_visible()
    page.locator("header").click(position={"x": 400, "y": 10})
    expect(finder).to_have_count(0)
    turns.focus()
    page.keyboard.press("/")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(finder).to_have_count(0)
    assert len(_mine(sample)) == before
    turns.focus()
    page.keyboard.press("/")
    page.keyboard.type("giving")
    page.keyboard.press("Enter")
    expect(finder).to_have_count(0)
    expect(turns).to_be_focused()


def test_a_code_lands_on_the_unit_that_its_codebook_codes_by(open_page: Opened, sample: Study) -> None:
    page = open_page("code")
    page.locator("[data-w]").first.click()
    page.keyboard.press("/")
    page.keyboard.type("giving")
    page.keyboard.press("Enter")
    expect(page.locator("header")).to_contain_text("Saved")
    (new,) = [one for one in _mine(sample) if one.code == "WD_P_giving_up" or "giving" in one.code.lower()]
    assert new.anchor.target.key == "D01-S03-W60s-01"


def test_a_key_finds_the_code_and_a_digit_rates_it(open_page: Opened, sample: Study) -> None:
    page = open_page("code")
    page.keyboard.press("j")
    page.keyboard.press("1")
    page.keyboard.press("5")
    expect(page.get_by_role("button", name=re.compile("^5: very much"))).to_have_attribute("aria-pressed", "true")
    expect(page.locator("header")).to_contain_text("Saved")
    rated = [one.rating for one in _mine(sample) if (one.code, one.anchor.target.key) == ("WD_P", "D01-S03-W60s-01")]
    assert rated == [5]


def test_words_are_selected_by_pointer_and_coded(open_page: Opened, sample: Study) -> None:
    page = open_page("code")
    page.get_by_label("Codebook").select_option("real-relationship")
    words = page.locator("[data-w]")
    words.nth(2).hover()
    page.mouse.down()
    words.nth(5).hover()
    page.mouse.up()
    expect(page.get_by_role("region", name="Selection")).to_contain_text("Last week we ended")
    page.keyboard.press("4")
    expect(page.locator("header")).to_contain_text("Saved")
    code = next(one for one in sample_codes(sample) if one.shortcut == "4")
    assert any(one.anchor.target.key == "D01-S03-T001" and one.code == code.key for one in _mine(sample))


def test_a_span_is_marked_on_the_time_axis(open_page: Opened) -> None:
    page = open_page("code")
    axis = page.get_by_role("slider", name="Playhead on the time axis")
    box = axis.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 320, box["y"] + 30, steps=4)
    page.mouse.up()
    expect(page.get_by_role("region", name="Selection")).to_contain_text("D01-S03@")


def test_what_was_coded_is_undone_and_done_again(open_page: Opened, sample: Study) -> None:
    page = open_page("code")
    before = len(_mine(sample))
    page.get_by_label("Codebook").select_option("real-relationship")
    page.get_by_role("region", name="Turns").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("4")
    expect(page.locator("header")).to_contain_text("Saved")
    assert len(_mine(sample)) == before + 1
    page.keyboard.press("Control+z")
    expect(page.locator(".toast")).to_contain_text("Undone")
    assert len(_mine(sample)) == before
    page.keyboard.press("Control+y")
    expect(page.locator(".toast")).to_contain_text("Done again")
    assert len(_mine(sample)) == before + 1


def test_text_is_corrected_in_its_place(open_page: Opened, sample: Study) -> None:
    page = open_page("transcribe")
    page.locator("[data-segment]").first.locator("p").dblclick()
    field = page.get_by_role("textbox", name=re.compile("Text of"))
    field.press("End")
    field.press_sequentially(" Indeed.")
    field.press("Control+Enter")
    expect(page.locator("[data-segment]").first).to_contain_text("Indeed.")
    expect(page.locator("header")).to_contain_text("Saved")
    assert transcripts.show(sample, "D01-S03").segments[0].text.endswith("Indeed.")


def test_a_speaker_is_renamed_from_the_chip(open_page: Opened, sample: Study) -> None:
    page = open_page("transcribe")
    page.get_by_role("button", name="Therapist", exact=True).first.click()
    page.get_by_label("Printed name").fill("Dr. Lind")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Dr. Lind").first).to_be_visible()
    assert "Dr. Lind" in {one.name for one in speakers.speakers(sample, "D01-S03")}


def test_a_clicked_word_is_heard_and_the_mark_follows_the_sound(open_page: Opened) -> None:
    page = open_page("transcribe")
    word = page.locator("[data-w]").nth(12)
    word.click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    page.wait_for_selector("[data-now]")
    page.keyboard.press("F4")
    page.wait_for_function("() => document.querySelector('video').paused")


def test_a_stretch_is_moved_by_its_edge_and_pinned(open_page: Opened, sample: Study) -> None:
    page = open_page("link-recall")
    before = maps.show_map(sample, "D01-S03-client").rows[0].piece
    page.get_by_role("region", name="Stretches").get_by_role("button").first.click()
    page.get_by_role("slider", name="End of stretch 1").press("Shift+ArrowLeft")
    expect(page.locator(".toast")).to_contain_text("Moved")
    after = maps.show_map(sample, "D01-S03-client").rows[0].piece
    assert after.interview.end_ms == before.interview.end_ms - 1000
    page.keyboard.press("Alt+p")
    expect(page.get_by_role("button", name="Unpin")).to_be_visible()
    assert maps.show_map(sample, "D01-S03-client").rows[0].pinned


def test_a_rejected_stretch_is_gone_and_its_comments_move_along(open_page: Opened, sample: Study) -> None:
    page = open_page("link-recall")
    before = [one.session for one in recalls.show(sample, "D01-S03-client").comments]
    page.get_by_role("region", name="Stretches").get_by_role("button").first.click()
    page.get_by_role("button", name="Reject").click()
    expect(page.locator(".toast")).to_contain_text("Rejected")
    assert len(maps.show_map(sample, "D01-S03-client").rows) == 3
    assert [one.session for one in recalls.show(sample, "D01-S03-client").comments] != before


def test_coders_are_compared_side_by_side(open_page: Opened) -> None:
    page = open_page("compare")
    page.get_by_role("region", name="Differences").get_by_role("button", name=re.compile("Next")).click()
    said = page.get_by_role("region", name="What each coder said")
    expect(said).to_contain_text("anna")
    expect(said).to_contain_text("ben")
    expect(page.get_by_role("region", name="Agreement")).to_contain_text("Krippendorff’s α")


def test_a_difference_is_settled_with_its_reason(open_page: Opened, sample: Study) -> None:
    page = open_page("adjudicate")
    page.get_by_role("region", name="Differences").get_by_role("button", name=re.compile("Next")).click()
    page.get_by_role("form", name="Verdict").get_by_role("button").first.click()
    page.get_by_label("Reason").fill("Both saw the same sign; the louder one rules the window.")
    page.get_by_label("Reason").press("Control+Enter")
    expect(page.get_by_role("region", name="Settled here")).to_contain_text("the louder one rules")
    assert len(adjudications.list_adjudications(sample)) == 2


def test_the_report_shows_figures_moments_and_files(open_page: Opened, tmp_path: Path) -> None:
    page = open_page("report")
    report = page.get_by_role("region", name="Report")
    expect(report).to_contain_text("Krippendorff’s α")
    expect(report).to_contain_text("I could feel myself disappear.")
    line = report.get_by_role("figure").filter(has_text="Time line of D01-S03")
    picture = line.get_by_role("img", name=re.compile("^Time line of D01-S03"))
    page.wait_for_function("(one) => one.complete && one.naturalWidth > 500", arg=picture.element_handle())
    line.get_by_text("Data of this figure").click()
    expect(line.get_by_role("table")).to_contain_text("Client recall")
    expect(report.get_by_role("figure")).to_have_count(6)
    with page.expect_download() as saved:
        page.get_by_role("link", name=re.compile("Save")).click()
    saved.value.save_as(tmp_path / "transcript")
    assert (tmp_path / "transcript").stat().st_size > 500


def test_the_keys_are_shown_and_the_mode_is_changed_by_key(open_page: Opened) -> None:
    page = open_page("code")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Play or pause")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+6")
    expect(page.get_by_role("region", name="Report")).to_be_visible()


def sample_codes(study: Study) -> Sequence[Code]:
    """The codes of the codebook by segments."""
    return show_codebook(study, "real-relationship").book.codes


def _mine(study: Study) -> list[Coding]:
    return [one for one in codings.list_codings(study, Sought("D01-S03")).codings if one.coder == "anna"]
