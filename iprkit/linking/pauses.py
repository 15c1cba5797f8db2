"""Where playback stopped, and who stopped it where somebody noted that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iprkit.linking.stretches import stretches
from iprkit.recall import Pause, TimeMap
from iprkit.timeline import Span

SHORTEST_MS = 700
"""A shorter gap between two stretches is a skip on the player, too short for anybody to say something."""

_NEAR_MS = 2_000  # a stop noted this near to the end of a stretch is the stop that ended it


@dataclass(frozen=True)
class Stop:
    """That somebody stopped playback at ``interview_ms``: ``by`` is who, None where nobody noted it."""

    interview_ms: int
    by: str | None = None


def pauses(time_map: TimeMap, duration_ms: int, stops: Iterable[Stop] = ()) -> list[Pause]:
    """The gaps after each stretch of playback, the last one up to the interview's end at ``duration_ms``.

    What comes before the first playback is no pause.
    """
    noted = list(stops)
    shown = stretches(time_map)
    starts = [*(stretch.interview.start_ms for stretch in shown[1:]), duration_ms]
    found = []
    for stretch, start_ms in zip(shown, starts, strict=False):
        gap = Span(stretch.interview.end_ms, max(start_ms, stretch.interview.end_ms))
        if gap.duration_ms >= SHORTEST_MS:
            found.append(Pause(stretch.session.end_ms, gap, _stopped_by(gap.start_ms, noted)))
    return found


def _stopped_by(interview_ms: int, noted: list[Stop]) -> str | None:
    near = [stop for stop in noted if abs(stop.interview_ms - interview_ms) <= _NEAR_MS]
    return min(near, key=lambda stop: abs(stop.interview_ms - interview_ms)).by if near else None
