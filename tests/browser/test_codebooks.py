"""Codebooks are taken in, begun and changed, their codes added, moved, merged and split, without a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from iprkit.actions import codes
from iprkit.actions.accounts import add_account
from iprkit.actions.codebooks import add_codebook, export_codebook_to, list_codebooks, new_codebook, show
from iprkit.actions.coders import add_coder
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding, list_codings
from iprkit.codebook import Code
from iprkit.database.connect import Study, open_study
from iprkit.formats.codebooks import CODEBOOK_WRITERS

AXE = Path(__file__).parents[2] / "workbench/node_modules/axe-core/axe.min.js"
BOOK = "real-relationship"
PASSWORD = "a long walk at low tide"

Opened = Callable[..., Page]


@pytest.fixture
def sample(_recalled: Path, tmp_path: Path) -> Iterator[Study]:
    """The sample study before anybody coded: it has no codebook."""
    shutil.copytree(_recalled, tmp_path / "sample")
    with open_study(tmp_path / "sample", "anna") as study:
        yield study


def test_a_codebook_of_the_library_is_taken_in_and_a_code_given(open_page: Opened, sample: Study) -> None:
    page = open_page("code")
    page.get_by_role("button", name="Add a codebook").click()
    dialog = page.get_by_role("dialog", name="Add a codebook")
    dialog.get_by_role("radio", name=show(sample, BOOK).book.title).check()
    expect(dialog.get_by_role("region", name="About this codebook")).to_contain_text("Rights:")
    assert _violations(page) == []
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Codebook")).to_have_value(BOOK)
    code = next(one for one in show(sample, BOOK).book.active if one.codable)
    page.locator("[data-w]").first.click()
    page.get_by_role("list", name="Codes").get_by_role("button", name=code.name).first.click()
    expect(page.get_by_role("dialog", name="Code as anna?")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Coding", exact=True)).to_contain_text(code.name)


def test_a_taken_in_codebook_goes_again_by_undo(open_page: Opened, sample: Study) -> None:
    page = open_page("code")
    page.get_by_role("button", name="Add a codebook").click()
    page.get_by_role("button", name="Add this codebook").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Codebook")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("The study has no codebook yet.")).to_be_visible()
    assert not any(one.pinned for one in list_codebooks(sample))


def test_a_code_is_added_with_its_key_and_place_and_given_by_it(open_page: Opened, sample: Study) -> None:
    above = _with_book(sample)
    page = open_page("code")
    page.get_by_role("button", name="Add a code…").click()
    form = page.get_by_role("dialog", name="Add a code to")
    assert _violations(page) == []
    form.get_by_label("Name").fill("Sudden laughter")
    form.get_by_label("Key").fill("9")
    form.get_by_label("Below").select_option(above.key)
    form.get_by_label("Definition").fill("Both laugh, and neither knew why.")
    form.get_by_role("button", name="Add this code").click()
    expect(page.get_by_role("region", name="Definition")).to_contain_text("neither knew why")
    made = _code(sample, "sudden_laughter")
    assert (made.name, made.shortcut, made.parent) == ("Sudden laughter", "9", above.key)
    page.locator("[data-w]").first.click()
    page.keyboard.press("9")
    expect(page.get_by_role("dialog", name="Code as anna?")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Coding", exact=True)).to_contain_text("Sudden laughter")


def test_what_is_refused_is_told_in_the_form_and_nothing_written_is_lost(open_page: Opened, sample: Study) -> None:
    _with_book(sample)
    taken = next(one.shortcut for one in show(sample, BOOK).book.active if one.shortcut)
    page = open_page("code")
    page.get_by_role("button", name="Add a code…").click()
    form = page.get_by_role("dialog", name="Add a code to")
    form.get_by_label("Name").fill("Sudden laughter")
    form.get_by_label("Key").fill(taken)
    form.get_by_role("button", name="Add this code").click()
    expect(form.get_by_role("alert")).to_contain_text(taken)
    expect(page.get_by_role("alert")).to_have_count(1)
    form.get_by_label("Key").fill("9")
    form.get_by_role("button", name="Add this code").click()
    expect(form).to_have_count(0)
    assert _code(sample, "sudden_laughter").parent is None


def test_a_code_is_reworded_retired_and_taken_back(open_page: Opened, sample: Study) -> None:
    code = _with_book(sample)
    page = open_page("code")
    codes, card = page.get_by_role("list", name="Codes"), page.get_by_role("region", name="Definition")
    codes.get_by_role("button", name=code.name).first.click()
    card.get_by_role("button", name="Change this code…").click()
    page.get_by_role("dialog").get_by_label("Definition").fill("Said in our own words.")
    page.get_by_role("dialog").get_by_label("Examples").fill("Fine.\n\n  If you say so. ")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(card).to_contain_text("Said in our own words.")
    expect(card.get_by_role("listitem")).to_have_text(["“Fine.”", "“If you say so.”"])
    changed = _code(sample, code.key)
    assert changed.examples == ("Fine.", "If you say so.")
    assert (changed.definition, changed.include, changed.shortcut) == (
        "Said in our own words.", code.include, code.shortcut,
    )  # fmt: skip
    card.get_by_role("button", name="Retire").click()
    expect(card).to_contain_text("its codings stay")
    assert _code(sample, code.key).retired
    page.get_by_text("Retired (").click()
    expect(codes.get_by_role("button", name=code.name).first).to_be_visible()
    card.get_by_role("button", name="Take back into use").click()
    expect(card.get_by_role("button", name="Retire")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(card).not_to_contain_text("Said in our own words.")
    assert _code(sample, code.key) == code


def test_who_only_codes_finds_nothing_to_change_a_codebook_by(
    serve: Callable[..., Any], chromium: Browser, sample: Study
) -> None:
    code = _with_book(sample)
    for name, role in (("anna", "researcher"), ("ben", "coder")):
        add_account(sample, name, role, PASSWORD)
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(serve("anna", "--accounts").url)
        page.get_by_label("Name").fill("ben")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("list", name="Codes").get_by_role("button", name=code.name).first.click()
        expect(page.get_by_role("region", name="Definition")).to_contain_text(code.definition)
        for name in ("Add a codebook", "Change this codebook", "Add a code…"):
            expect(page.get_by_role("button", name=name)).to_have_count(0)
        for name in ("Change this code…", "Move…", "Merge…", "Split…", "Retire"):
            expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_an_own_codebook_is_begun_and_gets_its_first_code_by_keyboard(open_page: Opened, sample: Study) -> None:
    page = open_page("code")
    page.get_by_role("button", name="Add a codebook").click()
    page.get_by_role("button", name="Your own").click()
    page.keyboard.type("Chair work")
    page.get_by_label("Coded by").select_option("window")
    page.get_by_label("Seconds").fill("30")
    assert _violations(page) == []
    page.get_by_label("Title").press("Enter")
    form = page.get_by_role("dialog", name="Add a code to Chair work")
    expect(form.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Critic")
    page.keyboard.press("Enter")
    expect(form).to_have_count(0)
    expect(page.get_by_label("Codebook")).to_have_value("chair-work")
    expect(page.get_by_role("list", name="Codes")).to_contain_text("Critic")
    made = show(sample, "chair-work").book
    assert (made.title, made.applied("critic").window_ms) == ("Chair work", 30_000)


def test_a_codebook_comes_in_from_a_file_and_a_bad_one_is_told_by_its_name(open_page: Opened, sample: Study) -> None:
    page = open_page("code")
    page.get_by_role("button", name="Add a codebook").click()
    page.get_by_role("button", name="From a file").click()
    dialog = page.get_by_role("dialog", name="Add a codebook")
    _pick(dialog.get_by_label("File"), "thesis.docx", b"PK\x03\x04 no workbook")
    dialog.get_by_role("button", name="Bring it in").click()
    expect(dialog.get_by_role("alert")).to_contain_text("thesis.docx")
    expect(dialog.get_by_role("alert")).not_to_contain_text(str(sample.folder))
    assert _violations(page) == []
    _pick(dialog.get_by_label("File"), "big.csv", b"x" * 5_000_001)
    dialog.get_by_role("button", name="Bring it in").click()
    expect(dialog.get_by_role("alert")).to_contain_text("big.csv is larger than the 5 MB")
    _pick(dialog.get_by_label("File"), "Our codes.csv", b"name,definition\nGlance,Looks up.\nNod,Agrees.\n")
    dialog.get_by_role("button", name="Bring it in").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Codebook")).to_have_value("our-codes")
    expect(page.get_by_role("list", name="Codes")).to_contain_text("Glance")
    page.get_by_role("button", name="Add a codebook").click()
    page.get_by_role("button", name="From a file").click()
    _pick(dialog.get_by_label("File"), "Our codes.csv", b"name\nSmile\n")
    dialog.get_by_role("button", name="Bring it in").click()
    expect(dialog.get_by_role("alert")).to_contain_text("give this one another name")
    expect(dialog.get_by_role("alert")).not_to_contain_text("iprkit")
    dialog.get_by_label("Short name").fill("Smiles")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Codebook")).to_have_value("smiles")


def test_a_code_moves_below_another_by_keyboard_with_what_lies_below_it(open_page: Opened, sample: Study) -> None:
    _own(sample)
    codes.add(sample, "talk", "Shove", {"parent": "push"})
    page = open_page("code")
    card = _card(page, "Push")
    card.get_by_role("button", name="Move…").press("Enter")
    dialog = page.get_by_role("dialog", name="Move Push")
    expect(dialog).to_contain_text("goes along: 1 code")
    expect(dialog).to_contain_text("What points to it stays: 1 coding.")
    assert _violations(page) == []
    page.keyboard.press("Tab")
    dialog.get_by_label("Below").focus()
    page.keyboard.type("Pull")
    dialog.get_by_role("button", name="Move it there").press("Enter")
    expect(dialog).to_have_count(0)
    assert [(one.key, one.parent) for one in show(sample, "talk").book.codes] == [
        ("pull", None), ("push", "pull"), ("shove", "push"), ("warmth", None),
    ]  # fmt: skip
    page.keyboard.press("Control+z")
    expect(page.get_by_role("list", name="Codes").get_by_role("button").first).to_contain_text("Push")


def test_codes_are_merged_and_their_codings_go_by_the_other_name(open_page: Opened, sample: Study) -> None:
    _own(sample)
    page = open_page("code")
    card = _card(page, "Push")
    expect(card).to_contain_text("Pointed to by 1 coding")
    card.get_by_role("button", name="Merge…").click()
    dialog = page.get_by_role("dialog", name="Merge Push")
    into = dialog.get_by_label("Into")
    expect(into.get_by_role("option")).to_have_text(["choose the code that stands for it", "Pull"])
    into.select_option("pull")
    expect(dialog).to_contain_text("What was coded stays as it is and goes by its name: 1 coding.")
    assert _violations(page) == []
    dialog.get_by_role("button", name="Merge", exact=True).press("Enter")
    expect(dialog).to_have_count(0)
    expect(card.get_by_role("heading")).to_have_text("Pull")
    (coding,) = list_codings(sample).codings
    assert (coding.code, coding.coded_as) == ("pull", "push")


def test_a_code_is_split_into_new_ones_that_wait_for_their_words(open_page: Opened, sample: Study) -> None:
    _own(sample)
    page = open_page("code")
    card = _card(page, "Push")
    card.get_by_role("button", name="Split…").click()
    dialog = page.get_by_role("dialog", name="Split Push")
    expect(dialog).to_contain_text("stays with it until it is coded again: 1 coding.")
    assert _violations(page) == []
    page.keyboard.type("Shove")
    page.keyboard.press("Tab")
    page.keyboard.type("Nudge")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(card.get_by_role("heading")).to_have_text("Shove")
    expect(card).to_contain_text("It was a part of Push.")
    assert [one.name for one in show(sample, "talk").book.active] == ["Shove", "Nudge", "Pull", "Warmth"]


def test_two_who_reword_the_same_code_are_shown_both_and_nothing_is_overwritten(
    open_page: Opened, sample: Study
) -> None:
    _own(sample)
    page = open_page("code")
    card = _card(page, "Push")
    for theirs, mine, button in (("Theirs.", "Mine.", "Keep theirs"), ("Theirs again.", "Mine again.", "Use mine")):
        card.get_by_role("button", name="Change this code…").click()
        form = page.get_by_role("dialog", name="Change Push")
        form.get_by_label("Definition").fill(mine)
        codes.edit(replace(sample, author="mia"), "talk", "push", {"definition": theirs})
        form.get_by_role("button", name="Save").click()
        clash = page.get_by_role("alert", name="Conflict: code Push")
        expect(clash).to_contain_text(mine)
        expect(clash).to_contain_text(theirs)
        expect(card).to_contain_text(theirs)
        assert _violations(page) == []
        clash.get_by_role("button", name=button).click()
        expect(clash).to_have_count(0)
    expect(card).to_contain_text("Mine again.")
    assert show(sample, "talk").book.by_key["push"].definition == "Mine again."


def test_a_codebook_gets_another_title_and_a_scale_whose_numbers_mean_something(
    open_page: Opened, sample: Study
) -> None:
    _own(sample)
    page = open_page("code")
    page.get_by_role("button", name="Change this codebook").click()
    dialog = page.get_by_role("dialog", name="Change Talk")
    dialog.get_by_text("Add a scale…").click()
    fresh = dialog.get_by_role("form", name="A new scale")
    fresh.get_by_label("Name").fill("heat")
    fresh.get_by_label("From", exact=True).fill("0")
    fresh.get_by_label("To", exact=True).fill("3")
    fresh.get_by_label("What they mean").fill("0 = cold\nboiling")
    assert _violations(page) == []
    fresh.get_by_role("button", name="Add this scale").click()
    expect(fresh.get_by_role("alert")).to_contain_text("“boiling” says of no number what it means")
    fresh.get_by_label("What they mean").fill("0 = cold\n3 = boiling")
    fresh.get_by_role("button", name="Add this scale").click()
    expect(dialog.get_by_text("heat: 0–3")).to_be_visible()
    dialog.get_by_label("Title").fill("Talk of two")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)
    book = show(sample, "talk").book
    scale = next(one for one in book.scales if one.name == "heat")
    assert book.title == "Talk of two"
    assert [(one.value, one.text) for one in scale.anchors] == [(0, "cold"), (3, "boiling")]
    card = _card(page, "Push")
    card.get_by_role("button", name="Change this code…").click()
    page.get_by_role("dialog").get_by_label("Rated on").fill("heat")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(card).to_contain_text("boiling")


def test_a_codebook_follows_a_file_that_a_colleague_sent(open_page: Opened, sample: Study) -> None:
    _own(sample)
    stream = BytesIO()
    export_codebook_to(sample, "talk", CODEBOOK_WRITERS["yaml"], stream)
    page = open_page("code")
    page.get_by_role("button", name="Change this codebook").click()
    dialog = page.get_by_role("dialog", name="Change Talk")
    dialog.get_by_text("Bring it up to date…").click()
    _pick(dialog.get_by_label("File"), "broken.yaml", b"name: [")
    dialog.get_by_role("button", name="Follow this file").click()
    expect(dialog.get_by_role("alert")).to_contain_text("broken.yaml")
    _pick(dialog.get_by_label("File"), "talk.yaml", stream.getvalue().replace(b"name: Push", b"name: Pushing"))
    dialog.get_by_role("button", name="Follow this file").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("list", name="Codes")).to_contain_text("Pushing")


def _own(study: Study) -> None:
    """Gives the study a codebook of its own, Talk, with Push, Pull and Warmth (rated); Push is given once."""
    new_codebook(study, "talk", {"title": "Talk"})
    for name, values in (("Push", {}), ("Pull", {}), ("Warmth", {"scale": "1-5"})):
        codes.add(study, "talk", name, values)
    add_coder(study, "ben")
    add_coding(study, Wish("D01-S03-T001", "push", coder="ben"))


def _card(page: Page, name: str) -> Locator:
    """Chooses a code; what is said of it stands at the right."""
    page.get_by_role("list", name="Codes").get_by_role("button", name=name).first.click()
    return page.get_by_role("region", name="Definition")


def _pick(field: Locator, name: str, data: bytes) -> None:
    field.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})


def _with_book(study: Study) -> Code:
    """The first code that can be given, of a codebook that the study has now."""
    return next(one for one in add_codebook(study, BOOK).active if one.codable)


def _code(study: Study, key: str) -> Code:
    return show(study, BOOK).book.by_key[key]


def _violations(page: Page) -> list[Any]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]])
        for one in page.evaluate("axe.run(document)")["violations"]
    ]
