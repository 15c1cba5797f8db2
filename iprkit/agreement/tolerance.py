"""Time-unit kappa with tolerance: a tick agrees when the other coder has the same code within so many ticks of it.

After Bakeman, Quera & Gnisci (2009): every tick of one coder is looked up around the same place in the other's line,
then the other way round; the two tables are averaged. What is not found within the tolerance stands as what the
other coder has at that very tick.

::

    coder 1   ....aaaaaa......        tolerance of 2 ticks: all of coder 1's a finds an a,
    coder 2   ......aaaaaa....        all of coder 2's a as well
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from iprkit.agreement.ratings import MISSING, Codes, Floats, Ints
from iprkit.agreement.ticked import TimeTable


@dataclass(frozen=True, eq=False)
class TolerantSums:
    """Of each ordered pair of coders and each line: ticks looked up, those found, those expected by chance needs the
    sums of rows and columns, shapes (lines, pairs) and (lines, pairs, k)."""

    ticks: Floats
    found: Floats
    rows: Floats
    columns: Floats


def tolerant_sums(table: TimeTable, tolerance: int) -> TolerantSums:
    """Look up every tick of each coder in each other coder's line, at most ``tolerance`` ticks away."""
    seen, lines, pairs = table.seen, len(table.ticks.lines), list(permutations(range(table.seen.shape[1]), 2))
    shape = (lines, len(pairs), len(table.categories))
    ticks, found, rows, columns = np.zeros(shape[:2]), np.zeros(shape[:2]), np.zeros(shape), np.zeros(shape)
    for place, (first, second) in enumerate(pairs):
        both = (seen[:, first] != MISSING) & (seen[:, second] != MISSING)
        line, mine, other, long = table.line[both], seen[both, first], seen[both, second], table.long[both]
        matched = _matched(table, first, second, tolerance)[both]
        ticks[:, place] = np.bincount(line, long, lines)
        found[:, place] = np.bincount(line, matched, lines)
        rows[:, place] = _by(line, mine, long, shape)
        columns[:, place] = _by(line, mine, matched, shape) + _by(line, other, long - matched, shape)
    return TolerantSums(ticks, found, rows, columns)


def _by(line: Ints, category: Codes, weight: Floats, shape: tuple[int, int, int]) -> Floats:
    flat = np.bincount(line * shape[2] + category, weight, shape[0] * shape[2])
    return np.asarray(flat.reshape(shape[0], shape[2]))


def _matched(table: TimeTable, first: int, second: int, tolerance: int) -> Floats:
    """How many ticks of each stretch find the same category near by in the other line, shape (stretches,)."""
    mine, other = table.seen[:, first], table.seen[:, second]
    begin, end, starts, found = table.bounds[:-1], table.bounds[1:], table.ticks.starts, np.zeros(len(mine))
    first_tick, last_tick = starts[table.line], starts[table.line + 1]
    for category in np.unique(mine[mine != MISSING]):
        there, here = other == category, mine == category
        wide = (
            np.maximum(begin[there] - tolerance, first_tick[there]),
            np.minimum(end[there] + tolerance, last_tick[there]),
        )
        found[here] = _covered(begin[here], end[here], *wide)
    return found


def _covered(begin: Ints, end: Ints, from_: Ints, to: Ints) -> Floats:
    """How much of each stretch the others cover together; the others are in order of their beginnings and may overlap.

    The covered length up to a point is a line of slopes 0 and 1; a stretch gets its rise.
    """
    if not len(from_):
        return np.zeros(len(begin))
    reach = np.maximum.accumulate(np.concatenate([from_[:1], to[:-1]]))
    from_ = np.maximum(from_, reach)
    to = np.maximum(to, from_)
    corners = np.stack([from_, to], axis=1).ravel().astype(np.float64)
    covered = np.concatenate([[0.0], np.cumsum(np.diff(corners) * _every_other(len(corners) - 1))])
    return np.asarray(np.interp(end, corners, covered) - np.interp(begin, corners, covered))


def _every_other(count: int) -> NDArray[np.int64]:
    return (np.arange(count) + 1) % 2
