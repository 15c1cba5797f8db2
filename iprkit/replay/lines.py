"""Lines of playback: while a session is played, its clock runs beside the interview's at a fixed distance and at a
speed that hardly differs, so that all places alike of one stretch lie on one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iprkit.replay.prints import FPS
from iprkit.replay.search import WINDOW, Doubles, Hits

_FASTEST = 0.005  # players and recorders differ by 0.0001 to 0.001; 0.003 has to be coped with
_STEP = 0.0001  # between the speeds tried: over a minute one step moves a line by 6 ms
_PREFERENCE = 10.0  # for equal clocks: 0.005 off must fit 5 % better, or single windows would choose any speed
_LONG = 60 * FPS  # frames from which a line's own speed is known better than the common one
# Standard deviations: chance reached 8.1 in 3 hours of talk against sessions of 3 to 20 minutes.
SURE, _CERTAIN = 9.0, 10.0
_SAME = 1.5  # frames between hits of one line: rooms and fractions of a frame move them by one at most
_BREAK = 20 * FPS  # frames without a hit after which a line is taken up anew
_REACH = 10 * FPS  # frames to which a line is followed beyond its hits, to see where it ends


@dataclass(frozen=True)
class Line:
    """Between the interview's frames ``start`` and ``end`` the session's frame ``k + lag + drift * k`` may have been
    heard at frame ``k``; within the frames ``certain`` chance cannot explain that it is so much like it."""

    start: int
    end: int
    lag: float
    drift: float
    certain: range = range(0)

    @property
    def origin(self) -> float:
        """The interview's frame at which the session's first would lie."""
        return -self.lag / (1 + self.drift)

    def place(self, frame: float) -> float:
        """The session's frame at ``frame`` of the interview."""
        return frame + self.lag + self.drift * frame

    def places(self) -> Doubles:
        """The session's frame at each frame from ``start`` to ``end``."""
        frames = np.arange(self.start, self.end, dtype=np.float64)
        return frames + self.lag + self.drift * frames


def draw_lines(hits: Hits, session_frames: int, interview_frames: int) -> list[Line]:
    """The lines on which the hits lie. All have the speed that suits the hits best together, as all were played and
    recorded by the same machines; long ones are measured by themselves."""
    drift = _common_drift(hits[hits.height >= SURE])
    apart = hits.lag - drift * hits.at
    order = np.argsort(apart, kind="stable")
    drawn = (
        _drawn(hits[run], drift, session_frames, interview_frames)
        for group in _split(order, apart[order], _SAME)
        for run in _split(np.sort(group), hits.at[np.sort(group)], _BREAK)
    )
    return [line for line in drawn if line.start < line.end]


def _split(numbers: NDArray[np.intp], values: Doubles, gap: float) -> Iterator[NDArray[np.intp]]:
    """``numbers`` in runs, cut where their rising ``values`` are more than ``gap`` apart."""
    if len(numbers):
        yield from np.split(numbers, np.flatnonzero(np.diff(values) > gap) + 1)


def _drawn(hits: Hits, drift: float, session_frames: int, interview_frames: int) -> Line:
    """The line through hits that lie on one, as far as both recordings reach."""
    weight = hits.height**2
    if hits.at[-1] - hits.at[0] >= _LONG:
        slope = np.polyfit(hits.at, hits.lag, 1, w=hits.height)[0]
        drift = float(np.clip(slope, -_FASTEST, _FASTEST))
    lag = float(np.average(hits.lag - drift * hits.at, weights=weight))
    start = max(0, hits.at[0] - _REACH, -lag / (1 + drift))
    end = min(interview_frames, hits.at[-1] + _REACH, (session_frames - 1 - lag) / (1 + drift))
    covered = range(int(hits.at[0]) - WINDOW // 2, int(hits.at[-1]) + WINDOW // 2)
    certain = covered if hits.height.max() >= _CERTAIN else range(0)
    return Line(int(np.ceil(start)), int(np.floor(end)), lag, drift, certain)


def _common_drift(sure: Hits) -> float:
    """The speed at which hits fall on the fewest, fullest lines (Hough 1962); 0 where nothing tells."""
    if not len(sure.at):
        return 0.0
    most = round(_FASTEST / _STEP)
    speeds = _STEP * np.arange(-most, most + 1)
    fullness = [_fullness(sure.lag - speed * sure.at, sure.height) for speed in speeds]
    return float(speeds[np.argmax(fullness * (1 - _PREFERENCE * np.abs(speeds)))])


def _fullness(apart: Doubles, weight: Doubles) -> float:
    """The sum of squares of the weight in each frame, for two grids of frames."""
    grids = (np.floor(apart + shift).astype(np.int64) for shift in (0, 0.5))
    return float(sum((np.bincount(grid - grid.min(), weight) ** 2).sum() for grid in grids))
