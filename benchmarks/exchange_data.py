"""The study that exchange is measured with: 100 sessions of 50 minutes with 40,000 codings, made in seconds.

``python benchmarks/exchange_data.py DIR [CODINGS]`` leaves it in DIR. Ten dyads of ten sessions; each session has a
transcript of 600 segments with timed words, a recall interview of both people with six comments, and six moments. Two
coders coded with one codebook; the same arguments make the same study. Rows go straight into the tables: the benchmark
is of reading and writing out, not of entering.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from iprkit.actions import codebooks, codes
from iprkit.actions.coders import add_coder
from iprkit.actions.dyads import add_dyad
from iprkit.database import codebook_queries, coding_queries, queries
from iprkit.database.coding_models import CodingRow
from iprkit.database.connect import Study, create
from iprkit.database.models import (
    Conversation,
    Recall,
    RecallInterview,
    Recording,
    Run,
    SegmentRow,
    Session,
    SpeakerRow,
    TranscriptVersion,
)
from iprkit.database.recall_models import CommentRow, MomentRow

DYADS, NUMBERS = 10, 10
SEGMENTS, SEGMENT_MS, WORDS = 600, 5_000, 9
MARKS = 6
CODES = ("Push", "Pull", "Wait", "Meet", "Leave")
_SAID = ["well", "I", "think", "that", "it", "was", "hard", "to", "say", "so", "to", "you", "then", "and", "after"]


def main() -> None:
    folder, *size = sys.argv[1:]
    start = time.perf_counter()
    with make(Path(folder), int(size[0]) if size else 40_000):
        print(f"made in {time.perf_counter() - start:.1f} s")


def make(folder: Path, codings: int = 40_000) -> Study:
    """The study, open; ``codings`` are spread evenly over its sessions."""
    study = create(folder, "Benchmark of exchange", "lea")
    for name in ("anna", "ben"):
        add_coder(study, name)
    codebooks.new_codebook(study, "talk", {})
    for name in CODES:
        codes.add(study, "talk", name, {})
    codes.add(study, "talk", "Warmth", {"scale": "1-5"})
    for number in range(1, DYADS + 1):
        add_dyad(study, f"D{number:02d}", {"therapist": [f"T{number:02d}"], "client": [f"C{number:02d}"]})
    draw = random.Random(1)
    with study.change("made sessions") as db:
        for dyad in queries.all_dyads(db):
            for number in range(1, NUMBERS + 1):
                _session(db, dyad, number, draw)
    _code(study, codings, draw)
    return study


def _session(db: Any, dyad: Any, number: int, draw: random.Random) -> None:
    key = f"{dyad.key}-S{number:02d}"
    date = f"2025-{number:02d}-{int(dyad.key[1:]):02d}"
    session = Session(key=key, number=number, dyad=dyad, date=date)
    db.add(session)
    _speakers(session, ("therapist", "client"))
    _record(session)
    db.flush()
    _transcribe(db, session, draw, SEGMENTS, ("therapist", "client"))
    moments = [_moment(session, at) for at in range(MARKS)]
    db.add_all(moments)
    db.flush()
    for who in ("client", "therapist"):
        held = RecallInterview(key=f"{key}-{who}", dyad=dyad, date=date, about=session)
        held.recall = Recall(perspective=who)
        db.add(held)
        _speakers(held, ("interviewer", who))
        _record(held)
        db.flush()
        _transcribe(db, held, draw, 40, ("interviewer", who))
        db.add_all(_comment(held, moment, at) for at, moment in enumerate(moments))
    db.flush()


def _speakers(one: Conversation, roles: tuple[str, str]) -> None:
    one.speakers = [SpeakerRow(label=label, role=role) for label, role in zip("AB", roles, strict=True)]


def _record(one: Conversation) -> None:
    """A recording that the study knows and that no disk holds."""
    about = {"sha256": f"{one.key:x<64}"[:64], "size_bytes": 1, "duration_ms": SEGMENTS * SEGMENT_MS}
    one.recordings = [Recording(part=1, path=f"recordings/{one.key}.mp4", **about)]


def _transcribe(db: Any, one: Conversation, draw: random.Random, count: int, roles: tuple[str, str]) -> None:
    run = Run(step="transcribe", tool_version="0", engine="scripted", model="none", author="lea", started_at="")
    version = TranscriptVersion(number=1, run=run, language="en", conversation=one)
    db.add(version)
    db.flush()
    db.connection().execute(insert(SegmentRow.__table__), list(_segments(one.key, version.id, draw, count, roles)))
    one.word_count = count * WORDS


def _segments(
    key: str, version_id: str, draw: random.Random, count: int, roles: tuple[str, str]
) -> Iterator[dict[str, Any]]:
    """Segments of five seconds, nine words in 4.5 s and half a second of silence, the two speaking in turn."""
    for at in range(count):
        role, label, start_ms = roles[at % 2], "AB"[at % 2], at * SEGMENT_MS
        words = [
            {
                "id": f"w{at * WORDS + n + 1:04d}",
                "text": draw.choice(_SAID),
                "start_ms": start_ms + n * 500,
                "end_ms": start_ms + n * 500 + 500,
                "confidence": 0.9,
                "speaker": label,
                "interpolated": False,
            }
            for n in range(WORDS)
        ]
        yield {
            "version_id": version_id,
            "ordinal": at,
            "key": f"{key}-{role[0].upper()}{at // 2 + 1:03d}",
            "speaker": label,
            "role": role,
            "start_ms": start_ms,
            "end_ms": start_ms + WORDS * 500,
            "text": " ".join(str(word["text"]) for word in words),
            "flags": [],
            "words": words,
        }


def _moment(session: Session, at: int) -> MomentRow:
    start_ms = at * 450_000 + 60_000
    key = f"{session.key}-M{at + 1:02d}"
    return MomentRow(key=key, conversation_id=session.id, start_ms=start_ms, end_ms=start_ms + 30_000, origin="marked")


def _comment(held: RecallInterview, moment: MomentRow, at: int) -> CommentRow:
    return CommentRow(
        conversation_id=held.id,
        key=f"{held.key}-K{at + 1:02d}",
        interview_start_ms=at * 30_000,
        interview_end_ms=at * 30_000 + 20_000,
        text=f"I remember that the {held.recall.perspective} waited there, it was moment {at + 1}.",
        words=[f"w{at * 20 + 1:04d}", f"w{at * 20 + 19:04d}"],
        session_start_ms=moment.start_ms,
        session_end_ms=moment.end_ms,
        about="stretch",
        session_ms=moment.end_ms,
        delay_ms=1_000,
        moment_id=moment.id,
        may_be_quoted=at % 2 == 0,
        may_be_shown=True,
    )


def _code(study: Study, size: int, draw: random.Random) -> None:
    """Each session's codings on its segments: every coder's in turn, no coder giving one code twice to a segment."""
    with study.read() as db:
        coders = [row.id for row in coding_queries.all_coders(db)]
        book = codebook_queries.find_codebook(db, "talk")
        assert book is not None
        given = [row.id for row in sorted(book.codes, key=lambda row: row.position)]
        sessions = [one for one in queries.all_conversations(db) if isinstance(one, Session)]
        segments = {one.id: list(one.versions[-1].segments) for one in sessions}
        rows = [_coding(sessions, segments, (coders, given), n, draw) for n in range(size)]
    with study.engine.begin() as connection:
        connection.execute(insert(CodingRow.__table__), rows)


def _coding(
    sessions: list[Session],
    segments: dict[str, list[SegmentRow]],
    known: tuple[list[str], list[str]],
    number: int,
    draw: random.Random,
) -> dict[str, Any]:
    coders, given = known
    session = sessions[number % len(sessions)]
    turn = number // len(sessions)
    row = segments[session.id][turn // 2 % SEGMENTS]
    code_id = given[(turn // 2 + turn % 2 * draw.randint(0, 1)) % len(given)]
    return {
        "id": f"{number:032x}",
        "key": f"{session.key}-x{number:05d}",
        "coder_id": coders[turn % 2],
        "code_id": code_id,
        "conversation_id": session.id,
        "target": row.key,
        "kind": "segment",
        "start_ms": row.start_ms,
        "end_ms": row.end_ms,
        "first_word": row.words[0]["id"],
        "last_word": row.words[-1]["id"],
        "quote": row.text,
        "rating": float(draw.randint(1, 5)) if code_id == given[-1] else None,
        "memo": "",
        "made_at": "2025-06-01T10:00:00",
    }


if __name__ == "__main__":
    main()
