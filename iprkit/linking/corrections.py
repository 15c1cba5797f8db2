"""A time map that people corrected: what they set stands, what they struck out stays out, sound fills in the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from iprkit.recall import Piece, TimeMap
from iprkit.timeline import Span, gaps

CRUMB_MS = 1_000
"""What a correction leaves of a found piece is dropped where it is shorter than this: no stretch was found by it."""


def corrected(found: Iterable[Piece], kept: Sequence[Piece], rejected: Sequence[Span] = ()) -> TimeMap:
    """The ``kept`` pieces, and what of the ``found`` ones lies outside of them and of the ``rejected`` spans.

    Spans are of the interview's clock.

    >>> whole = Piece(Span(0, 9000), Span(5000, 14000))
    >>> corrected([whole], [], [Span(4000, 20000)]).pieces[0].session
    Span(start_ms=5000, end_ms=9000)
    """
    taken = [piece.interview for piece in kept] + list(rejected)
    left = [part for piece in found for part in _outside(piece, taken)]
    return TimeMap.of([*kept, *left])


def cut(piece: Piece, interview: Span) -> Piece:
    """The part of a piece that was heard during ``interview``, which lies in it."""
    return replace(
        piece,
        interview=interview,
        session=Span(piece.session_ms(interview.start_ms), piece.session_ms(interview.end_ms)),
    )


def _outside(piece: Piece, taken: Sequence[Span]) -> list[Piece]:
    free = list(gaps((span for span in taken if span & piece.interview), piece.interview))
    if free == [piece.interview]:
        return [piece]
    return [cut(piece, span) for span in free if span.duration_ms >= CRUMB_MS]
