"""What was changed, when and by whom, and how to take it back."""

from __future__ import annotations

from dataclasses import dataclass

from iprkit.actions.exports import renew_exchange_copies
from iprkit.database import journal
from iprkit.database.connect import Study
from iprkit.database.models import JournalEntry
from iprkit.errors import NotFound


@dataclass(frozen=True)
class Entry:
    """One entry of the journal; ``at`` is ISO 8601 in UTC, ``kind`` is start, change, undo or redo."""

    id: int
    at: str
    author: str
    action: str
    subject: str | None
    kind: str


def undo(study: Study, mine: bool = False) -> Entry:
    """Take back the newest change, or the newest of one's own; the copies in ``transcripts/`` follow.

    Raises Conflict where that is not possible.
    """
    with study.write() as db:
        entry = _entry(journal.undo(db, study.author, of=study.author if mine else None))
    renew_exchange_copies(study, entry.subject)
    return entry


def redo(study: Study, mine: bool = False) -> Entry:
    """Bring back what was undone last. Raises Conflict where there is nothing, or something new was changed since."""
    with study.write() as db:
        entry = _entry(journal.redo(db, study.author, of=study.author if mine else None))
    renew_exchange_copies(study, entry.subject)
    return entry


def history(study: Study, key: str) -> list[Entry]:
    """Everything that happened to a dyad, session, segment or participant, oldest first. Raises NotFound."""
    with study.read() as db:
        found = [_entry(entry) for entry in journal.history(db, key)]
    if not found:
        raise NotFound(f"nothing ever happened to {key} in this study; see its keys with: iprkit status")
    return found


def _entry(entry: JournalEntry) -> Entry:
    return Entry(entry.id, entry.at, entry.author, entry.action, entry.subject, entry.kind)
