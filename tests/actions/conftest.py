"""A study with one transcribed session of a therapist and a client."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from iprkit.actions import codebooks, codes
from iprkit.actions.coders import add_coder
from iprkit.actions.dyads import add_dyad
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import Run
from iprkit.database.transcripts import store_transcript
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
