"""What was submitted stays: no undo and no redo changes a coding, or a part of an assignment, that is locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session as Db

from iprkit.database import coding_queries
from iprkit.database.blindness import Seal, seals
from iprkit.database.coding_models import CodingRow
from iprkit.database.models import JournalRow
from iprkit.errors import Conflict
from iprkit.timeline import Span


def check_unlocked(db: Db, rows: Iterable[JournalRow]) -> None:
    """Raises Conflict where these rows of the journal changed a coding that its coder has submitted."""
    touched = [row for row in rows if row.table_name == "coding"]
    if not touched:
        return
    locked = seals(db)
    known = coding_queries.codings_by_id(db, [row.row_id for row in touched])
    for row in touched:
        for values in _states(row, known):
            found = _locking(db, locked, values)
            if found is not None:
                raise Conflict(
                    f"{found} is submitted, so its codings stay as they are; this would change {row.key}, and nothing "
                    "was changed"
                )


def _states(row: JournalRow, known: Mapping[str, CodingRow]) -> list[dict[str, Any]]:
    """The coding as it was and as it is now, of those that can be told whole."""
    coding = known.get(row.row_id)
    whole = {name: getattr(coding, name) for name in _NEEDED} if coding is not None else {}
    states = [whole | dict(values) for values in (row.before, row.after) if values is not None]
    return [state for state in states if all(name in state for name in _NEEDED)]


def _locking(db: Db, assigned: Iterable[Seal], values: Mapping[str, Any]) -> str | None:
    code = coding_queries.code_of_id(db, values["code_id"])
    span = Span(values["start_ms"], values["end_ms"])
    for seal in assigned:
        if (
            values["coder_id"] in seal.submitted
            and values["round_id"] in (None, seal.round_id)
            and code is not None
            and seal.covers(code.codebook_id, values["conversation_id"], span)
        ):
            return seal.assignment
    return None


_NEEDED = ("coder_id", "code_id", "round_id", "conversation_id", "start_ms", "end_ms")
