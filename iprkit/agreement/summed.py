"""A figure of time lines from sums over them, so that a draw of sessions is the same sum with other weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from iprkit.agreement.method import Method
from iprkit.agreement.parts import Parts
from iprkit.agreement.ratings import Clusters, Floats
from iprkit.agreement.result import Agreement
from iprkit.agreement.ticked import clusters_of
from iprkit.agreement.timelines import Ticks


@dataclass(frozen=True, eq=False)
class Wanted:
    """A figure whose parts follow from sums over lines: ``parts`` takes them added up, with draws as first axis.

    ``empty`` says why where it comes to nothing, ``coders`` whose figure it is where not that of all.
    """

    statistic: str
    code: str | None
    unit: str
    n_units: int
    denominator: str
    settings: dict[str, str | int]
    empty: str
    parts: Callable[..., Parts]
    coders: tuple[str, ...] | None = None


def summed_figures(ticks: Ticks, method: Method, sums: Sequence[Floats], wanted: Sequence[Wanted]) -> list[Agreement]:
    """Figures with their intervals from the same ``sums`` of each line, each of shape (lines, …)."""
    clusters = clusters_of(ticks, np.arange(len(ticks.lines)))
    columns = [_by_cluster(column, clusters) for column in sums]
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = _over(columns, np.ones((1, len(clusters))))
        drawn = _drawn(columns, clusters, wanted, method)
        return [
            _figure(ticks, one, one.parts(*whole), _interval(clusters, method, values))
            for one, values in zip(wanted, drawn, strict=True)
        ]


def _drawn(columns: Sequence[Floats], clusters: Clusters, wanted: Sequence[Wanted], method: Method) -> list[Floats]:
    """Each figure of each draw, shape (draws,), or (0,) where there is nothing to draw."""
    found: list[list[Floats]] = [[np.zeros(0)] for _ in wanted]
    if method.bootstrap is not None and len(clusters) > 1:
        for weights in method.bootstrap.weights(len(clusters), sum(column[0].size for column in columns)):
            sums = _over(columns, weights)
            for place, one in enumerate(wanted):
                found[place].append(one.parts(*sums).value)
    return [np.concatenate(blocks) for blocks in found]


def _interval(clusters: Clusters, method: Method, drawn: Floats) -> tuple[tuple[float, float] | None, str]:
    if method.bootstrap is None:
        return None, "no interval was asked for"
    return method.bootstrap.interval(drawn, clusters.noun, len(clusters))


def _figure(ticks: Ticks, wanted: Wanted, parts: Parts, interval: tuple[tuple[float, float] | None, str]) -> Agreement:
    reason = _reason(ticks)
    value = None if reason else _one(parts.value)
    if value is None:
        reason, interval = reason or wanted.empty, (None, "")
    return Agreement(
        statistic=wanted.statistic,
        codebook=ticks.codebook,
        code=wanted.code,
        unit=wanted.unit,
        denominator=wanted.denominator,
        coders=wanted.coders or ticks.coders,
        n_units=wanted.n_units,
        observed=_one(parts.observed),
        expected=_one(parts.expected),
        value=value,
        ci=interval[0],
        reason=reason,
        interval=interval[1],
        settings=wanted.settings,
    )


def _by_cluster(column: Floats, clusters: Clusters) -> Floats:
    out = np.zeros((len(clusters), *column.shape[1:]))
    np.add.at(out, clusters.of_unit, column)
    return out


def _over(sums: Sequence[Floats], weights: Floats) -> list[Floats]:
    """Each column added up over the clusters of each draw, shape (draws, …)."""
    return [(weights @ one.reshape(len(one), -1)).reshape(len(weights), *one.shape[1:]) for one in sums]


def _reason(ticks: Ticks) -> str | None:
    if len(ticks.coders) < 2:
        return f"only {ticks.coders[0]} coded; agreement takes two coders"
    return None if (ticks.watched.sum(axis=1) > 1).any() else "no time line was watched by two coders"


def _one(values: Floats | None) -> float | None:
    return float(values[0]) if values is not None and np.isfinite(values[0]) else None
