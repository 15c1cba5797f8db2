"""A second way to every category statistic: straight from its definition, unit by unit and pair by pair."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations, product

import numpy as np
import pytest

from iprkit.agreement.measures import ORDERED
from iprkit.agreement.method import Method
from iprkit.agreement.rated import figures
from iprkit.agreement.ratings import Level, ratings
from iprkit.agreement.timelines import Mark, Timeline, ticks
from iprkit.agreement.unitizing import disagreements
from iprkit.timeline import Span

Rows = list[list[int | None]]


def random_rows(seed: int) -> Rows:
    chance = np.random.default_rng(seed)
    units, coders = int(chance.integers(4, 12)), int(chance.integers(2, 5))
    rows: Rows = [
        [int(chance.integers(1, 5)) if chance.random() < 0.8 else None for _ in range(coders)] for _ in range(units)
    ]
    rows[0][:2] = [1, 4]  # every table has two categories and a pair
    return rows


def values(rows: Rows, level: Level = "ordinal") -> dict[str, float | None]:
    names = [chr(65 + n) for n in range(len(rows[0]))]
    table = ratings({f"u{n}": [*row] for n, row in enumerate(rows)}, names, level)
    return {one.statistic: one.value for one in figures(table, ORDERED, Method(bootstrap=None))}


def said(row: list[int | None]) -> list[int]:
    return [one for one in row if one is not None]


def alpha(rows: Rows, level: Level) -> float:
    paired = [said(row) for row in rows if len(said(row)) > 1]
    everything = [one for row in paired for one in row]
    often, n = Counter(everything), len(everything)

    def apart(c: int, k: int) -> float:
        if level == "nominal":
            return float(c != k)
        if level == "ordinal":
            return (sum(often[g] for g in range(min(c, k), max(c, k) + 1)) - (often[c] + often[k]) / 2) ** 2 * (c != k)
        return float((c - k) ** 2) if level == "interval" else ((c - k) / (c + k)) ** 2

    observed = sum(apart(*pair) / (len(row) - 1) for row in paired for pair in permutations(row, 2)) / n
    expected = sum(apart(*pair) for pair in permutations(everything, 2)) / (n * (n - 1))
    return 1 - observed / expected


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("level", ["ordinal", "interval", "ratio"])
def test_alpha(seed: int, level: Level) -> None:
    rows = random_rows(seed)
    assert values(rows, level)["krippendorff_alpha"] == pytest.approx(alpha(rows, level))


def kappa(observed: float, expected: float) -> float:
    return (observed - expected) / (1 - expected)


def observed_agreement(rows: Rows, weights: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    units = [said(row) for row in rows if len(said(row)) > 1]
    return float(np.mean([np.mean([weights[c - 1, k - 1] for c, k in combinations(row, 2)]) for row in units]))


@pytest.mark.parametrize("seed", range(12))
def test_conger_fleiss_gwet_and_brennan_prediger(seed: int) -> None:
    rows = random_rows(seed)
    used = sorted({one for row in rows for one in said(row)})
    found, po = values(rows), observed_agreement(rows, np.eye(4))
    share = {c: float(np.mean([said(row).count(c) / len(said(row)) for row in rows if said(row)])) for c in used}
    assert found["percent_agreement"] == pytest.approx(po)
    assert found["fleiss_kappa"] == pytest.approx(kappa(po, sum(p**2 for p in share.values())))
    assert found["brennan_prediger"] == pytest.approx(kappa(po, 1 / len(used)))
    by_chance = sum(p * (1 - p) for p in share.values()) / (len(used) - 1)
    assert found["gwet_ac1"] == pytest.approx(kappa(po, by_chance))


@pytest.mark.parametrize("seed", range(12))
def test_kappa_of_each_coders_own_habit(seed: int) -> None:
    rows = random_rows(seed)
    if len(rows[0]) == 2:  # of two coders only what both rated
        rows = [row for row in rows if None not in row]
    used = sorted({one for row in rows for one in said(row)})
    columns = [said(list(column)) for column in zip(*rows, strict=True)]
    habits = [[column.count(c) / len(column) for c in used] for column in columns]
    square = np.array([[1 - ((c - k) / (used[-1] - used[0])) ** 2 for k in used] for c in used])
    whole = np.eye(4)
    for c, k in product(used, used):
        whole[c - 1, k - 1] = square[used.index(c), used.index(k)]
    for statistic, weights, full in (("cohen_kappa", np.eye(len(used)), np.eye(4)), ("weighted_kappa", square, whole)):
        expected = np.mean([np.array(a) @ weights @ np.array(b) for a, b in combinations(habits, 2)])
        assert values(rows)[statistic] == pytest.approx(kappa(observed_agreement(rows, full), float(expected)))


def alpha_u_by_definition(marks: list[tuple[int, int, int]], coders: int, length: int) -> tuple[float, float]:
    """Krippendorff (2004), section 11.6, section by section; marks are (coder, begin, length)."""
    sections: list[list[tuple[int, int, bool]]] = []
    for coder in range(coders):
        at, line = 0, []
        for begin, long in sorted((b, n) for c, b, n in marks if c == coder):
            line += [(at, begin - at, False)] * (begin > at) + [(begin, long, True)]
            at = begin + long
        sections.append(line + [(at, length - at, False)] * (length > at))

    def apart(u: tuple[int, int, bool], v: tuple[int, int, bool]) -> int:
        (b, n, unit), (d, m, other) = u, v
        if unit and other and -n < b - d < m:
            return (b - d) ** 2 + (b + n - d - m) ** 2
        if unit and not other and m - n >= b - d >= 0:
            return n**2
        return m**2 if other and not unit and n - m >= d - b >= 0 else 0

    pairs = permutations(range(coders), 2)
    observed = sum(apart(u, v) for i, j in pairs for u in sections[i] for v in sections[j])
    lengths = [n for _, _, n in marks]
    gaps = [n for line in sections for _, n, unit in line if not unit]
    chance = sum(
        (len(marks) - 1) / 3 * (2 * n**3 - 3 * n**2 + n) + n**2 * sum(g - n + 1 for g in gaps if g >= n)
        for n in lengths
    )
    whole = coders * length
    places = whole * (whole - 1) - sum(n * (n - 1) for n in lengths)
    return observed / (coders * (coders - 1) * length**2), 2 / length * chance / places


@pytest.mark.parametrize("seed", range(20))
def test_alpha_u(seed: int) -> None:
    chance = np.random.default_rng(seed)
    coders, length = int(chance.integers(2, 5)), int(chance.integers(30, 80))
    marks = []
    for coder in range(coders):
        edges = np.sort(chance.choice(np.arange(length + 1), 2 * int(chance.integers(0, 4)), replace=False))
        marks += [(coder, int(a), int(b - a)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    marks = marks or [(0, 3, 4)]
    spans = tuple(Mark(str(coder), "x", Span(begin, begin + long)) for coder, begin, long in marks)
    found = disagreements(ticks([Timeline("S01", length, tuple(map(str, range(coders))), spans)], 1))
    observed, expected = alpha_u_by_definition(marks, coders, length)
    assert found.observed[0, 0] / length**2 == pytest.approx(observed)
    assert found.expected[0, 0] / length**2 == pytest.approx(expected)
