"""Which units coders get: a sample in which every stratum has its share, the same again from the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

Unit = TypeVar("Unit")


def stratified(population: Sequence[Unit], count: int, stratum: Callable[[Unit], Hashable], seed: int) -> list[Unit]:
    """``count`` units in the order of the population, drawn so that each stratum has its share of them.

    Shares are rounded by the largest remainder; where ``count`` allows, no stratum is left out. The same population,
    count and seed give the same units.

    >>> drawn = stratified(range(10), 4, lambda n: n < 5, seed=1)
    >>> len(drawn), sum(n < 5 for n in drawn)
    (4, 2)
    """
    strata: dict[Hashable, list[int]] = {}
    for place, unit in enumerate(population):
        strata.setdefault(stratum(unit), []).append(place)
    draw = random.Random(seed)
    chosen: list[int] = []
    for places, share in zip(strata.values(), shares([len(s) for s in strata.values()], count), strict=True):
        chosen += draw.sample(places, share)
    return [population[place] for place in sorted(chosen)]


def shares(sizes: Sequence[int], count: int) -> list[int]:
    """How many of each stratum: proportional, by the largest remainder, at least one each where that is possible.

    >>> shares([90, 9, 1], 10)
    [8, 1, 1]
    """
    whole = sum(sizes)
    wanted = min(count, whole)
    exact = [wanted * size / whole if whole else 0.0 for size in sizes]
    given = [int(share) for share in exact]
    for place in _largest(exact, given, wanted - sum(given)):
        given[place] += 1
    for place, share in enumerate(given):
        if not share and sizes[place] and wanted >= sum(size > 0 for size in sizes):
            richest = max(range(len(given)), key=lambda at: given[at])
            given[place], given[richest] = 1, given[richest] - 1
    return given


def _largest(exact: Sequence[float], given: Sequence[int], left: int) -> Iterable[int]:
    order = sorted(range(len(exact)), key=lambda place: (given[place] - exact[place], place))
    return order[:left]
