"""What several coders said of the same units: one category, or one number, for each unit and coder, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = get_args(Level)
MISSING = -1
Codes = NDArray[np.int32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Clusters:
    """What is drawn as a whole when the interval of a figure is estimated: sessions, dyads, or the units themselves.

    ``of_unit`` is the place of each unit's cluster in ``names``, shape (units,).
    """

    noun: str
    names: tuple[str, ...]
    of_unit: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, eq=False)
class Ratings:
    """A table of units by coders.

    ``codes``, shape (units, coders), holds places in ``categories``, `MISSING` where a coder said nothing.
    ``numbers``, shape (categories,), is what the categories stand for from the ordinal level up, in rising order.
    ``weights``, shape (units,), is how often each unit counts: 1, or how many ticks a stretch of time lasts.
    ``unit`` names one unit, ``uncoded`` says in a clause what was done with time that nobody coded, ``settings`` how
    the table came to be (level, tick).

    Raises ValueError where the shapes do not fit one another, or where a number is needed and there is none.
    """

    units: Sequence[str] | range
    coders: tuple[str, ...]
    categories: tuple[str, ...]
    codes: Codes
    clusters: Clusters
    level: Level = "nominal"
    numbers: Floats | None = None
    weights: Floats | None = None
    unit: str = "unit"
    uncoded: str = ""
    codebook: str | None = None
    settings: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.codes.shape != (len(self.units), len(self.coders)):
            raise ValueError(f"{len(self.units)} units by {len(self.coders)} coders, but codes {self.codes.shape}")
        if len(set(self.coders)) < len(self.coders):
            raise ValueError(f"a coder is named twice in {', '.join(self.coders)}")
        if self.codes.size and self.codes.max() >= len(self.categories):
            raise ValueError(f"a rating names category {self.codes.max()} of {len(self.categories)}")
        if self.level != "nominal" and (self.numbers is None or len(self.numbers) != len(self.categories)):
            raise ValueError(f"{self.level} ratings need a number for each category")

    @property
    def weight(self) -> Floats:
        """How often each unit counts, shape (units,)."""
        return np.ones(len(self.units)) if self.weights is None else self.weights

    def between(self, *coders: str) -> Ratings:
        """The same units as these coders saw them."""
        places = [self.coders.index(coder) for coder in coders]
        return replace(self, coders=coders, codes=self.codes[:, places])


def ratings(
    rows: Mapping[str, Sequence[str | float | None]],
    coders: Sequence[str],
    level: Level = "nominal",
    categories: Sequence[str] | None = None,
    clusters: tuple[str, Mapping[str, str]] | None = None,
) -> Ratings:
    """Ratings from rows: what each coder said of a unit, in the order of ``coders``, None for nothing.

    ``categories`` names all that coders could choose; without it, those that they did choose, numbers in rising order
    and words as they first occur. ``clusters`` is what is drawn as a whole and where each unit belongs,
    ``("session", {"D01-S03-T012": "D01-S03"})``; without it each unit stands for itself. Raises ValueError for words
    where the level needs numbers, and for negative ones at the ratio level.

    >>> table = ratings({"t1": ["a", "a"], "t2": ["a", "b"], "t3": [None, "b"]}, ["Ann", "Bo"])
    >>> table.categories, table.codes.tolist()
    (('a', 'b'), [[0, 0], [0, 1], [-1, 1]])
    """
    said = [cell for row in rows.values() for cell in row if cell is not None]
    names = tuple(_name(one, level) for one in categories) if categories is not None else _categories(said, level)
    numbers = None if level == "nominal" else np.array([number(name, level) for name in names])
    places = {name: place for place, name in enumerate(names)}
    codes = np.full((len(rows), len(coders)), MISSING, dtype=np.int32)
    for at, row in enumerate(rows.values()):
        for coder, cell in enumerate(row):
            if cell is not None:
                codes[at, coder] = places[_name(cell, level)]
    return Ratings(tuple(rows), tuple(coders), names, codes, _clusters(list(rows), clusters), level, numbers)


def number(text: str | float, level: Level) -> float:
    """A rating as a number of this level. Raises ValueError for what is none, and for negative ratio ratings."""
    value = float(text)
    if not np.isfinite(value):
        raise ValueError(f"{text} is no number")
    if level == "ratio" and value < 0:
        raise ValueError(f"{text} is negative; at the ratio level 0 is the least there is")
    return value


def _name(cell: str | float, level: Level) -> str:
    return str(cell) if level == "nominal" else f"{number(cell, level):.15g}"


def _categories(said: Sequence[str | float], level: Level) -> tuple[str, ...]:
    names = dict.fromkeys(_name(cell, level) for cell in said)
    if all(_is_number(name) for name in names):
        return tuple(sorted(names, key=float))
    return tuple(names)


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _clusters(units: Sequence[str], clusters: tuple[str, Mapping[str, str]] | None) -> Clusters:
    if clusters is None:
        return Clusters("unit", tuple(units), np.arange(len(units), dtype=np.int32))
    noun, home = clusters
    names = tuple(dict.fromkeys(home[unit] for unit in units))
    places = {name: place for place, name in enumerate(names)}
    return Clusters(noun, names, np.array([places[home[unit]] for unit in units], dtype=np.int32))
