"""kill -9 at any moment: the study stays sound, the next run goes on, and nobody can tell that anything happened."""

import random
import re
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FILM = ROOT / "recordings/d01-s03.mp4"
LINES = ["finding speech 100 %", r"transcribing [1-9]\d? %", r"transcribing [4-9]\d %", r"transcribing [89]\d %"]
LINES += ["transcribing 100 %"]

Talks = Callable[..., Any]


@pytest.fixture
def session(program: Any, record_talk: Talks) -> Any:
    """A session of eight minutes that is heard in three pieces, and how to transcribe it."""
    talked = record_talk(seconds=150, times=3)
    program.do("session", "add", "D01", 3, talked.file, "--link")
    return ("transcribe", "--engine", "scripted", "--model", talked.script)


@pytest.fixture
def undisturbed(program: Any, session: tuple[object, ...], tmp_path: Path) -> dict[str, Any]:
    """What the transcript is where nothing happens, made in another study."""
    other = type(program)(tmp_path / "other")
    other.do("init", other.study)
    other.do("dyad", "add", "D01", "--therapist", "T01", "--client", "C01")
    other.do("session", "add", "D01", 3, tmp_path / "camera/talk.wav", "--link")
    other.do(*session)
    return dict(other.transcript("D01-S03"))


def killed_after(program: Any, told: str, delay_s: float, *words: object) -> None:
    """Kills a command some time after it said something, if it is still running then."""
    process = program.start(*words)
    assert process.stderr is not None
    for line in process.stderr:
        if re.search(told, line):
            break
    time.sleep(delay_s)
    process.kill()
    process.communicate()


@pytest.mark.parametrize("seed", range(3))
def test_a_transcript_is_the_same_whenever_its_making_was_killed(
    program: Any, session: tuple[object, ...], undisturbed: dict[str, Any], seed: int
) -> None:
    chance = random.Random(seed)
    for told in sorted(chance.sample(range(len(LINES)), 2)):
        killed_after(program, LINES[told], chance.uniform(0, 0.2), *session)
        assert program.is_sound()
    program.do(*session)
    assert program.transcript("D01-S03") == undisturbed
    assert program.files("transcripts") == ["D01-S03.json", "D01-S03.vtt"]
    assert (program.pieces(), program.is_sound()) == ([], True)
    assert "undid: transcribed D01-S03" in program.do("undo")


def test_finished_pieces_are_not_done_again(program: Any, session: tuple[object, ...]) -> None:
    program.stop_at(r"transcribing [5-9]\d %", signal.SIGKILL, *session)
    before = program.pieces()
    assert len(before) == 2
    stopped = program.stop_at(r"transcribing (\d+) %", signal.SIGKILL, *session)
    first = int(re.findall(r"transcribing (\d+) %", stopped.stderr)[0])
    assert first >= 50
    assert program.pieces()[:2] == before


def test_what_was_heard_before_the_kill_is_what_stands_in_the_transcript(
    program: Any, session: tuple[object, ...]
) -> None:
    program.stop_at(r"transcribing [4-9]\d %", signal.SIGKILL, *session)
    _mark_first_word(program.study / "study.db")
    program.do(*session)
    assert program.transcript("D01-S03")["segments"][0]["words"][0]["text"] == "MARKED"


def _mark_first_word(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE chunk SET result = json_set(result, '$.words[0][0]', 'MARKED') WHERE ordinal = 0")
    connection.close()


@pytest.mark.parametrize("told", ["checksum", r"inspect [3-6]\d %", r"copy [1-4]\d %", r"copy [5-9]\d %", "copy 100 %"])
def test_a_session_can_be_added_after_its_adding_was_killed(program: Any, record_talk: Talks, told: str) -> None:
    file = record_talk(seconds=175, times=4).file
    words = ("session", "add", "D01", 3, file)
    program.stop_at(told, signal.SIGKILL, *words)
    assert program.is_sound()
    again = program.run(*words)
    assert again.returncode == 0 or "D01-S03 exists already" in again.stderr
    assert program.files("recordings") == ["d01-s03.wav"]
    assert (program.study / "recordings/d01-s03.wav").read_bytes() == file.read_bytes()
    assert program.is_sound()


@pytest.mark.parametrize("seed", range(3))
def test_an_export_is_whole_or_not_there_whenever_it_was_killed(
    program: Any, session: tuple[object, ...], seed: int
) -> None:
    program.do(*session)
    started = time.monotonic()
    program.start("export", "json").communicate()
    usual_s = time.monotonic() - started
    whole = (program.study / "exports/D01-S03.json").read_bytes()
    (program.study / "exports/D01-S03.json").unlink()
    process = program.start("export", "json")
    time.sleep(random.Random(seed).uniform(0.4, 1) * usual_s)
    process.kill()
    process.communicate()
    visible = [name for name in program.files("exports") if not name.startswith(".")]
    assert [(program.study / "exports" / name).read_bytes() for name in visible] in ([], [whole])
    program.do("export", "json")
    assert (program.study / "exports/D01-S03.json").read_bytes() == whole
    assert program.is_sound()


UNDOING = """
import sys
from pathlib import Path
from iprkit.actions.history import redo, undo
from iprkit.database.connect import open_study
with open_study(Path(sys.argv[1]), "anna") as study:
    print("ready", flush=True)
    while True:
        undo(study)
        redo(study)
"""


def test_undo_is_done_whole_or_not_at_all_whenever_it_was_killed(program: Any, session: tuple[object, ...]) -> None:
    program.do(*session)
    before, chance = program.transcript("D01-S03"), random.Random(1)
    for _ in range(8):
        process = program.start_source(UNDOING, program.study)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        process.communicate()
        assert program.is_sound()
        shown = program.run("transcript", "show", "D01-S03")
        if shown.returncode:
            assert "not transcribed yet" in shown.stderr
            program.do("redo")
        assert program.transcript("D01-S03") == before


@pytest.mark.parametrize("seed", range(3))
def test_a_study_can_be_begun_after_its_beginning_was_killed(program: Any, tmp_path: Path, seed: int) -> None:
    new = type(program)(tmp_path / "new")
    started = time.monotonic()
    type(program)(tmp_path / "usual").start_source(BEGINNING, tmp_path / "usual").communicate()
    usual_s = time.monotonic() - started
    process = new.start_source(BEGINNING, new.study)
    time.sleep(random.Random(seed).uniform(0.6, 1) * usual_s)
    process.kill()
    process.communicate()
    again = new.run("init", new.study)
    assert again.returncode == 0 or "holds a study already" in again.stderr
    new.do("dyad", "add", "D01")
    assert new.is_sound()
    assert sorted(place.name for place in new.study.iterdir() if place.is_file()) == ["study.db"]


BEGINNING = """
import sys
from pathlib import Path
from iprkit.actions.studies import init
init(Path(sys.argv[1]))
"""


@pytest.mark.weights
def test_with_real_weights_the_transcript_is_the_same_too(program: Any, tmp_path: Path) -> None:
    """Heard in three pieces side by side; the words' times and speakers depend on nothing but the recording."""
    words = ("transcribe", "--model", "tiny.en", "--jobs", 3)
    program.do("session", "add", "D01", 3, FILM, "--link")
    program.do(*words)
    undisturbed = program.transcript("D01-S03")
    program.do("undo")
    program.stop_at(r"transcribing [2-9]\d %", signal.SIGKILL, *words)
    assert program.pieces()
    program.do(*words)
    assert program.transcript("D01-S03") == undisturbed
