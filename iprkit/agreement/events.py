"""Kappa of events: coders who see the same event with the same code agree, whatever its exact ends.

After Quera, Bakeman & Gnisci (2007). An event that the other coder did not see stands in the row or column *nothing*.
Nobody can agree on an event that nobody saw, so that the corner nothing/nothing is empty by construction; chance is
therefore that of quasi-independence, which for one empty corner has a closed form (Bishop, Fienberg & Holland 1975,
chapter 5). With N events, R and C sums of rows and columns, 0 for nothing:

::

    expected(c, k) = R_c C_k (N - R_0 - C_0) / ((N - R_0) (N - C_0))
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from iprkit.agreement.alignment import Alignment
from iprkit.agreement.parts import Parts, beyond_chance, ratio
from iprkit.agreement.ratings import Floats, Ints


@dataclass(frozen=True, eq=False)
class EventTables:
    """Tables of events by line and pair of coders, shape (lines, pairs, k + 1, k + 1); the first coder's codes are
    rows, the last row and column are *nothing*."""

    pairs: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]
    counts: Ints

    @cached_property
    def margins(self) -> tuple[Floats, Floats, Floats]:
        """The diagonals, the sums of rows and the sums of columns, each of shape (lines, pairs, k + 1)."""
        counts = self.counts.astype(np.float64)
        return np.diagonal(counts, axis1=-2, axis2=-1).copy(), counts.sum(-1), counts.sum(-2)


def event_tables(alignment: Alignment, lines: int) -> EventTables:
    """Count an alignment."""
    width = len(alignment.codes) + 1
    shape = (lines, len(alignment.pairs), width, width)
    cell = (alignment.line, alignment.pair, alignment.first % width, alignment.second % width)
    counts = np.bincount(np.ravel_multi_index(cell, shape), minlength=int(np.prod(shape)))
    return EventTables(alignment.pairs, alignment.codes, counts.reshape(shape))


def event_kappa(agreed: Floats, rows: Floats, columns: Floats) -> Parts:
    """Over all codes, from diagonals and margins of shape (draws, pairs, k + 1), nothing last, pairs added up."""
    events, first_none, second_none = rows.sum(-1), rows[..., -1], columns[..., -1]
    scale = ratio(events - first_none - second_none, (events - first_none) * (events - second_none))
    expected = np.nansum((rows[..., :-1] * columns[..., :-1]).sum(-1) * scale, axis=-1)
    whole = events.sum(-1)
    return beyond_chance(ratio(agreed.sum((1, 2)), whole), ratio(expected, whole))


def event_kappa_of_code(agreed: Floats, rows: Floats, columns: Floats, code: int) -> Parts:
    """Of one code against everything else that an event can be; an event of other codes agrees that it is not this."""
    events, first, second = rows.sum(-1), rows[..., code], columns[..., code]
    same = events - first - second + 2 * agreed[..., code]
    expected = np.nansum(ratio(first * second + (events - first) * (events - second), events), axis=-1)
    whole = events.sum(-1)
    return beyond_chance(ratio(same.sum(-1), whole), ratio(expected, whole))
