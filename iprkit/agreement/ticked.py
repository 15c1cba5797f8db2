"""Time lines as tables of ratings: each tick a unit, and what a coder saw in it the category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from iprkit.agreement.ratings import MISSING, Clusters, Codes, Ratings
from iprkit.agreement.timelines import Ints, Ticks

Uncoded = Literal["counted", "left out"]
NO_CODE = "no code"
_SAID = {
    "counted": "those that nobody coded counted as agreement",
    "left out": "those that nobody coded left out",
}


@dataclass(frozen=True, eq=False)
class Stretches:
    """The time lines in stretches within which nobody begins or ends: their bounds in ticks, shape (stretches + 1,),
    and the line that each is on, shape (stretches,)."""

    bounds: Ints
    line: Ints


def code_ratings(ticks: Ticks, code: str, uncoded: Uncoded = "counted") -> Ratings:
    """Whether each coder saw this code, tick by tick; categories *no code* and the code."""
    chosen = ticks.code == ticks.codes.index(code)
    stretches = _stretches(ticks, chosen)
    on = _on(ticks, chosen, stretches)
    return _ratings(ticks, stretches, on.astype(np.int32), (NO_CODE, code), uncoded)


def all_ratings(ticks: Ticks, uncoded: Uncoded = "counted") -> Ratings:
    """Which codes each coder saw, tick by tick; a category is a set of codes that one coder saw at once, ``a + b``."""
    stretches = _stretches(ticks, np.ones(len(ticks.code), dtype=np.bool_))
    seen = np.zeros((len(stretches.line), len(ticks.coders)), dtype=np.int32)
    labels: list[tuple[str, ...]] = [()]
    for place, code in enumerate(ticks.codes):
        both = seen * 2 + _on(ticks, ticks.code == place, stretches)
        used = np.flatnonzero(np.bincount(both.ravel(), minlength=2))
        used = used if used[:1] == [0] else np.concatenate([[0], used])
        labels = [labels[one // 2] + ((code,) if one % 2 else ()) for one in used]
        seen = np.searchsorted(used, both).astype(np.int32)
    names = tuple(" + ".join(label) or NO_CODE for label in labels)
    return _ratings(ticks, stretches, seen, names, uncoded)


def _stretches(ticks: Ticks, chosen: NDArray[np.bool_]) -> Stretches:
    bounds = np.unique(np.concatenate([ticks.starts, ticks.start[chosen], ticks.end[chosen]]))
    return Stretches(bounds, np.searchsorted(ticks.starts, bounds[:-1], side="right") - 1)


def _on(ticks: Ticks, chosen: NDArray[np.bool_], stretches: Stretches) -> NDArray[np.bool_]:
    """Where each coder has one of the chosen stretches, shape (stretches, coders)."""
    steps = np.zeros((len(stretches.bounds), len(ticks.coders)), dtype=np.int32)
    coder = ticks.coder[chosen]
    np.add.at(steps, (np.searchsorted(stretches.bounds, ticks.start[chosen]), coder), 1)
    np.add.at(steps, (np.searchsorted(stretches.bounds, ticks.end[chosen]), coder), -1)
    return np.asarray(np.cumsum(steps, axis=0)[:-1] > 0)


def _ratings(ticks: Ticks, stretches: Stretches, seen: Codes, names: tuple[str, ...], uncoded: Uncoded) -> Ratings:
    codes = np.where(ticks.watched[stretches.line], seen, MISSING).astype(np.int32)
    kept = (codes > 0).any(axis=1) if uncoded == "left out" else np.ones(len(codes), dtype=np.bool_)
    return Ratings(
        units=range(int(kept.sum())),
        coders=ticks.coders,
        categories=names,
        codes=codes[kept],
        clusters=clusters(ticks, stretches.line[kept]),
        weights=np.diff(stretches.bounds)[kept].astype(np.float64),
        unit=ticks.unit,
        uncoded=_SAID[uncoded],
        settings={"tick_ms": ticks.tick_ms, "uncoded": uncoded},
    )


def clusters(ticks: Ticks, line: Ints) -> Clusters:
    """What is drawn as a whole: dyads where every line names one and there are several, sessions otherwise."""
    dyads = [one.dyad for one in ticks.lines]
    known = tuple(dict.fromkeys(one for one in dyads if one is not None))
    if None in dyads or len(known) < 2:
        return Clusters("session", tuple(one.session for one in ticks.lines), line.astype(np.int32))
    places = np.array([known.index(one) for one in dyads if one is not None], dtype=np.int32)
    return Clusters("dyad", known, places[line])
