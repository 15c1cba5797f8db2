"""The questions that are asked of the journal by those who watch it while others work, one function each."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Db

from iprkit.database.coding_models import CodingRow
from iprkit.database.models import JournalEntry, JournalRow


def last_number(db: Db) -> int:
    """The number of the newest entry, 0 where there is none."""
    return db.scalar(select(func.max(JournalEntry.id))) or 0


def touches_others(db: Db, after: int, tables: Collection[str]) -> bool:
    """Whether an entry later than ``after`` changed a row of any other table than these."""
    found = select(JournalRow.id).where(JournalRow.entry_id > after, JournalRow.table_name.not_in(tables)).limit(1)
    return db.scalar(found) is not None


def entries_after(db: Db, number: int, most: int) -> Sequence[JournalEntry]:
    """The entries later than ``number``, oldest first, at most so many."""
    return db.scalars(select(JournalEntry).where(JournalEntry.id > number).order_by(JournalEntry.id).limit(most)).all()


def newest_entries(db: Db, most: int, before: int | None = None) -> Sequence[JournalEntry]:
    """The newest entries, newest first, those before a number where one is given."""
    found = select(JournalEntry).order_by(JournalEntry.id.desc()).limit(most)
    return db.scalars(found if before is None else found.where(JournalEntry.id < before)).all()


def undone_among(db: Db, numbers: Sequence[int]) -> set[int]:
    """Those of these entries that are taken back as things stand."""
    found = select(JournalEntry.reverts_id, JournalEntry.kind).where(JournalEntry.reverts_id.in_(numbers))
    last = dict(db.execute(found.order_by(JournalEntry.id)).all())
    return {number for number, kind in last.items() if number and kind == "undo"}


def keys_touched(db: Db, number: int, most: int) -> Sequence[tuple[str, str | None]]:
    """Table and key of rows that an entry changed, each once, at most so many."""
    found = select(JournalRow.table_name, JournalRow.key).where(JournalRow.entry_id == number).distinct().limit(most)
    return [(table, key) for table, key in db.execute(found)]


def changes_since(db: Db, author: str, at: str) -> int:
    """How many changes an author made since a time."""
    found = select(func.count()).select_from(JournalEntry)
    return db.scalar(found.where(JournalEntry.author == author, JournalEntry.at >= at)) or 0


def codings_made(db: Db, coder_id: str, at: str) -> int:
    """How many codings that stand a coder made since a time."""
    found = select(func.count()).select_from(CodingRow)
    return db.scalar(found.where(CodingRow.coder_id == coder_id, CodingRow.made_at >= at)) or 0


def corrections(db: Db, keys: Sequence[str]) -> dict[str, int]:
    """By author: how often a person corrected a segment of the conversations with these keys."""
    found = select(JournalEntry.author, JournalEntry.subject).where(
        JournalEntry.kind == "change", JournalEntry.action.startswith("corrected ")
    )
    counts: dict[str, int] = {}
    for author, subject in db.execute(found.order_by(JournalEntry.author)):
        if subject is not None and any(subject == key or subject.startswith(f"{key}-") for key in keys):
            counts[author] = counts.get(author, 0) + 1
    return counts
