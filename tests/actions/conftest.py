"""A study with one transcribed session of a therapist and a client; and one with sound, for texts to be put onto it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.actions import codebooks, codes
from iprkit.actions.alignment import Aligned, Manner, align
from iprkit.actions.coders import add_coder
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding
from iprkit.actions.dyads import add_dyad
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import Run
from iprkit.database.transcripts import store_transcript
from iprkit.media.decode import RATE
from iprkit.transcript import Segment, Speaker, Transcript, Word

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


@pytest.fixture(scope="session")
def film_turns(turns: Sequence[Any]) -> Sequence[Any]:
    """The seven turns of the sample's first 37 s: 116 words."""
    return turns[:7]


@pytest.fixture(scope="session")
def film_sound(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Their sound, mono at 16 kHz."""
    return sound[: 37 * RATE]


@pytest.fixture
def filmed(study: Study, tmp_path: Path, write_wav: Callable[..., None], film_sound: NDArray[np.float32]) -> Study:
    """Session D01-S03 with its recording, not transcribed."""
    write_wav(tmp_path / "film.wav", film_sound[None])
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    add_session(study, ("D01", 3), sources_of([tmp_path / "film.wav"]))
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
def typed(film_turns: Sequence[Any]) -> Callable[..., str]:
    """The turns as a typist would bring them, under these names: ``typed(therapist="T", client="P")``."""

    def write(therapist: str = "Therapist", client: str = "Client") -> str:
        names = {"therapist": therapist, "client": client}
        return "\n\n".join(f"{names[turn.role]}: {turn.text}" for turn in film_turns)

    return write


@pytest.fixture
def talk(told: Study) -> Study:
    """The same study of Lea, who does not code: coders anna and ben, the codebook talk (push, pull, warmth 1-5)."""
    for name in ("anna", "ben"):
        add_coder(told, name)
    codebooks.new_codebook(told, "talk", {})
    for name in ("Push", "Pull"):
        codes.add(told, "talk", name, {})
    codes.add(told, "talk", "Warmth", {"scale": "1-5"})
    return replace(told, author="lea")


@pytest.fixture
def coded(recalled: Study) -> Study:
    """The sample study with recall: anna and ben coded three segments with talk, one memo opens like a formula."""
    for name in ("anna", "ben"):
        add_coder(recalled, name)
    codebooks.new_codebook(recalled, "talk", {})
    for name in ("Push", "Pull"):
        codes.add(recalled, "talk", name, {})
    codes.add(recalled, "talk", "Warmth", {"scale": "1-5"})
    codes.add(recalled, "talk", "Rift", {"unit": "moment"})
    wishes = [
        Wish("D01-S03-T001", "push", coder="anna", memo="=1+1", certainty="low", about="client"),
        Wish("D01-S03-C001", "pull", coder="anna", memo="Ärger\nzwei"),
        Wish("D01-S03-C001", "warmth", coder="anna", rating=4.0),
        Wish("D01-S03-T001", "push", coder="ben"),
        Wish("D01-S03-C001", "push", coder="ben", memo="'=not one"),
        Wish("D01-S03-M01", "rift", coder="ben", certainty="high"),
    ]
    study = replace(recalled, author="lea")
    for wish in wishes:
        add_coding(study, wish)
    return study
