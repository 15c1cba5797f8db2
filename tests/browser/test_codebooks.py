"""A codebook is taken into the study, and its codes are added, changed and retired, without a command line."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from iprkit.actions.accounts import add_account
from iprkit.actions.codebooks import add_codebook, list_codebooks, show
from iprkit.codebook import Code
from iprkit.database.connect import Study, open_study

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
    page.get_by_role("button", name="Save", exact=True).click()
    expect(card).to_contain_text("Said in our own words.")
    changed = _code(sample, code.key)
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
        for name in ("Add a codebook", "Add a code…", "Change this code…", "Retire"):
            expect(page.get_by_role("button", name=name)).to_have_count(0)


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
