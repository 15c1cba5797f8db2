"""Marks of several people brought together: which of them point at the same moment of the session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import pairwise

from iprkit.recall import Mark
from iprkit.timeline import Span

TOLERANCE_MS = 15_000
"""Two people who stop a film because of the same event rarely stop it at the same second; within a quarter of a minute
they usually react to the same exchange of turns."""


def same_moments(marks: Iterable[Mark], tolerance_ms: int = TOLERANCE_MS) -> list[tuple[Mark, ...]]:
    """The marks in groups, in order of time; no two marks of a group lie further apart than the tolerance.

    The nearest are brought together first (complete linkage), so that marks which follow each other closely never
    chain into one long moment. Raises ValueError for a tolerance below 0.
    """
    if tolerance_ms < 0:
        raise ValueError(f"a tolerance of {tolerance_ms} ms cannot be meant")
    groups: list[tuple[Mark, ...]] = [(mark,) for mark in sorted(marks, key=lambda mark: (mark.at_ms, mark.key))]
    while len(groups) > 1:
        spreads = [b[-1].at_ms - a[0].at_ms for a, b in pairwise(groups)]
        nearest = min(range(len(spreads)), key=spreads.__getitem__)
        if spreads[nearest] > tolerance_ms:
            break
        groups[nearest : nearest + 2] = [groups[nearest] + groups[nearest + 1]]
    return groups


def covering(marks: Sequence[Mark]) -> Span:
    """The shortest span that covers all that a group of marks is about."""
    return reduce(Span.__or__, (mark.span for mark in marks))
