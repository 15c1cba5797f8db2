"""Dyads: who works with whom, under pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session as Db

from iprkit.actions import keys
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import Dyad, DyadMember, Participant
from iprkit.errors import Conflict


def add_dyad(study: Study, key: str, members: Mapping[str, Sequence[str]]) -> str:
    """Add a dyad, or new members to one that is there; returns its key in capitals.

    ``members`` lists pseudonyms by role: ``{"therapist": ["T01"], "client": ["C01", "C02"]}``. A participant may belong
    to several dyads. Raises Conflict where the dyad is there and nobody new is named, or a participant is known in
    another role; InvalidInput for a key that is no pseudonym.
    """
    name = keys.dyad_key(key)
    wanted = [(keys.participant_key(text), keys.role(role)) for role, texts in members.items() for text in texts]
    with study.change(f"added dyad {name}", name) as db:
        dyad = queries.find_dyad(db, name)
        known = {member.participant.key for member in dyad.members} if dyad else set()
        if dyad and not {participant for participant, _ in wanted} - known:
            raise Conflict(f"dyad {name} exists already; name new members to add them, or choose another key")
        dyad = dyad or _new_dyad(db, name)
        for participant, role in wanted:
            if participant not in known:
                join(db, dyad, participant, role)
                known.add(participant)
    return name


def _new_dyad(db: Db, key: str) -> Dyad:
    dyad = Dyad(key=key)
    db.add(dyad)
    return dyad


def join(db: Db, dyad: Dyad, key: str, role: str) -> None:
    """Make a participant, who may be new, a member of a dyad. Must run inside a change. Raises Conflict."""
    participant = queries.find_participant(db, key)
    if participant is not None and participant.role != role:
        raise Conflict(f"{key} is known as {participant.role} already, not as {role}; give every person one pseudonym")
    participant = participant or Participant(key=key, role=role)
    db.add(participant)
    dyad.members.append(DyadMember(participant=participant, role=role, position=len(dyad.members)))
