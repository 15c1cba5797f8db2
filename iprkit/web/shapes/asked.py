"""What can be asked for in an address, behind its question mark, where that is more than a word or two."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from iprkit.web.shapes.base import Shape

Name = Annotated[str, Field(max_length=64)]
Key = Annotated[str, Field(max_length=120)]


class CodingsAsked(Shape):
    """Which codings are wanted. ``keys``: only those of these that are there, as an event names them."""

    coder: Name | None = None
    codebook: Name | None = None
    round: Name | None = None
    keys: Annotated[list[Key] | None, Field(max_length=500)] = None


class SegmentsAsked(Shape):
    """Which segments of a transcript are wanted."""

    keys: Annotated[list[Key], Field(min_length=1, max_length=100)]


class AgreementAsked(Shape):
    """What is compared; ``draws`` are those of the intervals, 0 for none, which is quick."""

    codebook: Name | None = None
    unit: Name | None = None
    session: Name | None = None
    round: Name | None = None
    draws: Annotated[int, Field(ge=0, le=5000)] = 1000


class ReportAsked(Shape):
    """What a report is made of; ``leave_out``: without what must not be quoted or shown."""

    format: Annotated[str, Field(max_length=32)]
    session: Name | None = None
    codebook: Name | None = None
    unit: Name | None = None
    round: Name | None = None
    leave_out: bool = False


class DrawingsAsked(Shape):
    """Figures of which session; ``every``: what counts something, over all sessions. ``version`` as told before."""

    session: Name
    every: bool = False
    version: Name | None = None
