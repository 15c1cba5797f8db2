"""What people agreed to: for every recording and everybody heard in it, the uses that were consented to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session as Db

from iprkit.actions import parties
from iprkit.database import queries, recall_queries
from iprkit.database.connect import Study
from iprkit.database.models import Conversation, RecallInterview
from iprkit.database.recall_models import Consent
from iprkit.database.withdrawals import party
from iprkit.errors import InvalidInput

USES = ("analysis", "quotation", "teaching", "archiving")
"""What a recording, and what is said in it, can be used for."""


@dataclass(frozen=True)
class Agreed:
    """What one party agreed to about one recording."""

    key: str
    recording: str
    party: str
    scope: tuple[str, ...]


def set_consent(study: Study, key: str, scope: Sequence[str], who: str | None = None) -> list[Agreed]:
    """Note what somebody who is heard in a session or interview agreed to; an empty scope means nothing.

    ``who`` may be left out for an interview: its participant. Returns what is noted now of the recordings of ``key``.
    Raises NotFound, InvalidInput for an unknown use, and for a session where nobody is named.
    """
    unknown = [use for use in scope if use not in USES]
    if unknown:
        raise InvalidInput(f"{unknown[0]!r} is no use of a recording; choose among {', '.join(USES)}")
    with study.change(f"noted the consent for {key}", key) as db:
        conversation = queries.conversation(db, key)
        name = _party(conversation, who)
        for recording in conversation.recordings:
            row = recall_queries.consent(db, recording.id, name)
            if row is None:
                row = Consent(recording_id=recording.id, party=name)
                db.add(row)
            row.scope = [use for use in USES if use in scope]
        db.flush()
        return [one for one in _agreed(db, conversation) if one.key == key]


def consents_of(study: Study, dyad: str) -> list[Agreed]:
    """What is noted of a dyad's recordings, by recording and party. Raises NotFound."""
    with study.read() as db:
        return _of_dyad(db, queries.dyad(db, dyad).id)


def _party(conversation: Conversation, who: str | None) -> str:
    if who is not None:
        return parties.party_named(conversation.dyad, who)
    if isinstance(conversation, RecallInterview):
        return party(conversation)
    raise InvalidInput(f"several people are heard in {conversation.key}; say whose consent it is: --party client")


def _agreed(db: Db, conversation: Conversation) -> list[Agreed]:
    return [one for one in _of_dyad(db, conversation.dyad_id) if one.key == conversation.key]


def _of_dyad(db: Db, dyad_id: str) -> list[Agreed]:
    return [
        Agreed(row.recording.conversation.key, row.recording.path, row.party, tuple(row.scope))
        for row in recall_queries.consents(db, dyad_id)
    ]
