"""A time map that people corrected: what they set stands, what they struck out stays out, sound fills in the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from iprkit.errors import InvalidInput, NotFound
from iprkit.recall import MANUAL, Piece, TimeMap
from iprkit.timeline import Span, clock, gaps

CRUMB_MS = 1_000
"""What a correction leaves of a found piece is dropped where it is shorter than this: no stretch was found by it."""


@dataclass(frozen=True)
class Stored:
    """A piece and what a person said of it: ``pinned`` for true, ``rejected`` for wrong; a manual one is a person's."""

    piece: Piece
    pinned: bool = False
    rejected: bool = False

    @property
    def is_a_persons(self) -> bool:
        """Whether no later run may change it."""
        return self.pinned or self.rejected or self.piece.source == MANUAL


@dataclass(frozen=True)
class Edit:
    """What to change, pieces named by their number from 1 in the order of the interview: new ones, moved ones, places
    to split at (on the interview's clock), and so on."""

    add: Sequence[Piece] = ()
    move: Sequence[tuple[int, Piece]] = ()
    split: Sequence[tuple[int, int]] = ()
    delete: Sequence[int] = ()
    pin: Sequence[int] = ()
    unpin: Sequence[int] = ()


def settled(stored: Iterable[Stored]) -> list[Stored]:
    """The pieces with those of a person's cutting into the others, so that none overlap and nothing struck out stands.

    >>> whole = Stored(Piece(Span(0, 9000), Span(5000, 14000)))
    >>> wrong = Stored(Piece(Span(4000, 20000), Span(0, 16000)), rejected=True)
    >>> standing(settled([whole, wrong])).pieces[0].session
    Span(start_ms=5000, end_ms=9000)
    """
    said = [one for one in stored if one.is_a_persons]
    taken = [one.piece.interview for one in said]
    left = [Stored(part) for one in stored if not one.is_a_persons for part in _outside(one.piece, taken)]
    return sorted([*said, *left], key=lambda one: (one.piece, one.rejected))


def standing(stored: Iterable[Stored]) -> TimeMap:
    """The map of the pieces that were not struck out. Raises ValueError where two claim the same time."""
    return TimeMap.of(one.piece for one in stored if not one.rejected)


def edited(stored: Sequence[Stored], edit: Edit) -> list[Stored]:
    """The pieces after an edit, settled. A found or logged piece that was moved, split or deleted is remembered as
    struck out, so that it is not found again.

    Raises NotFound for a number that no piece has, InvalidInput for a split outside its piece and where pieces overlap.
    """
    numbered = dict(enumerate((one for one in stored if not one.rejected), start=1))
    _check_numbers(edit, len(numbered))
    gone = {*edit.delete, *(n for n, _ in edit.move), *(n for n, _ in edit.split)}
    out = [one for one in stored if one.rejected]
    for number, one in numbered.items():
        if number not in gone:
            pinned = (one.pinned or number in edit.pin) and number not in edit.unpin
            out.append(replace(one, pinned=pinned))
        elif one.piece.source != MANUAL:
            out.append(replace(one, pinned=False, rejected=True))
    fresh = [*edit.add, *(piece for _, piece in edit.move)]
    fresh += [half for number, at_ms in edit.split for half in _halves(numbered[number].piece, at_ms)]
    out += [Stored(replace(piece, confidence=1.0, source=MANUAL), pinned=True) for piece in fresh]
    found = settled(out)
    try:
        standing(found)
    except ValueError as e:
        raise InvalidInput(f"{e}; only one stretch can be played at a time") from e
    return found


def cut(piece: Piece, interview: Span) -> Piece:
    """The part of a piece that was heard during ``interview``, which lies in it."""
    session = Span(piece.session_ms(interview.start_ms), piece.session_ms(interview.end_ms))
    return replace(piece, interview=interview, session=session)


def _outside(piece: Piece, taken: Sequence[Span]) -> list[Piece]:
    free = list(gaps((span for span in taken if span & piece.interview), piece.interview))
    if free == [piece.interview]:
        return [piece]
    return [cut(piece, span) for span in free if span.duration_ms >= CRUMB_MS]


def _halves(piece: Piece, at_ms: int) -> list[Piece]:
    start_ms, end_ms = piece.interview.start_ms, piece.interview.end_ms
    if not start_ms < at_ms < end_ms:
        raise InvalidInput(f"{clock(at_ms)} does not lie in the piece from {clock(start_ms)} to {clock(end_ms)}")
    return [cut(piece, Span(start_ms, at_ms)), cut(piece, Span(at_ms, end_ms))]


def _check_numbers(edit: Edit, count: int) -> None:
    named = [n for n, _ in (*edit.move, *edit.split)] + [*edit.delete, *edit.pin, *edit.unpin]
    wrong = [number for number in named if not 1 <= number <= count]
    if wrong:
        raise NotFound(f"there is no piece {wrong[0]}; the map has {count}, see them with: iprkit map show KEY")
