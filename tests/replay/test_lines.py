"""Lines drawn through places alike that lie on known ones, with others scattered by chance among them."""

from __future__ import annotations

import numpy as np
import pytest

from iprkit.replay.lines import Line, draw_lines
from iprkit.replay.search import Hits

SESSION, INTERVIEW = 60_000, 100_000


def _on(line: Line, height: float = 15.0) -> Hits:
    """A hit each half second, as far off the line as rooms and fractions of a frame take them."""
    at = np.arange(line.start, line.end, 10, dtype=np.float64)
    off = np.random.default_rng(line.start).uniform(-0.4, 0.4, len(at))
    return Hits(at, line.lag + line.drift * at + off, np.full(len(at), height))


def _chance(count: int) -> Hits:
    rng = np.random.default_rng(1)
    return Hits(rng.uniform(0, INTERVIEW, count), rng.uniform(-INTERVIEW, SESSION, count), rng.uniform(5, 7, count))


@pytest.mark.parametrize("drift", [-0.003, 0.0, 0.001, 0.003])
def test_the_speed_of_the_machines_is_measured_among_chance_hits(drift: float) -> None:
    played = [Line(1_000, 1_800, 2_000, drift), Line(3_000, 3_700, 900, drift), Line(9_000, 9_060, -4_000, drift)]
    drawn = draw_lines(Hits.of([*map(_on, played), _chance(500)]), SESSION, INTERVIEW)
    for line in played:
        middle = (line.start + line.end) / 2
        nearest = min(drawn, key=lambda other: abs(other.place(middle) - line.place(middle)))
        assert abs(nearest.place(line.start) - line.place(line.start)) < 0.5
        assert abs(nearest.place(line.end) - line.place(line.end)) < 0.5
        assert line.start + 200 in nearest.certain or len(range(line.start, line.end)) < 200


def test_a_single_place_alike_keeps_both_clocks_equal() -> None:
    (line,) = draw_lines(Hits(np.array([500.0]), np.array([200.0]), np.array([12.0])), SESSION, INTERVIEW)
    assert (line.lag, line.drift) == (200.0, 0.0)


def test_a_line_ends_where_a_recording_does() -> None:
    (line,) = draw_lines(Hits(np.array([100.0]), np.array([-50.0]), np.array([12.0])), 80, 150)
    assert (line.start, line.end) == (50, 129)


def test_what_is_hardly_alike_is_not_certain() -> None:
    (line,) = draw_lines(_on(Line(1_000, 1_050, 300, 0.0), height=7.0), SESSION, INTERVIEW)
    assert not line.certain


def test_nothing_alike_gives_no_line() -> None:
    assert draw_lines(Hits.of([]), SESSION, INTERVIEW) == []
