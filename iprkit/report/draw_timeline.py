"""The time line of a session on one clock: who speaks, where silence falls, what was recalled, what coders found."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from iprkit.report import drawing
from iprkit.report.drawing import FAINT, INK, SOFT, TEXT_PT, WHITE, WIDTH_MM
from iprkit.report.figures import CODES, MOMENT, RECALL, SETTLED, SILENCE, Bar, Lane, TimeLine, tracks

_ROW_MM, _GAP_MM, _GROUP_MM = 4.4, 1.2, 3.0
_LEFT_MM, _RIGHT_MM, _TOP_MM, _AXIS_MM, _LEGEND_MM = 34.0, 5.0, 3.0, 10.0, 4.6
_STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_GROUPS = {MOMENT: 1, RECALL: 1, CODES: 2, SETTLED: 2}
_ACROSS = 3
"""Codes beside each other in the legend."""


@dataclass(frozen=True)
class _Placed:
    """A lane with the row that each bar stands on, and where the lane begins below the upper edge, in mm."""

    lane: Lane
    rows: list[int]
    top_mm: float

    @property
    def height_mm(self) -> float:
        return _ROW_MM * max([row + 1 for row in self.rows], default=1)


def draw_timeline(line: TimeLine) -> Figure:
    """Draw a time line. Bars bear their key as id in the SVG; letters stand in them where there is room."""
    placed = _place(line)
    lanes_mm = placed[-1].top_mm + placed[-1].height_mm if placed else _ROW_MM
    legend_mm = _LEGEND_MM * -(-len(line.codes) // _ACROSS) + (2 if line.codes else 0)
    height_mm = _TOP_MM + lanes_mm + _AXIS_MM + legend_mm
    with drawing.style():
        figure = drawing.sheet(height_mm)
        axes = figure.add_axes((
            _LEFT_MM / WIDTH_MM, (_AXIS_MM + legend_mm) / height_mm,
            1 - (_LEFT_MM + _RIGHT_MM) / WIDTH_MM, lanes_mm / height_mm,
        ))  # fmt: skip
        axes.set_xlim(line.window.start_ms, max(line.window.end_ms, line.window.start_ms + 1))
        axes.set_ylim(lanes_mm, 0)
        _time_axis(axes, line)
        for one in placed:
            _draw_lane(axes, line, one)
        _legend(figure, line, height_mm)
    return figure


def _place(line: TimeLine) -> list[_Placed]:
    placed: list[_Placed] = []
    for lane in line.lanes:
        rows = _rows(line, lane)
        if not placed:
            placed.append(_Placed(lane, rows, 0))
            continue
        before = placed[-1]
        same = _GROUPS.get(before.lane.kind, 0) == _GROUPS.get(lane.kind, 0)
        placed.append(_Placed(lane, rows, before.top_mm + before.height_mm + (_GAP_MM if same else _GROUP_MM)))
    return placed


def _rows(line: TimeLine, lane: Lane) -> list[int]:
    """Which row of its lane each bar stands on: one row a code where bars are too narrow for letters."""
    if not _is_narrow(line, lane):
        return tracks(lane.bars)
    codes = _codes_of(line, lane)
    return [codes.index(bar.label) for bar in lane.bars]


def _codes_of(line: TimeLine, lane: Lane) -> list[str]:
    used = {bar.label for bar in lane.bars}
    return [key for key in line.codes if key in used]


def _is_narrow(line: TimeLine, lane: Lane) -> bool:
    """Whether most bars of a lane of codes have no room for a letter."""
    widths = sorted(bar.span.duration_ms for bar in lane.bars)
    return lane.kind == CODES and _pt(line, widths[len(widths) // 2]) < TEXT_PT


def _pt(line: TimeLine, ms: int) -> float:
    """How wide a stretch of time is drawn, in points."""
    return ms / max(1, line.window.duration_ms) * (WIDTH_MM - _LEFT_MM - _RIGHT_MM) / 25.4 * 72


def _time_axis(axes: Axes, line: TimeLine) -> None:
    length_s = line.window.duration_ms / 1000
    step_ms = 1000 * next((step for step in _STEPS_S if length_s / step <= 11), _STEPS_S[-1])
    first = -(-line.window.start_ms // step_ms) * step_ms
    ticks = list(range(first, line.window.end_ms + 1, step_ms))
    axes.set_xticks(ticks, [_time(ms) for ms in ticks])
    axes.set_xlabel("Time in the session (min:s)", labelpad=2)
    axes.set_yticks([])
    axes.tick_params(axis="x", length=2, width=0.5, pad=2)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.4)
    axes.set_axisbelow(True)


def _time(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02d}"


def _draw_lane(axes: Axes, line: TimeLine, placed: _Placed) -> None:
    middle = placed.top_mm + placed.height_mm / 2
    where = axes.get_yaxis_transform()
    narrow = _is_narrow(line, placed.lane)
    for row, code in enumerate(_codes_of(line, placed.lane) if narrow else ()):
        letter = drawing.letter_of(line.codes.index(code))
        axes.text(-0.008, placed.top_mm + (row + 0.5) * _ROW_MM, letter, ha="right", va="center", transform=where)
    name = _fitting(placed.lane.name, _LEFT_MM - (5 if narrow else 1))
    axes.text(-0.035 if narrow else -0.012, middle, name, ha="right", va="center", color=INK, transform=where)
    axes.plot(
        [0, 1], [placed.top_mm + placed.height_mm] * 2, color=FAINT, linewidth=0.4, transform=where, clip_on=False
    )
    for bar, row in zip(placed.lane.bars, placed.rows, strict=True):
        _draw_bar(axes, line, placed, bar, row)


def _draw_bar(axes: Axes, line: TimeLine, placed: _Placed, bar: Bar, row: int) -> None:
    lane, (colour, pattern) = placed.lane, _look(line, placed.lane, bar)
    start, end = max(bar.span.start_ms, line.window.start_ms), min(bar.span.end_ms, line.window.end_ms)
    thin = 0.9 if lane.kind in (CODES, SETTLED, RECALL, MOMENT) else 1.1
    top, height = placed.top_mm + row * _ROW_MM + thin / 2, _ROW_MM - thin
    drawn = Rectangle((start, top), max(end - start, 1), height, facecolor=colour, edgecolor=INK, hatch=pattern)
    drawn.set_gid(f"{lane.kind}:{bar.key}")
    axes.add_patch(drawn)
    text = _text(line, lane, bar)
    room_pt = _pt(line, end - start)
    drawn.set_linewidth(0.3 if room_pt > 2 else 0)
    drawn.set_hatch(pattern if room_pt > 4 else "")
    if text and room_pt > len(text) * TEXT_PT * 0.58 + 2:
        axes.text(
            (start + end) / 2, top + height / 2 + 0.1, text, ha="center", va="center", fontsize=TEXT_PT - 1,
            color=INK if pattern else drawing.ink_on(colour), clip_on=True,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6} if pattern else None,
        )  # fmt: skip


def _look(line: TimeLine, lane: Lane, bar: Bar) -> tuple[str, str]:
    if lane.kind in (CODES, SETTLED):
        number = line.codes.index(bar.label)
        return drawing.colour_of(number), drawing.pattern_of(number)
    if lane.kind == SILENCE:
        return WHITE, "//////"
    if lane.kind == MOMENT:
        return WHITE, ""
    by = lane.name.split()[0].casefold()
    return {"therapist": drawing.COLOURS[0], "client": drawing.COLOURS[1]}.get(by, SOFT), ""


def _text(line: TimeLine, lane: Lane, bar: Bar) -> str:
    if lane.kind in (CODES, SETTLED):
        return drawing.letter_of(line.codes.index(bar.label))
    return bar.key.rpartition("-")[2] if lane.kind in (MOMENT, RECALL) else ""


def _legend(figure: Figure, line: TimeLine, height_mm: float) -> None:
    """The codes with their letters, below the time axis, as wide as the lanes."""
    wide = (WIDTH_MM - _RIGHT_MM) / _ACROSS
    rows = -(-len(line.codes) // _ACROSS)
    for number, key in enumerate(line.codes):
        column, row = number // rows, number % rows
        left, bottom = (2 + column * wide) / WIDTH_MM, ((rows - row - 1) * _LEGEND_MM + 1.2) / height_mm
        swatch = Rectangle(
            (left, bottom), 5 / WIDTH_MM, 3 / height_mm, transform=figure.transFigure, edgecolor=INK, linewidth=0.3,
            facecolor=drawing.colour_of(number), hatch=drawing.pattern_of(number),
        )  # fmt: skip
        figure.add_artist(swatch)
        name = _fitting(f"{drawing.letter_of(number)}  {line.names[key]}", wide - 7)
        figure.text(left + 6.2 / WIDTH_MM, bottom + 1.4 / height_mm, name, va="center", ha="left")


def _fitting(text: str, room_mm: float) -> str:
    most = int(room_mm / drawing.width_mm_of("n"))
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
