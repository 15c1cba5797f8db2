"""Mathet's gamma: the best way to put stretches of several coders side by side, against chance.

After Mathet, Widlöcher & Métivier (2015). A unitary alignment takes at most one stretch of each coder; what two
stretches differ in grows with the distance of their ends and adds one for different codes; a stretch without
partner costs `EMPTY`. The best alignment is found as an integer programme, exactly. Chance is that of the coders'
own lines, each turned by a random distance: the stretches of a line stay together, but not with those of others.

::

    d = 3 ((|begin - begin'| + |end - end'|) / (length + length'))²  +  1 where the codes differ
    gamma = 1 - disorder of the best alignment / mean disorder of the best alignments of turned lines
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np
from scipy import optimize, sparse

from iprkit.agreement.ratings import Floats, Ints
from iprkit.agreement.timelines import Timeline

POSITION, CATEGORY, EMPTY = 3.0, 1.0, 1.0
MOST = 300_000
_TRIES = 100  # at a turn far enough from the others
_TIE = 1e-9  # among alignments of the same disorder, the one with fewer parts


@dataclass(frozen=True, eq=False)
class Stretched:
    """One coder's stretches: beginnings, ends and places of codes, all of shape (stretches,)."""

    start: Floats
    end: Floats
    code: Ints


@dataclass(frozen=True)
class Disorder:
    """Of one line: summed disorder of the best alignment, its mean over turned lines, and stretches per coder."""

    best: float
    random: float
    stretches: float


class TooMany(ValueError):
    """More alignments are possible than can be compared."""


def disorder(line: Timeline, samples: int, rng: np.random.Generator) -> Disorder:
    """Compare with ``samples`` turned lines. Raises TooMany where more than `MOST` alignments are possible."""
    lines = _lines(line)
    if not line.marks:
        return Disorder(0.0, 0.0, 0.0)
    best = best_alignment(lines)[0]
    turned = [best_alignment(_turned(lines, line.duration_ms, rng))[0] for _ in range(samples)]
    return Disorder(best, float(np.mean(turned)), sum(len(one.code) for one in lines) / len(lines))


def best_alignment(lines: Sequence[Stretched]) -> tuple[float, Ints]:
    """The least sum of the disorders of unitary alignments that together hold every stretch once, and these, as
    places of stretches of each coder, shape (alignments, coders), -1 for none."""
    tuples, costs = _unitary_alignments(lines)
    if not len(tuples):
        return 0.0, tuples
    offsets = np.cumsum([0, *(len(one.code) for one in lines)])
    taken, coder = np.nonzero(tuples >= 0)
    holds = sparse.csr_array(
        (np.ones(len(taken)), (tuples[taken, coder] + offsets[coder], taken)), shape=(offsets[-1], len(tuples))
    )
    once = optimize.LinearConstraint(holds, 1, 1)
    whole = np.ones(len(costs))
    exact = {"mip_rel_gap": 0}
    found = optimize.milp(
        costs + _TIE, constraints=once, integrality=whole, bounds=optimize.Bounds(0, 1), options=exact
    )
    chosen = found.x > 0.5
    return float(costs[chosen].sum()), tuples[chosen]


def dissimilarity(first: Stretched, second: Stretched) -> Floats:
    """Of each two stretches, shape (stretches + 1, stretches + 1); the last row and column are no stretch."""
    apart = np.abs(first.start[:, None] - second.start) + np.abs(first.end[:, None] - second.end)
    long = (first.end - first.start)[:, None] + (second.end - second.start)
    found = np.full((len(first.code) + 1, len(second.code) + 1), EMPTY)
    position = (apart / long) ** 2
    found[:-1, :-1] = POSITION * position + CATEGORY * (first.code[:, None] != second.code)
    return found


def _lines(line: Timeline) -> list[Stretched]:
    """What each coder marked; a mark without length lasts 1 ms."""
    codes = {code: place for place, code in enumerate(sorted({mark.code for mark in line.marks}))}
    out = []
    for coder in line.coders:
        rows = [(m.span.start_ms, m.span.end_ms, codes[m.code]) for m in line.marks if m.coder == coder]
        start, end, code = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3).T
        out.append(Stretched(start.astype(np.float64), np.maximum(end, start + 1).astype(np.float64), code))
    return out


def _unitary_alignments(lines: Sequence[Stretched]) -> tuple[Ints, Floats]:
    """All that may be in a best alignment, coder by coder: none that costs more than its stretches alone would."""
    n, pairs = len(lines), comb(len(lines), 2)
    between = {(i, j): dissimilarity(lines[i], lines[j]) for i, j in combinations(range(n), 2)}
    tuples, costs = np.zeros((1, 0), dtype=np.int64), np.zeros(1)
    for coder, line in enumerate(lines):
        choices = np.append(np.arange(len(line.code)), -1)
        if len(tuples) * len(choices) > 20 * MOST:
            raise TooMany(f"more than {MOST} alignments of stretches are possible")
        wider = np.column_stack([np.repeat(tuples, len(choices), axis=0), np.tile(choices, len(tuples))])
        costs = np.repeat(costs, len(choices))
        for before in range(coder):
            costs = costs + between[before, coder][wider[:, before], wider[:, coder]]
        alone = (wider >= 0).sum(axis=1) + (n - coder - 1)
        kept = costs <= alone * EMPTY * pairs
        tuples, costs = wider[kept], costs[kept]
    real = (tuples >= 0).any(axis=1)
    if real.sum() > MOST:
        raise TooMany(f"more than {MOST} alignments of stretches are possible")
    return tuples[real], costs[real] / pairs


def _turned(lines: Sequence[Stretched], duration: float, rng: np.random.Generator) -> list[Stretched]:
    """As many lines as there are, each a coder's turned by its own distance, the distances not too near each other."""
    lengths = np.concatenate([one.end - one.start for one in lines])
    least, turns = float(lengths.mean()) / 2, list[float]()
    for _ in lines:
        turn = rng.uniform(0, duration)
        for _ in range(_TRIES):
            if all(abs(turn - other) >= least for other in turns):
                break
            turn = rng.uniform(0, duration)
        turns.append(turn)
    return [_turn(lines[int(rng.integers(len(lines)))], turn, duration) for turn in turns]


def _turn(line: Stretched, by: float, duration: float) -> Stretched:
    back = np.where(line.start + by >= duration, by - duration, by)
    return replace(line, start=line.start + back, end=line.end + back)
