"""Which part of a file a player asks for, as the Range header says it (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_RANGE = re.compile(r"bytes=\s*(?P<first>\d*)-(?P<last>\d*)\s*")

BLOCK = 256 * 1024


class Unsatisfiable(ValueError):
    """The part lies outside the file."""


def part_of(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte that are asked for; None for the whole file, also where several parts are asked for.

    Raises Unsatisfiable.

    >>> part_of("bytes=0-99", 1000), part_of("bytes=-100", 1000), part_of("bytes=950-2000", 1000)
    ((0, 99), (900, 999), (950, 999))
    """
    found = _RANGE.fullmatch(header or "")
    if found is None or not (found["first"] or found["last"]):
        return None
    if not found["first"]:
        wanted = int(found["last"])
        if not wanted or not size:
            raise Unsatisfiable
        return max(0, size - wanted), size - 1
    first = int(found["first"])
    last = min(int(found["last"]), size - 1) if found["last"] else size - 1
    if found["last"] and int(found["last"]) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, last


def blocks(file: Path, first: int, last: int) -> Iterator[bytes]:
    """The bytes from ``first`` to ``last``, both included, a block at a time."""
    with file.open("rb") as stream:
        stream.seek(first)
        left = last - first + 1
        while left and (block := stream.read(min(BLOCK, left))):
            left -= len(block)
            yield block
