"""What a player noted while an interview ran, made sense of: every play has its pause, and nothing lies outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

PLAY, PAUSE, JUMP = "play", "pause", "jump"
EVENTS = (PLAY, PAUSE, JUMP)


@dataclass(frozen=True)
class Happened:
    """An event of a player at ``at_ms`` of the interview, standing at ``session_ms``; ``by``: who did it."""

    at_ms: int
    event: str
    session_ms: int | None = None
    by: str | None = None


def sensible(events: Iterable[Happened], interview_ms: int, session_ms: int) -> list[Happened]:
    """The events in order, as a log may hold them, within recordings of these lengths.

    A play while it plays is a jump; a pause or jump while nothing plays says nothing; a player that nobody stopped ran
    to the end of the session or of the interview.

    >>> [(one.at_ms, one.event) for one in sensible([Happened(5, PLAY, 0), Happened(9, PLAY, 90)], 20, 100)]
    [(5, 'play'), (9, 'jump'), (19, 'pause')]
    """
    inside = (_within(one, interview_ms, session_ms) for one in sorted(events, key=lambda one: one.at_ms))
    return list(_standing(inside, interview_ms, session_ms))


def _within(one: Happened, interview_ms: int, session_ms: int) -> Happened:
    stood = None if one.session_ms is None else min(max(0, one.session_ms), session_ms)
    return replace(one, at_ms=min(max(0, one.at_ms), interview_ms), session_ms=stood)


def _standing(events: Iterable[Happened], interview_ms: int, session_ms: int) -> Iterator[Happened]:
    playing: Happened | None = None
    for one in events:
        told = one.event == PAUSE and one.session_ms is not None
        if playing is not None and not told and (ran_out := _end(playing, session_ms)).at_ms < one.at_ms:
            yield ran_out
            playing = None
        if one.event != PAUSE:
            if one.session_ms is None or (one.event == JUMP and playing is None):
                continue
            yield replace(one, event=JUMP if playing else PLAY)
            playing = one
        elif playing is not None:
            went_back = one.session_ms is not None and one.session_ms < (playing.session_ms or 0)
            yield replace(one, session_ms=None) if went_back else one
            playing = None
    if playing is not None:
        last = _end(playing, session_ms)
        yield last if last.at_ms < interview_ms else Happened(interview_ms, PAUSE)


def _end(playing: Happened, session_ms: int) -> Happened:
    """The pause where the session's end is reached."""
    return Happened(playing.at_ms + session_ms - (playing.session_ms or 0), PAUSE, session_ms)
