"""Files that leave the study for other programs: written whole or not at all, and readable by their owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from iprkit.database.files import storing
from iprkit.errors import InvalidInput


@contextmanager
def handed_out(place: Path) -> Iterator[BinaryIO]:
    """A stream into ``place``, which appears, or changes, when the block ends well.

    A device or pipe is written to as it is. Raises InvalidInput where the folder is missing or ``place`` is one,
    StorageFull, StudyError where it cannot be written.
    """
    target = place.resolve()
    if target.is_dir():
        raise InvalidInput(f"{place} is a folder; name a file in it")
    if not target.parent.is_dir():
        raise InvalidInput(f"there is no folder {place.parent}; make it first, or name another one")
    with storing():
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:
                yield stream
        else:
            yield from _renamed_when_whole(target)


def _renamed_when_whole(target: Path) -> Iterator[BinaryIO]:
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    opened = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(opened, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
