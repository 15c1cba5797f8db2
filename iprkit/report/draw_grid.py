"""Numbers in cells, shaded from light to dark: codes by dyad and session, codes by code."""

from __future__ import annotations

from typing import Any

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import rgb2hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from iprkit.report import drawing
from iprkit.report.drawing import FAINT, INK, SOFT, TEXT_PT, WIDTH_MM
from iprkit.report.figures import Grid

_CELL_MM, _LARGEST_MM, _TOP_MM, _FOOT_MM, _SCALE_MM = 5.2, 11.0, 6.0, 9.0, 34.0
_SHADES = 40
_MAP = "cividis_r"
"""Its lightness falls evenly, also for people who see no red or no green, and in print without colour."""


def draw_grid(grid: Grid) -> Figure:
    """Draw a grid. Cells bear ``row|column`` as id in the SVG; those with nothing to count in are hatched."""
    left_mm = min(62.0, 4 + max([drawing.width_mm_of(row) for row in grid.rows], default=1))
    cell_mm = min(_LARGEST_MM, (WIDTH_MM - left_mm - 4) / max(1, len(grid.columns)))
    cells_mm = cell_mm * max(1, len(grid.columns))
    width_mm = min(WIDTH_MM, left_mm + 4 + max(cells_mm, drawing.width_mm_of(grid.what), 2 * _SCALE_MM))
    foot_mm = 3 + max([drawing.width_mm_of(one) for one in grid.columns], default=1)
    top_mm = _TOP_MM if grid.groups else 2.0
    rows_mm = _CELL_MM * max(1, len(grid.rows))
    height_mm = top_mm + rows_mm + foot_mm + _FOOT_MM
    with drawing.style():
        figure = drawing.sheet(height_mm, width_mm)
        axes = figure.add_axes((
            left_mm / width_mm, (foot_mm + _FOOT_MM) / height_mm, cells_mm / width_mm, rows_mm / height_mm,
        ))  # fmt: skip
        _frame(axes, grid)
        most = max([value for line in grid.cells for value in line if value is not None], default=0)
        for at, line in enumerate(grid.cells):
            for column, value in enumerate(line):
                if not grid.half or column <= at:
                    _cell(axes, grid, (at, column), value, most, cell_mm)
        _groups(axes, grid)
        _scale(figure, grid, most, left_mm)
    return figure


def _frame(axes: Axes, grid: Grid) -> None:
    axes.set_xlim(0, max(1, len(grid.columns)))
    axes.set_ylim(max(1, len(grid.rows)), 0)
    axes.set_xticks([at + 0.5 for at in range(len(grid.columns))], grid.columns, rotation=90)
    axes.set_yticks([at + 0.5 for at in range(len(grid.rows))], grid.rows)
    axes.tick_params(length=0, pad=2)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _cell(axes: Axes, grid: Grid, place: tuple[int, int], value: float | None, most: float, cell_mm: float) -> None:
    row, column = place
    colour = "white" if value is None else _shade(value, most)
    drawn = Rectangle(
        (column, row), 1, 1, facecolor=colour, edgecolor="white" if value else FAINT, linewidth=0.6,
        hatch="//////" if value is None else "",
    )  # fmt: skip
    drawn.set_gid(f"{grid.rows[row]}|{grid.columns[column]}")
    axes.add_patch(drawn)
    if value is not None and cell_mm >= 4.5:
        told = f"{value:.0f}" if value == round(value) else f"{value:.1f}"
        ink = drawing.ink_on(colour) if value else SOFT
        axes.text(column + 0.5, row + 0.53, told, ha="center", va="center", fontsize=TEXT_PT - 1, color=ink)


def _shade(value: float, most: float) -> str:
    """White for nothing, so that what is there stands out; then from light to dark."""
    return rgb2hex(colormaps[_MAP](0.06 + 0.94 * value / most)) if value and most else "#FFFFFF"


def _groups(axes: Axes, grid: Grid) -> None:
    """A line over the columns that belong together, with their name."""
    start = 0
    for at in range(1, len(grid.groups) + 1):
        if at == len(grid.groups) or grid.groups[at] != grid.groups[start]:
            axes.plot([start + 0.1, at - 0.1], [-0.25, -0.25], color=INK, linewidth=0.6, clip_on=False)
            axes.text((start + at) / 2, -0.4, grid.groups[start], ha="center", va="bottom")
            start = at


def _scale(figure: Figure, grid: Grid, most: float, left_mm: float) -> None:
    """What the numbers are, the shades from one to the greatest, and what hatching means."""
    wide, high = (25.4 * inches for inches in figure.get_size_inches())

    def box(left: float, width: float, **look: Any) -> None:
        place = (left_mm + left) / wide, 1 / high
        figure.add_artist(Rectangle(place, width / wide, 2.4 / high, transform=figure.transFigure, **look))

    def say(left: float, text: str, up: float = 2.2, ha: str = "left") -> None:
        figure.text((left_mm + left) / wide, up / high, text, va="center", ha=ha)

    say(0, f"{grid.what[0].upper()}{grid.what[1:]}", 6.2)
    if most:
        for step in range(_SHADES):
            box(4 + step * _SCALE_MM / _SHADES, _SCALE_MM / _SHADES + 0.05, facecolor=_shade(step + 0.5, _SHADES), lw=0)
        say(3, "0", ha="right")
        say(5 + _SCALE_MM, f"{most:g}")
    if grid.empty and any(value is None for line in grid.cells for value in line):
        box(18 + _SCALE_MM, 5, facecolor="white", edgecolor=FAINT, linewidth=0.6, hatch="//////")
        say(24 + _SCALE_MM, grid.empty)
