"""Which figures there are of rated units, what each one counts, and when it cannot be had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from iprkit.agreement import gwet, kappa
from iprkit.agreement.alpha import krippendorff_alpha
from iprkit.agreement.parts import Parts
from iprkit.agreement.ratings import Floats, Ratings
from iprkit.agreement.tally import Sums
from iprkit.agreement.weights import MOST

Formula = Callable[[Sums, Ratings, Floats], Parts]


@dataclass(frozen=True)
class Measure:
    """A statistic with its formula, where its chance comes from, and what keeps it from being had.

    ``formula`` takes sums, the ratings that they are of, and agreement weights, of shape (0, 0) where it needs none.
    ``refusal`` takes the ratings and how many categories are told apart, two where one code is set against the rest,
    and gives the reason why the statistic does not suit them, or None.
    """

    statistic: str
    formula: Formula
    chance: str
    refusal: Callable[[Ratings, int], str | None] = lambda ratings, k: None
    weighted: bool = False


def plural(unit: str) -> str:
    """The unit's name for several of them.

    >>> plural("unit"), plural("tick of 1000 ms")
    ('units', 'ticks of 1000 ms')
    """
    noun, of, what = unit.partition(" of ")
    return f"{noun}s{of}{what}"


def _two_coders(ratings: Ratings, k: int) -> str | None:
    if len(ratings.coders) == 2:
        return None
    return f"it is for two coders, and there are {len(ratings.coders)}; Fleiss' κ is the same for more"


def _two_categories(ratings: Ratings, k: int) -> str | None:
    return None if k == 2 else f"it is for two categories, and there are {k}; Brennan–Prediger is the same for more"


def _several_categories(ratings: Ratings, k: int) -> str | None:
    return None if k > 1 else "only one category is known; it takes all that the coders could have chosen"


def _ordered(ratings: Ratings, k: int) -> str | None:
    if ratings.level == "nominal":
        return "nominal categories have no order; it takes the ordinal, interval or ratio level"
    if k > MOST:
        return f"there are {k} different ratings; of measurements report α or an ICC"
    return _several_categories(ratings, k)


_HABITS = "each coder's own use of the categories"
_ALL = "the use of the categories by all coders together, {units} with one rating included"
PERCENT = Measure("percent_agreement", lambda sums, *_: kappa.percent_agreement(sums), "not considered")
PABAK = Measure("pabak", lambda sums, *_: kappa.pabak(sums), "one half", _two_categories)
AC1 = Measure("gwet_ac1", lambda sums, *_: gwet.gwet_ac1(sums), f"{_ALL}; after Gwet", _several_categories)
ALPHA = Measure(
    "krippendorff_alpha",
    lambda sums, ratings, _: krippendorff_alpha(sums, ratings),
    "all pairable ratings, paired at random",
)
TIME_UNIT_KAPPA = Measure("time_unit_kappa", lambda sums, *_: kappa.cohen_kappa(sums), _HABITS)

COHEN = Measure("cohen_kappa", lambda sums, *_: kappa.cohen_kappa(sums), _HABITS)
BRENNAN_PREDIGER = Measure(
    "brennan_prediger",
    lambda sums, *_: kappa.brennan_prediger(sums),
    "every category equally likely",
    _several_categories,
)
WEIGHTED_KAPPA = Measure(
    "weighted_kappa", lambda sums, _, weights: kappa.weighted_kappa(sums, weights), _HABITS, _ordered, weighted=True
)
AC2 = Measure(
    "gwet_ac2",
    lambda sums, _, weights: gwet.gwet_ac2(sums, weights),
    f"{_ALL}; after Gwet",
    _ordered,
    weighted=True,
)

SCOTT = Measure("scott_pi", lambda sums, *_: kappa.scott_pi(sums), "the use of the categories by both", _two_coders)
FLEISS = Measure("fleiss_kappa", lambda sums, *_: kappa.fleiss_kappa(sums), _ALL)

NOMINAL = (PERCENT, COHEN, SCOTT, FLEISS, BRENNAN_PREDIGER, PABAK, AC1, ALPHA)
ORDERED = (*NOMINAL, WEIGHTED_KAPPA, AC2)
PER_CODE = (PERCENT, COHEN, FLEISS, PABAK, AC1, ALPHA)
PER_CODE_OF_TWO = (PERCENT, COHEN, SCOTT, FLEISS, PABAK, AC1, ALPHA)
"""Of a code against all others: there are two categories then, and Brennan–Prediger is PABAK."""

ON_TIME = (PERCENT, TIME_UNIT_KAPPA, BRENNAN_PREDIGER, AC1, ALPHA)
ON_TIME_PER_CODE = (PERCENT, TIME_UNIT_KAPPA, PABAK, AC1, ALPHA)
"""The statistics of ticks of time."""

BETWEEN_TWO = (PERCENT, COHEN, AC1, ALPHA)
ORDERED_BETWEEN_TWO = (PERCENT, COHEN, WEIGHTED_KAPPA, AC1, ALPHA)
TIME_BETWEEN_TWO = (PERCENT, TIME_UNIT_KAPPA, AC1, ALPHA)
"""What is told of each two coders where there are more."""


def denominator(measure: Measure, ratings: Ratings) -> str:
    """What the figure counts, in plain words."""
    units, two = plural(ratings.unit), len(ratings.coders) == 2
    counted = f"{units} that {'both' if two else 'two or more'} coders rated"
    if ratings.uncoded:
        counted = f"{units} of the time line, {ratings.uncoded}"
    if not two:
        counted += (
            ", each rating against all others" if measure is ALPHA else ", each by the share of its pairs that agree"
        )
    return f"{counted}; chance: {measure.chance.format(units=units)}"


def undefined(measure: Measure, ratings: Ratings, sums: Sums, code: str | None) -> str | None:
    """Why the figure is not to be had whatever its formula says, or None. ``sums`` are those over all clusters."""
    if len(ratings.coders) < 2:
        return f"only {ratings.coders[0]} coded; agreement takes two coders"
    if not sums.paired[0] > 0:
        return f"there is no {ratings.unit} that two coders rated"
    if ratings.settings.get("uncoded") == "left_out" and len(ratings.categories) == 2 and measure is not PERCENT:
        return "with uncoded time left out somebody has the code in all that is left, so chance cannot be told"
    return measure.refusal(ratings, len(ratings.categories) if code is None else 2)


def without_value(ratings: Ratings, sums: Sums, code: str | None) -> str:
    """Why the formula came to nothing."""
    said = [name for name, often in zip(ratings.categories, sums.pairable[0], strict=True) if often > 0]
    if code is not None:
        everybody = sums.pairable[0, ratings.categories.index(code)] > 0
        return f"every rating is {code!r}" if everybody else f"nobody used {code!r}"
    if len(said) == 1:
        return f"every rating is {said[0]!r}; where all is one category, chance agrees as well"
    return "chance leaves nothing open that coders could agree on"
