"""Talk and silence of sessions: how much of each was the therapist's, the client's, both at once, or nobody's."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from iprkit.report import drawing
from iprkit.report.drawing import FAINT, INK, WIDTH_MM
from iprkit.report.figures import PARTS, Shares, Talk
from iprkit.timeline import clock

_ROW_MM, _LEFT_MM, _RIGHT_MM, _TOP_MM, _FOOT_MM = 5.4, 26.0, 16.0, 6.0, 17.0
_LOOKS = {
    "therapist": (drawing.COLOURS[0], ""),
    "client": (drawing.COLOURS[1], ""),
    "others": (drawing.COLOURS[7], ""),
    "together": (drawing.COLOURS[2], "xxxx"),
    "pauses": (FAINT, ""),
    "silences": (drawing.WHITE, "//////"),
}
_NAMES = {
    "therapist": "Therapist",
    "client": "Client",
    "others": "Others",
    "together": "Several at once",
    "pauses": "Pauses under 3 s",
    "silences": "Silences of 3 s and more",
}


def draw_talk(talk: Talk) -> Figure:
    """Draw one bar a session, as shares of its length, which is printed beside it."""
    rows_mm = _ROW_MM * max(1, len(talk.sessions))
    height_mm = _TOP_MM + rows_mm + _FOOT_MM
    with drawing.style():
        figure = drawing.sheet(height_mm)
        axes = figure.add_axes((
            _LEFT_MM / WIDTH_MM, _FOOT_MM / height_mm, 1 - (_LEFT_MM + _RIGHT_MM) / WIDTH_MM, rows_mm / height_mm,
        ))  # fmt: skip
        _frame(axes, talk)
        for row, one in enumerate(talk.sessions):
            _bar(axes, row, one)
        axes.text(101, -0.35, "min:s", va="bottom", ha="left")
        _legend(figure, talk, height_mm)
    return figure


def _frame(axes: Axes, talk: Talk) -> None:
    axes.set_xlim(0, 100)
    axes.set_ylim(max(1, len(talk.sessions)), 0)
    axes.set_yticks([at + 0.5 for at in range(len(talk.sessions))], [one.session for one in talk.sessions])
    axes.set_xlabel("Share of the session (%)", labelpad=2)
    axes.tick_params(axis="y", length=0, pad=3)
    axes.tick_params(axis="x", length=2, width=0.5, pad=2)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.4)
    axes.set_axisbelow(True)


def _bar(axes: Axes, row: int, one: Shares) -> None:
    left = 0.0
    for part, ms in zip(PARTS, one.parts, strict=True):
        width = 100 * ms / max(1, one.duration_ms)
        if not ms:
            continue
        colour, pattern = _LOOKS[part]
        drawn = Rectangle(
            (left, row + 0.14), width, 0.72, facecolor=colour, edgecolor=INK, linewidth=0.3, hatch=pattern
        )
        drawn.set_gid(f"{one.session}|{part}")
        axes.add_patch(drawn)
        if width >= 4 and not pattern:
            ink = drawing.ink_on(colour)
            axes.text(left + width / 2, row + 0.52, f"{width:.0f}", ha="center", va="center", color=ink)
        left += width
    axes.text(101, row + 0.52, clock(one.duration_ms).partition(".")[0], va="center", ha="left")


def _legend(figure: Figure, talk: Talk, height_mm: float) -> None:
    used = [part for at, part in enumerate(PARTS) if any(one.parts[at] for one in talk.sessions)]
    left_mm = _LEFT_MM
    for part in used:
        colour, pattern = _LOOKS[part]
        figure.add_artist(
            Rectangle(
                (left_mm / WIDTH_MM, 2.2 / height_mm), 5 / WIDTH_MM, 3 / height_mm, transform=figure.transFigure,
                facecolor=colour, edgecolor=INK, linewidth=0.3, hatch=pattern,
            )
        )  # fmt: skip
        figure.text((left_mm + 6.2) / WIDTH_MM, 3.6 / height_mm, _NAMES[part], va="center")
        left_mm += 11 + drawing.width_mm_of(_NAMES[part])
