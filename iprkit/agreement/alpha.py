"""Krippendorff's alpha: observed over expected disagreement, at any level of measurement, with missing ratings.

Formulas after Krippendorff (2011), Computing Krippendorff's alpha-reliability: o_ck are the coincidences of two
ratings in a unit, each weighted by 1/(m-1), n_c their sums, n all pairable ratings.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from iprkit.agreement.parts import Parts, less_than_chance, ratio
from iprkit.agreement.ratings import Codes, Floats, Ratings
from iprkit.agreement.tally import Sums

_CHUNK = 200


def krippendorff_alpha(sums: Sums, ratings: Ratings) -> Parts:
    """Alpha at the ratings' level; ``sums`` may be those of single codes where that is nominal."""
    n = sums.pairable.sum(-1)
    if ratings.level == "nominal" or ratings.numbers is None:
        differing, chance = n - sums.coincident.sum(-1), n**2 - (sums.pairable**2).sum(-1)
    elif ratings.level == "ordinal":
        ranks = np.cumsum(sums.pairable, axis=-1) - sums.pairable / 2
        differing, chance = _between_ranks(sums, ranks), _squares(sums.pairable, ranks)
    elif ratings.level == "interval":
        differing, chance = sums.distance, _squares(sums.pairable, ratings.numbers - ratings.numbers.mean())
    else:
        differing, chance = sums.distance, _ratios(sums.pairable, ratings.numbers)
    return less_than_chance(ratio(differing, n), ratio(chance, n * (n - 1)))


def difference(ratings: Ratings) -> Callable[[Codes, Codes], Floats]:
    """The squared difference of two interval or ratio ratings, given by the places of their categories."""
    numbers = np.zeros(0) if ratings.numbers is None else ratings.numbers

    def between(first: Codes, second: Codes) -> Floats:
        apart, total = numbers[first] - numbers[second], numbers[first] + numbers[second]
        return (apart / np.where((total > 0) & (ratings.level == "ratio"), total, 1)) ** 2

    return between


def _squares(often: Floats, numbers: Floats) -> Floats:
    """Sum over all c, k of n_c n_k (number_c - number_k)², without forming the pairs."""
    mean, square = (often * numbers).sum(-1), (often * numbers**2).sum(-1)
    return np.asarray(2 * (often.sum(-1) * square - mean**2))


def _between_ranks(sums: Sums, ranks: Floats) -> Floats:
    """Sum of o_ck (rank_c - rank_k)²: an ordinal difference is that of the middles of the two ranks.

    ::

        n_c/2 + n_between + n_k/2 = (n_1 + … + n_k - n_k/2) - (n_1 + … + n_c - n_c/2)
    """
    first, second = sums.cells
    crossed = (sums.coincidences * ranks[:, first] * ranks[:, second]).sum(-1)
    return np.asarray(2 * ((sums.pairable * ranks**2).sum(-1) - crossed))


def _ratios(often: Floats, numbers: Floats) -> Floats:
    """Sum over all c, k of n_c n_k ((c - k)/(c + k))², some columns of that table at a time."""
    found = np.zeros(len(often))
    for start in range(0, len(numbers), _CHUNK):
        other = numbers[start : start + _CHUNK]
        total = numbers[:, None] + other
        apart = ((numbers[:, None] - other) / np.where(total > 0, total, 1)) ** 2
        found += ((often @ apart) * often[:, start : start + _CHUNK]).sum(-1)
    return found
