"""A researcher assigns coding, reveals it, and puts moments right, all in the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from iprkit.actions import assignments, coders, moments
from iprkit.actions.assignments import Plan
from iprkit.actions.moments import Wanted
from iprkit.database.connect import Study
from iprkit.timeline import Span

from .test_access import LOOKS

Opened = Callable[..., Page]
Looked = Callable[[Page], list[Any]]


def test_enter_assigns_everything_blind_to_the_coders_of_the_study(open_page: Opened, sample: Study) -> None:
    page = open_page("code", "lea")
    page.get_by_role("button", name="Assign coding…").click()
    page.keyboard.press("Enter")
    listed = page.get_by_role("region", name="Assigned coding")
    expect(listed).to_contain_text("A01 3rs-2022")
    expect(listed).to_contain_text(re.compile("anna: \\d coded · ben: \\d coded"))
    (made,) = assignments.list_assignments(sample)
    assert (made.blind, made.round, made.unit) == (True, "main", "window")
    assert made.sample.startswith("all 3 units (window of 1:00.0)")
    page.get_by_role("button", name="Undo").click()
    expect(listed).not_to_contain_text("A01")
    assert assignments.list_assignments(sample) == []


def test_a_part_is_drawn_for_a_coder_who_is_entered_with_it(
    open_page: Opened, sample: Study, violations: Looked
) -> None:
    page = open_page("code", "lea")
    page.get_by_role("button", name="Assign coding…").click()
    dialog = page.get_by_role("dialog", name="Assign coding")
    dialog.get_by_label("Codebook").select_option("real-relationship")
    dialog.get_by_label("ben").uncheck()
    dialog.get_by_label("Another coder").fill("client")
    dialog.get_by_label("Another coder").press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be a coder's name")
    for look in LOOKS[::-1]:
        page.emulate_media(color_scheme=look)
        assert violations(page) == []
    dialog.get_by_label("Another coder").fill("mia")
    dialog.get_by_role("button", name="Add coder").click()
    expect(dialog.get_by_label("mia")).to_be_checked()
    dialog.get_by_label("Purpose").select_option("reliability")
    dialog.get_by_label("Share in %").fill("20")
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_role("region", name="Assigned coding")).to_contain_text("A01 real-relationship · reliability-1")
    (made,) = assignments.list_assignments(sample)
    assert [share.coder for share in made.shares] == ["anna", "mia"]
    assert (made.purpose, made.unit, len(made.units)) == ("reliability", "segment", round(made_of(made.sample) * 0.2))
    assert "mia" in [one.name for one in coders.list_coders(sample)]


def test_nothing_is_sent_while_nobody_is_ticked(open_page: Opened, sample: Study) -> None:
    page = open_page("code", "lea")
    page.get_by_role("button", name="Assign coding…").click()
    dialog = page.get_by_role("dialog", name="Assign coding")
    for name in ("anna", "ben"):
        dialog.get_by_label(name).uncheck()
    expect(dialog.get_by_role("status")).to_have_text("Tick or add who codes.")
    dialog.get_by_role("button", name="Assign", exact=True).focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    assert assignments.list_assignments(sample) == []


def test_a_coder_sees_what_is_left_and_nothing_of_the_other_until_it_is_revealed(
    open_page: Opened, sample: Study, violations: Looked
) -> None:
    assignments.assign(sample, Plan("real-relationship", ("anna", "ben")))
    lea, ben = open_page("code", "lea"), open_page("code", "ben")
    expect(ben.get_by_role("region", name="Assignment")).to_contain_text("left")
    expect(ben.get_by_role("region", name="Assigned coding")).to_contain_text("anna: not submitted")
    expect(ben.get_by_role("button", name="Reveal A01")).to_have_count(0)
    expect(ben.locator("[aria-label*='· ben']").first).to_be_visible()
    expect(ben.locator("[aria-label*='· anna']")).to_have_count(0)
    lea.get_by_role("button", name="Reveal A01").click()
    dialog = lea.get_by_role("dialog", name="Reveal A01?")
    expect(dialog).to_contain_text("anna, ben have not submitted yet")
    assert violations(lea) == []
    lea.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Reason").fill("anna left the study")
    lea.keyboard.press("Enter")
    expect(lea.get_by_role("region", name="Assigned coding")).to_contain_text("anna left the study")
    expect(ben.locator("[aria-label*='· anna']").first).to_be_visible()


def test_moments_are_merged_and_deleted_and_undo_brings_them_back(open_page: Opened, sample: Study) -> None:
    bus = moments.add_moment(sample, "D01-S03", Wanted(Span(70_000, 80_000), "the bus"))
    moments.add_moment(sample, "D01-S03", Wanted(Span(78_000, 90_000), "the rain"))
    before = _spans(sample)
    page = open_page("code")
    page.get_by_label("Search the study").fill("the bus")
    page.get_by_role("list", name="Places found").get_by_role("button", name=re.compile("moment")).first.click()
    card = page.get_by_role("region", name="Moment", exact=True)
    card.get_by_role("button", name="Merge with the rain, which overlaps").click()
    expect(card).to_contain_text("1:10.0–1:30.0")
    assert _spans(sample)[bus.key] == Span(70_000, 90_000)
    assert len(_spans(sample)) == len(before) - 1
    page.get_by_role("button", name="Undo").click()
    expect(card).to_contain_text("1:10.0–1:20.0")
    assert _spans(sample) == before
    card.get_by_role("button", name="Delete").click()
    expect(card).to_have_count(0)
    expect(page.locator("header")).to_contain_text("Saved")
    assert bus.key not in _spans(sample)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: ")).not_to_have_count(0)
    assert _spans(sample) == before


def made_of(sample: str) -> int:
    """Of how many units a sample was drawn, from how it is told."""
    found = re.search(r"of (\d+) units", sample)
    assert found
    return int(found.group(1))


def _spans(study: Study) -> dict[str, Span]:
    return {one.key: one.span for one in moments.moments_of(study, "D01-S03")}
