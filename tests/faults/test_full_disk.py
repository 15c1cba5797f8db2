"""A disk without room: every command says so in one sentence, leaves nothing behind, and works once there is room."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FILM = ROOT / "recordings/d01-s03.mp4"


@pytest.mark.parametrize("room_kb", [0, 12, 40, 160, 300, 480])
def test_a_study_is_begun_whole_or_not_at_all(disk: Any, confined: Any, room_kb: int) -> None:
    new = type(confined)(disk.folder / "new", disk)
    disk.leave(room_kb if disk.own else min(room_kb, 200))  # no single file of a study is larger at first
    failed = new.run("init", new.study)
    assert (failed.returncode, disk.says_full(failed.stderr)) == (1, True), failed.stderr
    assert not new.study.exists()
    disk.leave(None)
    new.do("init", new.study)
    assert new.is_sound()


def test_a_recording_that_does_not_fit_leaves_no_trace(disk: Any, confined: Any) -> None:
    disk.leave(500)
    failed = confined.run("session", "add", "D01", 3, FILM)
    assert (failed.returncode, disk.says_full(failed.stderr)) == (1, True), failed.stderr
    assert confined.files("recordings") == []
    disk.leave(None)
    assert "D01-S03" not in confined.do("status")
    confined.do("session", "add", "D01", 3, FILM)
    assert confined.is_sound()


@pytest.mark.parametrize("room_kb", [4, 36])
def test_where_the_database_has_no_room_the_copied_recording_goes_too(
    disk: Any, confined: Any, record_talk: Callable[..., Any], room_kb: int
) -> None:
    file = record_talk(seconds=8).file
    linked = () if disk.own else ("--link",)  # a limit meets the copy first
    disk.leave(room_kb + (file.stat().st_size // 1024 if disk.own else 0))
    failed = confined.run("session", "add", "D01", 3, file, *linked)
    assert (failed.returncode, disk.says_full(failed.stderr)) == (1, True), failed.stderr
    disk.leave(None)
    assert confined.files("recordings") == []
    assert "D01-S03" not in confined.do("status")
    confined.do("session", "add", "D01", 3, file)
    assert confined.is_sound()


@pytest.mark.parametrize("room_kb", [4, 40, 64, 100])
def test_a_transcript_is_stored_whole_or_not_at_all(
    disk: Any, confined: Any, record_talk: Callable[..., Any], room_kb: int
) -> None:
    talked = record_talk(seconds=175)
    words = ("transcribe", "--engine", "scripted", "--model", talked.script)
    confined.do("session", "add", "D01", 3, talked.file, "--link")
    disk.leave(room_kb)
    failed = confined.run(*words)
    assert (failed.returncode, disk.says_full(failed.stderr)) == (1, True), failed.stderr
    disk.leave(None)
    assert confined.run("transcript", "show", "D01-S03").returncode == 1
    assert confined.files("transcripts") == []
    assert confined.is_sound()
    confined.do(*words)
    said = [word for turn in talked.turns for word in turn.text.split()]
    shown = confined.transcript("D01-S03")
    assert [word["text"] for segment in shown["segments"] for word in segment["words"]] == said
    assert confined.pieces() == []


def test_copies_for_other_programs_that_found_no_room_come_with_the_next_transcribing(
    disk: Any, confined: Any, record_talk: Callable[..., Any]
) -> None:
    talked = record_talk(seconds=175)
    words = ("transcribe", "--engine", "scripted", "--model", talked.script)
    confined.do("session", "add", "D01", 3, talked.file, "--link")
    confined.do(*words)
    whole = (confined.study / "transcripts/D01-S03.json").read_bytes()
    (confined.study / "transcripts/D01-S03.json").unlink()
    disk.leave(40)
    failed = confined.run(*words)
    assert (failed.returncode, disk.says_full(failed.stderr)) == (1, True), failed.stderr
    assert confined.files("transcripts") == ["D01-S03.vtt"]
    disk.leave(None)
    confined.do(*words)
    assert (confined.study / "transcripts/D01-S03.json").read_bytes() == whole


def test_a_backup_is_whole_or_not_there(disk: Any, confined: Any) -> None:
    disk.leave(120)
    failed = confined.run("backup")
    assert (failed.returncode, disk.says_full(failed.stderr)) == (1, True), failed.stderr
    assert confined.files("backups") == []
    disk.leave(None)
    assert Path(confined.do("backup").strip()).is_file()
    assert confined.is_sound()


def test_an_export_is_whole_or_not_there(disk: Any, confined: Any, record_talk: Callable[..., Any]) -> None:
    talked = record_talk(seconds=175)
    confined.do("session", "add", "D01", 3, talked.file, "--link")
    confined.do("transcribe", "--engine", "scripted", "--model", talked.script)
    disk.leave(40)
    failed = confined.run("export", "json", "D01-S03")
    assert (failed.returncode, disk.says_full(failed.stderr)) == (1, True), failed.stderr
    assert confined.files("exports") == []
    disk.leave(None)
    confined.do("export", "json", "D01-S03")
    assert confined.files("exports") == ["D01-S03.json"]


@pytest.mark.parametrize("words", [("dyad", "add", "D02", "--client", "C02"), ("undo",)])
def test_a_change_is_made_whole_or_not_at_all(disk: Any, confined: Any, words: tuple[str, ...]) -> None:
    before = confined.do("status", "--json")
    disk.leave(4)
    failed = confined.run(*words)
    assert (failed.returncode, disk.says_full(failed.stderr)) == (1, True), failed.stderr
    disk.leave(None)
    assert confined.do("status", "--json") == before
    confined.do(*words)
    assert confined.is_sound()


def test_a_model_that_does_not_fit_leaves_no_trace(
    disk: Any, confined: Any, tmp_path: Path, surroundings: Callable[..., Any]
) -> None:
    usb, models = tmp_path / "usb/norsk", disk.folder / "models"
    usb.mkdir(parents=True)
    (usb / "model.bin").write_bytes(bytes(1_000_000))
    disk.leave(300)
    with surroundings(IPRKIT_MODELS=str(models)):
        failed = confined.run("models", "fetch", "norsk", "--from", usb.parent)
        assert (failed.returncode, failed.stderr.startswith("Error: ")) == (1, True)
        assert list(models.iterdir()) == []
        disk.leave(None)
        confined.do("models", "fetch", "norsk", "--from", usb.parent)
        confined.do("models", "verify")
