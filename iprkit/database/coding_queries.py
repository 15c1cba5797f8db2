"""The questions that are asked about coders, codings, assignments and adjudications, one function each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Db
from sqlalchemy.orm import joinedload, selectinload

from iprkit.database.codebook_models import CodebookRow, CodeRow
from iprkit.database.coding_models import (
    AdjudicationRow,
    AssignmentCoder,
    AssignmentRow,
    AssignmentUnit,
    CoderRow,
    CodingRow,
    RoundRow,
)
from iprkit.database.models import Conversation, JournalEntry, JournalRow


def all_coders(db: Db) -> Sequence[CoderRow]:
    return db.scalars(select(CoderRow).order_by(CoderRow.folded)).all()


def find_coder(db: Db, name: str) -> CoderRow | None:
    """The coder of a name, whatever its capitals."""
    return db.scalars(select(CoderRow).where(CoderRow.folded == name.strip().casefold())).first()


def find_round(db: Db, name: str) -> RoundRow | None:
    return db.scalars(select(RoundRow).where(RoundRow.name == name)).first()


def all_rounds(db: Db) -> Sequence[RoundRow]:
    return db.scalars(select(RoundRow).order_by(RoundRow.name)).all()


def codings(
    db: Db, codebook_id: str | None = None, conversation_ids: Sequence[str] | None = None,
    coder_id: str | None = None, keys: Sequence[str] | None = None,
) -> list[CodingRow]:  # fmt: skip
    """Codings with their coder, code, round and conversation, in order of session, time and coder."""
    found = (
        select(CodingRow)
        .join(CodingRow.conversation)
        .join(CodingRow.coder)
        .join(CodingRow.code)
        .order_by(
            Conversation.key, CodingRow.start_ms, CodingRow.end_ms, CoderRow.folded, CodeRow.position, CodingRow.key
        )
        .options(
            joinedload(CodingRow.coder),
            joinedload(CodingRow.conversation),
            joinedload(CodingRow.round),
            joinedload(CodingRow.code),
        )
    )
    if codebook_id is not None:
        found = found.where(CodeRow.codebook_id == codebook_id)
    if conversation_ids is not None:
        found = found.where(CodingRow.conversation_id.in_(conversation_ids))
    if coder_id is not None:
        found = found.where(CodingRow.coder_id == coder_id)
    if keys is not None:
        found = found.where(CodingRow.key.in_(keys))
    return list(db.scalars(found).all())


def codings_said(db: Db, conversation_id: str) -> Sequence[Any]:
    """The codings of a conversation as ``codings`` orders them, without rows to change: quick to read.

    The fields are those of ``CodingRow``, and ``coder_name``, ``code_key``, ``codebook_id``, ``round_name``.
    """
    told = (CoderRow.name.label("coder_name"), CodeRow.key.label("code_key"), CodeRow.codebook_id)
    return db.execute(
        select(*CodingRow.__table__.columns, *told, RoundRow.name.label("round_name"))
        .join(CoderRow, CodingRow.coder_id == CoderRow.id)
        .join(CodeRow, CodingRow.code_id == CodeRow.id)
        .outerjoin(RoundRow, CodingRow.round_id == RoundRow.id)
        .where(CodingRow.conversation_id == conversation_id)
        .order_by(CodingRow.start_ms, CodingRow.end_ms, CoderRow.folded, CodeRow.position, CodingRow.key)
    ).all()


def coding_of_key(db: Db, key: str) -> CodingRow | None:
    return db.scalars(select(CodingRow).where(CodingRow.key == key)).first()


def codings_by_id(db: Db, ids: Sequence[str]) -> dict[str, CodingRow]:
    """By id: those codings that are there."""
    found: dict[str, CodingRow] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        found |= {row.id: row for row in db.scalars(select(CodingRow).where(CodingRow.id.in_(part)))}
    return found


def own_codings(db: Db, coder_id: str, codebook_id: str, conversation_id: str) -> list[CodingRow]:
    """What one coder coded with a codebook in one conversation."""
    return list(
        db.scalars(
            select(CodingRow)
            .join(CodingRow.code)
            .where(
                CodingRow.coder_id == coder_id,
                CodeRow.codebook_id == codebook_id,
                CodingRow.conversation_id == conversation_id,
            )
        )
    )


def greatest_key(db: Db, table: str, prefix: str) -> str | None:
    """The last key with this beginning that a row of ``table`` ever bore, also a row that is gone."""
    return db.scalar(
        select(func.max(JournalRow.key)).where(
            JournalRow.table_name == table, JournalRow.key.startswith(prefix, autoescape=True)
        )
    )


def assignments(db: Db) -> Sequence[AssignmentRow]:
    """Every assignment with its codebook, round, coders and units, by key."""
    return db.scalars(
        select(AssignmentRow)
        .order_by(AssignmentRow.key)
        .options(
            joinedload(AssignmentRow.codebook),
            joinedload(AssignmentRow.round),
            selectinload(AssignmentRow.coders).joinedload(AssignmentCoder.coder),
            selectinload(AssignmentRow.units),
        )
    ).all()


def find_assignment(db: Db, key: str) -> AssignmentRow | None:
    return next((row for row in assignments(db) if row.key == key), None)


def adjudications(db: Db, conversation_id: str | None = None) -> Sequence[AdjudicationRow]:
    """Every adjudication, or those in one conversation, in order of session and time."""
    found = (
        select(AdjudicationRow)
        .join(AdjudicationRow.conversation)
        .order_by(Conversation.key, AdjudicationRow.start_ms, AdjudicationRow.end_ms, AdjudicationRow.key)
        .options(
            joinedload(AdjudicationRow.conversation),
            joinedload(AdjudicationRow.codebook),
            joinedload(AdjudicationRow.code),
            joinedload(AdjudicationRow.round),
        )
    )
    if conversation_id is not None:
        found = found.where(AdjudicationRow.conversation_id == conversation_id)
    return db.scalars(found).all()


def conversations_by_id(db: Db, ids: Sequence[str]) -> dict[str, Conversation]:
    return {row.id: row for row in db.scalars(select(Conversation).where(Conversation.id.in_(ids)))}


def codebook_of_id(db: Db, codebook_id: str) -> CodebookRow | None:
    return db.scalars(select(CodebookRow).where(CodebookRow.id == codebook_id)).first()


def rows_touched(db: Db, entry: JournalEntry) -> Sequence[JournalRow]:
    """What an entry of the journal did, row by row."""
    return db.scalars(select(JournalRow).where(JournalRow.entry_id == entry.id).order_by(JournalRow.id)).all()


def entries_on_codings(db: Db, ids: Sequence[int]) -> Sequence[JournalRow]:
    """Of these entries of the journal: what they did to codings and adjudications."""
    return db.scalars(
        select(JournalRow).where(JournalRow.entry_id.in_(ids), JournalRow.table_name.in_(("coding", "adjudication")))
    ).all()


def anchored(db: Db, conversation_ids: Sequence[str]) -> list[CodingRow | AdjudicationRow | AssignmentUnit]:
    """Every coding, adjudication and unit of an assignment in these conversations."""
    codings = db.scalars(select(CodingRow).where(CodingRow.conversation_id.in_(conversation_ids)))
    settled = db.scalars(select(AdjudicationRow).where(AdjudicationRow.conversation_id.in_(conversation_ids)))
    units = db.scalars(select(AssignmentUnit).where(AssignmentUnit.conversation_id.in_(conversation_ids)))
    return [*codings, *settled, *units]


def code_of_id(db: Db, code_id: str) -> CodeRow | None:
    return db.scalars(select(CodeRow).where(CodeRow.id == code_id)).first()
