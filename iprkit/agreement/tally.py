"""Ratings counted once, cluster by cluster, so that every figure, and every draw of its interval, is a weighted sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, permutations
from typing import Any

import numpy as np
from scipy import sparse

from iprkit.agreement.bootstrap import Bootstrap
from iprkit.agreement.ratings import MISSING, Clusters, Codes, Floats, Ints, Ratings

_FEW = 5_000_000  # cells that are counted faster than their values are sorted
Sparse = Any  # a scipy array of compressed rows; scipy brings no types


@dataclass(frozen=True, eq=False)
class Sums:
    """What the category statistics are made of; the first axis is that of the draws.

    n is how many of a unit's m ratings are category k:

    ``coded``         (draws,)     units with a rating
    ``paired``        (draws,)     units with two ratings or more
    ``share``         (draws, k)   sum of n/m over the coded units
    ``paired_share``  (draws, k)   the same over the paired units
    ``joint``         (draws, k)   sum over the paired units of n(n-1)/m(m-1), the share of pairs that say k twice
    ``pairable``      (draws, k)   sum of n over the paired units
    ``coincident``    (draws, k)   sum over the paired units of n(n-1)/(m-1), Krippendorff's o_kk
    ``by_coder``      (draws, coders, k)   ratings of each coder; of two coders only where both rated

    Only of ratings with an order:

    ``weighted``      (draws,)     sum over the paired units of the weighted agreement, averaged over their pairs
    ``distance``      (draws,)     sum of squared differences over the pairs of a unit, both ways, each by 1/(m-1)
    ``coincidences``  (draws, cells)   sum of such pairs, Krippendorff's o_ck, at the ordinal level
    ``cells``         (2, cells)   the categories c and k of those coincidences that occur
    """

    coded: Floats
    paired: Floats
    share: Floats
    paired_share: Floats
    joint: Floats
    pairable: Floats
    coincident: Floats
    by_coder: Floats
    weighted: Floats = field(default_factory=lambda: np.zeros(0))
    distance: Floats = field(default_factory=lambda: np.zeros(0))
    coincidences: Floats = field(default_factory=lambda: np.zeros(0))
    cells: Ints = field(default_factory=lambda: np.zeros((2, 0), dtype=np.int64))

    def of_code(self, k: int) -> Sums:
        """The same with two categories: k, and everything else."""
        rest_joint = self.paired - 2 * self.paired_share[:, k] + self.joint[:, k]
        rest_coincident = self.pairable.sum(-1) - 2 * self.pairable[:, k] + self.coincident[:, k]
        return Sums(
            coded=self.coded,
            paired=self.paired,
            share=_k_and_rest(self.share, k),
            paired_share=_k_and_rest(self.paired_share, k),
            joint=np.stack([self.joint[:, k], rest_joint], axis=-1),
            pairable=_k_and_rest(self.pairable, k),
            coincident=np.stack([self.coincident[:, k], rest_coincident], axis=-1),
            by_coder=_k_and_rest(self.by_coder, k),
        )


@dataclass(frozen=True, eq=False)
class Tally:
    """What `Sums` holds, for each cluster: sparse arrays of shape (clusters, columns)."""

    columns: dict[str, Sparse]
    coders: int
    clusters: int
    cells: Ints = field(default_factory=lambda: np.zeros((2, 0), dtype=np.int64))

    def sums(self) -> Sums:
        """Over all clusters: one draw that has each of them once."""
        return self._sums(np.ones((1, self.clusters)))

    def draws(self, bootstrap: Bootstrap) -> Iterator[Sums]:
        """Over the clusters of each draw, some draws at a time."""
        width = sum(column.shape[1] for column in self.columns.values())
        for weights in bootstrap.weights(self.clusters, width):
            yield self._sums(weights)

    def _sums(self, weights: Floats) -> Sums:
        added = {name: add_up(column, weights) for name, column in self.columns.items()}
        draws, k = added["share"].shape
        shapes: dict[str, tuple[int, ...]] = dict.fromkeys(("coded", "paired", "weighted", "distance"), (draws,))
        shapes["by_coder"] = (draws, self.coders, k)
        shaped = {name: sums.reshape(shapes.get(name, sums.shape)) for name, sums in added.items()}
        return Sums(**shaped, cells=self.cells)


def tally(ratings: Ratings) -> Tally:
    """Counts a table of ratings of at least one coder.

    A unit that one coder alone rated is never an agreement, but informs the chance of Fleiss, Gwet, Brennan and
    Prediger, and of Conger's kappa (Gwet 2014, chapter 2); Cohen's kappa of two coders leaves it out.
    """
    said = [_one_hot(ratings, coder) for coder in range(len(ratings.coders))]
    counts = sum(said[1:], start=said[0])
    by_cluster = clustered(ratings)
    m = np.asarray(counts.sum(axis=1)).ravel()
    others = np.where(m > 1, m - 1, np.inf)  # makes nothing of whatever concerns pairs where there is no pair
    repeats = np.diff(counts.indptr)
    m_of, others_of = np.repeat(m, repeats), np.repeat(others, repeats)

    def per_unit(cell: Callable[[Floats], Floats]) -> Sparse:
        return by_cluster @ sparse.csr_array((cell(counts.data), counts.indices, counts.indptr), shape=counts.shape)

    seen = _column(m > 1) if len(said) == 2 else _column(m > 0)
    columns = {
        "coded": by_cluster @ _column(m > 0),
        "paired": by_cluster @ _column(m > 1),
        "share": per_unit(lambda n: n / m_of),
        "paired_share": per_unit(lambda n: np.isfinite(others_of) * n / m_of),
        "joint": per_unit(lambda n: n * (n - 1) / (m_of * others_of)),
        "pairable": per_unit(lambda n: np.isfinite(others_of) * n),
        "coincident": per_unit(lambda n: n * (n - 1) / others_of),
        "by_coder": sparse.hstack([by_cluster @ one.multiply(seen) for one in said], format="csr"),
    }
    return Tally(columns, len(said), len(ratings.clusters))


def ordered(counted: Tally, ratings: Ratings, columns: Mapping[str, Callable[[Codes, Codes], Floats]]) -> Tally:
    """The tally with sums over the pairs of ratings of each unit: ``weighted`` agreement, ``distance``.

    Each function takes the categories of the one and the other rating, arrays of the units that have both.
    """
    m = (ratings.codes != MISSING).sum(axis=1)
    by_cluster, apart = clustered(ratings), np.maximum(m - 1, 1)
    scale = {"weighted": 2 / (np.maximum(m, 1) * apart), "distance": 2 / apart}
    sums = {name: np.zeros(len(m)) for name in columns}
    for first, second in combinations(range(len(ratings.coders)), 2):
        both = np.flatnonzero((ratings.codes[:, [first, second]] != MISSING).all(axis=1))
        for name, of_pair in columns.items():
            sums[name][both] += of_pair(ratings.codes[both, first], ratings.codes[both, second])
    added = {name: by_cluster @ _column(total * scale[name]) for name, total in sums.items()}
    return replace(counted, columns=counted.columns | added)


def with_coincidences(counted: Tally, ratings: Ratings) -> Tally:
    """The tally with the coincidences of each cluster, either way, of those two categories that do coincide."""
    k, coders = len(ratings.categories), range(len(ratings.coders))
    share = ratings.weight / np.maximum((ratings.codes != MISSING).sum(axis=1) - 1, 1)
    total = sparse.csr_array((len(ratings.clusters), k * k))
    for first, second in permutations(coders, 2):
        both = np.flatnonzero((ratings.codes[:, [first, second]] != MISSING).all(axis=1))
        cells = ratings.codes[both, first].astype(np.int64) * k + ratings.codes[both, second]
        total = total + sparse.csr_array((share[both], (ratings.clusters.of_unit[both], cells)), shape=total.shape)
    found, place = np.unique(total.indices, return_inverse=True)
    kept = sparse.csr_array((total.data, place, total.indptr), shape=(total.shape[0], len(found)))
    return replace(counted, columns=counted.columns | {"coincidences": kept}, cells=np.stack([found // k, found % k]))


def clustered(ratings: Ratings) -> Sparse:
    """The units of each cluster with their weight, shape (clusters, units); times a column of the units, its sums."""
    places = np.arange(len(ratings.units))
    shape = (len(ratings.clusters), len(ratings.units))
    return sparse.csr_array((ratings.weight, (ratings.clusters.of_unit, places)), shape=shape)


def add_up(column: Sparse, weights: Floats) -> Floats:
    """A column by cluster, shape (clusters, columns), over draws of shape (draws, clusters): (draws, columns)."""
    return np.asarray((column.T @ weights.T).T)


def condensed(ratings: Ratings) -> Ratings:
    """The same of two coders, equal pairs of ratings in a cluster made one unit that counts as often as they did.

    What is left is a confusion matrix for each session.
    """
    width = len(ratings.categories) + 1
    kept = np.flatnonzero((ratings.codes != MISSING).any(axis=1))
    first, second = ratings.codes[kept].T + 1
    flat = (ratings.clusters.of_unit[kept].astype(np.int64) * width + first) * width + second
    found, often = _counted(flat, ratings.weight[kept], len(ratings.clusters) * width**2)
    return replace(
        ratings,
        units=range(len(found)),
        codes=np.stack([found // width % width, found % width], axis=1).astype(np.int32) - 1,
        clusters=Clusters(ratings.clusters.noun, ratings.clusters.names, (found // width**2).astype(np.int32)),
        weights=often,
    )


def _counted(values: Ints, weights: Floats, most: int) -> tuple[Ints, Floats]:
    """The values that there are, in rising order, and how often."""
    if most <= _FEW:
        found = np.flatnonzero(np.bincount(values, minlength=most))
        return found, np.asarray(np.bincount(values, weights, most)[found], dtype=np.float64)
    found, place = np.unique(values, return_inverse=True)
    return found, np.asarray(np.bincount(place, weights, len(found)), dtype=np.float64)


def _one_hot(ratings: Ratings, coder: int) -> Sparse:
    """1 where the coder said the category, shape (units, categories)."""
    codes = ratings.codes[:, coder]
    units = np.flatnonzero(codes != MISSING)
    shape = (len(codes), len(ratings.categories))
    return sparse.csr_array((np.ones(len(units)), (units, codes[units])), shape=shape)


def _column(which: Any) -> Sparse:
    return sparse.csr_array(np.asarray(which, dtype=np.float64)[:, None])


def _k_and_rest(values: Floats, k: int) -> Floats:
    return np.stack([values[..., k], values.sum(-1) - values[..., k]], axis=-1)
