"""Deletes for good what one person of a dyad said: from the tables, and from the journal, so that no undo brings it
back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session as Db

from iprkit.database import coding_queries, queries, recall_queries
from iprkit.database.journal import now
from iprkit.database.models import (
    PURGED,
    Base,
    Chunk,
    Conversation,
    Dyad,
    JournalEntry,
    RecallInterview,
    Recording,
    SegmentRow,
    Session,
    Voice,
)
from iprkit.database.recall_models import Withdrawal
from iprkit.database.recalls import load_map
from iprkit.database.withdrawals import WITHDRAWN, labels_of, party
from iprkit.linking.stretches import stretches
from iprkit.timeline import Span

GONE = ""
"""Stands for the path of a recording that was deleted."""


def purge(db: Db, dyad: Dyad, withdrawal: Withdrawal, author: str) -> None:
    """Delete what a party said, everything that quotes it, and every trace of both in the journal.

    That an interview was held, and how long recordings were, is kept. Must run in a transaction without a journaled
    change. Raises Conflict where nobody said which voice of a session is theirs.
    """
    touched: set[str] = set()
    for conversation in dyad.conversations:
        if isinstance(conversation, Session):
            touched |= _silence(db, conversation, labels_of(conversation, [withdrawal]), ())
        elif isinstance(conversation, RecallInterview) and party(conversation) == withdrawal.party:
            touched |= _empty(db, conversation)
        elif isinstance(conversation, RecallInterview):
            played = [stretch.interview for stretch in stretches(load_map(db, conversation))]
            touched |= _silence(db, conversation, set(), played)
    touched |= _forget_quotes(db, dyad) | _forget_coded(db, dyad, withdrawal)
    for recording in (one for conversation in dyad.conversations for one in conversation.recordings):
        _change(db, Recording.__tablename__, recording.id, {"path": GONE, "linked": False, "media": {}})
    _delete(db, Voice.__tablename__, [voice.id for voice in queries.voices(db, dyad.key)])
    db.connection().execute(_table(Chunk.__tablename__).delete())
    _change(db, Withdrawal.__tablename__, withdrawal.id, {"purged_at": now()})
    _forget_journal(db, touched | {withdrawal.id})
    said = f"deleted for good what the {withdrawal.party} of {dyad.key} said"
    db.add(JournalEntry(at=now(), author=author, action=said, subject=dyad.key, kind=PURGED))
    db.flush()
    db.expire_all()


def _silence(db: Db, conversation: Conversation, labels: set[str], played: Sequence[Span]) -> set[str]:
    """Every word of these speakers, and every word over the playback, in every version."""
    touched = set()
    for version in conversation.versions:
        for row in version.segments:
            theirs = row.speaker in labels
            words = [_without_text(word) if theirs or _over(word, played) else word for word in row.words]
            if words != row.words:
                said = " ".join(str(word["text"]) for word in words)
                _change(db, SegmentRow.__tablename__, row.id, {"words": words, "text": said})
                touched.add(row.id)
    return touched


def _over(word: dict[str, Any], played: Sequence[Span]) -> bool:
    middle_ms = (word["start_ms"] + word["end_ms"]) // 2
    return any(middle_ms in span for span in played)


def _without_text(word: dict[str, Any]) -> dict[str, Any]:
    return word | {"text": WITHDRAWN, "confidence": None}


def _empty(db: Db, interview: RecallInterview) -> set[str]:
    """All that was made of an interview: transcripts, map, pauses, comments; the speakers' names too."""
    comments = [row.id for row in recall_queries.comments(db, interview.id)]
    keys = [row.key for row in recall_queries.comments(db, interview.id)]
    rows = {
        "memo": [memo.id for memo in recall_queries.memos(db, keys)],
        "comment": comments,
        "pause": [row.id for row in recall_queries.pauses(db, interview.id)],
        "playback": [row.id for row in recall_queries.playback(db, interview.id)],
        "former_key": [row.id for row in queries.former_keys(db, interview.id).values()],
        "segment": [row.id for version in interview.versions for row in version.segments],
        "transcript": [version.id for version in reversed(interview.versions)],
        "speaker": [row.id for row in interview.speakers],
    }
    blank = {"map_run_id": None, "map_work": None, "comments_run_id": None, "comments_work": None}
    _change(db, "recall", interview.recall.id, blank)
    for table, ids in rows.items():
        _delete(db, table, ids)
    return {row_id for ids in rows.values() for row_id in ids}


def _forget_quotes(db: Db, dyad: Dyad) -> set[str]:
    """What moments and the others' comments quote of the sessions."""
    touched = set()
    for session in (one for one in dyad.conversations if isinstance(one, Session)):
        for moment in recall_queries.moments(db, session.id):
            _change(db, "moment", moment.id, {"quote": None, "words": None})
            touched.add(moment.id)
        for comment in recall_queries.comments_about(db, session.id):
            _change(db, "comment", comment.id, {"session_quote": None, "session_words": None})
            touched.add(comment.id)
    return touched


def _forget_coded(db: Db, dyad: Dyad, withdrawal: Withdrawal) -> set[str]:
    """What was coded of the party's interviews, and what codings and units elsewhere quote of the dyad."""
    interviews = [one for one in dyad.conversations if isinstance(one, RecallInterview)]
    theirs = {one.id: f"{one.key}-K" for one in interviews if party(one) == withdrawal.party}
    touched = set()
    for row in coding_queries.anchored(db, [one.id for one in dyad.conversations]):
        touched.add(row.id)
        about_theirs = row.kind == "comment" and row.target.startswith(tuple(theirs.values()))
        if row.conversation_id in theirs or about_theirs:
            _delete(db, row.__tablename__, [row.id])
        else:
            _change(db, row.__tablename__, row.id, {"quote": "", "first_word": None, "last_word": None})
    return touched


def _forget_journal(db: Db, row_ids: Iterable[str]) -> None:
    entries = {row.entry_id for row in queries.journal_rows(db, list(row_ids))}
    rows = [row.id for row in queries.journal_rows(db, list(row_ids))]
    _delete(db, "journal_row", rows)
    for entry in entries:
        _change(db, "journal_entry", entry, {"kind": PURGED})


def _change(db: Db, table: str, row_id: str | int, values: dict[str, Any]) -> None:
    here = _table(table)
    db.connection().execute(here.update().where(here.c.id == row_id).values(values))


def _delete(db: Db, table: str, ids: Iterable[Any]) -> None:
    here = _table(table)
    for row_id in ids:
        db.connection().execute(here.delete().where(here.c.id == row_id))


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
