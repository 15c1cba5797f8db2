"""Recordings that come later: further parts, cameras and microphones, the sound of a transcript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.actions.added_recordings import Placing, add_recording, start_recording_at
from iprkit.actions.alignment import align
from iprkit.actions.codings import Sought, list_codings
from iprkit.actions.dyads import add_dyad
from iprkit.actions.entering import Into
from iprkit.actions.history import undo
from iprkit.actions.imports import import_files
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.transcripts import show
from iprkit.actions.withdrawals import withdraw
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput, NotFound, SameRecording

Recorder = Callable[..., Path]
Wav = Callable[[Path, NDArray[np.float32]], None]

SAID = "T: How was it for you to come here today?\nC: It was okay, I was a little late because of the bus.\n"


def views(study: Study, key: str) -> list[tuple[str, int, int]]:
    with study.read() as db:
        return [(one.view, one.part, one.offset_ms) for one in queries.conversation(db, key).recordings]


@pytest.fixture
def told(study: Study, tmp_path: Path) -> Study:
    """A session that came as a transcript alone, with times."""
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    file = tmp_path / "talk.srt"
    file.write_text("1\n00:00:00,000 --> 00:00:02,500\nWelcome back. Last week we ended rather quickly.\n", "utf-8")
    import_files(study, [file], Into(session="D01-S03"))
    return study


def test_a_transcript_gets_its_sound_and_its_words_are_found_in_it(
    told: Study, sound: NDArray[np.float32], write_wav: Wav, tmp_path: Path
) -> None:
    write_wav(tmp_path / "film.wav", sound[None, : 16_000 * 6])
    added = add_recording(told, "D01-S03", tmp_path / "film.wav")
    assert (added.view, added.part, added.offset_ms, added.align, added.note) == ("main", 1, 0, True, "")
    done = align(told, "D01-S03")
    assert done.placed > 0
    assert show(told, "D01-S03").segments[0].text.startswith("Welcome back.")
    undo(told)
    undo(told)
    assert views(told, "D01-S03") == []


def test_a_sound_that_ends_before_its_transcript_is_told(told: Study, record: Recorder, tmp_path: Path) -> None:
    file = tmp_path / "late.srt"
    file.write_text("1\n00:01:00,000 --> 00:01:02,500\nThank you.\n", "utf-8")
    import_files(told, [file], Into(session="D01-S04"))
    note = add_recording(told, "D01-S04", record("a.wav", seconds=2)).note
    assert note.startswith("the transcript goes on for 1:00.5")


def test_another_microphone_of_a_transcribed_session_starts_where_its_sound_tells(
    recalled: Study, sound: NDArray[np.float32], write_wav: Wav, tmp_path: Path
) -> None:
    noise = np.random.default_rng(5).normal(0, 0.002, (1, 16_000 * 60)).astype(np.float32)
    write_wav(tmp_path / "later.wav", sound[None, 16_000 * 20 : 16_000 * 80] * 0.4 + noise)
    before = show(recalled, "D01-S03")
    added = add_recording(recalled, "D01-S03", tmp_path / "later.wav", where=Placing(beside=True))
    assert (added.view, added.align, added.note) == ("camera2", False, "")
    assert abs(added.offset_ms - 20_000) < 60
    silence = np.zeros((1, 16_000 * 5), np.float32)
    write_wav(tmp_path / "earlier.wav", np.concatenate([silence, sound[None, : 16_000 * 60]], 1))
    added = add_recording(recalled, "D01-S03", tmp_path / "earlier.wav", where=Placing(beside=True))
    assert added.view == "camera3"
    assert abs(added.offset_ms + 5_000) < 60
    assert show(recalled, "D01-S03") == before


def test_where_the_sound_tells_nothing_it_is_said_and_put_right_by_hand(recalled: Study, record: Recorder) -> None:
    added = add_recording(recalled, "D01-S03", record("hum.wav", seconds=3), where=Placing(beside=True))
    assert (added.offset_ms, added.note[:36]) == (0, "its sound does not tell where it sta")
    start_recording_at(recalled, "D01-S03", "camera2", -1200)
    assert views(recalled, "D01-S03") == [("main", 1, 0), ("camera2", 1, -1200)]
    undo(recalled)
    assert views(recalled, "D01-S03") == [("main", 1, 0), ("camera2", 1, 0)]


def test_a_place_that_is_told_is_believed_and_codings_stay(coded: Study, record: Recorder) -> None:
    before = list_codings(coded, Sought("D01-S03")).codings
    add_recording(coded, "D01-S03", record("side.wav", seconds=2), where=Placing(True, 1500))
    assert views(coded, "D01-S03") == [("main", 1, 0), ("camera2", 1, 1500)]
    assert list_codings(coded, Sought("D01-S03")).codings == before


def test_what_is_transcribed_does_not_go_on(recalled: Study, record: Recorder) -> None:
    with pytest.raises(Conflict, match="add it beside them, as another camera or microphone; .* session of its own"):
        add_recording(recalled, "D01-S03", record("next.wav"))
    assert views(recalled, "D01-S03") == [("main", 1, 0)]


def test_without_a_recording_there_is_nothing_to_run_beside(told: Study, record: Recorder) -> None:
    with pytest.raises(InvalidInput, match="no recording yet that another could run beside; add this one as its first"):
        add_recording(told, "D01-S03", record("a.wav"), where=Placing(beside=True))


def test_a_part_that_was_forgotten_follows_where_nothing_is_transcribed(study: Study, record: Recorder) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    add_session(study, ("D01", 3), sources_of([record("a.wav", seconds=2)]))
    add_recording(study, "D01-S03", record("b.wav", seconds=1, pitch=300))
    assert views(study, "D01-S03") == [("main", 1, 0), ("main", 2, 2000)]
    with pytest.raises(SameRecording):
        add_recording(study, "D01-S03", record("c.wav", seconds=1, pitch=300))


def test_only_what_runs_beside_the_main_recording_is_moved(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="only those beside it can be moved"):
        start_recording_at(recalled, "D01-S03", "main", 5)
    with pytest.raises(NotFound, match="has no recording camera2; it has main"):
        start_recording_at(recalled, "D01-S03", "camera2", 5)


def test_somebody_who_withdrew_is_not_heard_again(recalled: Study, record: Recorder) -> None:
    withdraw(recalled, "D01", "client")
    with pytest.raises(Conflict, match="withdrew"):
        add_recording(recalled, "D01-S03", record("side.wav"), where=Placing(True, 0))
