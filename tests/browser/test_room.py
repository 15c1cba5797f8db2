"""A recall interview held in the page: the microphone is the sample's interview, played by Chromium's fake device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, Page, expect

from iprkit.actions import jobs, maps, recalls
from iprkit.actions.dyads import add_dyad
from iprkit.actions.overview import overview
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database.connect import Study, create
from iprkit.media import decode

ROOT = Path(__file__).parents[2]
BEGAN = """new MutationObserver(() => {
  if (!window.began && document.body?.innerText.includes('Stored as it comes')) window.began = performance.now();
}).observe(document, { subtree: true, childList: true });"""
"""When the page said that it records, to the frame."""

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
def microphone(tmp_path: Path, write_wav: Callable[[Path, NDArray[np.float32]], None]) -> tuple[str, ...]:
    """Switches by which the browser's microphone hears the sample's interview from its beginning."""
    heard = np.concatenate([block[0] for block in decode.stream(ROOT / "recordings/d01-s03-client-recall.m4a")])
    write_wav(tmp_path / "microphone.wav", heard[None])
    return (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={tmp_path / 'microphone.wav'}",
    )


@pytest.fixture
def server(serve: Callable[..., Any]) -> Any:
    """Serves the study; it can be stopped and started again."""
    return serve()


@pytest.fixture
def enter(
    microphone: tuple[str, ...], tmp_path: Path, start_profile: Callable[..., BrowserContext], server: Any,
    come_in: Callable[..., None],
) -> Iterator[Callable[[], Page]]:  # fmt: skip
    """Opens a browser in Link recall; once more, the same person's browser, for which the server is started anew."""
    opened: list[BrowserContext] = []

    def start() -> Page:
        if opened:
            server.stop()
            server.start()
        context = start_profile(tmp_path / "profile", *microphone)
        opened.append(context)
        context.add_init_script(BEGAN)
        page = context.new_page()
        come_in(page, server, "link-recall")
        return page

    yield start
    for context in opened:
        context.close()


@pytest.mark.weights
def test_an_interview_held_here_ends_in_comments_on_the_stretch_that_was_watched(
    enter: Callable[[], Page], sample: Study, truth: dict[str, Any]
) -> None:
    room = enter()
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


@pytest.mark.parametrize("crash", ["tab", "browser"])
def test_after_a_crash_the_interview_goes_on_and_less_than_two_seconds_are_lost(
    enter: Callable[[], Page], sample: Study, tmp_path: Path, crash: str
) -> None:
    room = enter()
    _begin(room)
    room.keyboard.press("Space")
    _wait_until(room, 7)
    recorded_ms, stood_s = room.evaluate(
        "() => [performance.now() - window.began, document.querySelector('video').currentTime]"
    )
    if crash == "tab":
        again = room.context.new_page()
        room.close(run_before_unload=False)
        again.goto(room.url)
    else:
        _kill(tmp_path / "profile")
        again = enter()
    expect(again.locator(".toast")).to_contain_text("A recall interview about D01-S03 was left open")
    again.get_by_role("button", name="Go on or finish it").click()
    again.get_by_role("button", name="Go on with it").click()
    expect(again.get_by_text("Stored as it comes")).to_be_visible()
    again.wait_for_function(f"() => Math.abs(document.querySelector('video').currentTime - {stood_s}) < 2")
    _wait_until(again, 3)
    again.get_by_role("button", name="Finish the interview").click()
    expect(again.get_by_role("region", name="Time map")).to_be_visible(timeout=20_000)

    (interview,) = overview(sample).dyads[0].interviews
    first, second = interview.recordings
    assert first.duration_ms > recorded_ms - 2000
    assert second.offset_ms == first.duration_ms
    (row,) = maps.show_map(sample, "D01-S03-client").rows
    assert row.piece.interview.end_ms <= first.duration_ms  # nothing played from the crash on
    assert {(one.step, one.key) for one in jobs.listed(sample)} == {
        ("transcribe", "D01-S03-client"), ("link", "D01-S03-client"),
    }  # fmt: skip


def test_what_is_recorded_while_the_server_is_away_is_kept_until_it_is_back(
    enter: Callable[[], Page], server: Any, sample: Study
) -> None:
    room = enter()
    _begin(room)
    _wait_until(room, 2)
    server.stop()
    expect(room.get_by_text("kept here")).to_be_visible()
    _wait_until(room, 5)
    server.start()
    let_in = room.context.new_page()  # by the new address, in the same browser
    let_in.goto(server.url)
    let_in.close()
    expect(room.get_by_text("Stored as it comes")).to_be_visible(timeout=15_000)
    recorded_ms = room.evaluate("() => performance.now() - window.began")
    room.get_by_role("button", name="Finish the interview").click()
    expect(room.get_by_role("region", name="Time map")).to_be_visible(timeout=20_000)
    (interview,) = overview(sample).dyads[0].interviews
    assert interview.recordings[0].duration_ms > recorded_ms - 500


def _begin(page: Page) -> None:
    page.get_by_role("button", name="Hold an interview here").click()
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_text("Stored as it comes")).to_be_visible()
    page.wait_for_function("() => window.began")


def _wait_until(page: Page, seconds: float) -> None:
    """Until so much of the interview was recorded."""
    page.wait_for_function("(s) => performance.now() - window.began >= s * 1000", arg=seconds, timeout=90_000)


def _kill(profile: Path) -> None:
    """Ends the browser that keeps its things there, as a power cut would."""
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if f"--user-data-dir={profile}" in words and not any(word.startswith("--type=") for word in words):
            process.kill()
            process.wait(10)


def _finish_jobs(page: Page, study: Study) -> None:
    for _ in range(240):
        if all(one.state not in ("queued", "running") for one in jobs.listed(study)):
            break
        page.wait_for_timeout(500)
    assert {one.state for one in jobs.listed(study)} == {"done"}, jobs.listed(study)
