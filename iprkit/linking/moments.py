"""Marks of several people brought together: which of them point at the same moment of the session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from iprkit.recall import Mark
from iprkit.timeline import Span

TOLERANCE_MS = 15_000
"""Two people who stop a film because of the same event rarely stop it at the same second; within a quarter of a minute
they usually react to the same exchange of turns."""


@dataclass(frozen=True)
class Group:
    """Marks of one moment; ``fixed`` is the name of the moment that a person had set, None for a new one."""

    marks: tuple[Mark, ...]
    fixed: str | None = None

    @property
    def at(self) -> Span:
        """From the first mark to the last one."""
        times = [mark.at_ms for mark in self.marks]
        return Span(min(times), max(times))

    @property
    def about(self) -> Span:
        """The shortest span that covers all that the marks are about."""
        return reduce(Span.__or__, (mark.span for mark in self.marks))


def same_moments(
    marks: Iterable[Mark], tolerance_ms: int = TOLERANCE_MS, fixed: Mapping[str, Sequence[Mark]] | None = None
) -> list[Group]:
    """The marks in groups, in order of time; none is brought to others that are further apart than the tolerance.

    The nearest are brought together first (complete linkage), so that marks which follow each other closely never
    chain into one long moment. ``fixed`` are moments that a person set, by name, with the marks that they have: others
    may join them, two of them are never one. Raises ValueError for a tolerance below 0.
    """
    if tolerance_ms < 0:
        raise ValueError(f"a tolerance of {tolerance_ms} ms cannot be meant")
    groups = [Group((mark,)) for mark in marks] + [Group(tuple(own), name) for name, own in (fixed or {}).items()]
    groups = _ordered(groups)
    while pairs := [*_pairs(groups, tolerance_ms)]:
        _, first, second = min(pairs)
        one, other = groups[first], groups.pop(second)
        groups[first] = Group(one.marks + other.marks, one.fixed or other.fixed)
        groups = _ordered(groups)
    return groups


def _pairs(groups: Sequence[Group], tolerance_ms: int) -> Iterator[tuple[int, int, int]]:
    """How far apart the marks of two groups would be, and which groups, where they may be brought together."""
    spans = [group.at for group in groups]
    for first, span in enumerate(spans):
        for second in range(first + 1, len(groups)):
            if spans[second].start_ms - span.start_ms > tolerance_ms:
                break
            spread = (span | spans[second]).duration_ms
            if spread <= tolerance_ms and not (groups[first].fixed and groups[second].fixed):
                yield spread, first, second


def _ordered(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (group.at, [mark.key for mark in group.marks]))
