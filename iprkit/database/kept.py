"""What a study that stays open need not read again: transcripts, codings and what is hidden, until one changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from operator import itemgetter
from threading import Lock, RLock
from typing import Any, TypeVar

from sqlalchemy.orm import Session as Db

from iprkit.database import journal_queries

Value = TypeVar("Value")
Tables = Callable[[str], bool]
"""Whether a value depends on a table."""

PASSING = frozenset({
    "coding", "coder", "round", "assignment", "assignment_coder", "assignment_unit", "adjudication",
})  # fmt: skip
"""Tables that no transcript depends on: the coders' daily work, which must not let one be read again."""

_MOST = 200  # values; a study of a few hundred hours
_STATES = 4  # of each: while many work at once, some still see the study as it was a few changes ago


@dataclass
class Kept:
    """Values by name, each with the number of the journal's entry up to which it is good, the newest last.

    Used by several threads. ``touched`` says by table which entry changed a row of it last, as far as the journal was
    read, to ``number``; ``purged`` up to which entry something was deleted for good. ``making`` lets one thread make a
    value that several want, by name.
    """

    number: int = -1
    purged: int = -1
    values: dict[Hashable, list[tuple[int, Any]]] = field(default_factory=dict)
    touched: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    making: dict[Hashable, RLock] = field(default_factory=dict)

    def turn(self, name: Hashable) -> RLock:
        """Held by whoever makes the value of a name."""
        with self.lock:
            return self.making.setdefault(name, RLock())

    def good(self, name: Hashable, number: int, of: Tables) -> tuple[int, Any] | None:
        """The newest value of a name up to this number, with its own, unless what it depends on was changed since."""
        with self.lock:
            found = next((one for one in reversed(self.values.get(name, ())) if one[0] <= number), None)
            late = found is None or any(at > found[0] for table, at in self.touched.items() if of(table))
            return None if late else found

    def put(self, name: Hashable, number: int, value: Any) -> None:
        """Keep a value, unless something was deleted for good since it was true."""
        with self.lock:
            if number < self.purged:
                return
            if len(self.values) >= _MOST and name not in self.values:
                self.values.clear()
                self.making.clear()
            others = [one for one in self.values.get(name, ()) if one[0] != number]
            self.values[name] = sorted([*others, (number, value)], key=itemgetter(0))[-_STATES:]


def of_transcripts(table: str) -> bool:
    """Whether a transcript, and what codings stand on, may depend on a table."""
    return table not in PASSING


def kept(
    db: Db, name: Hashable, make: Callable[[], Value], of: Tables = of_transcripts,
    renew: Callable[[Value, int], Value] | None = None,
) -> Value:  # fmt: skip
    """The value of a name, made only where a row of a table that it depends on was changed since.

    ``renew`` brings a value that was good up to an entry of the journal to what is so now, where only tables that it
    does not depend on were changed. Changes by other processes are noticed, as all are in the journal. Inside a change
    that touches such rows, and after its entry was written, which may not last, nothing is kept.
    """
    memory: Kept | None = db.info.get("kept")
    if memory is None or "entered" in db.info:
        return make()
    number = _number(db)
    if _is_changing(db, of, renew is not None):
        return make()
    _follow(db, memory, number)
    found = memory.good(name, number, of)
    if found is None or (renew is not None and found[0] < number):
        with memory.turn(name):
            found = memory.good(name, number, of)
            made = make() if found is None else found[1] if renew is None else renew(found[1], found[0])
            memory.put(name, number, made)
            return made
    value: Value = found[1]
    return value


def _number(db: Db) -> int:
    """The journal's newest entry as this transaction sees it; in SQLite that stays so until it writes its own."""
    if db.get_bind().dialect.name != "sqlite":
        return journal_queries.last_number(db)
    if "number" not in db.info:
        db.info["number"] = journal_queries.last_number(db)
    number: int = db.info["number"]
    return number


def _is_changing(db: Db, of: Tables, any_table: bool) -> bool:
    """Whether the change in progress touched what a value depends on."""
    change = db.info.get("change")
    return change is not None and any(any_table or of(row["table_name"]) for row in change.rows)


def _follow(db: Db, memory: Kept, number: int) -> None:
    """Note which tables were changed since the memory was used last, at least up to what this transaction sees."""
    while (before := memory.number) < number:
        touched = journal_queries.tables_touched(db, before) if before >= 0 else {}
        purged = before >= 0 and journal_queries.purged_since(db, before)
        with memory.lock:
            if memory.number != before:  # another thread was faster, yet may see less
                continue
            memory.number = number
            memory.touched |= touched
            if purged:  # of what was deleted for good the journal does not tell
                memory.purged = number
                memory.values.clear()
