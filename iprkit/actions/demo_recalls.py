"""The sample's two recall interviews: added, transcribed, laid on the session's clock, and read side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from iprkit.actions.linking import How, link
from iprkit.actions.listeners import Request
from iprkit.actions.moments import moments_of
from iprkit.actions.recalls import Held, add_recall
from iprkit.actions.sessions import sources_of
from iprkit.actions.transcription import transcribe
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.errors import BatchError
from iprkit.progress import Listener
from iprkit.timeline import clock

DYAD, NUMBER, KEY = "D01", 3, "D01-S03"
PARTIES = ("client", "therapist")


def recall_sample(study: Study, sample: Path, request: Request, report: Listener) -> Iterator[str]:
    """Add and transcribe the interviews that the folder ``sample`` holds; a line for each. Raises BatchError."""
    for party in PARTIES:
        key, file = f"{KEY}-{party}", sample / f"d01-s03-{party}-recall.m4a"
        if not file.is_file():
            yield f"{file.name} is not in {sample}, so there is no {party}'s recall"
            continue
        with study.read() as db:
            known = queries.find_conversation(db, key) is not None
        if not known:
            add_recall(study, (DYAD, NUMBER), Held(party), sources_of([file]), report=report)
        (done,) = transcribe(study, [key], request, report)
        if done.error:
            raise BatchError(done.error)
        yield f"{key}: {done.words} words" + (" (done before)" if done.already else "")


def link_sample(study: Study, report: Listener) -> Iterator[str]:
    """Lay the interviews on the session's clock, and say which moments both marked. Raises BatchError."""
    for one in link(study, (), How(), report):
        if one.error:
            raise BatchError(one.error)
        yield f"{one.key}: {clock(one.played_ms)} of playback in {one.pieces} pieces, {one.comments} comments"
    moments = moments_of(study, KEY)
    both = sum(moment.source == "both" for moment in moments)
    yield f"{len(moments)} moments, {both} of them marked by client and therapist alike"
