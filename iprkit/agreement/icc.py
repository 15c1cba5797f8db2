"""Six intraclass correlations of numeric ratings: how much of their variance lies between what was rated.

After Shrout & Fleiss (1979); intervals after McGraw & Wong (1996). Units by coders, complete rows only.

::

    ICC(1,·)  each unit has its own coders         ICC(·,1)  one coder's rating
    ICC(2,·)  coders drawn from many               ICC(·,k)  the mean of all k coders
    ICC(3,·)  these coders and no others
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from scipy import special

from iprkit.agreement.ratings import MISSING, Ratings

Form = Literal["icc_1_1", "icc_2_1", "icc_3_1", "icc_1_k", "icc_2_k", "icc_3_k"]
FORMS: tuple[Form, ...] = get_args(Form)


@dataclass(frozen=True)
class MeanSquares:
    """Of n units by k coders: between units, within units, between coders, and what is left (error)."""

    n: int
    k: int
    between: float
    within: float
    coders: float
    error: float


@dataclass(frozen=True)
class Correlation:
    """A value with the ends of its interval, and the F test against no differences between units."""

    value: float
    ends: tuple[float, float] | None
    f: float
    df1: int
    df2: int
    p: float


def mean_squares(ratings: Ratings) -> MeanSquares | None:
    """The two-way table of the units that every coder rated, None for fewer than 2 of them or fewer than 2 coders.

    Raises ValueError for ratings without numbers.
    """
    if ratings.numbers is None:
        raise ValueError("an intraclass correlation needs numbers; give the ratings a level from ordinal up")
    table = ratings.numbers[ratings.codes[(ratings.codes != MISSING).all(axis=1)]]
    n, k = table.shape
    if n < 2 or k < 2:
        return None
    centred = table - table.mean()
    units, coders = centred.mean(axis=1), centred.mean(axis=0)
    left = centred - units[:, None] - coders
    return MeanSquares(
        n=n,
        k=k,
        between=float(k * (units**2).sum() / (n - 1)),
        within=float(((centred - units[:, None]) ** 2).sum() / (n * (k - 1))),
        coders=float(n * (coders**2).sum() / (k - 1)),
        error=float((left**2).sum() / ((n - 1) * (k - 1))),
    )


def intraclass_correlation(squares: MeanSquares, form: Form, share: float = 0.95) -> Correlation | None:
    """One of the six, None where the units differ so little that there is nothing, or less, to divide by."""
    s, one_way = squares, form.startswith("icc_1")
    value = _value(s, form)
    if value is None:
        return None
    noise, df2 = (s.within, s.n * (s.k - 1)) if one_way else (s.error, (s.n - 1) * (s.k - 1))
    f = s.between / noise if noise > 0 else float("inf")
    ends = _ends(s, form, (1 + share) / 2) if noise > 0 and s.between > 0 else None
    return Correlation(value, ends, f, s.n - 1, df2, float(special.fdtrc(s.n - 1, df2, f)))


def _value(s: MeanSquares, form: Form) -> float | None:
    """The formulas of Shrout & Fleiss (1979), p. 423."""
    rated = s.k * (s.coders - s.error) / s.n
    above, below = {
        "icc_1_1": (s.between - s.within, s.between + (s.k - 1) * s.within),
        "icc_2_1": (s.between - s.error, s.between + (s.k - 1) * s.error + rated),
        "icc_3_1": (s.between - s.error, s.between + (s.k - 1) * s.error),
        "icc_1_k": (s.between - s.within, s.between),
        "icc_2_k": (s.between - s.error, s.between + rated / s.k),
        "icc_3_k": (s.between - s.error, s.between),
    }[form]
    return above / below if below > 1e-12 * (s.between + s.within) else None


def _ends(s: MeanSquares, form: Form, upto: float) -> tuple[float, float] | None:
    low, high = _ends_2(s, upto) if form.startswith("icc_2") else _ends_1_3(s, form, upto)
    if form.endswith("_1"):
        return low, high
    stepped = [1 + (s.k - 1) * end for end in (low, high)]
    if min(stepped) <= 0:
        return None
    return s.k * low / stepped[0], s.k * high / stepped[1]  # Spearman–Brown, from one coder to the mean of k


def _ends_1_3(s: MeanSquares, form: Form, upto: float) -> tuple[float, float]:
    df1, (noise, df2) = s.n - 1, (s.within, s.n * (s.k - 1))
    if form.startswith("icc_3"):
        noise, df2 = s.error, (s.n - 1) * (s.k - 1)
    f = s.between / noise
    low, high = f / float(special.fdtri(df1, df2, upto)), f * float(special.fdtri(df2, df1, upto))
    return (low - 1) / (low + s.k - 1), (high - 1) / (high + s.k - 1)


def _ends_2(s: MeanSquares, upto: float) -> tuple[float, float]:
    """McGraw & Wong (1996), table 7, with Satterthwaite's degrees of freedom v."""
    n, k = s.n, s.k
    single = _value(s, "icc_2_1")
    rho = min(single if single is not None else 0.0, 1 - 1e-12)
    a, b = k * rho / (n * (1 - rho)), 1 + k * rho * (n - 1) / (n * (1 - rho))
    v = (a * s.coders + b * s.error) ** 2 / ((a * s.coders) ** 2 / (k - 1) + (b * s.error) ** 2 / ((n - 1) * (k - 1)))
    below, above = float(special.fdtri(n - 1, v, upto)), float(special.fdtri(v, n - 1, upto))
    rest = k * s.coders + (k * n - k - n) * s.error
    low = n * (s.between - below * s.error) / (below * rest + n * s.between)
    high = n * (above * s.between - s.error) / (rest + n * above * s.between)
    return low, high


def complete_rows(ratings: Ratings) -> int:
    """How many units every coder rated."""
    return int((ratings.codes != MISSING).all(axis=1).sum())
