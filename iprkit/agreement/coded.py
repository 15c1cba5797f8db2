"""The codings of a study made comparable: which units coders were to code, and what each of them said of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from iprkit.agreement.confusions import NOTHING, Confusion
from iprkit.agreement.disagreements import Disagreement, rating_disagreements
from iprkit.agreement.ratings import MISSING, Clusters, Level, Ratings
from iprkit.agreement.ticked import NO_CODE
from iprkit.agreement.timelines import Mark, Timeline
from iprkit.coding import Coding
from iprkit.scale import Scale, number
from iprkit.timeline import Span

_FINEST = 20
"""Steps of a scale up to which each of its numbers is a category that coders could choose."""

_LEVELS: dict[str, Level] = {"ordinal": "ordinal", "interval": "interval", "ratio": "ratio"}


@dataclass(frozen=True)
class Unit:
    """One unit, and who was to code it, whether or not they found anything in it."""

    target: str
    session: str
    dyad: str
    span: Span
    quote: str
    coders: frozenset[str]


@dataclass(frozen=True)
class Coded:
    """Units of one kind, and the codings of a codebook that are compared on them.

    ``said`` is by unit's place and coder which codes, and with which rating. ``kind`` names one unit (window, segment).
    """

    codebook: str
    kind: str
    coders: tuple[str, ...]
    units: tuple[Unit, ...]
    said: Mapping[tuple[int, str], Mapping[str, float | None]] = field(default_factory=dict)
    settings: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def clusters(self) -> Clusters:
        """What is drawn as a whole for intervals: dyads where there are several, else sessions."""
        dyads = dict.fromkeys(unit.dyad for unit in self.units)
        noun = "dyad" if len(dyads) > 1 else "session"
        homes = [unit.dyad if noun == "dyad" else unit.session for unit in self.units]
        places = {name: place for place, name in enumerate(dict.fromkeys(homes))}
        return Clusters(noun, tuple(places), np.array([places[home] for home in homes], dtype=np.int32))


def placed(
    units: Sequence[Unit], codings: Iterable[Coding], by_key: bool
) -> dict[tuple[int, str], dict[str, float | None]]:
    """What each coder said of each unit that they were to code.

    ``by_key``: a coding belongs to the unit that it was put on; else to every unit of which it covers half, or in
    which half of it lies.
    """
    said: dict[tuple[int, str], dict[str, float | None]] = {}
    keys = {unit.target: place for place, unit in enumerate(units)}
    by_session: dict[str, list[int]] = {}
    for place, unit in enumerate(units):
        by_session.setdefault(unit.session, []).append(place)
    for one in codings:
        target = one.anchor.target
        places = [keys[target.key]] if by_key and target.key in keys else []
        if not by_key:
            near = by_session.get(target.place, ())
            places = [place for place in near if _belongs(one.anchor.span, units[place].span)]
        for place in places:
            if one.coder in units[place].coders:
                said.setdefault((place, one.coder), {})[one.code] = one.rating
    return said


def label_table(coded: Coded, codes: Sequence[str], exclusive: bool, exhaustive: bool) -> Ratings:
    """Which of the codes each coder gave: one category a unit, a set of codes where several are given at once.

    With ``exclusive`` the categories are all that could be chosen, else the sets that were.
    """
    known = dict.fromkeys(() if exhaustive else (NO_CODE,))
    if exclusive:
        known |= dict.fromkeys(codes)
    wanted = set(codes)

    def label(given: Mapping[str, float | None]) -> str:
        return " + ".join(sorted(wanted & set(given))) or NO_CODE

    cells = _cells(coded, label, exhaustive)
    names = tuple(known | dict.fromkeys(name for name in cells.values() if name is not None))
    return _ratings(coded, cells, names)


def presence_table(coded: Coded, code: str) -> Ratings:
    """Whether each coder gave this code; without any code a unit counts as *no code*."""
    cells = _cells(coded, lambda given: code if code in given else NO_CODE, exhaustive=False)
    return _ratings(coded, cells, (NO_CODE, code))


def rating_table(coded: Coded, code: str, scale: Scale, fill: float | None) -> Ratings:
    """Each coder's number for this code; ``fill`` where a coder was to rate and gave none, None to leave it out."""
    level = _LEVELS[scale.level]
    cells: dict[tuple[int, str], str | None] = {}
    for place, unit in enumerate(coded.units):
        for coder in unit.coders:
            value = coded.said.get((place, coder), {}).get(code)
            value = fill if value is None else value
            cells[place, coder] = None if value is None else number(value)
    steps = round((scale.max - scale.min) / scale.step)
    whole = {scale.min + scale.step * at for at in range(steps + 1)} if steps < _FINEST else set()
    given = sorted({float(number(value)) for value in whole} | {float(name) for name in cells.values() if name})
    table = _ratings(coded, cells, tuple(number(value) for value in given), level, given)
    unrated = "left out" if fill is None else f"counted as {number(fill)}, no evidence"
    return replace(table, settings={**table.settings, "unrated": unrated})


def set_confusions(coded: Coded, codes: Sequence[str]) -> list[Confusion]:
    """Which codes get taken for one another: of each two coders on a unit, what only one said with what only the other
    said; with nothing where the other said no more."""
    counts: Counter[tuple[str, str]] = Counter()
    wanted = set(codes)
    for place, unit in enumerate(coded.units):
        given = Counter(frozenset(wanted & set(coded.said.get((place, coder), ()))) for coder in unit.coders)
        for (one, often), (other, as_often) in combinations(given.items(), 2):
            for taken in _taken(one - other, other - one):
                counts[taken] += often * as_often
    whole = sum(counts.values())
    told = f"pairs of coders on a {coded.kind}"
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Confusion(first, second, n, n / whole, told) for (first, second), n in ranked]


def disagreements(coded: Coded, table: Ratings, code: str | None = None) -> list[Disagreement]:
    """Where coders differ in a table, with time and words; ``code`` names the code that numbers are of."""
    places = {unit.target: unit for unit in coded.units}
    found = []
    for one in rating_disagreements(table):
        unit = places[one.unit or ""]
        said = tuple(None if name is None else f"{code} {name}" if code else name for name in one.said)
        found.append(
            replace(
                one, session=unit.session, start_ms=unit.span.start_ms, end_ms=unit.span.end_ms, said=said,
                quote=unit.quote,
            )
        )  # fmt: skip
    return found


def timelines(units: Sequence[Unit], codings: Iterable[Coding]) -> list[Timeline]:
    """A time line for each unit, from its beginning, with what was coded in it. A unit without time is left out."""
    by_session: dict[str, list[Coding]] = {}
    for one in codings:
        by_session.setdefault(one.anchor.target.place, []).append(one)
    lines = []
    for unit in units:
        marks = []
        for one in by_session.get(unit.session, ()):
            shared = one.anchor.span & unit.span
            if shared is not None and one.coder in unit.coders:
                marks.append(Mark(one.coder, one.code, shared.shift(-unit.span.start_ms)))
        if unit.span.duration_ms:
            coders = tuple(sorted(unit.coders, key=str.casefold))
            lines.append(Timeline(unit.target, unit.span.duration_ms, coders, tuple(marks), unit.dyad))
    return lines


def _belongs(span: Span, unit: Span) -> bool:
    shared = span.overlap_ms(unit)
    return shared > 0 and (2 * shared >= span.duration_ms or 2 * shared >= unit.duration_ms)


def _cells(
    coded: Coded, label: Callable[[Mapping[str, float | None]], str], exhaustive: bool
) -> dict[tuple[int, str], str | None]:
    cells: dict[tuple[int, str], str | None] = {}
    for place, unit in enumerate(coded.units):
        for coder in unit.coders:
            given = coded.said.get((place, coder), {})
            name = label(given)
            cells[place, coder] = None if exhaustive and name == NO_CODE else name
    return cells


def _ratings(
    coded: Coded,
    cells: Mapping[tuple[int, str], str | None],
    names: tuple[str, ...],
    level: Level = "nominal",
    numbers: Sequence[float] | None = None,
) -> Ratings:
    at = {name: place for place, name in enumerate(names)}
    columns = {coder: place for place, coder in enumerate(coded.coders)}
    codes = np.full((len(coded.units), len(coded.coders)), MISSING, dtype=np.int32)
    for (place, coder), name in cells.items():
        if name is not None and coder in columns:
            codes[place, columns[coder]] = at[name]
    return Ratings(
        units=tuple(unit.target for unit in coded.units),
        coders=coded.coders,
        categories=names,
        codes=codes,
        clusters=coded.clusters,
        level=level,
        numbers=None if numbers is None else np.array(numbers, dtype=np.float64),
        unit=coded.kind,
        codebook=coded.codebook,
        settings=dict(coded.settings),
    )


def _taken(one: frozenset[str], other: frozenset[str]) -> list[tuple[str, str]]:
    if not one or not other:
        return [(code, NOTHING) for code in sorted(one | other)]
    return [(min(a, b), max(a, b)) for a in one for b in other]
