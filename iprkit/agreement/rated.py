"""The figures of a table of ratings with their intervals: over all codes, code by code, and for each two coders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from iprkit.agreement.alpha import difference
from iprkit.agreement.kappa import prevalence_and_bias
from iprkit.agreement.measures import ALPHA, Measure, denominator, undefined, without_value
from iprkit.agreement.method import Method
from iprkit.agreement.parts import Parts
from iprkit.agreement.ratings import Codes, Floats, Ratings
from iprkit.agreement.result import Agreement
from iprkit.agreement.tally import Sums, Tally, condensed, ordered, tally, with_coincidences
from iprkit.agreement.weights import MOST, weight_table


@dataclass(frozen=True, eq=False)
class _Counted:
    """Ratings with their tally and what their figures are made with."""

    ratings: Ratings
    tally: Tally
    whole: Sums
    weights: Floats
    method: Method

    def parts(self, measure: Measure, code: str | None, sums: Sums) -> Parts:
        taken = sums if code is None else sums.of_code(self.ratings.categories.index(code))
        return measure.formula(taken, self.ratings, self.weights)


def figures(
    ratings: Ratings, measures: Sequence[Measure], method: Method | None = None, codes: Sequence[str | None] = (None,)
) -> list[Agreement]:
    """The figures of these measures of each code against all others, of None over all of them.

    Raises ValueError for a code that is no category of the ratings.
    """
    counted = _count(ratings, measures, method or Method())
    wanted = [(measure, code) for code in codes for measure in measures]
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = _drawn(counted, wanted)
        return [_figure(counted, *one, drawn[place] if drawn else None) for place, one in enumerate(wanted)]


def pair_figures(
    ratings: Ratings, measures: Sequence[Measure], method: Method | None = None, codes: Sequence[str | None] = (None,)
) -> list[Agreement]:
    """The same for each two coders."""
    pairs = combinations(ratings.coders, 2)
    return [one for pair in pairs for one in figures(condensed(ratings.between(*pair)), measures, method, codes)]


def _count(ratings: Ratings, measures: Sequence[Measure], method: Method) -> _Counted:
    counted, weights = tally(ratings), np.zeros((0, 0))
    of_pairs: dict[str, Callable[[Codes, Codes], Floats]] = {}
    if ratings.numbers is not None and any(one.weighted for one in measures) and len(ratings.numbers) <= MOST:
        weights = weight_table(ratings.numbers, method.weighting)

        def agreeing(first: Codes, second: Codes) -> Floats:
            return np.asarray(weights[first, second])

        of_pairs["weighted"] = agreeing
    if ratings.level in ("interval", "ratio"):
        of_pairs["distance"] = difference(ratings)
    counted = ordered(counted, ratings, of_pairs) if of_pairs else counted
    counted = with_coincidences(counted, ratings) if ratings.level == "ordinal" else counted
    return _Counted(ratings, counted, counted.sums(), weights, method)


def _drawn(counted: _Counted, wanted: Sequence[tuple[Measure, str | None]]) -> list[Floats]:
    """Each wanted figure of each draw, shape (draws,); nothing where no interval is asked for or possible."""
    bootstrap = counted.method.bootstrap
    if bootstrap is None or len(counted.ratings.clusters) < 2:
        return []
    able = [
        undefined(measure, counted.ratings, counted.whole, code) is None and not _too_many(counted.ratings, measure)
        for measure, code in wanted
    ]
    found: list[list[Floats]] = [[] for _ in wanted]
    for sums in counted.tally.draws(bootstrap):
        for place, (measure, code) in enumerate(wanted):
            found[place].append(counted.parts(measure, code, sums).value if able[place] else np.zeros(0))
    return [np.concatenate(blocks) for blocks in found]


def _figure(counted: _Counted, measure: Measure, code: str | None, drawn: Floats | None) -> Agreement:
    ratings, whole = counted.ratings, counted.whole
    reason = undefined(measure, ratings, whole, code)
    observed = expected = value = None
    if reason is None:
        parts = counted.parts(measure, code, whole)
        observed, expected, value = _one(parts.observed), _one(parts.expected), _one(parts.value)
        reason = without_value(ratings, whole, code) if value is None else None
    ci, interval = (None, "") if value is None else _interval(counted, measure, drawn)
    return Agreement(
        statistic=measure.statistic,
        codebook=ratings.codebook,
        code=code,
        unit=ratings.unit,
        denominator=denominator(measure, ratings),
        coders=ratings.coders,
        n_units=round(float(whole.paired[0])),
        observed=observed,
        expected=expected,
        value=value,
        ci=ci,
        reason=reason,
        interval=interval,
        settings=_settings(counted, measure),
        details=_details(counted, measure, code) if value is not None else {},
    )


def _interval(counted: _Counted, measure: Measure, drawn: Floats | None) -> tuple[tuple[float, float] | None, str]:
    bootstrap, clusters = counted.method.bootstrap, counted.ratings.clusters
    if bootstrap is None:
        return None, "no interval was asked for"
    if _too_many(counted.ratings, measure):
        different = len(counted.ratings.categories)
        return None, f"no interval, because {different} different ratings have too many ratios to draw from"
    return bootstrap.interval(np.zeros(0) if drawn is None else drawn, clusters.noun, len(clusters))


def _too_many(ratings: Ratings, measure: Measure) -> bool:
    """Whether a draw would take too long: ratios of all two ratings have no sum that could be weighted."""
    return measure is ALPHA and ratings.level == "ratio" and len(ratings.categories) > MOST


def _settings(counted: _Counted, measure: Measure) -> dict[str, str | int]:
    level = {"level": counted.ratings.level} if "alpha" in measure.statistic else {}
    weights = {"weights": counted.method.weighting} if measure.weighted else {}
    return {**counted.ratings.settings, **level, **weights}


def _details(counted: _Counted, measure: Measure, code: str | None) -> dict[str, float]:
    if measure.statistic != "pabak" or len(counted.ratings.coders) != 2:
        return {}
    k = counted.ratings.categories.index(code) if code is not None else None
    prevalence, bias = prevalence_and_bias(counted.whole if k is None else counted.whole.of_code(k))
    return {"prevalence_index": prevalence, "bias_index": bias}


def _one(values: Floats | None) -> float | None:
    return float(values[0]) if values is not None and np.isfinite(values[0]) else None
