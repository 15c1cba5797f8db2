"""Finding a word again: in what was said, in what was recalled about it, and in what coders noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session as Db

from iprkit.actions.moments import hidden
from iprkit.database import coding_queries, overview_queries, recall_queries
from iprkit.database.blindness import sight_of
from iprkit.database.connect import Study
from iprkit.database.models import Session
from iprkit.database.transcripts import load_transcript
from iprkit.errors import Conflict, InvalidInput
from iprkit.wording import tidy_line


@dataclass(frozen=True)
class Hit:
    """Where a text was found: the key of a segment, comment, moment or coding, in which session or interview."""

    kind: str
    key: str
    place: str
    start_ms: int
    end_ms: int
    text: str


def search(study: Study, text: str, most: int = 100) -> list[Hit]:
    """Where a text stands, whatever its capitals; what was withdrawn or may not be seen yet is not found.

    Raises InvalidInput for a text of less than two letters.
    """
    sought = tidy_line(text).casefold()
    if len(sought) < 2:
        raise InvalidInput("write at least two letters to search for")
    with study.read() as db:
        return list(islice(_hits(db, study.author, sought), most))


def _hits(db: Db, asker: str, sought: str) -> Iterator[Hit]:
    for key in overview_queries.conversations_saying(db, sought):
        yield from _said(db, key, sought)
    yield from _recalled(db, sought)
    sight = sight_of(db, asker)
    for row in coding_queries.codings(db):
        if sought in row.memo.casefold() and sight.coding(row):
            yield Hit("coding", row.key, row.conversation.key, row.start_ms, row.end_ms, row.memo)


def _said(db: Db, key: str, sought: str) -> Iterator[Hit]:
    try:
        segments = load_transcript(db, key).segments
    except Conflict:  # somebody withdrew
        return
    for one in segments:
        if sought in one.text.casefold():
            yield Hit("segment", one.key, key, one.start_ms, one.end_ms, one.text)


def _recalled(db: Db, sought: str) -> Iterator[Hit]:
    sessions = (one for dyad in recall_queries.sessions_of_dyads(db) for one in dyad.conversations)
    for session in (one for one in sessions if isinstance(one, Session)):
        gone = hidden(db, session)
        for row in recall_queries.comments_about(db, session.id):
            if row.conversation.key not in gone and sought in row.text.casefold():
                span = row.interview_start_ms, row.interview_end_ms
                yield Hit("comment", row.key, row.conversation.key, *span, row.text)
        for moment in recall_queries.moments(db, session.id):
            if not moment.deleted and sought in (moment.label or "").casefold():
                yield Hit("moment", moment.key, session.key, moment.start_ms, moment.end_ms, moment.label or "")
