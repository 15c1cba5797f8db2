"""Krippendorff's alpha for unitising: do coders find the same stretches of a time line, with the same ends?

After Krippendorff (2004), Content Analysis, 2nd ed., section 11.6. For each code, every coder's line of L ticks is
taken apart into units (coded stretches) and gaps; m coders, units of length l beginning at b:

::

    unit u   |=========|          squared difference of two units that meet:
    unit v        |=========|     (begin of u - begin of v)² + (end of u - end of v)²

    unit u   |=========|          of a unit that lies wholly in the other coder's gap: its length squared
    gap      ...................  anything else: 0
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iprkit.agreement.ratings import Floats, Ints
from iprkit.agreement.timelines import Ticks


@dataclass(frozen=True, eq=False)
class Disagreements:
    """Observed and expected disagreement in squared ticks, and squared lengths, shape (lines, codes); units found.

    Times of several lines are added up: a second off is the same in a long session as in a short one.
    """

    observed: Floats
    expected: Floats
    squared_length: Floats
    units: Ints


@dataclass(frozen=True, eq=False)
class Units:
    """The stretches of one code on one line: whose, and from when to when, all of shape (units,)."""

    coder: Ints
    start: Ints
    end: Ints

    @property
    def length(self) -> Floats:
        return (self.end - self.start).astype(np.float64)


def disagreements(ticks: Ticks) -> Disagreements:
    """Of each code on each line; a line that fewer than two coders watched adds nothing."""
    shape = (len(ticks.lines), len(ticks.codes))
    observed, expected = np.zeros(shape), np.zeros(shape)
    found, squared = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    place = ticks.session * shape[1] + ticks.code
    order = np.lexsort((ticks.start, ticks.coder, place))
    bounds = np.searchsorted(place[order], np.arange(shape[0] * shape[1] + 1))
    for line, watched in enumerate(ticks.watched):
        length, coders = int(ticks.lengths[line]), np.flatnonzero(watched)
        if len(coders) < 2:
            continue
        for code in range(shape[1]):
            mine = order[bounds[line * shape[1] + code] : bounds[line * shape[1] + code + 1]]
            begin = ticks.starts[line]
            units = Units(
                np.searchsorted(coders, ticks.coder[mine]), ticks.start[mine] - begin, ticks.end[mine] - begin
            )
            observed[line, code] = observed_disagreement(units, len(coders))
            expected[line, code] = expected_disagreement(units, len(coders), length)
            found[line, code], squared[line, code] = len(mine), length**2
    return Disagreements(observed, expected, squared, found)


def observed_disagreement(units: Units, coders: int) -> float:
    """Mean over ordered pairs of coders of the squared differences, in squared ticks."""
    meets = (units.start[:, None] < units.end) & (units.start < units.end[:, None])
    meets &= units.coder[:, None] != units.coder
    apart = (units.start[:, None] - units.start) ** 2 + (units.end[:, None] - units.end) ** 2
    met = meets @ np.eye(coders)[units.coder] > 0
    alone = (coders - 1 - met.sum(axis=1)) * units.length**2
    return float((apart[meets].sum() + 2 * alone.sum()) / (coders * (coders - 1)))


def expected_disagreement(units: Units, coders: int, length: int) -> float:
    """The same, had each coder's units and gaps been laid out at random, in squared ticks."""
    if not len(units.coder):
        return 0.0
    long, n, whole = units.length, len(units.coder), float(coders * length)
    room = np.maximum(_gaps(units, coders, length) - long[:, None] + 1, 0).sum(axis=1)
    between_units = (n - 1) / 3 * (2 * long**3 - 3 * long**2 + long)
    places = whole * (whole - 1) - (long * (long - 1)).sum()
    return float(2 * length * (between_units + long**2 * room).sum() / places)


def _gaps(units: Units, coders: int, length: int) -> Floats:
    """Lengths of all coders' gaps, also of nothing where two units touch."""
    found: list[NDArray[np.int64]] = []
    for coder in range(coders):
        mine = units.coder == coder
        edges = np.concatenate([[0], np.stack([units.start[mine], units.end[mine]], axis=1).ravel(), [length]])
        found.append(edges[1::2] - edges[::2])
    return np.concatenate(found).astype(np.float64)
