"""Who is meant where people speak of a party of a dyad: the client, the therapist, or one of several by pseudonym."""

from __future__ import annotations

from iprkit.database.models import Dyad, Participant
from iprkit.errors import InvalidInput, NotFound
from iprkit.recall import PERSPECTIVES


def participant(dyad: Dyad, text: str) -> tuple[str, Participant | None]:
    """Role and person that ``text`` means: a role, or a pseudonym.

    The person is None where the dyad's members were not told. Raises NotFound for somebody who takes no part in the
    dyad, InvalidInput for a role that several people have.
    """
    if text in PERSPECTIVES:
        people = [member.participant for member in dyad.members if member.role == text]
        if len(people) > 1:
            raise InvalidInput(f"{dyad.key} has several of role {text}; name one: {', '.join(p.key for p in people)}")
        return text, people[0] if people else None
    wanted = text.strip().upper()
    found = next((m for m in dyad.members if m.participant.key == wanted and m.role in PERSPECTIVES), None)
    if found is None:
        known = ", ".join(member.participant.key for member in dyad.members) or "nobody by pseudonym"
        raise NotFound(f"{text!r} takes no part in {dyad.key}; name client or therapist, or one of: {known}")
    return found.role, found.participant


def party_named(dyad: Dyad, text: str) -> str:
    """The party as it is stored: the role, the pseudonym where several have that role. Raises as `participant` does."""
    role, person = participant(dyad, text)
    several = sum(member.role == role for member in dyad.members) > 1
    return person.key if several and person else role
