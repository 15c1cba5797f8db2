"""Keys that papers cite: they stay with what they named when a study is linked anew, and none is ever reused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from iprkit.timeline import Span


@dataclass(frozen=True)
class Numbered:
    """One key for each new thing, the highest number given out so far, and by which key fallen ones are succeeded."""

    keys: tuple[str, ...]
    count: int
    former: dict[str, str]


def keep_keys(prefix: str, old: Mapping[str, Span], new: Sequence[Span], count: int) -> Numbered:
    """Give every new span a key ``prefixNN``, such as ``D01-S03-client-K04`` where the prefix ends in ``K``.

    A new span continues the old one that it shares most time with, the surest pairs first, each old one once. All
    others are numbered on from ``count``. A key that falls away is succeeded by the new one that shares most with it.
    """
    pairs = [(span.overlap_ms(now), key, at) for key, span in old.items() for at, now in enumerate(new)]
    pairs = sorted((pair for pair in pairs if pair[0]), key=lambda pair: (-pair[0], pair[1], pair[2]))
    continued: dict[int, str] = {}
    for _, key, at in pairs:
        if at not in continued and key not in continued.values():
            continued[at] = key
    keys = []
    for at in range(len(new)):
        if at not in continued:
            count += 1
        keys.append(continued.get(at) or f"{prefix}{count:02d}")
    kept = set(continued.values())
    former: dict[str, str] = {}
    for _, key, at in pairs:
        if key not in kept:
            former.setdefault(key, keys[at])
    return Numbered(tuple(keys), count, former)
