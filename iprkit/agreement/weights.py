"""How much two different ratings agree all the same: 1 for equal ones, 0 for those furthest apart."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from iprkit.agreement.ratings import Floats

Weighting = Literal["quadratic", "linear", "ordinal"]
WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)
MOST = 1000
"""More different ratings than this are measurements; no table of weights is made for them."""


def weight_table(numbers: Floats, weighting: Weighting) -> Floats:
    """Agreement weights between ratings, shape (k, k); ``numbers`` are what the categories stand for.

    Linear and quadratic weights (Cicchetti & Allison 1971; Fleiss & Cohen 1973) fall with the distance of the two
    numbers and its square; ordinal ones (Gwet 2014, chapter 3) with the number of pairs of ranks between them.

    >>> weight_table(np.array([1.0, 2.0, 3.0]), "linear")[0].tolist()
    [1.0, 0.5, 0.0]
    >>> weight_table(np.array([1.0, 2.0, 3.0]), "ordinal")[0].round(3).tolist()
    [1.0, 0.667, 0.0]
    """
    places = np.arange(len(numbers), dtype=np.float64) if weighting == "ordinal" else numbers
    apart = np.abs(places[:, None] - places[None, :])
    if weighting == "ordinal":
        apart = apart * (apart + 1) / 2
    if weighting == "quadratic":
        apart = apart**2
    furthest = apart.max(initial=0)
    return 1 - apart / furthest if furthest else np.ones_like(apart)
