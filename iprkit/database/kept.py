"""What a study that stays open need not read again: transcripts as the ground of codings, until one changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy.orm import Session as Db

from iprkit.database import journal_queries

Value = TypeVar("Value")

PASSING = frozenset({
    "coding", "coder", "round", "assignment", "assignment_coder", "assignment_unit", "adjudication",
})  # fmt: skip
"""Tables that nothing kept is made from: the coders' daily work, which must not let a transcript be read again."""

_MOST = 200  # values; a study of a few hundred hours


@dataclass
class Kept:
    """Values by name, all made from the state up to entry ``number`` of the journal. Used by several threads."""

    number: int = -1
    values: dict[Hashable, Any] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


def kept(db: Db, name: Hashable, make: Callable[[], Value]) -> Value:
    """The value of a name, made only where a row that it may depend on was changed since.

    Changes by other processes are noticed, as all are in the journal. Inside a change that touches such rows nothing is
    kept.
    """
    memory: Kept | None = db.info.get("kept")
    if memory is None:
        return make()
    number = journal_queries.last_number(db)
    if not _is_current(db, memory, number):
        return make()
    with memory.lock:
        if name in memory.values:
            found: Value = memory.values[name]
            return found
    made = make()
    with memory.lock:
        if memory.number == number:
            if len(memory.values) >= _MOST:
                memory.values.clear()
            memory.values[name] = made
    return made


def _is_current(db: Db, memory: Kept, number: int) -> bool:
    """Whether the memory may serve this transaction; what was changed since is forgotten before."""
    change = db.info.get("change")
    if change is not None and any(row["table_name"] not in PASSING for row in change.rows):
        return False
    with memory.lock:
        before = memory.number
    if before > number:  # this transaction sees an older state
        return False
    changed = before < number and journal_queries.touches_others(db, before, PASSING)
    with memory.lock:
        if memory.number != before:
            return memory.number == number
        if changed:
            memory.values.clear()
        memory.number = number
    return True
