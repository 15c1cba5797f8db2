"""Which codes get taken for one another, most often first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from iprkit.agreement.events import EventTables
from iprkit.agreement.ratings import MISSING, Ratings
from iprkit.agreement.tally import Sparse

NOTHING = "nothing"


@dataclass(frozen=True)
class Confusion:
    """Two codes given to the same thing by two coders: how often, and what share that is of all differing pairs.

    ``count`` is in pairs of ratings, in pairs of events side by side, or in ticks of pairs of coders, as ``unit`` says.
    """

    first: str
    second: str
    count: int
    share: float
    unit: str


def rating_confusions(ratings: Ratings) -> list[Confusion]:
    """Of pairs of ratings of a unit."""
    shape = (len(ratings.units), len(ratings.categories))
    units, coders = np.nonzero(ratings.codes != MISSING)
    said = (units, ratings.codes[units, coders])
    counts = sparse.csr_array((np.ones(len(units)), said), shape=shape)
    weighted = sparse.csr_array((ratings.weight[units], said), shape=shape)
    together = sparse.coo_array(weighted.T @ counts)
    return _ranked(together, ratings.categories, f"pairs of ratings of a {ratings.unit}")


def event_confusions(tables: EventTables) -> list[Confusion]:
    """Of events side by side; an event that one coder has alone is taken for nothing."""
    counts = tables.counts.sum((0, 1))
    together = sparse.coo_array(counts + counts.T)
    return _ranked(together, (*tables.codes, NOTHING), "pairs of events")


def _ranked(together: Sparse, names: tuple[str, ...], unit: str) -> list[Confusion]:
    """Those above the diagonal of a symmetric table, the most frequent first."""
    apart = [
        (round(float(n)), int(c), int(k))
        for c, k, n in zip(*together.coords, together.data, strict=True)
        if c < k and n
    ]
    whole = sum(n for n, _, _ in apart)
    ranked = sorted(apart, key=lambda one: (-one[0], one[1:]))
    return [Confusion(names[c], names[k], n, n / whole, unit) for n, c, k in ranked]
