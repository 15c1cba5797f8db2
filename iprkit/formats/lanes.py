"""Stretches laid side by side where a program takes no two at the same time: as many lanes as are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from iprkit.timeline import Span

Thing = TypeVar("Thing")


def in_lanes(things: Iterable[Thing], span_of: Callable[[Thing], Span]) -> list[list[tuple[Span, Thing]]]:
    """Every thing in the first lane where it overlaps no other; a stretch of no length lasts one millisecond.

    >>> [[span.start_ms for span, _ in lane] for lane in in_lanes([Span(0, 5), Span(3, 3), Span(6, 9)], lambda s: s)]
    [[0, 6], [3]]
    """
    lanes: list[list[tuple[Span, Thing]]] = []
    for thing in sorted(things, key=lambda one: (span_of(one).start_ms, span_of(one).end_ms)):
        span = span_of(thing)
        lasting = Span(span.start_ms, max(span.end_ms, span.start_ms + 1))
        free = next((lane for lane in lanes if lane[-1][0].end_ms <= lasting.start_ms), None)
        if free is None:
            free = []
            lanes.append(free)
        free.append((lasting, thing))
    return lanes


def inside(words: list[Span], within: Span) -> list[Span] | None:
    """Words made to follow each other inside their segment, each at least a millisecond; None where they cannot."""
    left, at, found = len(words), within.start_ms, []
    if within.duration_ms < left:
        return None
    for word in words:
        left -= 1
        start = min(max(word.start_ms, at), within.end_ms - left - 1)
        end = min(max(word.end_ms, start + 1), within.end_ms - left)
        found.append(Span(start, end))
        at = end
    return found
