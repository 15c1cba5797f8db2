"""Several people and tabs at once, a server that goes away, and changes that meet: seen at once, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from iprkit.actions import codings, transcripts
from iprkit.actions.assignments import Plan, assign
from iprkit.actions.codebooks import new_codebook
from iprkit.actions.codes import add
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import Sought
from iprkit.actions.corrections import correct
from iprkit.database.connect import Study

Opened = Callable[..., Page]


def test_two_people_see_each_others_change(open_page: Opened) -> None:
    anna, ben = open_page("code"), open_page("transcribe", "ben")
    field = _begin_correction(ben)
    field.press_sequentially(" Truly.")
    field.press("Control+Enter")
    expect(anna.locator("[data-segment]").first).to_contain_text("Truly.")


def test_changes_that_meet_are_shown_and_neither_is_lost(open_page: Opened, sample: Study) -> None:
    page = open_page("transcribe")
    field = _begin_correction(page)
    field.press_sequentially(" Mine.")
    segment = transcripts.show(sample, "D01-S03").segments[0]
    correct(sample, segment.key, "Welcome home.")
    page.wait_for_timeout(500)
    field.press("Control+Enter")
    clash = page.get_by_role("alert")
    expect(clash).to_contain_text("Mine.")
    expect(clash).to_contain_text("Welcome home.")
    clash.get_by_role("button", name="Use mine").click()
    expect(page.locator("[data-segment]").first).to_contain_text("Mine.")
    page.wait_for_function("() => !document.querySelector('.saved').textContent.includes('Saving')")
    assert transcripts.show(sample, "D01-S03").segments[0].text.endswith("Mine.")


def test_what_is_done_while_the_server_is_away_is_there_when_it_is_back(
    chromium: Browser, serve: Callable[..., Any], come_in: Callable[..., None], sample: Study
) -> None:
    server = serve()
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    come_in(page, server, "transcribe")
    server.stop()
    for number, words in enumerate((" First.", " Second.")):
        field = _begin_correction(page, number)
        field.press_sequentially(words)
        field.press("Control+Enter")
    expect(page.get_by_text("The server does not answer. Go on working: 2 changes are")).to_be_visible()
    page.close()
    server.start()
    again = context.new_page()
    again.goto(server.url)
    expect(again.locator("header")).to_contain_text("Saved")
    again.wait_for_function("() => !document.querySelector('.saved').textContent.includes('Saving')")
    texts = [one.text for one in transcripts.show(sample, "D01-S03").segments[:2]]
    assert [text.split()[-1] for text in texts] == ["First.", "Second."]
    context.close()


def test_a_text_that_was_being_written_outlives_a_reload(open_page: Opened) -> None:
    page = open_page("transcribe")
    field = _begin_correction(page)
    field.press_sequentially(" Half a sen")
    page.goto(page.url)
    page.reload()
    expect(page.get_by_role("textbox", name="Text of D01-S03-T001")).to_contain_text("Half a sen")


def test_a_blind_coder_sees_nothing_of_the_others(open_page: Opened, sample: Study) -> None:
    assign(sample, Plan("real-relationship", ("anna", "ben")))
    page = open_page("code")
    expect(page.get_by_role("region", name="Assignment")).to_contain_text("left")
    expect(page.locator("[aria-label*='· anna']").first).to_be_visible()
    expect(page.locator("[aria-label*='· ben']")).to_have_count(0)
    expect(page.locator(".bracket small")).to_have_count(0)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("region", name="Differences")).to_contain_text("blind")


def test_codings_come_with_the_news_and_of_corrected_words_only_they_are_read(open_page: Opened, sample: Study) -> None:
    new_codebook(sample, "talk", {})
    add(sample, "talk", "Push", {})
    page = open_page("code")
    expect(page.locator("[aria-label*='· ben']").first).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/api/")[2]))
    target = transcripts.show(sample, "D01-S03").segments[0].key
    wish = Wish(target, "push", codebook="talk")
    given = codings.add_coding(replace(sample, author="ben"), wish)
    bracket = page.locator("[aria-label*='Push · ben']")
    expect(bracket.first).to_be_visible(timeout=3000)
    expect(bracket.first).to_have_text("PUB")
    codings.remove_coding(replace(sample, author="ben"), given.key)
    expect(bracket).to_have_count(0, timeout=3000)
    assert not [one for one in asked if one.startswith("codings/")]
    correct(sample, target, "Welcome home.")
    expect(page.locator("[data-segment]").first).to_contain_text("Welcome home.", timeout=3000)
    assert f"transcripts/D01-S03/segments?keys={target}" in asked
    assert "transcripts/D01-S03" not in asked


def test_an_assignment_is_walked_through_and_submitted(open_page: Opened, sample: Study) -> None:
    assign(sample, Plan("3rs-2022", ("anna", "ben"), round="second"))
    page = open_page("code")
    panel = page.get_by_role("region", name="Assignment")
    page.get_by_label("Show sessions").select_option("With work left for me")
    mine = page.get_by_role("navigation", name="Study").locator("button.place")
    expect(mine.first).to_contain_text("D01-S03")
    page.get_by_role("region", name="Turns").focus()
    for left in (3, 2, 1):
        expect(panel).to_contain_text(f"{left} of 3 left")
        page.keyboard.press("j")
        page.keyboard.press("1")
        page.keyboard.press("3")
        expect(page.get_by_role("region", name="Coding", exact=True)).to_contain_text("Client withdrawal")
    expect(panel).to_contain_text("0 of 3 left")
    expect(mine).to_have_count(0)
    page.keyboard.press("Control+Shift+Enter")
    panel.get_by_role("button", name="Yes, submit for good").click()
    expect(panel).to_have_count(0)
    coded = [one for one in codings.list_codings(sample, Sought("D01-S03")).codings if one.round == "second"]
    assert len(coded) == 3


def _begin_correction(page: Page, number: int = 0) -> Locator:
    page.locator("[data-segment]").nth(number).locator("p").first.dblclick()
    field = page.get_by_role("textbox", name="Text of D01-S03")
    field.press("End")
    return field
