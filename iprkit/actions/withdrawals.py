"""Withdrawal: one person of a dyad takes back what they gave; the other one stays. What that means is said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session as Db

from iprkit.actions import parties, rooms
from iprkit.actions.exchange_copies import exchange_copies, renew_exchange_copies
from iprkit.actions.waveforms import outline_file
from iprkit.database import purging, queries, recall_queries
from iprkit.database.connect import Study
from iprkit.database.files import storing, wipe
from iprkit.database.journal import now
from iprkit.database.models import Conversation, Dyad, RecallInterview, Recording, Session
from iprkit.database.recall_models import Withdrawal
from iprkit.database.withdrawals import WITHDRAWN, party
from iprkit.errors import Conflict


@dataclass(frozen=True)
class Consequences:
    """What a withdrawal means, in sentences, for the person who decides about it.

    ``hidden``: what is shown no more from now on; ``shown``: what still is; ``kept``: what stays in the study until it
    is purged; ``purged``: what purging deletes; ``beyond``: what iprkit cannot reach and a person must see to.
    """

    dyad: str
    party: str
    hidden: tuple[str, ...]
    shown: tuple[str, ...]
    kept: tuple[str, ...]
    purged: tuple[str, ...]
    beyond: tuple[str, ...]


def consequences(study: Study, dyad: str, who: str) -> Consequences:
    """What it means that ``who`` of a dyad withdraws; nothing is changed. Raises NotFound, InvalidInput."""
    with study.read() as db:
        row = queries.dyad(db, dyad)
        name = parties.party_named(row, who)
        sessions = [one for one in row.conversations if isinstance(one, Session)]
        interviews = [one for one in row.conversations if isinstance(one, RecallInterview)]
        theirs = [one for one in interviews if party(one) == name]
        others = [one for one in interviews if party(one) != name]
        return Consequences(
            row.key,
            name,
            tuple(_hidden(db, sessions, theirs, others)),
            tuple(_shown(db, sessions, others)),
            tuple(_kept(study, row)),
            tuple(_purged(row, sessions, theirs, others)),
            tuple(_beyond(study, row)),
        )


def withdraw(study: Study, dyad: str, who: str) -> str:
    """From now on show nothing of what ``who`` said; can be undone until it is purged. Returns the party.

    Raises NotFound, InvalidInput, Conflict where they withdrew already.
    """
    with study.change(f"noted that the {who} of {dyad} withdrew", dyad) as db:
        row = queries.dyad(db, dyad)
        name = parties.party_named(row, who)
        if _standing(db, row, name) is not None:
            raise Conflict(f"the {name} of {dyad} withdrew already; delete for good with: --purge")
        db.add(Withdrawal(dyad_id=row.id, party=name, at=now()))
    renew_exchange_copies(study, dyad)
    return name


def purge(study: Study, dyad: str, who: str) -> list[Path]:
    """Delete for good what somebody who withdrew said, with every recording in which they are heard.

    Returns the files that were deleted. No undo brings anything back. Raises NotFound, InvalidInput, Conflict where
    they did not withdraw, nobody said which voice of a session is theirs, or another program keeps the database from
    being rewritten: then purging again finishes it.
    """
    with study.write() as db:
        row = queries.dyad(db, dyad)
        name = parties.party_named(row, who)
        withdrawal = _standing(db, row, name)
        if withdrawal is None:
            raise Conflict(f"the {name} of {dyad} did not withdraw; first: iprkit withdraw {dyad} {name}")
        files = [study.path(one.path) for one in _recordings(row) if one.path and not one.linked]
        files += [outline_file(study, one.sha256) for one in _recordings(row)]
        files += [piece for one in row.conversations for piece in rooms.pieces_about(study, one.key)]
        copies = [place for one in _own(row, name) for place in exchange_copies(study, one.key)]
        purging.purge(db, row, withdrawal, study.author)
    gone = [place for place in (*files, *copies) if place.is_file()]
    with storing():
        for place in gone:
            place.unlink()
    renew_exchange_copies(study, dyad)
    wipe(study.engine)
    return gone


def _standing(db: Db, dyad: Dyad, name: str) -> Withdrawal | None:
    return next((one for one in recall_queries.withdrawals(db, dyad.id) if one.party == name), None)


def _own(dyad: Dyad, name: str) -> list[RecallInterview]:
    return [one for one in dyad.conversations if isinstance(one, RecallInterview) and party(one) == name]


def _recordings(dyad: Dyad) -> list[Recording]:
    return [recording for conversation in dyad.conversations for recording in conversation.recordings]


def _hidden(
    db: Db, sessions: Sequence[Session], theirs: Sequence[RecallInterview], others: Sequence[Conversation]
) -> list[str]:
    found = [
        f"the interview {one.key} with its transcript and {len(recall_queries.comments(db, one.id))} comments"
        for one in theirs
    ]
    if sessions:
        keys = ", ".join(one.key for one in sessions)
        found.append(f"their words in {keys}: {WITHDRAWN} stands in their place, in exports too")
        found.append(f"the sound of {keys}, in which they are heard")
    if others:
        found.append(f"the sound of {', '.join(one.key for one in others)}, in which the sessions were played")
    return found


def _shown(db: Db, sessions: Sequence[Session], others: Sequence[RecallInterview]) -> list[str]:
    found = [
        f"the interview {one.key} with its transcript and {len(recall_queries.comments(db, one.id))} comments"
        for one in others
    ]
    found += [f"what the others say in {one.key}" for one in sessions]
    return [*found, "that an interview was held, as withdrawn, in iprkit recall grid"]


def _kept(study: Study, dyad: Dyad) -> list[str]:
    count = sum(bool(one.path) for one in _recordings(dyad))
    return [
        f"{count} recordings, all transcripts, comments and voice profiles: undo brings them back",
        "everything the journal says of them",
    ]


def _purged(
    dyad: Dyad, sessions: Sequence[Session], theirs: Sequence[Conversation], others: Sequence[Conversation]
) -> list[str]:
    inside = [one.path for one in _recordings(dyad) if one.path and not one.linked]
    found = [f"the recording {path}" for path in inside]
    found += [f"all that was made of {one.key}: transcript, map, pauses, comments" for one in theirs]
    found += [f"their words in {one.key}, in every version" for one in sessions]
    found += [f"words of the playback in {one.key}, where any were transcribed" for one in others]
    found.append(f"the voice profiles of {dyad.key}, and what the journal says of all this; no undo reaches behind it")
    return found


def _beyond(study: Study, dyad: Dyad) -> list[str]:
    found = [f"the recording {one.path} lies outside of the study" for one in _recordings(dyad) if one.linked]
    backups = sorted(place.name for place in (study.folder / "backups").glob("*") if place.is_file())
    found += [f"backups/{name} holds everything as it was then" for name in backups]
    keys = [one.key for one in dyad.conversations]
    exports = sorted(place.name for place in (study.folder / "exports").glob("*") if place.is_file())
    found += [f"exports/{name} was written before" for name in exports if any(key in name for key in keys)]
    found.append("files that were handed on to others, and comments in which somebody else speaks of them")
    return found
