"""A study with one transcribed session of a therapist and a client; and one with sound, for texts to be put onto it."""

from __future__ import annotations

import json
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.actions.alignment import Aligned, Manner, align
from iprkit.actions.dyads import add_dyad
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import Run
from iprkit.database.transcripts import store_transcript
from iprkit.media import decode
from iprkit.media.decode import RATE
from iprkit.transcript import Segment, Speaker, Transcript, Word

ROOT = Path(__file__).parents[2]
Transcriber = Callable[[Study, str], None]
SPEAKERS = (Speaker("A", "therapist"), Speaker("B", "client"))


def words(text: str, start_ms: int, speaker: str, doubtful: str = "") -> tuple[Word, ...]:
    return tuple(
        Word("", one, start_ms + 200 * i, start_ms + 200 * i + 200, 0.9, speaker, doubtful=one == doubtful)
        for i, one in enumerate(text.split())
    )


def segments() -> tuple[Segment, ...]:
    return (
        Segment("", "A", words("And then?", 0, "A")),
        Segment("", "B", words("I left.", 500, "B", doubtful="left.")),
        Segment("", "B", words("Thank you.", 1000, "B"), flags=("no_voice",)),
    )


@pytest.fixture
def transcribe() -> Transcriber:
    """Stores three segments as the transcript of a session that is there: T001, C001 (doubtful), C002 (flagged)."""

    def store(study: Study, key: str) -> None:
        told = Transcript(key, "en", "scripted", "none", 2000, segments(), SPEAKERS)
        run = Run(step="transcribe", tool_version="0", author="anna", started_at="", engine="scripted", model="none")
        with study.change(f"transcribed {key}", key) as db:
            store_transcript(db, queries.conversation(db, key), told, run)

    return store


@pytest.fixture
def told(study: Study, record: Callable[..., Path], transcribe: Transcriber) -> Study:
    """Session D01-S01, transcribed."""
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    add_session(study, ("D01", 1), sources_of([record("a.wav", seconds=2)]))
    transcribe(study, "D01-S01")
    return study


@dataclass(frozen=True)
class FilmTurn:
    """A turn of the sample session as it was made."""

    speaker: str
    start_ms: int
    text: str


@pytest.fixture(scope="session")
def film_turns() -> tuple[FilmTurn, ...]:
    """The seven turns of the sample's first 37 s: 116 words."""
    truth = json.loads((ROOT / "transcripts/d01-s03.truth.json").read_text(encoding="utf-8"))
    return tuple(FilmTurn(t["speaker"], round(t["start"] * 1000), t["text"]) for t in truth["session"]["turns"][:7])


@pytest.fixture(scope="session")
def film_sound() -> NDArray[np.float32]:
    """Their sound, mono at 16 kHz."""
    return np.concatenate([block[0] for block in decode.stream(ROOT / "recordings/d01-s03.mp4")])[: 37 * RATE]


@pytest.fixture
def write_wav(tmp_path: Path) -> Callable[..., Path]:
    """Writes mono samples at 16 kHz: ``write_wav("a.wav", samples)``."""

    def write(name: str, samples: NDArray[np.float32]) -> Path:
        file = tmp_path / "camera" / name
        file.parent.mkdir(exist_ok=True)
        with wave.open(str(file), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes((samples * 32767).astype("<i2").tobytes())
        return file

    return write


@pytest.fixture
def filmed(study: Study, write_wav: Callable[..., Path], film_sound: NDArray[np.float32]) -> Study:
    """Session D01-S03 with its recording, not transcribed."""
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    add_session(study, ("D01", 3), sources_of([write_wav("film.wav", film_sound)]))
    return study


@pytest.fixture
def put(filmed: Study, tmp_path: Path) -> Callable[..., Aligned]:
    """Puts a text on D01-S03: ``put("T: So?", style="clean")``."""

    def put_on(text: str | bytes, **manner: str) -> Aligned:
        file = tmp_path / "text.txt"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return align(filmed, "D01-S03", file, Manner(**manner))

    return put_on


@pytest.fixture
def typed(film_turns: tuple[FilmTurn, ...]) -> Callable[..., str]:
    """The turns as a typist would bring them, under these names: ``typed(therapist="T", client="P")``."""

    def write(therapist: str = "Therapist", client: str = "Client") -> str:
        names = {"therapist": therapist, "client": client}
        return "\n\n".join(f"{names[turn.speaker]}: {turn.text}" for turn in film_turns)

    return write
