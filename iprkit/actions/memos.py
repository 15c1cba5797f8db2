"""Free notes with their place in a session: on itself, on a segment or span, on a moment or a recall comment."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session as Db

from iprkit.database import coding_queries, queries, recall_queries
from iprkit.database.blindness import Sight, sight_of
from iprkit.database.codings import Grounds
from iprkit.database.connect import Study
from iprkit.database.models import Conversation
from iprkit.database.recall_models import Memo
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.timeline import Span


@dataclass(frozen=True)
class PlacedMemo:
    """A note by ``key``: on what it is (``target``), on which stretch of the conversation's clock, by whom, when."""

    key: str
    target: str
    span: Span
    text: str
    author: str
    made_at: str


def memos_of(study: Study, key: str) -> list[PlacedMemo]:
    """The notes that have a place in a session or interview, in order of time.

    What another coder wrote stays away from those who code blind. Raises NotFound for an unknown key.
    """
    with study.read() as db:
        place = queries.conversation(db, key)
        sight, grounds = sight_of(db, study.author), Grounds(db)
        if place.id in sight.withdrawn:
            return []
        found = [
            PlacedMemo(row.id, row.target, span, row.text, row.author, row.created_at)
            for row in recall_queries.all_memos(db)
            if _may_be_read(db, row, study.author, sight) and (span := _span_in(db, row, place, grounds, sight))
        ]
        return sorted(found, key=lambda one: (one.span, one.made_at, one.key))


def _may_be_read(db: Db, row: Memo, asker: str, sight: Sight) -> bool:
    if not sight.blind_in or row.author.casefold() == asker.casefold():
        return True
    return coding_queries.find_coder(db, row.author) is None


def _span_in(db: Db, row: Memo, place: Conversation, grounds: Grounds, sight: Sight) -> Span | None:
    """Where in a conversation a note belongs; None where that is elsewhere, or where nothing bears its key any more."""
    if row.target != place.key and not row.target.startswith((f"{place.key}-", f"{place.key}@")):
        return None
    coding = coding_queries.coding_of_key(db, row.target)
    if coding is not None:
        inside = coding.conversation_id == place.id and sight.coding(coding)
        return Span(coding.start_ms, coding.end_ms) if inside else None
    try:
        there, anchor = grounds.find(row.target)
    except (NotFound, InvalidInput, Conflict):
        return None
    return anchor.span if there.id == place.id else None
