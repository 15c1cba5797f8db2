"""What a recall interview says about its session: which stretch of it was playing when, where playback paused, and
what the participant then said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iprkit.timeline import Span

FOUND, LOGGED, MANUAL = "found", "logged", "manual"


@dataclass(frozen=True, order=True)
class Piece:
    """A stretch of playback: the session's ``session`` was heard in the interview during ``interview``.

    ::

        interview clock   ----|=========|----
                               \\         \\
        session clock     -------|=========|-

    Both clocks run through the piece at constant speed; their lengths differ by the drift of the machines.
    ``confidence`` is 0 to 1; ``source`` is ``found`` (by sound), ``logged`` (by a player) or ``manual``.
    """

    interview: Span
    session: Span
    confidence: float = 1.0
    source: str = FOUND

    def session_ms(self, interview_ms: int) -> int:
        """The session time that was heard at ``interview_ms``, which lies in the piece."""
        return _along(interview_ms, self.interview, self.session)

    def interview_ms(self, session_ms: int) -> int:
        """When ``session_ms``, which lies in the piece, was heard."""
        return _along(session_ms, self.session, self.interview)


@dataclass(frozen=True)
class TimeMap:
    """Pieces in order of the interview's clock, none overlapping another there; rewinds and repeats are allowed.

    Raises ValueError where two pieces claim the same time of the interview.
    """

    pieces: tuple[Piece, ...] = ()

    def __post_init__(self) -> None:
        for before, piece in zip(self.pieces, self.pieces[1:], strict=False):
            if piece.interview.start_ms < before.interview.end_ms:
                raise ValueError(f"pieces {before.interview} and {piece.interview} claim the same interview time")

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> TimeMap:
        """A map of pieces given in any order."""
        return cls(tuple(sorted(pieces)))

    def session_ms(self, interview_ms: int) -> int | None:
        """The session time that was heard at ``interview_ms``, None where nothing was played."""
        found = next((piece for piece in self.pieces if interview_ms in piece.interview), None)
        return None if found is None else found.session_ms(interview_ms)

    def interview_ms(self, session_ms: int) -> list[int]:
        """Every time at which ``session_ms`` was heard: none, one, or several where it was played again."""
        return [piece.interview_ms(session_ms) for piece in self.pieces if session_ms in piece.session]


def _along(ms: int, clock: Span, other: Span) -> int:
    share = (ms - clock.start_ms) / max(1, clock.duration_ms)
    return other.start_ms + round(share * other.duration_ms)
