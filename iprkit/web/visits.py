"""Who is at the page: let in once by the address that the terminal printed, or by name and password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from hmac import compare_digest
from threading import Lock
from time import monotonic

from iprkit.errors import NotSignedIn

TRIES, WITHIN_S = 5, 60.0
"""So many wrong passwords for one name within so many seconds; then it must wait."""


@dataclass(frozen=True)
class Visit:
    """One browser that was let in: in whose name, with which part in the study; ``csrf`` must come with every write."""

    name: str
    role: str
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)


class Visits:
    """The visits of one run of the server, by the secret in the browser's cookie; gone when the server ends."""

    def __init__(self) -> None:
        self._visits: dict[str, Visit] = {}
        self._tokens: dict[str, tuple[str, str]] = {}
        self._wrong: dict[str, list[float]] = {}
        self._lock = Lock()

    def token_for(self, name: str, role: str) -> str:
        """A word for the address bar that lets one browser in, once."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[token] = (name, role)
        return token

    def enter(self, token: str) -> str:
        """The secret for the cookie. Raises NotSignedIn where the token was used already or never given out."""
        with self._lock:
            who = self._tokens.pop(token, None)
        if who is None:
            raise NotSignedIn("this address was used already; start anew with: iprkit open")
        return self.begin(*who)

    def begin(self, name: str, role: str) -> str:
        """Let somebody in who is known; the secret for the cookie."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._visits[secret] = Visit(name, role)
        return secret

    def of(self, secret: str | None) -> Visit | None:
        """The visit of a cookie."""
        return self._visits.get(secret) if secret else None

    def end(self, secret: str | None) -> None:
        """Whoever has this cookie is let in no more."""
        with self._lock:
            self._visits.pop(secret or "", None)

    def check_patience(self, name: str) -> None:
        """Raises NotSignedIn where too many wrong passwords were tried for a name just now."""
        with self._lock:
            recent = [at for at in self._wrong.get(name.casefold(), []) if monotonic() - at < WITHIN_S]
            self._wrong[name.casefold()] = recent
        if len(recent) >= TRIES:
            raise NotSignedIn(f"{TRIES} wrong passwords for this name; wait a minute and try again")

    def note_wrong(self, name: str) -> None:
        with self._lock:
            self._wrong.setdefault(name.casefold(), []).append(monotonic())


def is_same(given: str | None, expected: str) -> bool:
    """Whether a secret was given right, found out in the same time whatever was given."""
    return given is not None and compare_digest(given.encode(), expected.encode())
