"""Moments that nobody chose: windows of equal length, and the silences of a session."""

from __future__ import annotations

from collections.abc import Iterable

from iprkit.timeline import Span, gaps, merge

SILENCE_MS = 3_000
"""From this length on the Pausing Inventory Categorization System rates a silence of a therapy session."""


def windows(duration_ms: int, length_ms: int) -> list[Span]:
    """The session in windows of ``length_ms``; the last one is as short as what is left.

    Raises ValueError for a length below 1.

    >>> windows(150_000, 60_000)[-1]
    Span(start_ms=120000, end_ms=150000)
    """
    if length_ms < 1:
        raise ValueError(f"a window lasts at least 1 ms, not {length_ms}")
    return [Span(start, min(start + length_ms, duration_ms)) for start in range(0, duration_ms, length_ms)]


def silences(heard: Iterable[Span], minimum_ms: int = SILENCE_MS) -> list[Span]:
    """The stretches of at least ``minimum_ms`` between the first and the last sound in which nothing is ``heard``."""
    spans = merge(heard)
    if not spans:
        return []
    return [gap for gap in gaps(spans, spans[0] | spans[-1]) if gap.duration_ms >= minimum_ms]
