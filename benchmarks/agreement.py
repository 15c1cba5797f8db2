"""How long a full report of agreement takes and how much memory: all figures with 1,000 draws, by code and by pair.

    python benchmarks/agreement.py                          20 coders, 200 sessions, 2,000 to 200,000 codings
    python benchmarks/agreement.py --coders 5 --sessions 50 --codings 1000 10000

Three kinds of codings are made up: rated units with ten codes, units rated from 1 to 7, and stretches of free time on
sessions of an hour, mostly alike. Every report runs in a process of its own, whose time and memory are measured; it
has the figures over all codes and code by code, of all coders and of each two, confusions, differences, and how far
ends lie apart. Fewer codings than coders times sessions make fewer sessions. The last column is the growth against
the row above it.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from iprkit.agreement.method import Method
from iprkit.agreement.ratings import Clusters, Level, Ratings
from iprkit.agreement.report import Report, report_on_ratings, report_on_timelines
from iprkit.agreement.timelines import Mark, Timeline
from iprkit.timeline import Span

KINDS = ("codes", "scale", "stretches")
HOUR_MS = 3_600_000
_SEED = 2026


@dataclass(frozen=True)
class Size:
    """How many coders rate how many sessions, with how many codings in all."""

    coders: int
    sessions: int
    codings: int

    @property
    def per_line(self) -> int:
        """Codings of one coder in one session."""
        return max(1, self.codings // (self.coders * self.sessions))


@dataclass(frozen=True)
class Measured:
    """Seconds to the report, its process's largest memory in MB, and how many figures and differences it has."""

    seconds: float
    memory_mb: float
    figures: int
    differences: int


def rated(size: Size, categories: int, level: Level) -> Ratings:
    """Units that four of five coders rate alike, the fifth at random."""
    chance, units = np.random.default_rng(_SEED), size.sessions * size.per_line
    truth = chance.integers(categories, size=(units, 1))
    guessed = chance.integers(categories, size=(units, size.coders))
    codes = np.where(chance.random((units, size.coders)) < 0.8, truth, guessed).astype(np.int32)
    sessions = tuple(f"D{n:03d}-S01" for n in range(size.sessions))
    home = np.repeat(np.arange(size.sessions), size.per_line).astype(np.int32)
    return Ratings(
        units=[f"{sessions[at]}-T{n:05d}" for n, at in enumerate(home)],
        coders=_coders(size),
        categories=tuple(str(n) for n in range(1, categories + 1)),
        codes=codes,
        clusters=Clusters("session", sessions, home),
        level=level,
        numbers=None if level == "nominal" else np.arange(1, categories + 1, dtype=np.float64),
    )


def stretched(size: Size, codes: int) -> list[Timeline]:
    """Hours in which coders put the ends of the same events some seconds apart and mistake one code in seven."""
    chance, coders = np.random.default_rng(_SEED), _coders(size)
    return [_hour(f"D{n:03d}-S01", coders, size.per_line, codes, chance) for n in range(size.sessions)]


def _hour(session: str, coders: tuple[str, ...], events: int, codes: int, chance: np.random.Generator) -> Timeline:
    true_start = np.sort(chance.integers(0, HOUR_MS - 60_000, events))
    true_code = chance.integers(codes, size=events)
    marks = []
    for coder in coders:
        start = np.sort(np.clip(true_start + chance.normal(0, 1500, events).astype(np.int64), 0, HOUR_MS - 60_000))
        end = np.minimum(start + chance.integers(3_000, 20_000, events), np.append(start[1:], HOUR_MS))
        code = np.where(chance.random(events) < 0.85, true_code, chance.integers(codes, size=events))
        marks += [Mark(coder, f"code {k}", Span(int(a), int(b))) for a, b, k in zip(start, end, code, strict=True)]
    return Timeline(session, HOUR_MS, coders, tuple(marks))


def _coders(size: Size) -> tuple[str, ...]:
    return tuple(f"coder {n:02d}" for n in range(1, size.coders + 1))


def measure(kind: str, size: Size) -> Measured:
    """Make the codings up, then time the report on them alone; memory is that of both."""
    if kind == "stretches":
        lines = stretched(size, 10)
        started = time.monotonic()
        report = report_on_timelines(lines, Method())
    else:
        table = rated(size, 10, "nominal") if kind == "codes" else rated(size, 7, "interval")
        started = time.monotonic()
        report = report_on_ratings(table, Method())
    seconds = time.monotonic() - started
    return Measured(seconds, _memory_mb(), _figures(report), len(report.disagreements))


def _figures(report: Report) -> int:
    return len(report.figures) + len(report.pairs)


def _memory_mb() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024**2 if sys.platform == "darwin" else 1024)


def _apart(kind: str, size: Size) -> Measured:
    """In a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, kind, size).result()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--coders", type=int, default=20)
    options.add_argument("--sessions", type=int, default=200)
    options.add_argument("--codings", type=int, nargs="+", default=[2_000, 20_000, 200_000])
    chosen = options.parse_args()
    print(f"{chosen.coders} coders, {chosen.sessions} sessions, 1,000 draws of sessions")
    print(f"{'kind':<10} {'codings':>9} {'seconds':>8} {'MB':>6} {'figures':>8} {'differences':>12}  growth")
    for kind in KINDS:
        before: float | None = None
        for codings in chosen.codings:
            size = Size(chosen.coders, min(chosen.sessions, max(2, codings // chosen.coders)), codings)
            found = _apart(kind, size)
            growth = f"x {found.seconds / before:.1f}" if before else ""
            made = size.coders * size.sessions * size.per_line
            row = f"{kind:<10} {made:>9,} {found.seconds:>8.1f} {found.memory_mb:>6.0f} {found.figures:>8,}"
            print(f"{row} {found.differences:>12,}  {growth}", flush=True)
            before = found.seconds


if __name__ == "__main__":
    main()
