"""Time lines as tables of ratings: each tick a unit, and what a coder saw in it the category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from iprkit.agreement.ratings import MISSING, Clusters, Codes, Floats, Ints, Ratings
from iprkit.agreement.timelines import Ticks

Uncoded = Literal["counted", "left_out"]
NO_CODE = "no code"
_AT_ONCE = 15
_SAID = {
    "counted": "those that nobody coded counted as agreement",
    "left_out": "those that nobody coded left out",
}


@dataclass(frozen=True, eq=False)
class TimeTable:
    """Time lines in stretches within which nobody begins or ends.

    ``bounds``, shape (stretches + 1,), are in ticks; ``line``, shape (stretches,), is the line that each stretch is
    on; ``seen``, shape (stretches, coders), the place in ``categories`` of what each coder saw, 0 for *no code*,
    `MISSING` where a coder did not watch.
    """

    ticks: Ticks
    bounds: Ints
    line: Ints
    categories: tuple[str, ...]
    seen: Codes

    @property
    def long(self) -> Floats:
        """How many ticks each stretch lasts, shape (stretches,)."""
        return np.diff(self.bounds).astype(np.float64)

    def ratings(self, uncoded: Uncoded = "counted") -> Ratings:
        """The same as ratings of ticks, with or without those that nobody coded."""
        kept = (self.seen > 0).any(axis=1) if uncoded == "left_out" else np.ones(len(self.seen), dtype=np.bool_)
        return Ratings(
            units=range(int(kept.sum())),
            coders=self.ticks.coders,
            categories=self.categories,
            codes=self.seen[kept],
            clusters=clusters_of(self.ticks, self.line[kept]),
            weights=self.long[kept],
            unit=self.ticks.unit,
            uncoded=_SAID[uncoded],
            codebook=self.ticks.codebook,
            settings={"tick_ms": self.ticks.tick_ms, "uncoded": uncoded},
        )


def code_table(ticks: Ticks, code: str) -> TimeTable:
    """Whether each coder saw this code; categories *no code* and the code."""
    place = ticks.codes.index(code)
    bounds, line = _stretches(ticks, ticks.code == place)
    return _table(ticks, bounds, line, (NO_CODE, code), _masks(ticks, bounds, [place]))


def time_table(ticks: Ticks) -> TimeTable:
    """Which codes each coder saw; a category is a set of codes that one coder saw at once, ``a + b``."""
    bounds, line = _stretches(ticks, np.ones(len(ticks.code), dtype=np.bool_))
    seen = np.zeros((len(line), len(ticks.coders)), dtype=np.int32)
    labels: list[tuple[str, ...]] = [()]
    for start in range(0, len(ticks.codes), _AT_ONCE):
        some = range(start, min(start + _AT_ONCE, len(ticks.codes)))
        masks, sets = _renumbered(_masks(ticks, bounds, some))
        seen, both = _renumbered(seen * len(sets) + masks)
        names = [tuple(ticks.codes[place] for bit, place in enumerate(some) if one >> bit & 1) for one in sets]
        labels = [labels[one // len(sets)] + names[one % len(sets)] for one in both]
    return _table(ticks, bounds, line, tuple(" + ".join(label) or NO_CODE for label in labels), seen)


def _table(ticks: Ticks, bounds: Ints, line: Ints, names: tuple[str, ...], seen: Codes) -> TimeTable:
    return TimeTable(ticks, bounds, line, names, np.where(ticks.watched[line], seen, MISSING).astype(np.int32))


def _stretches(ticks: Ticks, chosen: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    bounds = np.unique(np.concatenate([ticks.starts, ticks.start[chosen], ticks.end[chosen]]))
    return bounds, np.searchsorted(ticks.starts, bounds[:-1], side="right") - 1


def _masks(ticks: Ticks, bounds: Ints, codes: Sequence[int]) -> Codes:
    """Which of at most `_AT_ONCE` codes each coder has, one bit for each, shape (stretches, coders)."""
    steps = np.zeros((len(bounds), len(ticks.coders)), dtype=np.int32)
    for bit, place in enumerate(codes):
        mine = ticks.code == place
        np.add.at(steps, (np.searchsorted(bounds, ticks.start[mine]), ticks.coder[mine]), 1 << bit)
        np.add.at(steps, (np.searchsorted(bounds, ticks.end[mine]), ticks.coder[mine]), -(1 << bit))
    return np.cumsum(steps, axis=0, dtype=np.int32)[:-1]


def _renumbered(values: Codes) -> tuple[Codes, Ints]:
    """Small numbers for the ones in use, 0 among them, and which those are."""
    used = np.flatnonzero(np.bincount(values.ravel(), minlength=1))
    used = np.union1d(used, [0])
    places = np.zeros(int(used[-1]) + 1, dtype=np.int32)
    places[used] = np.arange(len(used))
    return places[values], used


def clusters_of(ticks: Ticks, line: Ints) -> Clusters:
    """What is drawn as a whole: dyads where every line names one and there are several, sessions otherwise."""
    dyads = [one.dyad for one in ticks.lines]
    known = tuple(dict.fromkeys(one for one in dyads if one is not None))
    if None in dyads or len(known) < 2:
        return Clusters("session", tuple(one.session for one in ticks.lines), line.astype(np.int32))
    places = np.array([known.index(one) for one in dyads if one is not None], dtype=np.int32)
    return Clusters("dyad", known, places[line])
