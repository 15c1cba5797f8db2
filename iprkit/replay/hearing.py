"""How well the session is heard in the interview room, learnt from the stretches that are beyond doubt, and how much
each moment then speaks for or against a line of playback."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iprkit.replay.lines import SURE, Line
from iprkit.replay.prints import Print
from iprkit.replay.search import WINDOW, Doubles, Hits

_ENOUGH = 400  # hits of 50 frames each, to learn from
_CLASSES = 10  # of the session's level, equally full
# Two silences are alike by up to 1.5 standard deviations, as both differ from the talk around; beyond 2 it is the
# session's own noise that is heard, as in a recording by wire. A class of level that is heard is 1 above.
_QUIET, _AUDIBLE = 2.0, 1.0
_FAINT = 0.3  # share of the mean variation below which a frame is not made to look like any other
_COVERED = 6.0  # dB above the expected level from which something else is heard over the playback
_TOGETHER = 2.0  # n neighbouring frames vary like n / 2 independent ones: their windows overlap, vowels last
# No frame counts for more than this: chance likenesses last some frames (a vowel at one pitch) and would win by
# force. Nor against by more: a word in the room may cover the playback at any moment.
MOST_FOR, _MOST_AGAINST = 2.0, -1.0
# What a covered or silent frame costs, in which nothing tells: enough that a line is not followed through a silence
# of 4 s for one likeness at its end, not so much that it is lost for the two words that do come.
_COVERED_COST, _SILENT_COST = 0.1, 0.03


@dataclass(frozen=True)
class Account:
    """What each frame of a line says: ``evidence``, the logarithm of how many times likelier it is if the line was
    played than if not, and ``audible``, whether the session then had anything to hear. Both of shape (end - start,).
    """

    evidence: Doubles
    audible: NDArray[np.bool_]


@dataclass(frozen=True)
class Hearing:
    """``expected`` likeness of frames, in standard deviations of ``chance``, where the session has one of
    ``levels`` (dB, rising); nothing is heard below the level ``silence``. The interview has ``gain`` dB more."""

    chance: float
    levels: Doubles
    expected: Doubles
    silence: float
    gain: float

    def account(self, session: Print, interview: Print, line: Line) -> Account:
        """Likenesses are taken as normal with variance 1, around 0 by chance and around the expected one if played
        (the ratio of Neyman & Pearson 1933)."""
        like, level, loud = _along(session, interview, line)
        cover = np.maximum(loud - level - self.gain - _COVERED, 0)
        expected = np.interp(level, self.levels, self.expected) * 10 ** (-cover / 20)
        ratio = expected * (like / self.chance - expected / 2) / _TOGETHER - _COVERED_COST
        audible = level > self.silence
        return Account(np.where(audible, np.clip(ratio, _MOST_AGAINST, MOST_FOR), -_SILENT_COST), audible)


def learn_hearing(session: Print, interview: Print, hits: Hits) -> Hearing | None:
    """How the session is heard around the hits that are beyond doubt; None where there is none, or they are not
    more alike where the session is loud."""
    sure = hits[hits.height >= SURE]
    sure = sure[np.arange(0, len(sure.at), len(sure.at) // _ENOUGH + 1)]
    if not len(sure.at):
        return None
    windows = [_window(at, lag, len(interview.frames)) for at, lag in zip(sure.at, sure.lag, strict=True)]
    parts = [_along(session, interview, window) for window in windows]
    like, level, loud = (np.concatenate(values) for values in zip(*parts, strict=True))
    chance = float(np.sqrt((session.frames.var(axis=0) * interview.frames.var(axis=0)).sum()))
    classes = np.array_split(np.argsort(level, kind="stable"), _CLASSES)
    levels = np.array([level[each].mean() for each in classes])
    expected = np.array([np.median(like[each]) for each in classes]) / chance
    heard = np.flatnonzero(expected > min(expected[0], _QUIET) + _AUDIBLE)
    if not len(heard):
        return None
    silence = float(levels[heard[0] - 1 : heard[0] + 1].mean()) if heard[0] else -np.inf
    gain = float(np.median((loud - level)[level > silence]))
    return Hearing(chance, levels, np.maximum(expected, 0), silence, gain)


def _window(at: float, lag: float, interview_frames: int) -> Line:
    start = int(at) - WINDOW // 2
    return Line(start, min(start + WINDOW, interview_frames), lag, 0.0)


def _along(session: Print, interview: Print, line: Line) -> tuple[Doubles, Doubles, Doubles]:
    """Along a line: how alike the frames are, the session's level, the interview's level; each (end - start,).

    Likeness between two frames of the session is interpolated. It is divided by how much there is to be like in both
    frames, so that loud ones are not alike by chance.
    """
    places = np.clip(line.places(), 0, len(session.frames) - 1)
    below = np.minimum(places.astype(np.intp), len(session.frames) - 2)
    share = places - below
    heard = interview.frames[line.start : line.end]
    first, second = (np.einsum("ij,ij->i", heard, session.frames[below + step]) for step in (0, 1))
    size = interview.size[line.start : line.end] * session.size[below]
    like = ((1 - share) * first + share * second) / np.maximum(size, _FAINT)
    return like, session.level[below].astype(np.float64), interview.level[line.start : line.end].astype(np.float64)
