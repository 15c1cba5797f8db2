"""Two sessions of one dyad, two parts of the sample film, heard with real weights."""

import json
from pathlib import Path

import pytest

from iprkit.actions.dyads import add_dyad
from iprkit.actions.listeners import Request
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.speakers import name_speakers
from iprkit.actions.transcription import transcribe
from iprkit.actions.transcripts import show
from iprkit.database.connect import Study
from iprkit.media.clips import cut_clip, write_wav
from iprkit.speech.engine import Options
from iprkit.timeline import Span

ROOT = Path(__file__).parents[2]
PARTS = (Span(0, 45_000), Span(94_000, 140_000))  # the therapist speaks first in the one, the client in the other


def add_part(study: Study, number: int, span: Span, folder: Path) -> str:
    file = folder / f"part{number}.wav"
    with file.open("wb") as stream:
        write_wav(cut_clip(ROOT / "recordings/d01-s03.mp4", span), stream)
    return add_session(study, ("D01", number), sources_of([file]))


def right(study: Study, key: str, span: Span) -> float:
    """The share of words inside a true turn that have that turn's speaker."""
    truth = json.loads((ROOT / "transcripts/d01-s03.truth.json").read_text(encoding="utf-8"))
    turns = [(Span(round(t["start"] * 1000), round(t["end"] * 1000)), t["speaker"]) for t in truth["session"]["turns"]]
    judged = [
        segment.role == who
        for segment in show(study, key).segments
        for word in segment.words
        for turn, who in turns
        if word.span.middle_ms + span.start_ms in turn
    ]
    return sum(judged) / len(judged)


@pytest.mark.weights
def test_who_was_named_in_one_session_is_known_in_the_next(study: Study, tmp_path: Path) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    request = Request(model="tiny.en", options=Options(language="en"), second="none")
    first = add_part(study, 1, PARTS[0], tmp_path)
    (done,) = transcribe(study, [first], request)
    assert (done.error, done.roles) == (None, ())
    name_speakers(study, first, {"A": "therapist"})
    second = add_part(study, 2, PARTS[1], tmp_path)
    (done,) = transcribe(study, [second], request)
    assert (done.error, sorted(done.roles)) == (None, ["client", "therapist"])
    assert [right(study, key, span) > 0.95 for key, span in zip((first, second), PARTS, strict=True)] == [True, True]
