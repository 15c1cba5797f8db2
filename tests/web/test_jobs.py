"""The queue of long work: one piece at a time, in a process of its own, taken up again by the next server."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from iprkit.actions import jobs
from iprkit.actions.dyads import add_dyad
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.transcripts import show
from iprkit.database import together_queries
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.web.queue import Pace, Queue

PATIENCE_S = 60.0  # nothing is judged by it; it only ends a test that would never end


def until(study: Study, is_so: Callable[[list[jobs.Job]], bool]) -> list[jobs.Job]:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        found = jobs.listed(study)
        if is_so(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"it never came to that: {jobs.listed(study)}")


@pytest.fixture
def talk(study: Study, record_talk: Callable[..., Any]) -> tuple[Study, dict[str, str]]:
    """A study with one session to transcribe, and the options that let the engine ``scripted`` do it."""
    told = record_talk(seconds=20)
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    add_session(study, ("D01", 3), sources_of([told.file]))
    return study, {"engine": "scripted", "model": str(told.script)}


@pytest.fixture
def queue(talk: tuple[Study, dict[str, str]]) -> Iterator[Queue]:
    working = Queue(talk[0], print)
    yield working
    working.close()


def test_work_is_done_and_tells_what_came_of_it(talk: tuple[Study, dict[str, str]], queue: Queue) -> None:
    study, options = talk
    asked = jobs.ask_for(study, "transcribe", "D01-S03", options)
    queue.start()
    (done,) = until(study, lambda found: found[0].state not in jobs.OPEN)
    assert (done.id, done.state) == (asked.id, "done")
    assert "words in" in done.message
    assert len(show(study, "D01-S03").segments) > 2
    assert queue.how_far(done.id) is None


def test_what_fails_says_why_and_the_next_is_done(talk: tuple[Study, dict[str, str]], queue: Queue) -> None:
    study, options = talk
    wrong = jobs.ask_for(study, "transcribe", "D01-S03", options | {"model": "/no/such/file.json"})
    right = jobs.ask_for(study, "transcribe", "D01-S03", options)
    queue.start()
    by_id = {one.id: one for one in until(study, lambda found: all(one.state not in jobs.OPEN for one in found))}
    assert by_id[wrong.id].state == "failed"
    assert "no/such/file" in by_id[wrong.id].message
    assert by_id[right.id].state == "done"


def test_work_that_waits_is_taken_out_of_the_queue(talk: tuple[Study, dict[str, str]]) -> None:
    study, options = talk
    asked = jobs.ask_for(study, "transcribe", "D01-S03", options)
    assert jobs.cancel(study, asked.id).state == "cancelled"
    assert jobs.take(study) is None
    with pytest.raises(Conflict, match="is over: cancelled"):
        jobs.cancel(study, asked.id)


def test_work_that_runs_is_stopped(talk: tuple[Study, dict[str, str]], queue: Queue) -> None:
    study, options = talk
    asked = jobs.ask_for(study, "transcribe", "D01-S03", options)
    queue.start()
    until(study, lambda found: found[0].state == "running")
    jobs.cancel(study, asked.id)
    (ended,) = until(study, lambda found: found[0].state not in jobs.OPEN)
    assert (ended.state, ended.message) == ("cancelled", "stopped")


def test_a_server_that_ends_leaves_its_work_to_the_next(talk: tuple[Study, dict[str, str]], queue: Queue) -> None:
    study, options = talk
    jobs.ask_for(study, "transcribe", "D01-S03", options)
    queue.start()
    until(study, lambda found: found[0].state == "running")
    queue.close()
    assert jobs.listed(study)[0].state == "queued"
    following = Queue(study, print)
    following.start()
    (done,) = until(study, lambda found: found[0].state not in jobs.OPEN)
    following.close()
    assert done.state == "done"


def test_the_work_of_a_process_that_is_gone_is_taken_up(talk: tuple[Study, dict[str, str]]) -> None:
    study, options = talk
    asked = jobs.ask_for(study, "transcribe", "D01-S03", options)
    assert jobs.take(study) is not None
    assert jobs.take(study) is None  # it runs, as far as anybody can tell
    with study.write() as db:
        row = together_queries.job(db, asked.id)
        assert row is not None
        row.worker = f"{os.getpid()} 1.00"  # the number of a process that began at another time
    again = jobs.take(study)
    assert again is not None and again.id == asked.id


def test_what_waits_already_is_not_asked_for_twice(talk: tuple[Study, dict[str, str]]) -> None:
    study, options = talk
    first = jobs.ask_for(study, "transcribe", "D01-S03", options)
    assert jobs.ask_for(study, "transcribe", "D01-S03", options).id == first.id
    assert jobs.ask_for(study, "align", "D01-S03").id != first.id


@pytest.mark.parametrize(
    ("step", "key", "options", "error"),
    [
        ("dance", "D01-S03", {}, InvalidInput),
        ("transcribe", "D01-S09", {}, NotFound),
        ("link", "D01-S03", {}, InvalidInput),
        ("align", "D01-S03", {"model": "tiny"}, InvalidInput),
    ],
)
def test_work_that_cannot_be_meant_is_refused(
    talk: tuple[Study, dict[str, str]], step: str, key: str, options: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        jobs.ask_for(talk[0], step, key, options)


def test_the_queue_is_no_part_of_undo(talk: tuple[Study, dict[str, str]], tmp_path: Path) -> None:
    from iprkit.actions.feed import last_number

    before = last_number(talk[0])
    jobs.ask_for(talk[0], "transcribe", "D01-S03")
    assert last_number(talk[0]) == before


def test_how_long_it_takes_is_known_from_the_last_time(talk: tuple[Study, dict[str, str]], queue: Queue) -> None:
    study, options = talk
    first = jobs.ask_for(study, "transcribe", "D01-S03", options)
    assert jobs.usual_pace(study, first) is None
    queue.start()
    until(study, lambda found: found[0].state not in jobs.OPEN)
    queue.close()
    again = jobs.ask_for(study, "transcribe", "D01-S03", {"again": True})
    with study.read() as db:
        (run,) = together_queries.newest_runs(db, "transcribe")
        speech_ms = run.outcome["speech_ms"]
    pace = jobs.usual_pace(study, again)
    assert pace is not None
    assert 0 < pace * speech_ms < PATIENCE_S
    assert Pace(pace).left("transcribing", 0, speech_ms, 0.0) == pytest.approx(pace * speech_ms, abs=0.1)
    other = jobs.ask_for(study, "transcribe", "D01-S03", {"model": "large-v3"})
    assert jobs.usual_pace(study, other) is None
    assert jobs.usual_pace(study, jobs.ask_for(study, "align", "D01-S03")) is None
