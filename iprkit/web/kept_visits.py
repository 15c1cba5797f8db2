"""Which browsers are still let in after the server was started anew: kept for a working day, for one person alone.

A file of the account's own, outside the study and readable by nobody else, holds the checksums of the secrets in those
browsers' cookies, never the secrets; reading it lets nobody in. It counts only where the study is served to this
machine alone and to the same person again. Those who sign in by password sign in anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import time

import platformdirs

from iprkit.database.connect import Study

LASTS_S = 12 * 3600
"""Seconds from when a browser was let in until its cookie counts no more after a new start."""

_MOST = 20


@dataclass(frozen=True)
class KeptVisits:
    """The browsers that the person called ``name`` was let in with, in a file of theirs."""

    file: Path
    name: str

    def note(self, secret: str) -> None:
        """From now on the browser with this secret is known. Where the file cannot be written, it just is not."""
        self._write({**self._read(), _checksum(secret): time() + LASTS_S})

    def knows(self, secret: str) -> bool:
        """Whether the browser with this secret was let in, and not too long ago."""
        return self._read().get(_checksum(secret), 0) > time()

    def forget(self, secret: str) -> None:
        """The browser with this secret is known no more."""
        found = self._read()
        if found.pop(_checksum(secret), None) is not None:
            self._write(found)

    def _read(self) -> dict[str, float]:
        """Until when which secret counts, by its checksum; what is not as it was written counts for nothing."""
        with suppress(OSError, ValueError):
            told = json.loads(self.file.read_text(encoding="utf-8"))
            if isinstance(told, dict) and all(isinstance(until, int | float) for until in told.values()):
                return {str(one): until for one, until in told.items() if until > time()}
        return {}

    def _write(self, found: dict[str, float]) -> None:
        newest = dict(sorted(found.items(), key=lambda one: -one[1])[:_MOST])
        partial = self.file.with_name(f".{self.file.name}.{secrets.token_hex(4)}")
        with suppress(OSError):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
                json.dump(newest, out)
            partial.replace(self.file)


def kept_visits(study: Study) -> KeptVisits:
    """Where it is kept which browsers know this study in its author's name."""
    named = hashlib.blake2b(f"{study.folder.resolve()} {study.author}".encode(), digest_size=12).hexdigest()
    return KeptVisits(platformdirs.user_state_path("iprkit") / "visits" / f"{named}.json", study.author)


def _checksum(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
