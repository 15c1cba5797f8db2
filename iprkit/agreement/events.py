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

import numpy as np

from iprkit.agreement.alignment import Alignment
from iprkit.agreement.ratings import Floats
from iprkit.agreement.timelines import Ints


@dataclass(frozen=True, eq=False)
class EventTables:
    """Tables of events by line and pair of coders, shape (lines, pairs, k + 1, k + 1); the last row and column are
    *nothing*, the first coder's codes are rows."""

    codes: tuple[str, ...]
    counts: Ints


def event_tables(alignment: Alignment, lines: int) -> EventTables:
    """Count an alignment."""
    k, pairs = len(alignment.codes), len(alignment.pairs)
    shape = (lines, pairs, k + 1, k + 1)
    cell = (alignment.line, alignment.pair, alignment.first % (k + 1), alignment.second % (k + 1))
    return EventTables(alignment.codes, np.bincount(np.ravel_multi_index(cell, shape), minlength=np.prod(shape)).reshape(shape))


def about(tables: Floats, code: int | None) -> Floats:
    """Tables of shape (…, k + 1, k + 1) as they are, or about one code: that code, any other code, nothing."""
    if code is None:
        return tables
    groups = np.zeros((tables.shape[-1], 3))
    groups[:-1, 1] = 1
    groups[code], groups[-1] = (1, 0, 0), (0, 0, 1)
    return np.asarray(groups.T @ tables @ groups)


def agreeing(tables: Floats) -> tuple[Floats, Floats, Floats]:
    """Events, those agreed upon, and those expected to be, of tables of shape (…, k + 1, k + 1)."""
    events, agreed = tables.sum((-2, -1)), np.trace(tables, axis1=-2, axis2=-1)
    rows, columns = tables.sum(-1), tables.sum(-2)
    seen_first, seen_second = events - rows[..., -1], events - columns[..., -1]
    both = np.maximum(events - rows[..., -1] - columns[..., -1], 0)
    chance = (rows[..., :-1] * columns[..., :-1]).sum(-1) * both
    expected = np.divide(chance, seen_first * seen_second, out=np.zeros_like(chance), where=seen_first * seen_second > 0)
    return events, agreed, expected
