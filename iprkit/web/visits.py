"""Who is at the page: let in once by the address that the terminal printed, or by name and password."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from iprkit.errors import NotSignedIn
from iprkit.rights import RESEARCHER
from iprkit.web.kept_visits import KeptVisits

TRIES, WITHIN_S = 5, 60.0
"""So many wrong passwords for one name within so many seconds; then it must wait."""


@dataclass(frozen=True)
class Visit:
    """One browser that was let in: in whose name, with which part in the study; ``csrf`` must come with every write."""

    name: str
    role: str
    csrf: str = field(repr=False)


class Visits:
    """The visits of a server, by the secret in the browser's cookie; gone when it ends, unless they are ``kept``."""

    def __init__(self, kept: KeptVisits | None = None) -> None:
        self._kept = kept
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
            self._visits[secret] = _visit(name, role, secret)
            if self._kept and name == self._kept.name:
                self._kept.note(secret)
        return secret

    def of(self, secret: str | None) -> Visit | None:
        """The visit of a cookie; one that was let in before the server was started anew is taken up again."""
        if not secret:
            return None
        known = self._visits.get(secret)
        if known is None and self._kept and self._kept.knows(secret):
            known = _visit(self._kept.name, RESEARCHER, secret)
            with self._lock:
                self._visits[secret] = known
        return known

    def end(self, secret: str | None) -> None:
        """Whoever has this cookie is let in no more."""
        with self._lock:
            self._visits.pop(secret or "", None)
            if self._kept and secret:
                self._kept.forget(secret)

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


def _visit(name: str, role: str, secret: str) -> Visit:
    """The word that must come with every write follows from the secret, so that an open page goes on with it."""
    return Visit(name, role, hmac.new(secret.encode(), b"csrf", "sha256").hexdigest())


def is_same(given: str | None, expected: str) -> bool:
    """Whether a secret was given right, found out in the same time whatever was given."""
    return given is not None and hmac.compare_digest(given.encode(), expected.encode())
