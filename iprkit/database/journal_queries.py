"""The questions that are asked of the journal by those who watch it while others work, one function each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session as Db

from iprkit.database.coding_models import CodingRow
from iprkit.database.models import PURGED, JournalEntry, JournalRow


def last_number(db: Db) -> int:
    """The number of the newest entry, 0 where there is none."""
    return db.scalar(select(func.max(JournalEntry.id))) or 0


def tables_touched(db: Db, after: int) -> dict[str, int]:
    """By table: the last entry that changed a row of it, of those later than ``after``."""
    found = select(JournalRow.table_name, func.max(JournalRow.entry_id)).where(JournalRow.entry_id > after)
    return dict(db.execute(found.group_by(JournalRow.table_name)).all())


def rows_touched_in(db: Db, table: str, after: int) -> set[str]:
    """The ids of a table's rows that an entry later than ``after`` changed."""
    found = select(JournalRow.row_id).where(JournalRow.entry_id > after, JournalRow.table_name == table)
    return set(db.scalars(found))


def changed_rows(db: Db, tables: Iterable[str], after: int, most: int) -> Sequence[JournalRow] | None:
    """What later entries than ``after`` changed in these tables; None where rows came or went, or for too many."""
    those = JournalRow.entry_id > after, JournalRow.table_name.in_(tuple(tables))
    whole = or_(JournalRow.before.is_(None), JournalRow.after.is_(None))
    if db.scalar(select(JournalRow.id).where(*those, whole).limit(1)) is not None:
        return None
    rows = db.scalars(select(JournalRow).where(*those).limit(most + 1)).all()
    return None if len(rows) > most else rows


def purged_since(db: Db, after: int) -> bool:
    """Whether anything was deleted for good after an entry."""
    found = select(JournalEntry.id).where(JournalEntry.id > after, JournalEntry.kind == PURGED).limit(1)
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


def touched_by(db: Db, numbers: Sequence[int], most: int) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
    """By entry the keys of the rows that it changed, none where there are more than so many, and their tables."""
    mine = JournalRow.entry_id.in_(numbers)
    counted = select(JournalRow.entry_id, JournalRow.table_name, func.count(JournalRow.key.distinct()))
    tables: dict[int, dict[str, int]] = {number: {} for number in numbers}
    for number, table, count in db.execute(counted.where(mine).group_by(JournalRow.entry_id, JournalRow.table_name)):
        tables[number][table] = count
    few = [number for number, counts in tables.items() if sum(counts.values()) <= most]
    keys: dict[int, list[str]] = {}
    found = select(JournalRow.entry_id, JournalRow.key).where(JournalRow.entry_id.in_(few), JournalRow.key.is_not(None))
    for number, key in db.execute(found.distinct().order_by(JournalRow.key)):
        keys.setdefault(number, []).append(str(key))
    return {number: (tuple(keys.get(number, ())), tuple(sorted(counts))) for number, counts in tables.items()}


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
