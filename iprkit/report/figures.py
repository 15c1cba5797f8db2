"""What the figures of a paper show, as plain values: who spoke when and what was made of it, which codes where, which
codes together, and how much was talked. Each value is also the table of data that lies beside its figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from iprkit.timeline import Span

Rows = list[list[str]]

SPEAKER, SILENCE, MOMENT, RECALL, CODES, SETTLED = "speaker", "silence", "moment", "recall", "codes", "settled"
"""What the bars of a lane are."""


@dataclass(frozen=True)
class Bar:
    """A stretch on a lane: the key of what it stands for, and a label, which in lanes of codes is the code."""

    span: Span
    key: str
    label: str = ""


@dataclass(frozen=True)
class Lane:
    """One row of a time line, with its name as it is printed."""

    name: str
    kind: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class TimeLine:
    """A session, or the stretch ``window`` of it, in lanes under each other; ``names`` are the codes' names by key."""

    session: str
    window: Span
    lanes: tuple[Lane, ...]
    names: dict[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that occur, in the order of their codebooks."""
        used = {bar.label for lane in self.lanes if lane.kind in (CODES, SETTLED) for bar in lane.bars}
        return tuple(key for key in self.names if key in used)

    @property
    def table(self) -> Rows:
        """Every bar, lane by lane."""
        rows = [
            [self.session, lane.name, lane.kind, bar.key, bar.label, str(bar.span.start_ms), str(bar.span.end_ms)]
            for lane in self.lanes
            for bar in lane.bars
        ]
        return [["session", "lane", "kind", "key", "label", "start_ms", "end_ms"], *rows]


@dataclass(frozen=True)
class Grid:
    """Numbers in cells. ``groups`` say what columns belong together, such as dyads; empty where none do.

    A cell is None where there was nothing to count in, which is not the same as 0; ``empty`` says what that means.
    ``what`` says what the numbers count. A ``half`` grid says everything in its lower left half.
    """

    name: str
    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[float | None, ...], ...]
    what: str
    groups: tuple[str, ...] = ()
    empty: str = ""
    half: bool = False

    @property
    def table(self) -> Rows:
        """One row a cell, also for cells without a number."""
        return [
            ["row", "column", "group", "value"],
            *(
                [row, column, group, "" if value is None else f"{value:g}"]
                for row, line in zip(self.rows, self.cells, strict=True)
                for column, group, value in zip(
                    self.columns, self.groups or [""] * len(self.columns), line, strict=True
                )
            ),
        ]


PARTS = ("therapist", "client", "others", "together", "pauses", "silences")
"""What a session's time consists of: one person alone, several at once, and nobody: less, or at least three seconds."""


@dataclass(frozen=True)
class Shares:
    """How long each of ``PARTS`` lasted in a session, in ms; together they are its length."""

    session: str
    parts: tuple[int, ...]

    @property
    def duration_ms(self) -> int:
        return sum(self.parts)


@dataclass(frozen=True)
class Talk:
    """Talk and silence of sessions."""

    sessions: tuple[Shares, ...]

    @property
    def table(self) -> Rows:
        """One row a session, in ms."""
        rows = [[one.session, *map(str, one.parts), str(one.duration_ms)] for one in self.sessions]
        return [["session", *(f"{part}_ms" for part in PARTS), "duration_ms"], *rows]


Picture = TimeLine | Grid | Talk


def caption_of(picture: Picture) -> tuple[str, str]:
    """What a figure is called, and what one has to know to read it."""
    if isinstance(picture, TimeLine):
        return f"Time line of {picture.session}", "Letters stand for codes; M and K for moments and comments."
    if isinstance(picture, Grid):
        return picture.title, f"Numbers are {picture.what}."
    return "Talk and silence", (
        "By the times of segments; several at once is where segments of different people overlap."
    )


def tracks(bars: Sequence[Bar]) -> list[int]:
    """For bars in order of their start: the row that each one stands on so that none covers another.

    >>> tracks([Bar(Span(0, 9), "a"), Bar(Span(5, 8), "b"), Bar(Span(9, 12), "c")])
    [0, 1, 0]
    """
    ends: list[int] = []
    rows = []
    for bar in bars:
        row = next((row for row, end in enumerate(ends) if end <= bar.span.start_ms), len(ends))
        ends[row : row + 1] = [bar.span.end_ms]
        rows.append(row)
    return rows
