"""Figures show the values that they are drawn from, the same each time, and nobody needs to see colours to read them."""

import io
import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprkit.report.draw_grid import draw_grid
from iprkit.report.draw_talk import draw_talk
from iprkit.report.draw_timeline import draw_timeline
from iprkit.report.drawing import KINDS, as_svg, colour_of, letter_of, pattern_of, save
from iprkit.report.figures import CODES, RECALL, SPEAKER, Bar, Grid, Lane, Shares, Talk, TimeLine, tracks
from iprkit.timeline import Span

LINE = TimeLine(
    "D01-S03",
    Span(0, 60_000),
    (
        Lane("Therapist", SPEAKER, (Bar(Span(0, 9_000), "T001"), Bar(Span(20_000, 30_000), "T002"))),
        Lane("Client recall", RECALL, (Bar(Span(5_000, 25_000), "D01-S03-client-K01"),)),
        Lane("anna", CODES, (Bar(Span(0, 20_000), "x1", "t:push"), Bar(Span(5_000, 30_000), "x2", "t:pull"))),
    ),
    {"t:push": "Push $x_1$ & <b>", "t:pull": "Pull", "t:unused": "Unused"},
)
GRID = Grid("t", "Codes", ("Push", "Pull"), ("S01", "S02"), ((1.0, None), (0.0, 3.5)), "codings", ("D01", "D01"), "none")
TALK = Talk((Shares("D01-S01", (40_000, 30_000, 0, 5_000, 15_000, 10_000)),))
DRAWN = {"timeline": (draw_timeline, LINE), "grid": (draw_grid, GRID), "talk": (draw_talk, TALK)}


def rectangles(svg: str) -> dict[str, tuple[float, float]]:
    """By the id of a group: left edge and width of the rectangle in it, in points."""
    found = {}
    for group in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}g"):
        path = group.find("{http://www.w3.org/2000/svg}path")
        if path is not None and ("|" in group.get("id", "") or ":" in group.get("id", "")):
            xs = [float(x) for x in re.findall(r"[ML] (-?[\d.]+) ", path.get("d", ""))]
            found[group.get("id", "")] = (min(xs), max(xs) - min(xs))
    return found


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_values_make_the_same_bytes(name: str, kind: str) -> None:
    draw, value = DRAWN[name]
    first, second = io.BytesIO(), io.BytesIO()
    save(draw(value), kind, first)
    save(draw(value), kind, second)
    assert first.getvalue() == second.getvalue()
    assert first.getvalue()[:4] in (b"<?xm", b"\x89PNG", b"%PDF")
    assert not re.search(rb"CreationDate|<dc:date>|20[2-9]\d-\d\d-\d\d", first.getvalue())


def test_every_bar_of_the_data_is_drawn_where_and_as_long_as_it_lasts() -> None:
    drawn = rectangles(as_svg(draw_timeline(LINE)))
    rows = LINE.table[1:]
    assert set(drawn) == {f"{kind}:{key}" for _, _, kind, key, *_ in rows}
    scale = drawn["codes:x1"][1] / 20_000
    origin = drawn["codes:x1"][0]
    for _, _, kind, key, _, start, end in rows:
        left, width = drawn[f"{kind}:{key}"]
        assert left == pytest.approx(origin + int(start) * scale, abs=0.01)
        assert width == pytest.approx((int(end) - int(start)) * scale, abs=0.01)


def test_the_legend_names_the_codes_that_occur_and_no_other() -> None:
    svg = as_svg(draw_timeline(LINE))
    assert "Push $x_1$ &amp; &lt;b&gt;" in svg
    assert "Unused" not in svg


def test_every_cell_of_the_data_is_drawn_and_an_empty_one_is_no_zero() -> None:
    svg = as_svg(draw_grid(GRID))
    assert set(rectangles(svg)) == {f"{row}|{column}" for row, column, *_ in GRID.table[1:]}
    assert [row[3] for row in GRID.table[1:]] == ["1", "", "0", "3.5"]
    assert svg.count("url(#h") >= 1  # the empty cell is hatched


def test_half_a_grid_is_drawn_without_its_upper_half() -> None:
    half = Grid("t", "x", ("A", "B"), ("A", "B"), ((1.0, 2.0), (2.0, 3.0)), "codings", half=True)
    assert set(rectangles(as_svg(draw_grid(half)))) == {"A|A", "B|A", "B|B"}


def test_parts_of_a_session_are_drawn_in_their_shares() -> None:
    drawn = rectangles(as_svg(draw_talk(TALK)))
    whole = sum(width for _, width in drawn.values())
    assert drawn["D01-S01|therapist"][1] / whole == pytest.approx(0.40)
    assert drawn["D01-S01|silences"][1] / whole == pytest.approx(0.10)
    assert "D01-S01|others" not in drawn


def test_fifty_codes_are_told_apart_without_colour_by_letter_and_in_grey_by_pattern_beside_it() -> None:
    looks = [(colour_of(number), pattern_of(number)) for number in range(50)]
    assert len(set(looks)) == 50
    assert len({letter_of(number) for number in range(800)}) == 800


def test_a_long_session_has_a_row_for_each_code() -> None:
    bars = tuple(Bar(Span(at * 5_000, at * 5_000 + 4_000), f"x{at}", ("t:push", "t:pull")[at % 2]) for at in range(600))
    long = TimeLine("D01-S01", Span(0, 3_000_000), (Lane("anna", CODES, bars),), LINE.names)
    assert len(rectangles(as_svg(draw_timeline(long)))) == 600


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=30))
def test_no_bar_covers_another_on_its_row(spans: list[tuple[int, int]]) -> None:
    bars = [Bar(Span(start, start + length), "") for start, length in sorted(spans)]
    rows = tracks(bars)
    for row in set(rows):
        mine = [bar.span for bar, at in zip(bars, rows, strict=True) if at == row]
        assert all(a.end_ms <= b.start_ms for a, b in zip(mine, mine[1:], strict=False))
    depth = Counter(ms for bar in bars for ms in range(bar.span.start_ms, bar.span.end_ms))
    assert max(rows, default=-1) + 1 == max(depth.values(), default=0)
