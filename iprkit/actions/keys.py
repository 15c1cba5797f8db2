"""The names by which people call dyads, participants and sessions, and what such a name may look like."""

from __future__ import annotations

import re

from iprkit.errors import InvalidInput

ROLES = ("therapist", "client", "interviewer", "observer", "other")
"""Who a participant can be."""

_SESSION = re.compile(r"(?P<dyad>[A-Z]{1,4}[0-9]{1,4})-S(?P<number>[0-9]{2,3})")
_PSEUDONYM = re.compile(r"[A-Z]{1,4}[0-9]{1,4}")


def dyad_key(text: str) -> str:
    """A dyad's key in capitals. Raises InvalidInput where it is not letters followed by digits.

    >>> dyad_key("d01")
    'D01'
    """
    return _checked(text, "dyad", "D01")


def participant_key(text: str) -> str:
    """A participant's pseudonym in capitals. Raises InvalidInput; a name, for instance, is none."""
    return _checked(text, "participant", "T01")


def session_key(dyad: str, number: int) -> str:
    """The key of a dyad's session. Raises InvalidInput for a number below 1 or above 999.

    >>> session_key("D01", 3)
    'D01-S03'
    """
    if not 1 <= number <= 999:
        raise InvalidInput(f"session number {number} cannot be meant; give a number from 1 to 999")
    return f"{dyad}-S{number:02d}"


def session_named(text: str) -> tuple[str, int]:
    """The dyad and the number that a session's key is made of. Raises InvalidInput.

    >>> session_named("D01-S03")
    ('D01', 3)
    """
    found = _SESSION.fullmatch(text.strip().upper())
    if found is None:
        raise InvalidInput(f"{text!r} cannot be a session's key; write dyad and number, as in D01-S03")
    return found["dyad"], int(found["number"])


def role(text: str) -> str:
    """One of the roles. Raises InvalidInput naming them."""
    if text not in ROLES:
        raise InvalidInput(f"{text!r} is no role; choose among {', '.join(ROLES)}")
    return text


def _checked(text: str, noun: str, example: str) -> str:
    key = text.strip().upper()
    if not _PSEUDONYM.fullmatch(key):
        raise InvalidInput(
            f"{text!r} cannot be a {noun}'s key; use letters and a number, as in {example}, and no names"
        )
    return key
