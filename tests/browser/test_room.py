"""A recall interview held in the page: the microphone is the sample's interview, played by Chromium's fake device."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from iprkit.actions import jobs, maps, recalls
from iprkit.actions.dyads import add_dyad
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database.connect import Study, create
from iprkit.media import decode

ROOT = Path(__file__).parents[2]
HEARD_S = 43
"""So much of the interview holds the first stretch and the first comment on it."""


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Study]:
    """The sample session, of which nobody has recalled anything yet."""
    with create(tmp_path / "sample", "Sample", "anna") as study:
        add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
        add_session(study, ("D01", 3), sources_of([ROOT / "recordings/d01-s03.mp4"]))
        yield study


@pytest.fixture
def room(
    sample: Study, tmp_path: Path, start_chromium: Callable[..., Browser], serve: Callable[..., Any],
    come_in: Callable[..., None], write_wav: Callable[[Path, NDArray[np.float32]], None],
) -> Iterator[Page]:  # fmt: skip
    """The page with a microphone that hears the sample's interview from its beginning."""
    heard = np.concatenate([block[0] for block in decode.stream(ROOT / "recordings/d01-s03-client-recall.m4a")])
    write_wav(tmp_path / "microphone.wav", heard[None])
    browser = start_chromium(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={tmp_path / 'microphone.wav'}",
    )
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    come_in(page, serve(), "link-recall")
    yield page
    browser.close()


@pytest.mark.weights
def test_an_interview_held_here_ends_in_comments_on_the_stretch_that_was_watched(
    room: Page, sample: Study, truth: dict[str, Any]
) -> None:
    replay = truth["recalls"]["client"]["replays"][0]
    _begin(room)
    room.evaluate("(s) => (document.querySelector('video').currentTime = s)", replay["session_start"])
    _wait_until(room, replay["recall_start"])
    room.keyboard.press("Space")
    _wait_until(room, replay["recall_end"])
    room.keyboard.press("c")
    _wait_until(room, HEARD_S)
    room.get_by_role("button", name="Finish the interview").click()
    expect(room.get_by_role("region", name="Time map")).to_be_visible(timeout=20_000)
    _finish_jobs(room, sample)
    room.get_by_role("button", name="interviewer: voice A").click()
    expect(room.get_by_role("region", name="Comments")).to_contain_text("I could feel myself disappear", timeout=30_000)

    (row,) = maps.show_map(sample, "D01-S03-client").rows
    assert row.piece.source == "logged"
    assert abs(row.piece.interview.start_ms - 1000 * replay["recall_start"]) < 500
    assert abs(row.piece.session.start_ms - 1000 * replay["session_start"]) < 500
    shown = recalls.show(sample, "D01-S03-client")
    assert [pause.initiated_by for pause in shown.pauses] == ["client"]
    about = [one for one in shown.comments if "disappear" in one.text]
    assert about, ([one.text for one in shown.comments], shown.behind)
    assert about[0].session is not None
    assert abs(about[0].session.end_ms - 1000 * replay["session_end"]) < 500


def test_a_crashed_tab_loses_at_most_two_seconds(room: Page, sample: Study) -> None:
    _begin(room)
    _wait_until(room, 6)
    room.close(run_before_unload=False)
    stored = [path for path in sample.folder.rglob("rooms/**/*") if path.is_file()]
    sound = [path for path in stored if path.suffix not in (".json", ".jsonl")]
    assert len(sound) >= 4, json.dumps([str(path) for path in stored])


def _begin(page: Page) -> None:
    page.get_by_role("button", name="Hold an interview here").click()
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_text("Stored as it comes")).to_be_visible()
    page.evaluate("() => (window.began = performance.now())")


def _wait_until(page: Page, seconds: float) -> None:
    """Until so much of the interview was recorded."""
    page.wait_for_function("(s) => performance.now() - window.began >= s * 1000", arg=seconds, timeout=90_000)


def _finish_jobs(page: Page, study: Study) -> None:
    for _ in range(240):
        if all(one.state not in ("queued", "running") for one in jobs.listed(study)):
            break
        page.wait_for_timeout(500)
    assert {one.state for one in jobs.listed(study)} == {"done"}, jobs.listed(study)
