"""A study on disk, transcribed, in which two coders code blind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from iprkit.actions import codebooks, codes
from iprkit.actions.assignments import Plan, assign
from iprkit.actions.coders import add_coder
from iprkit.actions.dyads import add_dyad
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database import queries
from iprkit.database.connect import create
from iprkit.database.models import Run
from iprkit.database.transcripts import store_transcript
from iprkit.transcript import Segment, Speaker, Transcript, Word


def said(speaker: str, text: str, start_ms: int) -> Segment:
    words = [
        Word("", word, start_ms + 200 * at, start_ms + 200 * at + 200, 0.9, speaker)
        for at, word in enumerate(text.split())
    ]
    return Segment("", speaker, tuple(words))


@pytest.fixture
def blind(tmp_path: Path, record: Callable[..., Path]) -> Path:
    """The folder of a study of Lea's: Anna and Ben code three segments with the codebook talk in A01, blind."""
    folder = tmp_path / "blind"
    with create(folder, "Blind", "lea") as study:
        add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
        add_session(study, ("D01", 1), sources_of([record("a.wav", seconds=2)]))
        segments = (said("A", "And then?", 0), said("B", "I left.", 500), said("B", "Thank you.", 1000))
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
        assign(study, Plan("talk", ("anna", "ben")))
    return folder
