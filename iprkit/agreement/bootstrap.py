"""How sure a figure is: sessions, dyads or units are drawn again and again, and the figure is taken of each draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_BLOCK = 4_000_000  # numbers held at once while draws are added up
_ENOUGH = 0.9  # share of draws in which the figure must be defined


@dataclass(frozen=True)
class Bootstrap:
    """So many draws, from a stated seed, and the middle share of their figures that the interval holds.

    Raises ValueError for less than 2 draws and for shares that are none.
    """

    draws: int = 1000
    seed: int = 1
    share: float = 0.95

    def __post_init__(self) -> None:
        if self.draws < 2:
            raise ValueError(f"draws is {self.draws}; an interval needs at least 2")
        if not 0 < self.share < 1:
            raise ValueError(f"share is {self.share}; it lies between 0 and 1, as 0.95")

    def weights(self, clusters: int, columns: int = 1) -> Iterator[Floats]:
        """How often each cluster is in each draw, some draws at a time, each of shape (draws, clusters).

        So few at a time that as many sums of ``columns`` fit into memory too.
        """
        counts, step = _counts(self.draws, self.seed, clusters), max(1, _BLOCK // max(1, clusters, columns))
        for start in range(0, self.draws, step):
            yield counts[start : start + step].astype(np.float64)

    def interval(self, figures: Floats, noun: str, clusters: int) -> tuple[tuple[float, float] | None, str]:
        """Both ends (percentiles) and how they were found, or None and why there are none.

        ``figures``, shape (draws,), is not a number where a draw left the figure undefined.
        """
        if clusters < 2:
            return None, f"no interval, because there is only one {noun} to draw from"
        defined = figures[np.isfinite(figures)]
        if len(defined) < _ENOUGH * self.draws:
            return None, f"no interval, because {self.draws - len(defined)} of {self.draws} draws left it undefined"
        ends = np.quantile(defined, [(1 - self.share) / 2, (1 + self.share) / 2])
        lost = self.draws - len(defined)
        how = f"{self.share:.0%}, percentiles of {self.draws} draws of {clusters} {noun}s, seed {self.seed}"
        return (float(ends[0]), float(ends[1])), how + (f"; undefined in {lost} of them" if lost else "")


@lru_cache(maxsize=2)
def _counts(draws: int, seed: int, clusters: int) -> NDArray[np.uint16]:
    """The same draws for every figure, so that figures of the same data can be compared."""
    even = np.full(clusters, 1 / clusters)
    return np.random.default_rng(seed).multinomial(clusters, even, size=draws).astype(np.uint16)
