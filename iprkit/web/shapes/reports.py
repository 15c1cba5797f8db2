"""What can be had as a file."""

from __future__ import annotations

from iprkit.web.shapes.base import Shape


class FormatShape(Shape):
    """A format of studies or of transcripts: what it is for, and what does not fit into it."""

    name: str
    suffix: str
    purpose: str
    loses: str


class ReportShape(Shape):
    """A report, the formats that it is made in, and what must be said for it."""

    kind: str
    title: str
    formats: list[str]
    needs: list[str]


class DrawingShape(Shape):
    """A figure of a session, to be had as an image by its ``name``; ``data`` is its table, the heads first.

    ``version`` is another one where the figure is.
    """

    name: str
    title: str
    caption: str
    data: list[list[str]]
    version: str
