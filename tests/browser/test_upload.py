"""Recordings come into the study through the page: picked, dropped, in parts, refused, and what follows by itself."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from iprkit.actions import jobs
from iprkit.actions.dyads import add_dyad
from iprkit.actions.overview import overview
from iprkit.actions.sessions import add_session
from iprkit.database.connect import Study, create

Opened = Callable[..., Page]

DROP = """([element, files]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const carried = new DataTransfer();
  for (const [name, text] of files) carried.items.add(new File([bytes(text)], name));
  const how = { dataTransfer: carried, bubbles: true, cancelable: true };
  element.dispatchEvent(new DragEvent('dragover', how));
  return !element.dispatchEvent(new DragEvent('drop', how));
}"""
"""Whether the page took the drop, so that the browser does not open the file in its place."""


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Study]:
    """A study with a session that has no recording yet."""
    with create(tmp_path / "sample", "Sample", "anna") as study:
        add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
        add_session(study, ("D01", 1), ())
        yield study


@pytest.fixture
def page(open_page: Opened) -> Page:
    """The new session in Transcribe."""
    return open_page("transcribe", key="D01-S01")


@pytest.mark.weights
def test_a_picked_recording_is_watched_until_its_words_are_there(page: Page, record_talk: Callable[..., Any]) -> None:
    _pick(page, record_talk(seconds=20).file)
    queue = page.get_by_role("region", name="Queue")
    expect(queue).to_contain_text("transcribe D01-S01")
    expect(queue.get_by_role("progressbar", name="transcribe D01-S01")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("region", name="Transcript")).to_contain_text("is being transcribed")
    expect(page.get_by_role("region", name="Turns")).to_contain_text("Welcome back", timeout=120_000)
    expect(queue).to_have_count(0)
    expect(page.get_by_role("region", name="Who is who")).to_contain_text("Welcome back")
    expect(_intake(page)).to_contain_text("Drop another camera or microphone of D01-S01 here")


def test_what_is_no_recording_is_refused_under_its_own_name(page: Page, sample: Study, tmp_path: Path) -> None:
    text, sham = tmp_path / "notes.docx", tmp_path / "notes.wav"
    text.write_bytes(b"PK\x03\x04" + bytes(12_000_000))
    sham.write_bytes(b"PK\x03\x04 a letter")
    _pick(page, text)
    expect(page.get_by_role("alert")).to_contain_text("'notes.docx' does not end as a recording does", timeout=20_000)
    _pick(page, sham)
    expect(page.get_by_role("alert")).to_have_text(
        "notes.wav: this is neither film nor sound. Give a recording such as MP4, MOV, WAV, M4A or MP3."
    )
    page.get_by_role("button", name="Close the message about notes.wav").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert _recordings(sample) == []
    assert not list((sample.folder / "recordings").iterdir())


def test_parts_dropped_in_any_order_follow_one_another(page: Page, sample: Study, record: Callable[..., Path]) -> None:
    page.get_by_label("transcribe it at once").uncheck()
    lengths = (("b10.wav", 3), ("b2.wav", 1), ("a.wav", 2))
    files = [record(name, seconds=length, pitch=200 * length) for name, length in lengths]
    assert _drop(page.get_by_role("group", name="Recordings for D01-S01"), files)
    order = page.get_by_role("group", name="Parts in order")
    expect(order.get_by_role("listitem")).to_have_text(["1. a.wav ↑", "2. b2.wav ↑", "3. b10.wav ↑"])
    order.get_by_role("button", name="b2.wav comes earlier").click()
    order.get_by_role("button", name="Add 3 parts").click()
    expect(page.get_by_role("list", name="Recordings of D01-S01").get_by_role("listitem")).to_have_count(3)
    assert [(one.part, one.offset_ms, one.duration_ms) for one in _recordings(sample)] == [
        (1, 0, 1000), (2, 1000, 2000), (3, 3000, 3000),
    ]  # fmt: skip
    expect(page.get_by_role("toolbar", name="Playing")).to_contain_text("0:06")
    assert jobs.listed(sample) == []


def test_a_refused_part_holds_back_those_after_it(page: Page, sample: Study, record: Callable[..., Path]) -> None:
    torn = record("2.wav")
    torn.write_bytes(b"nothing to hear")
    _pick(page, record("1.wav"), torn, record("3.wav", pitch=300))
    page.get_by_role("button", name="Add 3 parts").click()
    expect(page.get_by_role("alert")).to_have_count(2)
    expect(_intake(page)).to_contain_text("2.wav: this is neither film nor sound")
    expect(_intake(page)).to_contain_text("Not sent, since the one before it was refused.")
    assert [one.part for one in _recordings(sample)] == [1]
    assert jobs.listed(sample) == []


def test_a_recall_interview_is_added_and_asks_for_words_and_place(
    page: Page, sample: Study, record: Callable[..., Path]
) -> None:
    page.get_by_text("Add a dyad, session or interview").click()
    page.get_by_label("Dyad").fill("D01")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("group", name="Recordings for D01-S01-client")).to_be_visible()
    _pick(page, record("recall.wav", seconds=2))
    expect(page.get_by_role("list", name="Recordings of D01-S01-client")).to_contain_text("0:02")
    expect(page.get_by_role("region", name="Queue")).to_contain_text("link D01-S01-client")
    assert {(one.step, one.key) for one in jobs.listed(sample)} == {
        ("transcribe", "D01-S01-client"), ("link", "D01-S01-client"),
    }  # fmt: skip


def test_a_file_dropped_beside_its_field_does_not_take_the_page_away(page: Page, record: Callable[..., Path]) -> None:
    assert _drop(page.get_by_role("region", name="Transcript"), [record("a.wav")])
    expect(page.locator(".toast")).to_contain_text("Drop a recording into its field")


def _intake(page: Page) -> Locator:
    return page.get_by_role("region", name="Add a recording")


def _pick(page: Page, *files: Path) -> None:
    page.get_by_label("Recording files").set_input_files(files)


def _drop(where: Locator, files: Sequence[Path]) -> bool:
    carried = [[file.name, base64.b64encode(file.read_bytes()).decode()] for file in files]
    return bool(where.page.evaluate(DROP, [where.element_handle(), carried]))


def _recordings(study: Study) -> list[Any]:
    """What the session has, in order."""
    (session,) = overview(study).dyads[0].sessions
    return list(session.recordings)
