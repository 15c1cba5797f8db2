"""Playback from play to stop: the pieces of a time map that ran on without a hand on the player."""

from __future__ import annotations

from dataclasses import dataclass

from iprkit.recall import Piece, TimeMap
from iprkit.timeline import Span

JUMP_MS = 500
"""Two pieces whose clocks disagree by less than this are one stretch: the sound was lost for a while, not stopped."""


@dataclass(frozen=True)
class Stretch:
    """One or more pieces that the session ran through at constant speed.

    ::

        interview clock   ----|=====|..|====|-------    .. playback went on, but could not be made out
        session clock     ----|=====|..|====|-------
    """

    pieces: tuple[Piece, ...]

    @property
    def interview(self) -> Span:
        return self.pieces[0].interview | self.pieces[-1].interview

    @property
    def session(self) -> Span:
        return self.pieces[0].session | self.pieces[-1].session

    def session_ms(self, interview_ms: int) -> int:
        """The session time that was heard, or would have been just before or after the stretch; never below 0."""
        piece = min(self.pieces, key=lambda one: one.interview.gap_ms(Span(interview_ms, interview_ms)))
        return max(0, piece.session_ms(interview_ms))


def stretches(time_map: TimeMap) -> list[Stretch]:
    """The stretches of a map, in order of the interview's clock."""
    runs: list[list[Piece]] = []
    for piece in time_map.pieces:
        if runs and _runs_on(runs[-1][-1], piece):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return [Stretch(tuple(run)) for run in runs]


def _runs_on(before: Piece, piece: Piece) -> bool:
    waited = piece.interview.start_ms - before.interview.end_ms
    went = piece.session.start_ms - before.session.end_ms
    return abs(waited - went) <= JUMP_MS and went >= -JUMP_MS
