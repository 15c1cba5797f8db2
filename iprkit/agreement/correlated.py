"""The six intraclass correlations of a table of numeric ratings, as figures with intervals from the F distribution."""

from __future__ import annotations

from iprkit.agreement.icc import FORMS, Form, MeanSquares, complete_rows, intraclass_correlation, mean_squares
from iprkit.agreement.ratings import Ratings
from iprkit.agreement.result import Agreement

_SHARE = 0.95


def correlations(ratings: Ratings) -> list[Agreement]:
    """All six. Raises ValueError for ratings without numbers."""
    squares = mean_squares(ratings)
    return [_correlation(ratings, form, squares) for form in FORMS]


def _correlation(ratings: Ratings, form: Form, squares: MeanSquares | None) -> Agreement:
    found = intraclass_correlation(squares, form, _SHARE) if squares else None
    details = {"f": found.f, "df1": found.df1, "df2": found.df2, "p": found.p} if found else {}
    whose = "one coder's rating" if form.endswith("_1") else f"the mean of all {len(ratings.coders)} coders"
    return Agreement(
        statistic=form,
        codebook=ratings.codebook,
        code=None,
        unit=ratings.unit,
        denominator=f"{ratings.unit}s that all {len(ratings.coders)} coders rated; {whose}",
        coders=ratings.coders,
        n_units=complete_rows(ratings),
        observed=None,
        expected=None,
        value=found.value if found else None,
        ci=found.ends if found else None,
        reason=None if found else _reason(ratings, squares),
        interval=_interval(ratings, found.ends is not None) if found else "",
        settings={**ratings.settings, "level": ratings.level},
        details=details,
    )


def _reason(ratings: Ratings, squares: MeanSquares | None) -> str:
    if len(ratings.coders) < 2:
        return f"only {ratings.coders[0]} coded; agreement takes two coders"
    if squares is None:
        return f"it takes two {ratings.unit}s that every coder rated, and there are {complete_rows(ratings)}"
    return "the units do not differ enough from one another for this form"


def _interval(ratings: Ratings, found: bool) -> str:
    if not found:
        return "no interval, because the coders never differ, or the units do not"
    units = f"{ratings.unit}s taken as independent"
    if len(ratings.clusters) < len(ratings.units):
        units += f", although they come from {len(ratings.clusters)} {ratings.clusters.noun}s"
    return f"{_SHARE:.0%}, F distribution (McGraw & Wong 1996), {units}"
