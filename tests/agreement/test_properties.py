"""What holds of every figure, whatever the coders said."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iprkit.agreement.correlated import correlations
from iprkit.agreement.measures import NOMINAL, ORDERED
from iprkit.agreement.method import Method
from iprkit.agreement.rated import figures
from iprkit.agreement.ratings import LEVELS, Level, Ratings, ratings
from iprkit.agreement.report import report_on_timelines
from iprkit.agreement.timelines import Mark, Timeline
from iprkit.timeline import Span

PLAIN = Method(bootstrap=None)
PATIENT = settings(deadline=None)  # a busy machine is not a slow figure
CODERS = ["Ann", "Bo", "Cy", "Di"]


@st.composite
def tables(draw: st.DrawFn, missing: bool = True) -> list[list[str | None]]:
    """Up to 12 units by 2 to 4 coders, categories 1 to 4."""
    coders = draw(st.integers(2, 4))
    cell = st.sampled_from(["1", "2", "3", "4", *([None] if missing else [])])
    return draw(st.lists(st.lists(cell, min_size=coders, max_size=coders), min_size=1, max_size=12))


@st.composite
def time_lines(draw: st.DrawFn) -> Timeline:
    """A minute that two or three coders coded with three codes, in hundredths of a second."""
    coders = CODERS[: draw(st.integers(2, 3))]
    edges = st.lists(st.integers(0, 6000), min_size=2, max_size=8, unique=True).map(sorted)
    marks = []
    for coder in coders:
        bounds = draw(edges)
        for start, end in zip(bounds[::2], bounds[1::2], strict=False):
            marks.append(Mark(coder, draw(st.sampled_from("xyz")), Span(start * 10, end * 10)))
    return Timeline("S01", 60_000, tuple(coders), tuple(marks))


def table(rows: list[list[str | None]], level: Level = "nominal", coders: list[str] | None = None) -> Ratings:
    names = coders or CODERS[: len(rows[0])]
    return ratings({f"u{n}": row for n, row in enumerate(rows)}, names, level, ["1", "2", "3", "4"])


def values(rated: Ratings) -> dict[str, float | None]:
    measures = NOMINAL if rated.level == "nominal" else ORDERED
    found = figures(rated, measures, PLAIN)
    found += correlations(rated) if rated.level in ("interval", "ratio") else []
    return {one.statistic: one.value for one in found}


def on_time(line: Timeline) -> dict[tuple[str, str | None], float | None]:
    found = report_on_timelines([line], Method(bootstrap=None, tick_ms=100)).figures
    return {(one.statistic, one.code): one.value for one in found}


@PATIENT
@given(tables(), st.randoms(use_true_random=False), st.sampled_from(LEVELS))
def test_the_order_of_coders_does_not_matter(rows: list[list[str | None]], chance: Random, level: Level) -> None:
    order = list(range(len(rows[0])))
    chance.shuffle(order)
    turned = table([[row[place] for place in order] for row in rows], level)
    assert values(turned) == pytest.approx(values(table(rows, level)), abs=1e-9)


@PATIENT
@given(tables(), st.permutations(["1", "2", "3", "4"]))
def test_renaming_codes_does_not_matter(rows: list[list[str | None]], names: list[str]) -> None:
    other = dict(zip(["1", "2", "3", "4"], names, strict=True))
    renamed = table([[cell and other[cell] for cell in row] for row in rows])
    assert values(renamed) == pytest.approx(values(table(rows)), abs=1e-9)


@PATIENT
@given(st.lists(st.sampled_from("1234"), min_size=2, max_size=20), st.integers(2, 4))
def test_identical_coders_agree_fully(said: list[str], coders: int) -> None:
    assume(len(set(said)) > 1)
    for level in LEVELS:
        found = values(table([[one] * coders for one in said], level))
        assert {value for value in found.values() if value is not None} == {1.0}


@PATIENT
@given(tables())
def test_no_figure_is_ever_more_than_one_or_not_a_number(rows: list[list[str | None]]) -> None:
    for level in LEVELS:
        for value in values(table(rows, level)).values():
            assert value is None or (np.isfinite(value) and value <= 1 + 1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_coders_who_guess_agree_as_chance_does(level: Level) -> None:
    chance = np.random.default_rng(5)
    rows: list[list[str | None]] = [[str(one) for one in chance.integers(1, 5, 3)] for _ in range(20_000)]
    found = values(table(rows, level))
    beyond = {name: value for name, value in found.items() if value is not None and name != "percent_agreement"}
    assert beyond == pytest.approx(dict.fromkeys(beyond, 0), abs=0.05)


@PATIENT
@given(time_lines())
def test_the_order_of_coders_does_not_matter_on_time_lines(line: Timeline) -> None:
    turned = Timeline("S01", line.duration_ms, line.coders[::-1], line.marks[::-1])
    assert on_time(turned) == pytest.approx(on_time(line), abs=1e-9)


@PATIENT
@given(time_lines())
def test_renaming_codes_does_not_matter_on_time_lines(line: Timeline) -> None:
    name = {"x": "z", "y": "x", "z": "y"}
    renamed = Timeline(
        "S01", line.duration_ms, line.coders, tuple(Mark(m.coder, name[m.code], m.span) for m in line.marks)
    )
    there = {(statistic, code and name[code]): value for (statistic, code), value in on_time(line).items()}
    assert on_time(renamed) == pytest.approx(there, abs=1e-9)


@PATIENT
@given(time_lines())
def test_identical_coders_agree_fully_on_time_lines(line: Timeline) -> None:
    own = [mark for mark in line.marks if mark.coder == line.coders[0]]
    marks = [Mark(coder, mark.code, mark.span) for coder in line.coders for mark in own]
    found = on_time(Timeline("S01", line.duration_ms, line.coders, tuple(marks)))
    assert {round(value, 12) for value in found.values() if value is not None} == {1.0}


def test_coders_who_guess_agree_as_chance_does_on_time_lines() -> None:
    chance = np.random.default_rng(6)
    lines = []
    for session in range(30):
        marks = []
        for coder in ("Ann", "Bo"):
            edges = np.sort(chance.integers(0, 600_000, 60))
            for start, end in zip(edges[::2], edges[1::2], strict=True):
                marks.append(Mark(coder, "xyz"[chance.integers(3)], Span(int(start), int(end))))
        lines.append(Timeline(f"S{session}", 600_000, ("Ann", "Bo"), tuple(marks)))
    found = report_on_timelines(lines, Method(bootstrap=None)).figures
    by_chance = (
        "time_unit_kappa",
        "krippendorff_alpha",
        "alpha_u",
        "u_alpha",
        "u_alpha_binary",
        "cu_alpha",
        "ku_alpha",
    )
    guessed = {(f.statistic, f.code): f.value for f in found if f.statistic in by_chance}
    assert guessed == pytest.approx(dict.fromkeys(guessed, 0), abs=0.15)
