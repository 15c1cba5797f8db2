"""Agreement on categories, raw and beyond chance: the family of kappa, each with its own idea of chance."""

from __future__ import annotations

import numpy as np

from iprkit.agreement.parts import Parts, beyond_chance, ratio
from iprkit.agreement.ratings import Floats
from iprkit.agreement.tally import Sums


def percent_agreement(sums: Sums) -> Parts:
    """Share of equal ratings among the pairs of ratings of a unit, averaged over units with at least two of them."""
    observed = ratio(sums.joint.sum(-1), sums.paired)
    return Parts(observed, None, observed)


def cohen_kappa(sums: Sums) -> Parts:
    """Cohen (1960); of more than two coders Conger (1980), chance averaged over pairs of coders.

    Chance: each coder goes on using the categories as often as this coder did.
    """
    observed = ratio(sums.joint.sum(-1), sums.paired)
    return beyond_chance(observed, _between_coders(sums.by_coder, None))


def weighted_kappa(sums: Sums, weights: Floats) -> Parts:
    """Cohen (1968), of more than two coders after Conger; ``weights``, shape (k, k), is 1 for full agreement."""
    observed = ratio(sums.weighted, sums.paired)
    return beyond_chance(observed, _between_coders(sums.by_coder, weights))


def scott_pi(sums: Sums) -> Parts:
    """Scott (1955), for two coders. Chance: both draw from one common habit of using the categories."""
    observed = ratio(sums.joint.sum(-1), sums.paired)
    common = ratio(sums.by_coder.sum(1), sums.by_coder.sum((1, 2)))
    return beyond_chance(observed, (common**2).sum(-1))


def fleiss_kappa(sums: Sums) -> Parts:
    """Fleiss (1971), with missing ratings after Gwet (2014). Chance: all draw from one common habit."""
    observed = ratio(sums.joint.sum(-1), sums.paired)
    return beyond_chance(observed, (ratio(sums.share, sums.coded) ** 2).sum(-1))


def brennan_prediger(sums: Sums) -> Parts:
    """Brennan & Prediger (1981), also Bennett's S and Randolph's free-marginal kappa.

    Chance: every category is as likely as every other.
    """
    observed = ratio(sums.joint.sum(-1), sums.paired)
    return beyond_chance(observed, np.full_like(observed, 1 / sums.share.shape[-1]))


def pabak(sums: Sums) -> Parts:
    """Byrt, Bishop & Carlin (1993), two categories: kappa as it would be without prevalence and bias."""
    observed = ratio(sums.joint.sum(-1), sums.paired)
    return Parts(observed, np.full_like(observed, 0.5), 2 * observed - 1)


def prevalence_and_bias(sums: Sums) -> tuple[float, float]:
    """Of two coders and two categories: (both say the first - both say the second)/n, (first coder's - second's)/n."""
    n, (first, second) = sums.paired[0], sums.by_coder[0]
    return float((sums.joint[0, 0] - sums.joint[0, 1]) / n), float((first[0] - second[0]) / n)


def _between_coders(by_coder: Floats, weights: Floats | None) -> Floats:
    """Agreement by chance, averaged over pairs of coders; a coder without ratings in a draw is in no pair."""
    ratings = by_coder.sum(-1, keepdims=True)
    habit = np.divide(by_coder, ratings, out=np.zeros_like(by_coder), where=ratings > 0)
    before = np.cumsum(habit, axis=1) - habit
    agreeing = ((before if weights is None else before @ weights) * habit).sum((1, 2))
    coders = (ratings[..., 0] > 0).sum(-1)
    return ratio(agreeing, coders * (coders - 1) / 2)
