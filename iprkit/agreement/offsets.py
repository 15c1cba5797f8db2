"""How far apart two coders put the beginning and the end of what they both saw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iprkit.agreement.alignment import Alignment
from iprkit.agreement.ratings import Ints


@dataclass(frozen=True)
class Spread:
    """How much later the second coder is, in ms (negative: earlier), and how far apart both are either way."""

    least: int
    lower_quartile: int
    median: int
    upper_quartile: int
    most: int
    median_apart: int


@dataclass(frozen=True)
class Offsets:
    """Of the events that two coders saw with the same code, over all codes where ``code`` is None.

    Of more than two coders every pair counts, the one named first in ``coders`` being the first.
    """

    code: str | None
    coders: tuple[str, ...]
    n_events: int
    start: Spread
    end: Spread


def boundary_offsets(alignment: Alignment, coders: tuple[str, ...]) -> list[Offsets]:
    """Over all codes and of each code; nothing for codes that no two coders saw at the same place."""
    same = (alignment.first == alignment.second) & (alignment.first >= 0)
    wanted = [(None, same), *((code, same & (alignment.first == k)) for k, code in enumerate(alignment.codes))]
    return [
        Offsets(code, coders, int(which.sum()), _spread(alignment.start_off[which]), _spread(alignment.end_off[which]))
        for code, which in wanted
        if which.any()
    ]


def _spread(off: Ints) -> Spread:
    ends = np.quantile(off, [0, 0.25, 0.5, 0.75, 1])
    return Spread(*(round(float(one)) for one in (*ends, np.median(np.abs(off)))))
