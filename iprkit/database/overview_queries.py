"""The questions whose answers a study's first page is made of, each asked once for the whole study."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Db

from iprkit.database.coding_models import AdjudicationRow, CodingRow
from iprkit.database.models import Conversation, Recall, SegmentRow, SpeakerRow, TranscriptVersion
from iprkit.database.recall_models import MomentRow


def speaker_roles(db: Db) -> Sequence[tuple[str, str | None]]:
    """Conversation and role of every voice."""
    found = select(SpeakerRow.conversation_id, SpeakerRow.role)
    return [(conversation_id, role) for conversation_id, role in db.execute(found)]


def coding_counts(db: Db) -> dict[str, int]:
    """By conversation: how many codings it has."""
    found = select(CodingRow.conversation_id, func.count()).group_by(CodingRow.conversation_id)
    return dict(db.execute(found).all())


def moment_counts(db: Db) -> dict[str, int]:
    """By session: how many moments stand."""
    found = select(MomentRow.conversation_id, func.count()).where(MomentRow.deleted.is_(False))
    rows = db.execute(found.group_by(MomentRow.conversation_id))
    return dict(rows.all())


def linked(db: Db) -> dict[str, bool]:
    """By recall interview: whether its comments were made."""
    found = select(Recall.conversation_id, Recall.comments_work.is_not(None))
    return {conversation_id: bool(done) for conversation_id, done in db.execute(found)}


def adjudicated(db: Db) -> set[str]:
    """The conversations in which anything was settled."""
    return set(db.scalars(select(AdjudicationRow.conversation_id).distinct()))


def conversations_saying(db: Db, text: str) -> list[str]:
    """The keys of the conversations in whose transcripts, of any version, a text stands, whatever its capitals."""
    found = (
        select(Conversation.key)
        .join(TranscriptVersion, TranscriptVersion.conversation_id == Conversation.id)
        .join(SegmentRow, SegmentRow.version_id == TranscriptVersion.id)
        .where(SegmentRow.text.icontains(text, autoescape=True))
        .distinct()
        .order_by(Conversation.key)
    )
    return list(db.scalars(found))
