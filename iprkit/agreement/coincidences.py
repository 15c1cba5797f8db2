"""Krippendorff's second family of alphas for time lines, from the lengths in which stretches of two coders coincide.

After Krippendorff, Mathet, Bouvry & Widlöcher (2016) and Krippendorff (2019), Content Analysis, 4th ed., section 12.6.
Where alpha_u weighs how far ends lie apart, this family asks of every tick what each coder has there, and takes a
stretch, however long, for one decision: two ticks of the same stretch are never set against each other.

::

    uα     codes and time without code      all that can be told apart
    |uα    any code against none            is the right time coded at all?
    cuα    codes where both coders coded    given that both code, do they choose the same?
    (k)uα  the same of one code             how reliable is this code where both code?

No coder may have two codes at once. l_ck is the length that two coders give to c and k, l its sum, l_c the margins; a
stretch of length s takes s² from what could be paired at random, a tick without code takes itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from iprkit.agreement.parts import Parts, less_than_chance, ratio
from iprkit.agreement.ratings import MISSING, Floats, Ints
from iprkit.agreement.ticked import NO_CODE, TimeTable
from iprkit.agreement.timelines import Ticks


@dataclass(frozen=True, eq=False)
class Coincidences:
    """Line by line: ``lengths``, shape (lines, k + 1, k + 1), *no code* first; ``own``, shape (lines, k + 1), and
    ``pairable``, shape (lines, k), the sums of squares of whole stretches and of the part where the others code."""

    lengths: Floats
    own: Floats
    pairable: Floats


def exclusive(table: TimeTable) -> bool:
    """Whether no coder has two codes at once."""
    return all(name in (NO_CODE, *table.ticks.codes) for name in table.categories)


def nothing(ticks: Ticks) -> Coincidences:
    """What is counted where nothing can be."""
    lines, k = len(ticks.lines), len(ticks.codes)
    return Coincidences(np.zeros((lines, k + 1, k + 1)), np.zeros((lines, k + 1)), np.zeros((lines, k)))


def coincidences(table: TimeTable) -> Coincidences:
    """Count time lines. Raises ValueError where a coder has two codes at once."""
    if not exclusive(table):
        raise ValueError("a coder has two codes at once")
    ticks, k, lines = table.ticks, len(table.ticks.codes) + 1, len(table.ticks.lines)
    place = np.array([0, *(ticks.codes.index(name) + 1 for name in table.categories[1:])])
    watching = ticks.watched.sum(axis=1)
    shared = table.long / np.maximum(watching - 1, 1)[table.line]
    often = np.stack([((table.seen != MISSING) & (place[table.seen] == one)).sum(axis=1) for one in range(k)], axis=1)
    lengths = np.zeros((lines, k, k))
    for line, (start, end) in enumerate(pairwise(np.searchsorted(table.line, np.arange(lines + 1)))):
        weighted = often[start:end] * shared[start:end, None]
        lengths[line] = weighted.T @ often[start:end] - np.diag(weighted.sum(axis=0))
    compared = (watching > 1).astype(np.float64)
    own, pairable = _squares(table, often, shared)
    return Coincidences(lengths * compared[:, None, None], own * compared[:, None], pairable * compared[:, None])


def _squares(table: TimeTable, often: Ints, shared: Floats) -> tuple[Floats, Floats]:
    """What stretches take from random pairing: whole, and only as far as the other coders code there."""
    ticks = table.ticks
    lines, k = len(ticks.lines), len(ticks.codes)
    cell = ticks.session * k + ticks.code
    met = np.concatenate([[0.0], np.cumsum(np.maximum(often[:, 1:].sum(axis=1) - 1, 0) * shared)])
    begin, end = np.searchsorted(table.bounds, ticks.start), np.searchsorted(table.bounds, ticks.end)
    pairable = np.bincount(cell, (met[end] - met[begin]) ** 2, lines * k).reshape(lines, k)
    whole = np.bincount(cell, (ticks.end - ticks.start).astype(np.float64) ** 2, lines * k).reshape(lines, k)
    none = np.bincount(table.line, often[:, 0] * table.long, lines)
    return np.concatenate([none[:, None], whole], axis=1), np.asarray(pairable, dtype=np.float64)


def u_alpha(lengths: Floats, own: Floats) -> Parts:
    """uα of lengths of shape (draws, k + 1, k + 1) and squares of shape (draws, k + 1)."""
    return _alpha(lengths, own)


def u_alpha_binary(lengths: Floats, own: Floats) -> Parts:
    """|uα: the same, with all codes made one; stretches of different codes stay different stretches."""
    none, across, coded = lengths[:, :1, :1], lengths[:, :1, 1:].sum(-1), lengths[:, 1:, 1:].sum((-2, -1))
    table = np.stack([none[:, 0, 0], across[:, 0], across[:, 0], coded], axis=-1).reshape(-1, 2, 2)
    return _alpha(table, own)


def cu_alpha(lengths: Floats, pairable: Floats) -> Parts:
    """cuα: only where both coders code."""
    return _alpha(lengths[:, 1:, 1:], pairable)


def ku_alpha(lengths: Floats, pairable: Floats, code: int) -> Parts:
    """(k)uα of one code, where both coders code."""
    both = lengths[:, 1:, 1:]
    margins, whole = both.sum(-1), both.sum((-2, -1))
    mine, same = margins[:, code], both[:, code, code]
    scale = ratio(whole, whole**2 - pairable.sum(-1))
    apart = mine * (whole - mine) * scale
    together = (mine**2 - pairable[:, code]) * scale
    return less_than_chance(ratio(mine - same, mine), ratio(apart, apart + together))


def _alpha(lengths: Floats, own: Floats) -> Parts:
    margins, whole = lengths.sum(-1), lengths.sum((-2, -1))
    observed = ratio(whole - np.trace(lengths, axis1=-2, axis2=-1), whole)
    return less_than_chance(observed, ratio(whole**2 - (margins**2).sum(-1), whole**2 - own.sum(-1)))
