"""Recordings that come later, from the page: another microphone, and the sound of a transcript from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from iprkit.actions.entering import Into
from iprkit.actions.imports import import_files
from iprkit.database import queries
from iprkit.database.connect import Study

Opened = Callable[..., Page]


def test_another_microphone_is_added_chosen_and_put_in_its_place(
    open_page: Opened, sample: Study, record: Callable[..., Path]
) -> None:
    page = open_page("transcribe")
    expect(page.get_by_role("group", name="Recordings for D01-S03")).to_contain_text("another camera or microphone")
    page.get_by_label("It starts at").fill("-0:01.5")
    page.get_by_label("Recording files").set_input_files(record("side.wav", seconds=30))
    start = page.get_by_label("camera 2 starts at")
    expect(start).to_have_value("−0:01.500")
    start.fill("0:02")
    start.press("Enter")
    expect(page.locator(".toast")).to_contain_text("camera 2 starts at 0:02.000")
    assert _views(sample, "D01-S03") == [("main", 0), ("camera2", 2000)]
    page.get_by_label("Camera or microphone").select_option("camera2")
    page.locator("[data-w]").nth(40).click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    source = page.locator("video").first.get_attribute("src") or ""
    assert source.split("/")[3] == _number(sample, "D01-S03", "camera2")


def test_a_transcript_gets_its_sound_and_its_words_are_found_in_it(
    open_page: Opened, sample: Study, record: Callable[..., Path], tmp_path: Path
) -> None:
    file = tmp_path / "talk.srt"
    file.write_text("1\n00:00:00,000 --> 00:00:02,500\nWelcome back.\n", encoding="utf-8")
    import_files(sample, [file], Into(session="D01-S04"))
    page = open_page("transcribe", key="D01-S04")
    expect(page.get_by_role("group", name="Recordings for D01-S04")).to_contain_text("Drop the sound of D01-S04 here")
    expect(page.get_by_label("find its words in the sound at once")).to_be_checked()
    page.get_by_label("Recording files").set_input_files(record("talk.wav", seconds=4))
    expect(page.get_by_role("region", name="Queue").or_(page.locator(".toast"))).to_contain_text(
        re.compile("align|is in the study")
    )
    assert _views(sample, "D01-S04") == [("main", 0)]
    page.wait_for_function("async () => (await (await fetch('/api/jobs')).json()).some((one) => one.step === 'align')")


def _views(study: Study, key: str) -> list[tuple[str, int]]:
    with study.read() as db:
        return [(one.view, one.offset_ms) for one in queries.conversation(db, key).recordings]


def _number(study: Study, key: str, view: str) -> str:
    with study.read() as db:
        return next(one.id for one in queries.conversation(db, key).recordings if one.view == view)
