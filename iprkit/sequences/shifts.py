"""Whether client and therapist point at the same moments more often than chance would have it: one person's moments are
turned around the session like the hand of a clock, many times, and what falls together is counted each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from iprkit.timeline import Span, merge

PERMUTATIONS, SEED = 10_000, 1


@dataclass(frozen=True)
class Shifts:
    """How chance is made: how many circular shifts, drawn uniformly over the session by a generator of this seed."""

    permutations: int = PERMUTATIONS
    seed: int = SEED

    def __post_init__(self) -> None:
        if self.permutations < 1:
            raise ValueError(f"{self.permutations} permutations cannot be made; give at least 1")

    def drawn(self, duration_ms: int) -> NDArray[np.int64]:
        """The shifts in milliseconds, shape (permutations,)."""
        return np.random.default_rng(self.seed).integers(0, duration_ms, self.permutations)


@dataclass(frozen=True)
class Overlap:
    """What falls together, against chance.

    ``observed`` and ``expected`` are milliseconds marked by both, or a number of marks. ``value`` is 1 where all that
    could fall together does, 0 where as much does as by chance, below 0 where less. ``p`` is the share of shifts with
    at least as much. ``value`` and ``p`` are None where they are undefined; ``reason`` says why.
    """

    statistic: str
    n_client: int
    n_therapist: int
    duration_ms: int
    observed: float | None
    expected: float | None
    value: float | None
    p: float | None
    permutations: int
    seed: int
    reason: str | None = None


def time_overlap(client: Sequence[Span], therapist: Sequence[Span], duration_ms: int, shifts: Shifts) -> Overlap:
    """The session time that both marked, against circular shifts of the therapist's spans.

    ``value`` = (observed - expected) / (most - expected), where ``most`` is the time marked by whoever marked less, and
    the mean over all shifts is exactly the product of both times over the duration. ``p`` counts the observed order
    as one more shift (Phipson & Smyth 2010, doi 10.2202/1544-6115.1585).
    """
    blank = _blank("time_overlap", (len(client), len(therapist)), duration_ms, shifts)
    pair = merge(_inside(client, duration_ms)), merge(_inside(therapist, duration_ms))
    return _against_chance(blank, pair, min(_total(pair[0]), _total(pair[1])), shifts)


def mark_coincidence(
    client: Sequence[int], therapist: Sequence[int], tolerance_ms: int, duration_ms: int, shifts: Shifts
) -> Overlap:
    """How many of the client's marks have one of the therapist's within the tolerance, against circular shifts.

    ``client`` and ``therapist`` are times in milliseconds. ``most`` is all of the client's marks. See `time_overlap`.
    """
    blank = _blank("mark_coincidence", (len(client), len(therapist)), duration_ms, shifts)
    near = merge(span for at in therapist for span in _around(at, tolerance_ms, duration_ms))
    points = _inside([Span(at, at + 1) for at in client], duration_ms)
    return _against_chance(blank, (points, near), _total(points), shifts)


def _blank(statistic: str, counts: tuple[int, int], duration_ms: int, shifts: Shifts) -> Overlap:
    missing = [who for who, count in zip(("client", "therapist"), counts, strict=True) if not count]
    reason = f"the {' and the '.join(missing)} marked nothing" if missing else None
    if duration_ms < 1:
        reason = "the session has no length"
    return Overlap(statistic, *counts, duration_ms, None, None, None, None, shifts.permutations, shifts.seed, reason)


def _against_chance(blank: Overlap, pair: tuple[Sequence[Span], Sequence[Span]], most: int, shifts: Shifts) -> Overlap:
    if blank.reason:
        return blank
    if not most:
        return replace(blank, reason="no mark lies inside the session")
    duration_ms = blank.duration_ms
    expected = _total(pair[0]) * _total(pair[1]) / duration_ms
    observed = float(_shared(pair, duration_ms, np.zeros(1, np.int64))[0])
    counted = replace(blank, observed=observed, expected=expected)
    if most <= expected:
        return replace(counted, reason="one of the two marked the whole session, so every shift falls together alike")
    by_chance = _shared(pair, duration_ms, shifts.drawn(duration_ms))
    p = (1 + int((by_chance >= observed).sum())) / (1 + shifts.permutations)
    return replace(counted, value=(observed - expected) / (most - expected), p=p)


def _total(spans: Sequence[Span]) -> int:
    return sum(span.duration_ms for span in spans)


def _inside(spans: Sequence[Span], duration_ms: int) -> list[Span]:
    return [shared for span in spans if (shared := span & Span(0, duration_ms))]


def _shared(
    pair: tuple[Sequence[Span], Sequence[Span]], duration_ms: int, shifts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Milliseconds of the first spans covered by the second ones turned forwards by each shift, shape (shifts,)."""
    mine, other = pair
    edges = np.array([0, *(ms for span in other for ms in (span.start_ms, span.end_ms)), duration_ms], np.float64)
    steps = np.diff(edges)
    steps[::2] = 0
    covered = np.concatenate([[0.0], np.cumsum(steps)])

    def before(ms: NDArray[np.int64]) -> NDArray[np.float64]:
        """How much is covered up to a time, the session repeated endlessly on both sides."""
        laps, rest = np.divmod(ms, duration_ms)
        return np.asarray(laps * covered[-1] + np.interp(rest, edges, covered), np.float64)

    none = np.zeros(len(shifts))
    return sum((before(span.end_ms - shifts) - before(span.start_ms - shifts) for span in mine), none)


def _around(at_ms: int, tolerance_ms: int, duration_ms: int) -> list[Span]:
    """The stretch within the tolerance of a mark; it goes on at the other end where it leaves the session."""
    if 2 * tolerance_ms + 1 >= duration_ms:
        return [Span(0, duration_ms)]
    start, end = at_ms - tolerance_ms, at_ms + tolerance_ms + 1
    turns = (0, duration_ms, -duration_ms)
    return [Span(max(0, start + by), end + by) for by in turns if start + by < duration_ms and end + by > 0]
