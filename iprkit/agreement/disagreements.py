"""Where coders differ: the units, or the stretches of time, with what each of them said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from iprkit.agreement.ratings import MISSING, Codes, Ratings
from iprkit.agreement.ticked import TimeTable


@dataclass(frozen=True)
class Disagreement:
    """One unit, or one stretch of a session, on which at least two coders differ.

    ``said`` is what each of ``coders`` said, None for nothing. A unit of a table has no times.
    """

    unit: str | None
    session: str | None
    start_ms: int | None
    end_ms: int | None
    coders: tuple[str, ...]
    said: tuple[str | None, ...]


def rating_disagreements(ratings: Ratings) -> Iterator[Disagreement]:
    """The units on which coders differ, in the table's order."""
    grouped = len(ratings.clusters) < len(ratings.units)
    for place, said in _differing(ratings.codes, ratings.categories):
        session = ratings.clusters.names[ratings.clusters.of_unit[place]] if grouped else None
        yield Disagreement(str(ratings.units[place]), session, None, None, ratings.coders, said)


def time_disagreements(table: TimeTable) -> Iterator[Disagreement]:
    """The stretches in which coders have different codes, in order of time, exact to a tick."""
    ticks = table.ticks
    starts = (table.bounds[:-1] - ticks.starts[table.line]) * ticks.tick_ms
    ends = (table.bounds[1:] - ticks.starts[table.line]) * ticks.tick_ms
    for place, said in _differing(table.seen, table.categories):
        line = ticks.lines[table.line[place]]
        end_ms = min(int(ends[place]), line.duration_ms)
        yield Disagreement(None, line.session, int(starts[place]), end_ms, ticks.coders, said)


def _differing(codes: Codes, categories: Sequence[str]) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """Where there are two different ratings in a row, and what was said there."""
    names = np.array([*categories, None], dtype=object)  # the last one is what -1, missing, points to
    for place in np.flatnonzero(_differ(codes)):
        yield int(place), tuple(names[codes[place]])


def _differ(codes: Codes) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether there are two different ratings in a row, shape (units,)."""
    if not codes.shape[1]:
        return np.zeros(len(codes), dtype=np.bool_)
    least = np.where(codes == MISSING, np.iinfo(np.int32).max, codes).min(axis=1)
    return np.asarray(codes.max(axis=1) > least)
