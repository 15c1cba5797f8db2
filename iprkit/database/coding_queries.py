"""The questions that are asked about coders, codings, assignments and adjudications, one function each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import exists, func, or_, select
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


def codings(db: Db, codebook_id: str | None = None, conversation_ids: Sequence[str] | None = None) -> list[CodingRow]:
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
    return list(db.scalars(found).all())


def coded_conversations(db: Db, key: str | None = None) -> Sequence[Conversation]:
    """The conversations with codings, by key: all, or a session with the interviews about it, or those of a dyad."""
    coded = exists().where(CodingRow.conversation_id == Conversation.id)
    found = select(Conversation).where(coded).order_by(Conversation.key)
    if key is not None:
        found = found.where(or_(Conversation.key == key, Conversation.key.startswith(f"{key}-", autoescape=True)))
    return db.scalars(found).all()


def codebooks_used(db: Db) -> set[str]:
    """The ids of the codebooks that anything is coded with."""
    return set(db.scalars(select(CodeRow.codebook_id).join(CodingRow, CodingRow.code_id == CodeRow.id).distinct()))


def stored_codings(db: Db, conversation_id: str, ids: Collection[str] | None = None) -> Iterator[Any]:
    """The codings of a conversation, or those among them with these ids, without rows to change: quick to read."""
    columns = (
        CodingRow.id, CodingRow.key, CodingRow.coder_id, CodingRow.round_id, CodingRow.made_at,
        CodingRow.target, CodingRow.kind, CodingRow.start_ms, CodingRow.end_ms, CodingRow.first_word,
        CodingRow.last_word, CodingRow.quote, CodingRow.rating, CodingRow.about, CodingRow.certainty, CodingRow.memo,
        CodeRow.codebook_id, CodeRow.key.label("code"), CodeRow.position, CoderRow.name.label("coder"), CoderRow.folded,
        RoundRow.name.label("round"),
    )  # fmt: skip
    found = select(*columns).join(CodingRow.coder).join(CodingRow.code).outerjoin(CodingRow.round)
    found = found.where(CodingRow.conversation_id == conversation_id)
    if ids is None:
        yield from db.execute(found)
    else:
        for portion in _portions(ids):
            yield from db.execute(found.where(CodingRow.id.in_(portion)))


def coding_of_key(db: Db, key: str) -> CodingRow | None:
    return db.scalars(select(CodingRow).where(CodingRow.key == key)).first()


def coded_among(db: Db, keys: Collection[str]) -> Sequence[Conversation]:
    """The conversations in which codings of these keys lie."""
    there = exists().where(CodingRow.conversation_id == Conversation.id, CodingRow.key.in_(keys))
    return db.scalars(select(Conversation).where(there).order_by(Conversation.key)).all()


def codings_by_id(db: Db, ids: Sequence[str]) -> dict[str, CodingRow]:
    """By id: those codings that are there."""
    found: dict[str, CodingRow] = {}
    for part in _portions(ids):
        found |= {row.id: row for row in db.scalars(select(CodingRow).where(CodingRow.id.in_(part)))}
    return found


def own_targets(db: Db, coder_id: str, codebook_id: str, conversation_id: str) -> Sequence[Any]:
    """Of what one coder coded with a codebook in one conversation: id and target of each."""
    found = select(CodingRow.id, CodingRow.target).join(CodingRow.code)
    return db.execute(
        found.where(
            CodingRow.coder_id == coder_id,
            CodeRow.codebook_id == codebook_id,
            CodingRow.conversation_id == conversation_id,
        )
    ).all()


def greatest_key(db: Db, table: str, prefix: str) -> str | None:
    """The last key of digits after this beginning that a row of ``table`` ever bore, also a row that is gone."""
    near = JournalRow.key.between(f"{prefix}0", f"{prefix}{'9' * 12}")  # an index finds these, not what begins so
    begins = JournalRow.key.startswith(prefix, autoescape=True)
    return db.scalar(select(func.max(JournalRow.key)).where(JournalRow.table_name == table, near, begins))


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


def _portions(ids: Collection[str]) -> Iterator[list[str]]:
    """So many ids as one question may name."""
    every = list(ids)
    return (every[start : start + 500] for start in range(0, len(every), 500))
