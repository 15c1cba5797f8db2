"""What most tests start from: a small study, its database inside a change, the command line, and short recordings."""

from __future__ import annotations

import json
import math
import os
import shutil
import struct
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray
from sqlalchemy.orm import Session as Db

from iprkit.actions import codebooks, codes
from iprkit.actions.coders import add_coder
from iprkit.actions.dyads import add_dyad
from iprkit.actions.linking import How, link
from iprkit.actions.listeners import Request
from iprkit.actions.recalls import Held, add_recall
from iprkit.actions.recordings import Intake
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.speakers import name_speakers
from iprkit.actions.transcription import transcribe
from iprkit.cli import main
from iprkit.database import queries
from iprkit.database.connect import Study, create, open_study
from iprkit.database.models import Run
from iprkit.database.transcripts import store_transcript
from iprkit.formats.native import write_native
from iprkit.media import decode
from iprkit.timeline import Span
from iprkit.transcript import Segment, Speaker, Transcript, Word

ROOT = Path(__file__).parents[1]
RATE = 16_000

Recorder = Callable[..., Path]


@pytest.fixture(scope="session")
def peer() -> Callable[[str], Path]:
    """The environment of another program, by what pip calls it: ``peer("taguette==1.5.2")``; made where it is not yet.

    It lies beside the source and stays there: what such programs need does not go together with what iprkit needs.
    """

    def make(requirement: str) -> Path:
        place = ROOT / ".peers" / requirement
        if not (place / "ready").exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
            subprocess.run([str(place / "bin/python"), "-m", "pip", "install", "--quiet", requirement], check=True)
            (place / "ready").touch()
        return place / "bin"

    return make


@pytest.fixture
def record(tmp_path: Path) -> Recorder:
    """Writes a short WAV: ``record("a.wav", seconds=2, channels=2, pitch=440)``."""

    def write(name: str, seconds: float = 1, channels: int = 1, pitch: int = 440) -> Path:
        file = tmp_path / "camera" / name
        file.parent.mkdir(exist_ok=True)
        tone = [round(9000 * math.sin(math.tau * pitch * i / 8000)) for i in range(round(8000 * seconds))]
        with wave.open(str(file), "wb") as out:
            out.setnchannels(channels)
            out.setsampwidth(2)
            out.setframerate(8000)
            out.writeframes(b"".join(struct.pack("<h", sample) * channels for sample in tone))
        return file

    return write


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """An empty study of Anna's."""
    with create(tmp_path / "study", "Rupture and repair", "anna") as made:
        yield made


@pytest.fixture
def db(study: Study) -> Iterator[Db]:
    """The study's database inside one change."""
    with study.change("a test's change", "D01") as open_db:
        yield open_db


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., Result]:
    """Runs ``iprkit -C STUDY …`` on a study in the temporary folder; ``cli("status", "--json")``."""

    def run(*words: object, folder: Path | None = None) -> Result:
        where = ["-C", str(folder or tmp_path / "study")]
        return CliRunner().invoke(main, [*where, "--as", "anna", *map(str, words)])

    return run


@pytest.fixture
def models(tmp_path: Path) -> Iterator[Path]:
    """An empty models folder, named by IPRKIT_MODELS while the test runs."""
    with _surroundings(IPRKIT_MODELS=str(tmp_path / "models")):
        yield tmp_path / "models"


@pytest.fixture(scope="session")
def surroundings() -> Callable[..., AbstractContextManager[None]]:
    """Sets variables of the environment while a block runs: ``with surroundings(IPRKIT_MODELS="…"):``."""
    return _surroundings


@contextmanager
def _surroundings(**variables: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@dataclass(frozen=True)
class SaidTurn:
    """A turn of the sample session as it was made: by whom, when, and its words."""

    role: str
    span: Span
    text: str


@dataclass(frozen=True)
class Talk:
    """A recording cut from the sample session, and the transcript that the engine ``scripted`` replays for it."""

    file: Path
    script: Path
    turns: tuple[SaidTurn, ...]


@pytest.fixture(scope="session")
def turns() -> tuple[SaidTurn, ...]:
    """The turns of the sample session."""
    truth = json.loads((ROOT / "transcripts/d01-s03.truth.json").read_text(encoding="utf-8"))
    return tuple(_said_turn(turn) for turn in truth["session"]["turns"])


@pytest.fixture(scope="session")
def sound() -> NDArray[np.float32]:
    """The sound of the sample session's film, mono at 16 kHz."""
    return np.concatenate([block[0] for block in decode.stream(ROOT / "recordings/d01-s03.mp4")])


@pytest.fixture(scope="session")
def stereo() -> NDArray[np.float32]:
    """The same session from two microphones, shape (2, n) at 16 kHz: therapist, client."""
    return np.concatenate(list(decode.stream(ROOT / "recordings/d01-s03-stereo.ogg", channels="all")), axis=1)


@pytest.fixture
def record_talk(
    tmp_path: Path, turns: tuple[SaidTurn, ...], sound: NDArray[np.float32], stereo: NDArray[np.float32]
) -> Callable[..., Talk]:
    """The turns of the sample session that end before ``seconds``, ``times`` over, a pause after each time.

    ``record_talk("a.wav", seconds=20, pause_ms=1500)``.
    """

    def build(
        name: str = "talk.wav", seconds: int = 20, times: int = 1, channels: int = 1, pause_ms: int = 2_000
    ) -> Talk:
        source = stereo if channels == 2 else sound[None]
        chosen = [turn for turn in turns if turn.span.end_ms <= seconds * 1000]
        once = source[:, : (chosen[-1].span.end_ms + 200) * RATE // 1000]
        step_ms = once.shape[1] * 1000 // RATE + pause_ms
        silence = np.zeros((channels, pause_ms * RATE // 1000), np.float32)
        whole = np.concatenate([part for _ in range(times) for part in (once, silence)], axis=1)
        said = [replace(turn, span=turn.span.shift(n * step_ms)) for n in range(times) for turn in chosen]
        folder = tmp_path / "camera"
        folder.mkdir(exist_ok=True)
        _write_wav(folder / name, whole)
        script = folder / f"{name}.json"
        with script.open("w", encoding="utf-8") as out:
            write_native(_scripted(said, whole.shape[1] * 1000 // RATE), out)
        return Talk(folder / name, script, tuple(said))

    return build


def _said_turn(turn: dict[str, Any]) -> SaidTurn:
    span = Span(round(turn["start"] * 1000), round(turn["end"] * 1000))
    return SaidTurn(turn["speaker"], span, turn["text"])


@pytest.fixture(scope="session")
def write_wav() -> Callable[[Path, NDArray[np.float32]], None]:
    """``write_wav(file, sound)``: sound at 16 kHz of shape (channels, n) as a WAV in 16 bits."""
    return _write_wav


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """What is true of the sample: the session, and by participant the recall interviews about it."""
    told: dict[str, Any] = json.loads((ROOT / "transcripts/d01-s03.truth.json").read_text(encoding="utf-8"))
    return told | {"recalls": {one["participant"]: one for one in told["recalls"]}}


@pytest.fixture(scope="session")
def _recalled(tmp_path_factory: pytest.TempPathFactory, turns: tuple[SaidTurn, ...], truth: dict[str, Any]) -> Path:
    """The sample study with both recall interviews: heard by the engine ``scripted``, linked by a log of what is true."""
    folder = tmp_path_factory.mktemp("recalled")
    with create(folder / "study", "Sample", "anna") as study:
        add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
        linked = Intake(link=True)
        film = sources_of([ROOT / "recordings/d01-s03.mp4"])
        add_session(study, ("D01", 3), film, "2026-03-04", linked)
        told = folder / "told.json"
        with told.open("w", encoding="utf-8") as out:
            write_native(_scripted(list(turns), 174_558), out)
        transcribe(study, ["D01-S03"], Request("scripted", str(told)))
        name_speakers(study, "D01-S03", {"A": "therapist"})
        for who, date in (("client", "2026-03-05"), ("therapist", None)):
            key, recording = f"D01-S03-{who}", ROOT / f"recordings/d01-s03-{who}-recall.m4a"
            add_recall(study, ("D01", 3), Held(who, date), sources_of([recording]), linked)
            link(study, [key], How(log=_logged(folder / f"{who}.csv", truth["recalls"][who])))
            transcribe(study, [key], Request("scripted", str(ROOT / f"transcripts/d01-s03-{who}-recall.told.json")))
            name_speakers(study, key, {"A": "interviewer"})
        link(study)
    return folder / "study"


@pytest.fixture
def recalled(_recalled: Path, tmp_path: Path) -> Iterator[Study]:
    """The sample study of Anna's with both recall interviews linked: D01-S03-client, D01-S03-therapist."""
    shutil.copytree(_recalled, tmp_path / "study")
    with open_study(tmp_path / "study", "anna") as study:
        yield study


def _logged(file: Path, recall: dict[str, Any]) -> Path:
    """What was played in an interview, as somebody would have noted it; the client stopped each time."""
    rows = ["interview,event,session,by"]
    for piece in recall["replays"]:
        start, end, at = (round(1000 * piece[name]) for name in ("recall_start", "recall_end", "session_start"))
        rows += [f"{start},play,{at},", f"{end},pause,,client"]
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


def _write_wav(file: Path, sound: NDArray[np.float32]) -> None:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(sound.shape[0])
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(sound.T, -1, 1) * 32767).astype("<i2").tobytes())


def _scripted(said: list[SaidTurn], duration_ms: int) -> Transcript:
    """The turns as a transcript; the words of a turn share its time evenly."""
    labels = {"therapist": "A", "client": "B"}
    segments = []
    for number, turn in enumerate(said):
        tokens = turn.text.split()
        edges = [turn.span.start_ms + n * turn.span.duration_ms // len(tokens) for n in range(len(tokens) + 1)]
        words = tuple(
            Word(f"w{number}-{n}", token, edges[n], edges[n + 1], 0.9, labels[turn.role])
            for n, token in enumerate(tokens)
        )
        segments.append(Segment(f"X-{number}", labels[turn.role], words))
    return Transcript("TOLD", "en", "told", "by hand", duration_ms, tuple(segments))


@pytest.fixture
def told_apart(record: Callable[..., Path]) -> Callable[[Study], None]:
    """Gives a study D01-S01 with the segments T001, C001, C002, the coders anna and ben, and the codebook talk."""

    def fill(study: Study) -> None:
        add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
        add_session(study, ("D01", 1), sources_of([record("a.wav", seconds=2)]))
        segments = (_said("A", "And then?", 0), _said("B", "I left.", 500), _said("B", "Thank you.", 1000))
        speakers = (Speaker("A", "therapist"), Speaker("B", "client"))
        run = Run(step="transcribe", tool_version="0", author="lea", started_at="", engine="scripted", model="none")
        with study.change("transcribed D01-S01", "D01-S01") as db:
            heard = Transcript("D01-S01", "en", "scripted", "none", 2000, segments, speakers)
            store_transcript(db, queries.conversation(db, "D01-S01"), heard, run)
        for name in ("anna", "ben"):
            add_coder(study, name)
        codebooks.new_codebook(study, "talk", {})
        for name in ("Push", "Pull"):
            codes.add(study, "talk", name, {})
        codes.add(study, "talk", "Warmth", {"scale": "1-5"})

    return fill


def _said(speaker: str, text: str, start_ms: int) -> Segment:
    words = [
        Word("", word, start_ms + 200 * at, start_ms + 200 * at + 200, 0.9, speaker)
        for at, word in enumerate(text.split())
    ]
    return Segment("", speaker, tuple(words))
