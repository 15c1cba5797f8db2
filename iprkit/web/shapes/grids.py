"""Which recall interviews were held, as ``iprkit recall grid --json`` tells it."""

from __future__ import annotations

from pydantic import ConfigDict

from iprkit.web.shapes.base import Shape


class CellShape(Shape):
    model_config = ConfigDict(from_attributes=True)

    party: str
    interview: str | None
    date: str | None
    delay_days: int | None
    comments: int
    withdrawn: bool


class RowShape(Shape):
    model_config = ConfigDict(from_attributes=True)

    dyad: str
    session: str
    date: str | None
    cells: list[CellShape]


class GridShape(Shape):
    model_config = ConfigDict(from_attributes=True)

    expected: int
    held: int
    delays_known: int
    delay_median: float | None
    delay_least: int | None
    delay_most: int | None
    sessions: list[RowShape]
