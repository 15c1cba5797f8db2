"""An interview held in the recall room: stored as it comes, whole in the end, whatever dies meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.actions.recalls import show
from iprkit.actions.speakers import name_speakers
from iprkit.actions.withdrawals import purge, withdraw
from iprkit.database.connect import Study

from .conftest import Browser

Sound = NDArray[np.float32]
WEBM = {"content-type": "audio/webm;codecs=opus"}


@pytest.fixture
def recorded(microphone: Callable[[Sound], bytes], sound: Sound) -> bytes:
    """Ten seconds of the sample as a browser would have recorded them."""
    return microphone(sound[: 10 * 16_000])


def pieces(data: bytes, count: int = 5) -> list[bytes]:
    size = -(-len(data) // count)
    return [data[start : start + size] for start in range(0, len(data), size)]


def put(lea: Browser, room: str, number: int, piece: bytes, take: int = 0) -> Any:
    return lea.send("PUT", f"/api/rooms/{room}/chunks/{number}?take={take}", content=piece, headers=WEBM)


def begin(lea: Browser) -> str:
    room: str = lea.done("POST", "/api/rooms", {"session": "D01-S01", "participant": "client"})["id"]
    return room


PLAYED = [
    {"n": 0, "at_ms": 1000, "event": "play", "session_ms": 0},
    {"n": 1, "at_ms": 2500, "event": "pause", "session_ms": 1500, "by": "client"},
    {"n": 2, "at_ms": 6000, "event": "play", "session_ms": 1500},
    {"n": 3, "at_ms": 6400, "event": "pause", "session_ms": 1900, "by": "interviewer"},
]


def test_an_interview_becomes_recording_map_and_work_to_do(lea: Browser, coded: Study, recorded: bytes) -> None:
    room = begin(lea)
    for number, piece in enumerate(pieces(recorded)):
        assert put(lea, room, number, piece).status_code == 200
    lea.done("POST", f"/api/rooms/{room}/events", PLAYED)
    done = lea.done("POST", f"/api/rooms/{room}/finish", {})
    assert done["key"] == "D01-S01-client"
    assert done["gaps"] == 0
    (session,) = lea.get("/api/study")["dyads"][0]["sessions"]
    (recording,) = session["interviews"][0]["recordings"]
    assert abs(recording["duration_ms"] - 10_000) < 100
    found = show(coded, "D01-S01-client")
    spans = [(one.interview.start_ms, one.interview.end_ms, one.session.start_ms) for one in found.time_map.pieces]
    assert spans == [(1000, 2500, 0), (6000, 6400, 1500)]
    assert {one.source for one in found.time_map.pieces} == {"logged"}
    assert [pause.initiated_by for pause in found.pauses] == ["client", "interviewer"]
    assert {job["step"] for job in lea.get("/api/jobs")} == {"transcribe", "link"}


def test_pieces_may_come_twice_and_in_any_order(lea: Browser, recorded: bytes) -> None:
    room, parts = begin(lea), pieces(recorded)
    for number in (3, 0, 4, 0, 2, 1, 3):
        assert put(lea, room, number, parts[number]).status_code == 200
    (take,) = lea.get(f"/api/rooms/{room}")["takes"]
    assert take == {"number": 0, "chunks": 5, "missing": []}
    lea.done("POST", f"/api/rooms/{room}/finish", {})
    lasting = lea.get("/api/study")["dyads"][0]["sessions"][0]["interviews"][0]["duration_ms"]
    assert abs(lasting - 10_000) < 100


def test_another_piece_under_a_known_number_is_refused(lea: Browser, recorded: bytes) -> None:
    room = begin(lea)
    put(lea, room, 0, recorded)
    answer = put(lea, room, 0, b"something else")
    assert answer.status_code == 409
    assert "begin another take" in answer.json()["message"]


def test_missing_pieces_are_told_and_can_be_gone_without(lea: Browser, recorded: bytes) -> None:
    room, parts = begin(lea), pieces(recorded, 10)
    for number in (0, 1, 2, 3, 6, 7, 8, 9):
        put(lea, room, number, parts[number])
    refused = lea.send("POST", f"/api/rooms/{room}/finish", {})
    assert refused.status_code == 409
    assert "4, 5 of take 0" in refused.json()["message"]
    done = lea.done("POST", f"/api/rooms/{room}/finish", {"gaps": True})
    assert done["gaps"] == 2
    lasting = lea.get("/api/study")["dyads"][0]["sessions"][0]["interviews"][0]["duration_ms"]
    assert abs(lasting - 10_000) < 100  # what came after the gap keeps its time


def test_events_are_noted_once_however_often_they_are_sent(lea: Browser) -> None:
    room = begin(lea)
    lea.done("POST", f"/api/rooms/{room}/events", PLAYED[:2])
    assert lea.done("POST", f"/api/rooms/{room}/events", PLAYED) == {"events": 4}


def test_a_page_that_died_begins_another_take_on_the_same_clock(
    lea: Browser, coded: Study, microphone: Callable[[Sound], bytes], sound: Sound
) -> None:
    room = begin(lea)
    put(lea, room, 0, microphone(sound[: 4 * 16_000]))
    put(lea, room, 0, microphone(sound[4 * 16_000 : 9 * 16_000]), take=1)
    lea.done("POST", f"/api/rooms/{room}/events", [
        {"n": 0, "take": 0, "at_ms": 500, "event": "play", "session_ms": 0},
        {"n": 1, "take": 0, "at_ms": 1500, "event": "pause", "session_ms": 1000, "by": "client"},
        {"n": 0, "take": 1, "at_ms": 1000, "event": "play", "session_ms": 1000},
    ])  # fmt: skip
    lea.done("POST", f"/api/rooms/{room}/finish", {})
    interview = lea.get("/api/study")["dyads"][0]["sessions"][0]["interviews"][0]
    assert [one["part"] for one in interview["recordings"]] == [1, 2]
    first_ms = interview["recordings"][0]["duration_ms"]
    found = show(coded, "D01-S01-client").time_map.pieces
    assert [one.interview.start_ms for one in found] == [500, first_ms + 1000]
    assert found[1].session.end_ms == 2000  # nobody noted a stop: it ran to the session's end


def test_with_a_page_that_died_the_playback_stopped(
    lea: Browser, coded: Study, microphone: Callable[[Sound], bytes], sound: Sound
) -> None:
    room = begin(lea)
    for number, piece in enumerate(pieces(microphone(sound[: 4 * 16_000]), 4)):
        put(lea, room, number, piece)
    play = {"n": 0, "take": 0, "at_ms": 3200, "event": "play", "session_ms": 100}
    lea.done("POST", f"/api/rooms/{room}/events", [play])
    assert lea.get(f"/api/rooms/{room}")["stood_ms"] == 900  # four pieces of a second each were heard
    put(lea, room, 0, microphone(sound[4 * 16_000 : 9 * 16_000]), take=1)
    lea.done("POST", f"/api/rooms/{room}/events", [play | {"take": 1, "at_ms": 2000, "session_ms": 900}])
    lea.done("POST", f"/api/rooms/{room}/finish", {})
    first_ms = lea.get("/api/study")["dyads"][0]["sessions"][0]["interviews"][0]["recordings"][0]["duration_ms"]
    found = show(coded, "D01-S01-client").time_map.pieces
    assert [one.interview.start_ms for one in found] == [3200, first_ms + 2000]
    assert found[0].interview.end_ms == first_ms


def test_finishing_again_gives_the_same_interview(lea: Browser, recorded: bytes) -> None:
    room = begin(lea)
    put(lea, room, 0, recorded)
    first = lea.done("POST", f"/api/rooms/{room}/finish", {})
    again = lea.done("POST", f"/api/rooms/{room}/finish", {})
    assert again["key"] == first["key"]
    assert len(lea.get("/api/study")["dyads"][0]["sessions"][0]["interviews"]) == 1
    assert put(lea, room, 1, b"late").status_code == 409


def test_a_room_left_open_is_found_again_with_what_is_stored(lea: Browser, recorded: bytes) -> None:
    room = begin(lea)
    put(lea, room, 0, pieces(recorded)[0])
    (found,) = lea.get("/api/rooms")
    assert (found["id"], found["state"], found["takes"][0]["chunks"]) == (room, "open", 1)


def test_a_room_needs_a_session_that_is_there_and_no_interview_yet(lea: Browser, recorded: bytes) -> None:
    assert lea.send("POST", "/api/rooms", {"session": "D09-S01", "participant": "client"}).status_code == 404
    room = begin(lea)
    put(lea, room, 0, recorded)
    lea.done("POST", f"/api/rooms/{room}/finish", {})
    assert lea.send("POST", "/api/rooms", {"session": "D01-S01", "participant": "client"}).status_code == 409


def test_nothing_recorded_is_no_interview(lea: Browser) -> None:
    answer = lea.send("POST", f"/api/rooms/{begin(lea)}/finish", {})
    assert answer.status_code == 409
    assert "nothing was recorded" in answer.json()["message"]


@pytest.mark.parametrize("room", ["..", "0123456789abcdeg", "../../rooms", "a" * 200])
def test_only_a_rooms_own_number_leads_to_it(lea: Browser, room: str) -> None:
    assert lea.client.get(f"/api/rooms/{room.replace('/', '%2F')}").status_code == 404


def test_purging_takes_what_an_open_room_holds_and_what_was_drawn(lea: Browser, coded: Study, recorded: bytes) -> None:
    name_speakers(coded, "D01-S01", {"A": "therapist"})
    recording = lea.get("/api/study")["dyads"][0]["sessions"][0]["recordings"][0]["id"]
    lea.get(f"/api/recordings/{recording}/peaks")
    room = begin(lea)
    put(lea, room, 0, recorded)
    withdraw(coded, "D01", "client")
    purge(coded, "D01", "client")
    assert list((coded.folder / "cache").iterdir()) == []
    assert lea.get(f"/api/rooms/{room}")["takes"] == []
