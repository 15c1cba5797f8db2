"""Archives from strangers: read part by part into memory, never unpacked by the names that stand in them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from iprkit.errors import FormatError

LARGEST_PART = 256 * 1024 * 1024
"""Bytes that one text or XML of an archive may unpack to."""

LARGEST_WHOLE = 1024 * 1024 * 1024
"""Bytes that all texts of an archive may unpack to."""

_DAMAGED = (BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error, struct.error)
_MOST_PARTS = 50_000
_HONEST_RATIO = 250  # text shrinks to a hundredth at best
_SMALL = 4 * 1024 * 1024  # what is no longer than this fills no disk, whatever its ratio
_BLOCK = 256 * 1024


class Archive:
    """The parts of an archive by name, with ``/`` between folders. Limits are kept while reading, not believed."""

    def __init__(self, archive: ZipFile, name: str) -> None:
        self._archive, self._name, self._read = archive, name, 0
        entries = archive.infolist()
        if len(entries) > _MOST_PARTS:
            raise FormatError(f"{name} holds {len(entries)} parts, more than any study has; it was not read")
        self._entries: dict[str, ZipInfo] = {}
        for entry in entries:
            if entry.filename and not entry.is_dir():
                self._entries.setdefault(_inside(entry.filename, name), entry)

    @property
    def names(self) -> list[str]:
        """The parts in the archive's order."""
        return list(self._entries)

    def find(self, wanted: str) -> str | None:
        """The part of a name, whatever its capitals."""
        folded = wanted.casefold()
        return next((name for name in self._entries if name.casefold() == folded), None)

    def read(self, part: str) -> bytes:
        """One part. Raises FormatError where it is damaged or unpacks to more than an honest one."""
        return b"".join(self._blocks(part, LARGEST_PART))

    def copy(self, part: str, to: BinaryIO, largest: int) -> int:
        """Write one part, a recording, to a stream; returns its length. Raises as ``read`` does."""
        written = 0
        for block in self._blocks(part, largest, counted=False):
            written += to.write(block)
        return written

    def _blocks(self, part: str, largest: int, counted: bool = True) -> Iterator[bytes]:
        entry, length = self._entries[part], 0
        if entry.flag_bits & 0x1:
            raise FormatError(f"{self._name}: {part} is locked by a password; save the file without one")
        with _in_words(self._name), self._archive.open(entry) as stream:
            while block := stream.read(_BLOCK):
                length += len(block)
                self._read += len(block) if counted else 0
                bomb = length > _SMALL and length > _HONEST_RATIO * max(1, entry.compress_size)
                if bomb or length > largest or self._read > LARGEST_WHOLE:
                    raise FormatError(
                        f"{self._name}: {part} unpacks to far more than an honest file would; it was not read"
                    )
                yield block


@contextmanager
def opened(source: Path | BinaryIO, name: str) -> Iterator[Archive]:
    """An archive while the block runs. Raises FormatError where it is none, damaged, or names places outside itself."""
    with _in_words(name):
        archive = ZipFile(source)
    with archive:
        yield Archive(archive, name)


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    try:
        yield
    except FormatError:
        raise
    except _DAMAGED as e:
        raise FormatError(f"{name} is no whole archive: {e or 'it ends too early'}; copy or export it again") from e


def _inside(filename: str, name: str) -> str:
    """The part's name with ``/``; raises FormatError where it leads out of the archive."""
    path = PurePosixPath(filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in filename.split("/")[0]:
        raise FormatError(f"{name} holds a part {filename[:80]!r} that would lie outside of it; it was not read")
    return path.as_posix()
