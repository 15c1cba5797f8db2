"""Words whose time nobody measured, dealt out over the speech that is free for them by the number of their letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from iprkit.language.edits import longest_rising
from iprkit.timeline import Span

SLOWEST_MS = 250  # a letter; where there is more speech than that for the words, they are only in the first part of it


@dataclass(frozen=True)
class Edge:
    """Something is known about the time ``ms``: the words before number ``at`` end by then, the others begin."""

    at: int
    ms: int


def share(lengths: Sequence[int], window: Span, speech: Sequence[Span], edges: Sequence[Edge] = ()) -> list[Span]:
    """A span for each word of so many letters, rising, inside the window and, where somebody speaks there, in speech.

    ``speech`` are stretches in order that do not overlap.
    Edges outside the window and those that contradict the most others are passed over.
    """
    inside = [edge for edge in edges if window.start_ms <= edge.ms <= window.end_ms and 0 <= edge.at <= len(lengths)]
    known = [Edge(0, window.start_ms), *_rising(inside), Edge(len(lengths), window.end_ms)]
    out: list[Span] = []
    for one, other in pairwise(known):
        out += _shared(lengths[one.at : other.at], Span(one.ms, other.ms), speech)
    return out


def voiced(speech: Sequence[Span], window: Span) -> list[Span]:
    """Where somebody speaks inside the window."""
    return [shared for span in speech if (shared := span & window)]


def _rising(edges: Sequence[Edge]) -> list[Edge]:
    """The longest series of edges whose times rise with the words."""
    order = sorted(edges, key=lambda edge: (edge.at, edge.ms))
    return [order[place] for place in longest_rising([edge.ms for edge in order], strictly=False)]


def _shared(lengths: Sequence[int], span: Span, speech: Sequence[Span]) -> list[Span]:
    """The words along the pieces of speech laid end to end; one that would straddle a pause is in its larger part."""
    letters = list(accumulate((max(1, length) for length in lengths), initial=0))
    pieces = voiced(speech, span) or [span]
    starts = list(accumulate((piece.duration_ms for piece in pieces), initial=0))
    total = min(starts[-1], SLOWEST_MS * letters[-1])
    edges = [count * total // max(1, letters[-1]) for count in letters]
    return [_laid(a, b, pieces, starts) for a, b in pairwise(edges)]


def _laid(begin: int, end: int, pieces: Sequence[Span], starts: Sequence[int]) -> Span:
    """Where the stretch from ``begin`` to ``end`` of all speech lies on the clock."""
    parts = []
    for piece, start in zip(pieces, starts, strict=False):
        low, high = max(begin, start), min(end, start + piece.duration_ms)
        if low <= high:
            parts.append(Span(piece.start_ms + low - start, piece.start_ms + high - start))
    return max(parts, key=lambda part: part.duration_ms)
