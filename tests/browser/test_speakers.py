"""Who is who, put right from the chip of a turn: by mouse and by keyboard, each one step of undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from iprkit.actions import speakers, transcripts
from iprkit.database.connect import Study

Opened = Callable[..., Page]

CHANGES = {
    "Swap Therapist and Client everywhere": {"A": ("client", 24), "B": ("therapist", 23)},
    "Therapist and Client are one person": {"B": ("client", 46)},
    "This segment is a new voice": {"A": ("therapist", 23), "B": ("client", 23), "D": (None, 1)},
    "From here on this is a new voice": {"A": ("therapist", 2), "B": ("client", 23), "D": (None, 22)},
    "Only this segment (0:13) is Client": {"A": ("therapist", 23), "B": ("client", 24)},
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_speaks_is_put_right_by_keyboard_and_undo_brings_it_back(
    open_page: Opened, sample: Study, change: str
) -> None:
    page = open_page("transcribe")
    before = _said(sample)
    _chip(page, "0:13").focus()
    page.keyboard.press("Enter")
    _walk_to(page, change)
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("D01-S03")
    assert _voices(sample) == CHANGES[change]
    expect(page.locator("button.chip:focus")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(page.locator(".toast")).to_contain_text("Undone")
    assert _said(sample) == before
    expect(page.get_by_role("region", name="Speakers")).to_contain_text(re.compile("Therapist.*24 segm.*Client.*23"))


def test_a_name_is_given_by_mouse_and_nothing_changed_sends_nothing(open_page: Opened, sample: Study) -> None:
    page = open_page("transcribe")
    _chip(page, "0:08").click()
    menu = page.get_by_role("dialog", name="Speaker: Client")
    menu.get_by_role("button", name="Save").click()
    expect(menu).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    _chip(page, "0:08").click()
    menu.get_by_label("Printed name").fill("Ms. Ode")
    menu.get_by_role("button", name="Save").click()
    expect(_chip(page, "0:08")).to_contain_text("Ms. Ode")
    assert {one.name for one in speakers.speakers(sample, "D01-S03")} == {None, "Ms. Ode"}


def test_a_new_voice_is_asked_for_with_what_it_says(open_page: Opened, sample: Study) -> None:
    page = open_page("transcribe")
    _chip(page, "0:13").click()
    page.get_by_role("button", name="This segment is a new voice").click()
    asked = page.get_by_role("region", name="Who is who")
    expect(asked.get_by_role("group")).to_have_count(1)
    expect(asked).to_contain_text("No need to apologize.")
    asked.get_by_role("button", name="Hear voice D").click()
    page.wait_for_function("() => Math.abs(document.querySelector('video').currentTime - 13.5) < 2")
    asked.get_by_role("button", name="other: voice D").click()
    expect(asked).to_have_count(0)
    assert _voices(sample)["D"] == ("other", 1)


def test_two_changes_at_once_are_both_stored_and_a_late_one_is_told(
    chromium: Browser, serve: Callable[..., Any], come_in: Callable[..., None], sample: Study
) -> None:
    server = serve()
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    come_in(page, server, "transcribe")
    expect(_chip(page, "0:13")).to_be_visible()
    server.stop()
    changes = {"0:08": "Swap Client and Therapist everywhere", "0:13": "Only this segment (0:13) is Client"}
    for label, change in changes.items():
        _chip(page, label).click()
        page.get_by_role("button", name=change, exact=True).click()
    expect(page.get_by_text("2 changes are")).to_be_visible()
    server.start()
    expect(_chip(page, "0:08")).to_contain_text("Therapist")
    expect(page.locator(".toast")).to_contain_text("gave words of D01-S03")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert _voices(sample) == {"A": ("client", 23), "B": ("therapist", 24)}
    server.stop()
    _chip(page, "0:08").click()
    page.get_by_role("button", name="Swap Therapist and Client everywhere", exact=True).click()
    speakers.name_speakers(sample, "D01-S03", {}, {"B": "Dr. Ode"})
    server.start()
    expect(page.get_by_role("alert")).to_contain_text("changed meanwhile")
    expect(_chip(page, "0:08")).to_contain_text("Dr. Ode")
    assert _voices(sample) == {"A": ("client", 23), "B": ("therapist", 24)}
    context.close()


def _chip(page: Page, time: str) -> Locator:
    """The chip of the turn that begins then."""
    return page.get_by_role("group", name=re.compile(f", {time}$")).locator("button.chip")


def _walk_to(page: Page, name: str) -> None:
    """With Tab, as somebody without a mouse does."""
    wanted = page.get_by_role("button", name=name, exact=True)
    expect(wanted).to_be_visible()
    for _ in range(12):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not come to {name}")


def _voices(study: Study) -> dict[Any, Any]:
    return {one.label: (one.role, one.segments) for one in speakers.speakers(study, "D01-S03")}


def _said(study: Study) -> list[tuple[str, str | None]]:
    """Who says what."""
    return [(one.text, one.speaker) for one in transcripts.show(study, "D01-S03").segments]
