"""The questions that are asked of a study, one function each; nothing else in the toolkit reads the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection, Table, exists, func, or_, select
from sqlalchemy.orm import Session as Db
from sqlalchemy.orm import aliased, selectinload

from iprkit.database.models import (
    Chunk,
    Conversation,
    Dyad,
    DyadMember,
    FormerKey,
    JournalEntry,
    JournalRow,
    Participant,
    Recording,
    SegmentRow,
    SpeakerRow,
    StudyRow,
    TranscriptVersion,
    Voice,
)
from iprkit.errors import NotFound

_PORTION = 500  # values in one question


def the_study(db: Db) -> StudyRow | None:
    """The row that holds the study's title; None in a database without a study."""
    return db.scalars(select(StudyRow)).first()


def all_dyads(db: Db) -> Sequence[Dyad]:
    """Every dyad with members, conversations and their recordings, by key."""
    deep = selectinload(Dyad.conversations)
    return db.scalars(
        select(Dyad)
        .order_by(Dyad.key)
        .options(
            selectinload(Dyad.members).selectinload(DyadMember.participant),
            deep.selectinload(Conversation.recordings),
            deep.selectinload(Conversation.versions).selectinload(TranscriptVersion.run),
        )
    ).all()


def find_dyad(db: Db, key: str) -> Dyad | None:
    return db.scalars(select(Dyad).where(Dyad.key == key)).first()


def dyad(db: Db, key: str) -> Dyad:
    """The dyad of a key. Raises NotFound."""
    found = find_dyad(db, key)
    if found is None:
        raise NotFound(_unknown("dyad", key, db.scalars(select(Dyad.key)).all(), f"iprkit dyad add {key}"))
    return found


def find_participant(db: Db, key: str) -> Participant | None:
    return db.scalars(select(Participant).where(Participant.key == key)).first()


def all_conversations(db: Db) -> Sequence[Conversation]:
    """Sessions and recall interviews, by key."""
    return db.scalars(select(Conversation).order_by(Conversation.key)).all()


def find_conversation(db: Db, key: str) -> Conversation | None:
    return db.scalars(select(Conversation).where(Conversation.key == key)).first()


def conversation(db: Db, key: str) -> Conversation:
    """The session or recall interview of a key. Raises NotFound."""
    found = find_conversation(db, key)
    if found is None:
        known = db.scalars(select(Conversation.key)).all()
        raise NotFound(_unknown("session", key, known, "iprkit status"))
    return found


def all_recordings(db: Db) -> Sequence[Recording]:
    """Every recording with its conversation, in the order of their keys, views and parts."""
    return db.scalars(
        select(Recording)
        .join(Recording.conversation)
        .order_by(Conversation.key, Recording.view != "main", Recording.view, Recording.part)
        .options(selectinload(Recording.conversation))
    ).all()


def recording_with_sha256(db: Db, sha256: str) -> Recording | None:
    return db.scalars(select(Recording).where(Recording.sha256 == sha256)).first()


def recording_of_id(db: Db, recording_id: str) -> Recording | None:
    return db.scalars(
        select(Recording).where(Recording.id == recording_id).options(selectinload(Recording.conversation))
    ).first()


def newest_transcript(db: Db, conversation_id: str) -> TranscriptVersion | None:
    """The version that people see: the working one of the newest run, else that run's raw one."""
    return db.scalars(
        select(TranscriptVersion)
        .where(TranscriptVersion.conversation_id == conversation_id)
        .order_by(TranscriptVersion.number.desc())
        .limit(1)
    ).first()


def transcript_numbered(db: Db, conversation_id: str, number: int) -> TranscriptVersion | None:
    return db.scalars(
        select(TranscriptVersion).where(
            TranscriptVersion.conversation_id == conversation_id, TranscriptVersion.number == number
        )
    ).first()


def former_keys(db: Db, conversation_id: str) -> dict[str, FormerKey]:
    """By former key: the rows that say which key stands for it now."""
    rows = db.scalars(select(FormerKey).where(FormerKey.conversation_id == conversation_id))
    return {row.former: row for row in rows}


def segments_said(db: Db, version_id: str, ids: Sequence[str] | None = None) -> Sequence[Any]:
    """Key, speaker, role, words and flags of a version's segments in order, without rows to change: quick to read.

    ``ids``: only of these rows.
    """
    columns = (SegmentRow.key, SegmentRow.speaker, SegmentRow.role, SegmentRow.words, SegmentRow.flags)
    found = select(*columns).where(SegmentRow.version_id == version_id).order_by(SegmentRow.ordinal)
    return db.execute(found if ids is None else found.where(SegmentRow.id.in_(ids))).all()


def segment_in(db: Db, version_id: str, key: str) -> SegmentRow | None:
    return db.scalars(select(SegmentRow).where(SegmentRow.version_id == version_id, SegmentRow.key == key)).first()


def voices(db: Db, dyad_key: str | None = None) -> Sequence[Voice]:
    """The stored voices, all or a dyad's, in the order of their sessions."""
    found = select(Voice).order_by(Voice.conversation_key, Voice.label)
    return db.scalars(found if dyad_key is None else found.where(Voice.dyad_key == dyad_key)).all()


def speaker(db: Db, conversation_key: str, label: str) -> SpeakerRow | None:
    """A voice of a conversation; None where nobody bears the label, or the conversation is gone."""
    rows = select(SpeakerRow).join(SpeakerRow.conversation)
    return db.scalars(rows.where(Conversation.key == conversation_key, SpeakerRow.label == label)).first()


def labels_given(db: Db, conversation_id: str) -> set[str]:
    """Every label that a voice of this conversation bears or bore in any version of its transcript."""
    segments = select(SegmentRow.speaker).join(SegmentRow.version)
    said = db.scalars(segments.where(TranscriptVersion.conversation_id == conversation_id).distinct())
    rows = db.scalars(select(SpeakerRow.label).where(SpeakerRow.conversation_id == conversation_id))
    return {label for label in (*said, *rows) if label is not None}


def chunks(db: Db, work_key: str) -> Sequence[Chunk]:
    """The finished pieces of a long work, in order."""
    return db.scalars(select(Chunk).where(Chunk.work_key == work_key).order_by(Chunk.ordinal)).all()


def all_chunks(db: Db) -> Sequence[Chunk]:
    """The finished pieces of every long work that is not done yet, in the order in which they were finished."""
    return db.scalars(select(Chunk).order_by(Chunk.id)).all()


def newest_standing_change(db: Db, author: str | None = None) -> JournalEntry | None:
    """The newest change that is not undone, of one author or of anybody."""
    return db.scalars(
        _changes(author)
        .where(func.coalesce(_last_reverts(JournalEntry.kind), "redo") == "redo")
        .order_by(JournalEntry.id.desc())
        .limit(1)
    ).first()


def newest_undone_change(db: Db, author: str | None = None) -> JournalEntry | None:
    """The change undone last, None where a new change (by ``author``, or by anybody) has been made since."""
    undone = _last_reverts(JournalEntry.id)
    found = db.execute(
        _changes(author)
        .add_columns(undone)
        .where(_last_reverts(JournalEntry.kind) == "undo")
        .order_by(undone.desc())
        .limit(1)
    ).first()
    if found is None or db.scalar(select(_changes(author).where(JournalEntry.id > found[1]).exists())):
        return None
    entry: JournalEntry = found[0]
    return entry


def entries_about(db: Db, keys: Sequence[str]) -> Sequence[JournalEntry]:
    """The journal's entries whose subject is one of the keys or lies under it, or that changed a row of such a key."""
    below = [f"{key}-" for key in keys]
    rows = or_(JournalRow.key.in_(keys), *(JournalRow.key.startswith(key, autoescape=True) for key in below))
    touched = exists().where(JournalRow.entry_id == JournalEntry.id, rows)
    under = [JournalEntry.subject.startswith(key, autoescape=True) for key in below]
    where = or_(JournalEntry.subject.in_(keys), touched, *under)
    return db.scalars(select(JournalEntry).where(where).order_by(JournalEntry.id)).all()


def journal_rows(db: Db, row_ids: Sequence[str]) -> Sequence[JournalRow]:
    """What the journal says of these rows, asked in portions that every database takes."""
    found: list[JournalRow] = []
    for start in range(0, len(row_ids), _PORTION):
        portion = row_ids[start : start + _PORTION]
        found += db.scalars(select(JournalRow).where(JournalRow.row_id.in_(portion))).all()
    return found


def all_keys_of(db: Db, key: str) -> list[str]:
    """A key and every key that it replaced."""
    keys, fresh = [key], [key]
    while fresh:
        older = db.scalars(select(FormerKey.former).where(FormerKey.key.in_(fresh))).all()
        fresh = [former for former in older if former not in keys]
        keys += fresh
    return keys


def stored_row(connection: Connection, table: Table, row_id: str) -> dict[str, Any] | None:
    """A row as it is stored now, by column."""
    row = connection.execute(select(table).where(table.c.id == row_id)).mappings().first()
    return dict(row) if row is not None else None


def rows_of(connection: Connection, table: Table) -> Iterator[Sequence[dict[str, Any]]]:
    """Every row of a table as it is stored, in portions."""
    order = list(table.primary_key.columns)
    for portion in connection.execute(select(table).order_by(*order)).mappings().partitions(_PORTION):
        yield [dict(row) for row in portion]


def _changes(author: str | None) -> Any:
    changes = select(JournalEntry).where(JournalEntry.kind == "change")
    return changes.where(JournalEntry.author == author) if author else changes


def _last_reverts(column: Any) -> Any:
    """``column`` of the latest undo or redo of a change, as a subquery; NULL where it was never undone."""
    later = aliased(JournalEntry)
    return (
        select(getattr(later, column.key))
        .where(later.reverts_id == JournalEntry.id)
        .order_by(later.id.desc())
        .limit(1)
        .correlate(JournalEntry)
        .scalar_subquery()
    )


def _unknown(noun: str, key: str, known: Sequence[str], hint: str) -> str:
    near = get_close_matches(key, known, n=1)
    return f"there is no {noun} {key} in this study; " + (f"did you mean {near[0]}?" if near else f"try: {hint}")
