"""What was changed, when and by whom, and how to take it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session as Db

from iprkit.actions import codebook_copies
from iprkit.actions.exchange_copies import renew_exchange_copies
from iprkit.database import coding_queries, journal
from iprkit.database.blindness import seen_entries, sight_of
from iprkit.database.coding_locks import check_unlocked
from iprkit.database.connect import Study
from iprkit.database.kept import of_transcripts
from iprkit.database.models import JournalEntry
from iprkit.errors import NotFound
from iprkit.rights import RESEARCHER


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
    """Take back the newest change, or the newest of one's own; the copies in the study's folder follow.

    Whoever codes blind, or is no researcher, takes back only their own. Raises Conflict where there is nothing, and for
    codings that were submitted; NotAllowed.
    """
    return _reverted(study, journal.undo, mine)


def redo(study: Study, mine: bool = False) -> Entry:
    """Bring back what was undone last. Raises Conflict where there is nothing, or something new was changed since."""
    return _reverted(study, journal.redo, mine)


def history(study: Study, key: str) -> list[Entry]:
    """Everything that happened to a dyad, session, segment or participant, oldest first. Raises NotFound.

    Blind coders do not read of others' codings.
    """
    with study.read() as db:
        found = [_entry(entry) for entry in seen_entries(db, journal.history(db, key), sight_of(db, study.author))]
    if not found:
        raise NotFound(f"nothing ever happened to {key} in this study; see its keys with: iprkit status")
    return found


def _reverted(study: Study, revert: Callable[..., JournalEntry], mine: bool) -> Entry:
    with study.write() as db:
        study.begin(db)
        made = revert(db, study.author, of=_whose(db, study, mine))
        touched = coding_queries.rows_touched(db, made)
        journal.check_allowed(study.role, study.author, made.action, (row.table_name for row in touched))
        check_unlocked(db, touched)
        entry = _entry(made)
    study.numbers.append(entry.id)
    codebook_copies.refresh(study)
    if any(of_transcripts(row.table_name) for row in touched):
        renew_exchange_copies(study, entry.subject)
    return entry


def _whose(db: Db, study: Study, mine: bool) -> str | None:
    own = mine or study.role != RESEARCHER or sight_of(db, study.author).blind_in
    return study.author if own else None


def _entry(entry: JournalEntry) -> Entry:
    return Entry(entry.id, entry.at, entry.author, entry.action, entry.subject, entry.kind)
