"""Gwet's agreement coefficients, whose chance shrinks where one category is used nearly always."""

from __future__ import annotations

from iprkit.agreement.parts import Parts, beyond_chance, ratio
from iprkit.agreement.ratings import Floats
from iprkit.agreement.tally import Sums


def gwet_ac1(sums: Sums) -> Parts:
    """Gwet (2008), with missing ratings after Gwet (2014)."""
    observed = ratio(sums.joint.sum(-1), sums.paired)
    share = ratio(sums.share, sums.coded)
    return beyond_chance(observed, (share * (1 - share)).sum(-1) / (share.shape[-1] - 1))


def gwet_ac2(sums: Sums, weights: Floats) -> Parts:
    """Gwet (2014), chapter 3; ``weights``, shape (k, k), is 1 for full agreement."""
    observed = ratio(sums.weighted, sums.paired)
    share, k = ratio(sums.share, sums.coded), len(weights)
    return beyond_chance(observed, weights.sum() / (k * (k - 1)) * (share * (1 - share)).sum(-1))
