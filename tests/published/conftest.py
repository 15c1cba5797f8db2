"""How published tables and time lines are written down in these tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from iprkit.agreement.measures import NOMINAL, ORDERED
from iprkit.agreement.method import Method
from iprkit.agreement.rated import figures
from iprkit.agreement.ratings import Level, Ratings, ratings
from iprkit.agreement.timelines import Mark, Timeline
from iprkit.timeline import Span

ByCoder = Callable[..., Ratings]
Values = Callable[[Ratings], dict[str, float | None]]


@pytest.fixture
def by_coder() -> ByCoder:
    """A table from a line of single characters for each coder, ``.`` where nothing was said."""

    def read(text: str, level: Level = "nominal") -> Ratings:
        lines = text.split()
        rows = {f"u{n}": [None if c == "." else c for c in said] for n, said in enumerate(zip(*lines, strict=True), 1)}
        return ratings(rows, [f"coder {n}" for n in range(1, len(lines) + 1)], level)

    return read


@pytest.fixture
def crossed() -> Callable[..., Ratings]:
    """A table of two coders from their crossed counts, the first coder's categories in rows."""

    def read(counts: Sequence[Sequence[int]], level: Level = "nominal") -> Ratings:
        pairs = [(i, j) for i, row in enumerate(counts, 1) for j, often in enumerate(row, 1) for _ in range(often)]
        rows = {f"u{n}": [str(i), str(j)] for n, (i, j) in enumerate(pairs, 1)}
        return ratings(rows, ["first", "second"], level)

    return read


@pytest.fixture
def values() -> Values:
    """The value of every category statistic, by its name."""

    def compute(table: Ratings) -> dict[str, float | None]:
        measures = NOMINAL if table.level == "nominal" else ORDERED
        return {one.statistic: one.value for one in figures(table, measures, Method(bootstrap=None))}

    return compute


@pytest.fixture
def time_line() -> Callable[..., Timeline]:
    """A time line from ``{coder: {code: [(begin, length), …]}}``, in ms."""

    def read(duration: int, marks: dict[str, dict[str, list[tuple[int, int]]]]) -> Timeline:
        found = [
            Mark(coder, code, Span(begin, begin + length))
            for coder, codes in marks.items()
            for code, stretches in codes.items()
            for begin, length in stretches
        ]
        return Timeline("line", duration, tuple(marks), tuple(found))

    return read
