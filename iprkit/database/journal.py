"""Every change with its author and time, in order: what can be undone and redone, and who did what to which segment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, event, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, object_session
from sqlalchemy.orm import Session as Db

from iprkit.database import queries
from iprkit.database.models import Base, Journaled, JournalEntry, JournalRow
from iprkit.errors import Conflict, NotAllowed
from iprkit.rights import RESEARCHER, may_change

Values = dict[str, Any]


@dataclass
class Change:
    """One change while it happens. ``action`` and ``subject`` may be reworded until the block ends.

    ``number`` is that of its entry, once the block has ended and anything was changed.
    """

    action: str
    subject: str | None
    author: str
    kind: str = "change"
    rows: list[Values] = field(default_factory=list)
    number: int | None = None


@contextmanager
def change(db: Db, action: str, *, subject: str | None = None, author: str, role: str = RESEARCHER) -> Iterator[Change]:
    """Everything written to ``db`` inside the block becomes one entry of the journal, and one step of undo.

    ``action`` is a sentence for people ("added session D01-S03"), ``subject`` the key it is about. Raises RuntimeError
    inside another change, NotAllowed where the author's role does not include what was changed. The transaction itself
    is the caller's; nothing is committed here.
    """
    if "change" in db.info:
        raise RuntimeError(f"{action!r} began inside the change {db.info['change'].action!r}")
    db.flush()
    current = db.info["change"] = Change(action, subject, author)
    try:
        yield current
        db.flush()
    finally:
        del db.info["change"]
    if current.rows:
        check_allowed(role, author, current.action, (row["table_name"] for row in current.rows))
        entry = JournalEntry(**_head(author), action=current.action, subject=current.subject, kind=current.kind)
        _write(db, entry, current.rows)
        current.number = entry.id


def check_allowed(role: str, author: str, action: str, tables: Iterable[str]) -> None:
    """Raises NotAllowed where a person of this role may not change one of the tables."""
    if not all(may_change(role, table) for table in tables):
        raise NotAllowed(f"{author} takes part in this study as {role}, which does not include this: {action}")


def reword(db: Db, action: str) -> None:
    """Say what the change in progress does, where that is known only once it is done."""
    db.info["change"].action = action


def undo(db: Db, author: str, of: str | None = None) -> JournalEntry:
    """Take back the newest change that still stands, or the newest one by the person ``of``.

    Returns the entry of the journal that says so; undoing is itself a change and can be redone. Raises Conflict where
    there is nothing to undo, or where a later change would be lost with it.
    """
    found = queries.newest_standing_change(db, of)
    if found is None:
        raise Conflict("there is nothing to undo")
    return _revert(db, found, "undo", author)


def redo(db: Db, author: str, of: str | None = None) -> JournalEntry:
    """Bring back the change undone last. Raises Conflict where there is none, or a new change has been made since."""
    found = queries.newest_undone_change(db, of)
    if found is None:
        raise Conflict("there is nothing to redo")
    return _revert(db, found, "redo", author)


def history(db: Db, key: str) -> Sequence[JournalEntry]:
    """The entries about a key, about what lies under it and about the keys it had before, oldest first."""
    return queries.entries_about(db, queries.all_keys_of(db, key))


def now() -> str:
    """The time as the journal writes it: ISO 8601, UTC, whole milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _head(author: str) -> Values:
    return {"at": now(), "author": author}


def _write(db: Db, entry: JournalEntry, rows: list[Values]) -> None:
    db.add(entry)
    db.flush()
    db.info["entered"] = entry.id
    db.connection().execute(_table("journal_row").insert(), [row | {"entry_id": entry.id} for row in rows])


def _revert(db: Db, target: JournalEntry, kind: str, author: str) -> JournalEntry:
    rows = [_row_values(row) for row in target.rows]
    if kind == "undo":
        rows = [row | {"before": row["after"], "after": row["before"]} for row in reversed(rows)]
    verb = "undid" if kind == "undo" else "redid"
    for row in rows:
        _apply(db, row, target)
    entry = JournalEntry(
        **_head(author), action=f"{verb}: {target.action}", subject=target.subject, kind=kind, reverts_id=target.id
    )
    _write(db, entry, rows)
    db.expire_all()
    return entry


def _row_values(row: JournalRow) -> Values:
    return {name: getattr(row, name) for name in ("table_name", "row_id", "key", "before", "after")}


def _apply(db: Db, row: Values, target: JournalEntry) -> None:
    """Bring one row from ``before`` to ``after``, provided that it still is as ``before`` says."""
    table, before, after = _table(row["table_name"]), row["before"], row["after"]
    if not _is_as(before, queries.stored_row(db.connection(), table, row["row_id"])):
        raise Conflict(_lost(row, target))
    here = table.c.id == row["row_id"]
    try:
        if before is None:
            db.connection().execute(table.insert().values(after))
        elif after is None:
            db.connection().execute(table.delete().where(here))
        else:
            db.connection().execute(table.update().where(here).values(after))
    except Conflict as e:
        raise Conflict(_lost(row, target)) from e


def _is_as(expected: Values | None, stored: Values | None) -> bool:
    if expected is None or stored is None:
        return expected is stored
    return all(stored.get(name) == value for name, value in expected.items())


def _lost(row: Values, target: JournalEntry) -> str:
    name = row["key"] or target.subject or f"a {row['table_name']} row"
    return (
        f"cannot take back or repeat {target.action!r} of {target.at} by {target.author}: "
        f"{name} was changed since and that change would be lost; undo the later changes first"
    )


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _change_of(target: Journaled) -> Change:
    db = object_session(target)
    if db is None or "change" not in db.info:
        raise RuntimeError(f"a {target.__tablename__} row was written outside a change: the journal would not know")
    found: Change = db.info["change"]
    return found


def _record(target: Journaled, before: Values | None, after: Values | None) -> None:
    _change_of(target).rows.append(
        {
            "table_name": target.__tablename__,
            "row_id": target.id,
            "key": getattr(target, "key", None),
            "before": before,
            "after": after,
        }
    )


def _values(mapper: Mapper[Any], target: Journaled) -> Values:
    return {name: getattr(target, name) for name in mapper.columns.keys()}  # noqa: SIM118


@event.listens_for(Journaled, "before_insert", propagate=True)
@event.listens_for(Journaled, "before_delete", propagate=True)
def _allowed(_mapper: Mapper[Any], _connection: Connection, target: Journaled) -> None:
    _change_of(target)


@event.listens_for(Journaled, "after_insert", propagate=True)
def _inserted(mapper: Mapper[Any], _connection: Connection, target: Journaled) -> None:
    _record(target, None, _values(mapper, target))


@event.listens_for(Journaled, "before_update", propagate=True)
def _updated(mapper: Mapper[Any], connection: Connection, target: Journaled) -> None:
    state = inspect(target)
    changed = [name for name in mapper.columns.keys() if state.attrs[name].history.has_changes()]  # noqa: SIM118
    if not changed:
        return
    old = {name: value for name in changed for value in state.attrs[name].history.deleted or ()}
    if len(old) == len(changed):
        before = old
    else:
        stored = queries.stored_row(connection, _table(target.__tablename__), target.id) or {}
        before = {name: stored.get(name) for name in changed}
    _record(target, before, {name: getattr(target, name) for name in changed})


@event.listens_for(Journaled, "before_delete", propagate=True)
def _deleted(_mapper: Mapper[Any], connection: Connection, target: Journaled) -> None:
    _record(target, queries.stored_row(connection, _table(target.__tablename__), target.id), None)


@event.listens_for(Db, "do_orm_execute")
def _no_bulk_writes(state: ORMExecuteState) -> None:
    """Statements that change many rows at once pass the journal by, so journaled tables refuse them."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    table = getattr(state.statement, "table", None)
    names = {m.class_.__tablename__ for m in Base.registry.mappers if issubclass(m.class_, Journaled)}
    if table is not None and table.name in names:
        raise RuntimeError(f"table {table.name} is journaled: change its rows one by one inside a change")
