"""The copies of transcripts for other programs, written a moment after a correction, and once for several."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock, Timer

from iprkit.actions.exchange_copies import write_exchange_copies
from iprkit.database.connect import Study
from iprkit.errors import IprkitError, StorageFull

WAIT_S = 2.0
_MARK = ".behind"


class Copies:
    """Which copies wait to be written; ``warn`` is told why one could not be.

    Those that wait are marked in the folder, so that the next server writes them where this one is cut off.
    """

    def __init__(self, study: Study, warn: Callable[[str], object]) -> None:
        self._study = study
        self._warn = warn
        self._folder = study.folder / "transcripts"
        self._keys: set[str] = set()
        self._lock = Lock()
        self._timer: Timer | None = None

    def begin(self) -> None:
        """Take over what an earlier server left."""
        for mark in self._folder.glob(f".*{_MARK}"):
            self.later(self._study, mark.name.removeprefix(".").removesuffix(_MARK))

    def later(self, _study: Study, key: str) -> None:
        """Those of a conversation are to be written soon."""
        with self._lock:
            self._keys.add(key)
            with suppress(OSError):  # then only this server knows of it
                self._mark(key).touch(mode=0o600)
            if self._timer is None:
                self._timer = Timer(WAIT_S, self._write)
                self._timer.daemon = True
                self._timer.start()

    def close(self) -> None:
        """Write at once what waits."""
        if self._timer is not None:
            self._timer.cancel()
        self._write()

    def _write(self) -> None:
        with self._lock:
            keys, self._keys, self._timer = self._keys, set(), None
        for key in sorted(keys):
            try:
                write_exchange_copies(self._study, key)
            except IprkitError as e:
                self._warn(f"the copies of {key} in transcripts/ are not up to date: {e}")
                if isinstance(e, StorageFull):
                    continue
            with self._lock:
                if key not in self._keys:
                    self._mark(key).unlink(missing_ok=True)

    def _mark(self, key: str) -> Path:
        return self._folder / f".{key}{_MARK}"
