"""How figures look: one width, small plain type, colours that everybody tells apart with a pattern beside each, and the
same bytes whenever the same data are drawn. The colours are those of Okabe and Ito (2008)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any, BinaryIO

import matplotlib
from matplotlib.figure import Figure

WIDTH_MM = 180.0
"""The width of a figure over both columns of a journal's page."""

TEXT_PT = 7.0
INK, SOFT, FAINT, WHITE = "#1A1A1A", "#6B6B6B", "#D9D9D9", "#FFFFFF"
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
PATTERNS = ("", "////", "\\\\\\\\", "xxxx", "----", "||||", "++++")
"""With eight colours, 56 codes look different even in grey."""

KINDS = (".svg", ".png", ".pdf")

_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": TEXT_PT,
    "axes.linewidth": 0.5,
    "axes.edgecolor": INK,
    "hatch.linewidth": 0.35,
    "svg.fonttype": "none",
    "svg.hashsalt": "iprkit",
    "pdf.fonttype": 42,
    "path.simplify": False,
    "text.parse_math": False,
}
_UNDATED = {
    ".svg": {"Date": None, "Creator": "iprkit"},
    ".png": {"Software": "iprkit"},
    ".pdf": {"CreationDate": None, "Producer": None, "Creator": "iprkit"},
}

_styling = RLock()


@contextmanager
def style() -> Iterator[None]:
    """What is drawn and saved inside the block has the style of all figures, one block at a time."""
    with _styling, matplotlib.rc_context(_STYLE):
        yield


def sheet(height_mm: float, width_mm: float = WIDTH_MM) -> Figure:
    """An empty figure."""
    return Figure(figsize=(width_mm / 25.4, height_mm / 25.4), facecolor="white")


def save(figure: Figure, kind: str, stream: BinaryIO) -> None:
    """Write a figure as one of ``KINDS``, pixels at 300 to the inch, without the time at which it was made."""
    with style():
        figure.savefig(stream, format=kind[1:], dpi=300, metadata=_UNDATED[kind])


def as_svg(figure: Figure) -> str:
    """The drawing alone, to stand inside a page."""
    made = io.BytesIO()
    save(figure, ".svg", made)
    text = made.getvalue().decode("utf-8")
    return text[text.index("<svg") :]


def colour_of(number: int) -> str:
    """The colour of the code that comes ``number``-th."""
    return COLOURS[number % len(COLOURS)]


def pattern_of(number: int) -> str:
    """The pattern that goes with it; a further one each time that the colours come round."""
    return PATTERNS[(number % len(COLOURS) + number // len(COLOURS)) % len(PATTERNS)]


def letter_of(number: int) -> str:
    """The letter by which a code is told in a narrow bar.

    >>> [letter_of(number) for number in (0, 25, 26, 27)]
    ['a', 'z', 'aa', 'ab']
    """
    first, last = divmod(number, 26)
    return (letter_of(first - 1) if first else "") + "abcdefghijklmnopqrstuvwxyz"[last]


def width_mm_of(text: str) -> float:
    """About how wide a text is printed."""
    return len(text) * TEXT_PT * 0.175


def ink_on(colour: str) -> str:
    """Black or white, whichever is read better on a colour."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 130 else INK
