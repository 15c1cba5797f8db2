"""How good a time map is, held against when the session was really played."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.interviews import RATE, Floats, Played
from iprkit.recall import Piece, TimeMap

_GRID_S = 0.02  # at which maps are compared
_NEAR_S, _WRONG_S, _EDGE_S = 0.1, 1.0, 0.5
_BESIDE_S = 0.25  # the session must sound for so long on both sides of an edge, or nothing tells where it is

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """Of one interview or several: stretches and how many were found; seconds of playback, mapped within 100 ms,
    mapped at all, mapped more than 1 s wrong; seconds of talk, and taken for playback; errors of edges in seconds,
    where the session sounds on both sides and elsewhere."""

    stretches: int = 0
    found: int = 0
    playback_s: float = 0
    near_s: float = 0
    mapped_s: float = 0
    wrong_s: float = 0
    talk_s: float = 0
    false_s: float = 0
    sounding: tuple[float, ...] = ()
    silent: tuple[float, ...] = ()

    @classmethod
    def of(cls, scores: Iterable[Score]) -> Score:
        """All of them together."""
        rows = [vars(score) for score in scores]
        return cls(**{name: sum((row[name] for row in rows[1:]), rows[0][name]) for name in rows[0]})

    def row(self) -> str:
        """found, mapped, wrong place, false playback, edges within 500 ms, their median, median of silent edges."""
        shares = (self.near_s / (self.playback_s or 1), self.wrong_s / (self.mapped_s or 1), self.false_s / self.talk_s)
        inside = sum(error <= _EDGE_S for error in self.sounding) / (len(self.sounding) or 1)
        middles = (f"{1000 * median(errors):.0f} ms" if errors else "-" for errors in (self.sounding, self.silent))
        texts = (f"{self.found}/{self.stretches}", *(f"{share:.2%}" for share in shares), f"{inside:.1%}", *middles)
        return "".join(f"{text:>10}" for text in texts)


def score(truth: Sequence[Played], found: TimeMap, session: Floats, seconds: float) -> Score:
    """The map of an interview of ``seconds`` held against what is true of it."""
    grid = np.arange(0, seconds, _GRID_S)
    got = [_played(piece) for piece in found.pieces]
    true, mapped = _places(truth, grid), _places(got, grid)
    off, playing, claimed = np.abs(true - mapped), ~np.isnan(true), ~np.isnan(mapped)
    times = (playing, off <= _NEAR_S, playing & claimed, off > _WRONG_S, ~playing, claimed & ~playing)
    errors = [_edge_errors(one, got) for one in truth]
    edges = [
        (_sounds(session, at), error)
        for one, both in zip(truth, errors, strict=True)
        for at, error in zip((one.session_s, one.session_end_s), both, strict=False)
    ]
    return Score(
        len(truth),
        sum(bool(both) for both in errors),
        *(float(each.sum() * _GRID_S) for each in times),
        tuple(error for sounds, error in edges if sounds),
        tuple(error for sounds, error in edges if not sounds),
    )


def _played(piece: Piece) -> Played:
    times = (piece.interview.start_ms, piece.interview.end_ms, piece.session.start_ms, piece.session.end_ms)
    return Played(*(ms / 1000 for ms in times))


def _places(played: Sequence[Played], grid: Doubles) -> Doubles:
    """The session's time at each point of the grid, NaN where nothing plays."""
    places = np.full(len(grid), np.nan)
    for one in played:
        within = (grid >= one.start_s) & (grid < one.end_s)
        speed = (one.session_end_s - one.session_s) / max(one.end_s - one.start_s, 1e-6)
        places[within] = one.session_s + (grid[within] - one.start_s) * speed
    return places


def _edge_errors(one: Played, got: Sequence[Played]) -> tuple[float, ...]:
    """By how much start and end of a stretch were missed; nothing where less than a third of it was found."""
    own = [each for each in got if _shared_s(one, each) > 0 and abs(_lag_s(one) - _lag_s(each)) <= _EDGE_S]
    if sum(_shared_s(one, each) for each in own) < (one.end_s - one.start_s) / 3:
        return ()
    return abs(own[0].start_s - one.start_s), abs(own[-1].end_s - one.end_s)


def _shared_s(one: Played, other: Played) -> float:
    return min(one.end_s, other.end_s) - max(one.start_s, other.start_s)


def _lag_s(one: Played) -> float:
    return one.session_s - one.start_s


def _sounds(session: Floats, at_s: float) -> bool:
    """Whether the session is heard on both sides of a time: within 30 dB of its mean level."""
    middle, width = round(at_s * RATE), round(_BESIDE_S * RATE)
    sides = (session[max(0, middle - width) : middle], session[middle : middle + width])
    least = np.square(session).mean() / 1000
    return all(len(side) > 0 and np.square(side).mean() > least for side in sides)
