"""Small tables and time lines, written down as they are thought of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from iprkit.agreement.ratings import Level, Ratings, ratings
from iprkit.agreement.timelines import Mark, Timeline
from iprkit.timeline import Span


@pytest.fixture
def table() -> Callable[..., Ratings]:
    """A table from a line of single characters for each coder, ``.`` where nothing was said."""

    def read(text: str, level: Level = "nominal", categories: str = "") -> Ratings:
        lines = text.split()
        rows = {f"u{n}": [None if c == "." else c for c in said] for n, said in enumerate(zip(*lines, strict=True), 1)}
        return ratings(rows, [chr(65 + n) for n in range(len(lines))], level, list(categories) or None)

    return read


@pytest.fixture
def line() -> Callable[..., Timeline]:
    """A time line of marks ``"A x 0-10"`` by coders who watched it: ``line(100, "A x 0-10", coders="AB")``."""

    def read(
        duration_ms: int, *marks: str, coders: str = "AB", session: str = "S01", dyad: str | None = None
    ) -> Timeline:
        found = []
        for mark in marks:
            coder, code, times = mark.split()
            start, end = times.split("-")
            found.append(Mark(coder, code, Span(int(start), int(end))))
        return Timeline(session, duration_ms, tuple(coders), tuple(found), dyad)

    return read
