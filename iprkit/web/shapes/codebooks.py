"""Codebooks as the command line's JSON tells them, and what can be changed of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from iprkit.web.shapes.base import Base, Line, Ms, Number, Shape, Text, Written


class AnchorShape(Shape):
    value: float
    text: str


class ScaleShape(Shape):
    name: str
    min: float
    max: float
    step: float
    level: str
    anchors: list[AnchorShape]
    no_evidence: float | None
    version: str


class RulesShape(Shape):
    """How codes are applied; in a codebook and a code None where the one above decides."""

    unit: str | None
    window_ms: int | None
    min_ms: int | None
    speaker: str | None
    applies_to: list[str] | None
    scale: str | None
    raters: int | None
    decision: str | None
    statistic: str | None
    scores: list[str] | None


class CodeShape(RulesShape):
    """One code; ``applied`` are its rules with nothing left open, ``shown_colour`` that of the nearest code above.

    ``uses`` counts what points to it, as far as one may know.
    """

    key: str
    name: str
    parent: str | None
    definition: str
    include: str
    exclude: str
    examples: list[str]
    codable: bool
    exclusive: bool
    colour: str | None
    shortcut: str | None
    notes: str
    unverified: str
    retired: bool
    merged_into: str | None
    split_from: str | None
    guid: str | None
    applied: RulesShape
    shown_colour: str | None
    rivals: list[str]
    uses: dict[str, int]
    version: str


class CodebookShape(RulesShape):
    """``version`` is what the codebook calls itself, ``head_version`` the state of all but its codes and scales."""

    name: str
    version: str
    title: str
    citation: str
    rights: str
    language: str
    notes: str
    unverified: str
    exclusive: bool
    exhaustive: bool
    scales: list[ScaleShape]
    codes: list[CodeShape]
    pinned: bool
    changed: bool
    origin: str
    digest: str
    head_version: str


class ListedShape(Shape):
    name: str
    title: str
    version: str
    pinned: bool
    changed: bool
    library_version: str | None
    codes: int
    units: list[str]
    scales: list[str]
    digest: str


class Pin(Shape):
    """A codebook of the library to work with."""

    name: Line


class NewCodebook(Shape):
    """An own codebook to begin, without codes; its short name is that of the title where none is given."""

    title: Line
    name: Line | None = None
    unit: Line | None = None
    window_ms: Ms | None = None
    min_ms: Ms | None = None
    speaker: Line | None = None
    exclusive: bool = False


class CodebookEdit(Shape):
    """What to change of what a codebook says of itself; what is left out stays, a rule of null is left open again."""

    title: Line | None = None
    version: Line | None = None
    citation: Text | None = None
    rights: Text | None = None
    notes: Text | None = None
    unit: Line | None = None
    window_ms: Ms | None = None
    min_ms: Ms | None = None
    speaker: Line | None = None
    scale: Line | None = None
    exclusive: bool | None = None
    exhaustive: bool | None = None
    base: Base = None


class NewAnchor(Shape):
    """What one number of a scale means."""

    value: Number
    text: Text


class NewScale(Shape):
    """A scale of a codebook, in the place of the one of that name."""

    name: Line
    min: Number
    max: Number
    step: Number = 1.0
    level: Line = "ordinal"
    anchors: Annotated[list[NewAnchor], Field(max_length=200)] = Field(default_factory=list)
    no_evidence: Number | None = None
    base: Base = None


Examples = Annotated[list[Annotated[Text, Field(min_length=1)]], Field(max_length=100)]


class NewCode(Shape):
    """A code to add to a codebook of the study."""

    name: Line
    parent: Line | None = None
    after: Line | None = None
    definition: Text = ""
    include: Text = ""
    exclude: Text = ""
    examples: Examples = Field(default_factory=list)
    colour: Line | None = None
    shortcut: Annotated[str, Field(max_length=4)] | None = None
    scale: Line | None = None


class CodeEdit(Shape):
    """What to change of a code; what is left out stays."""

    name: Line | None = None
    definition: Text | None = None
    include: Text | None = None
    exclude: Text | None = None
    examples: Examples | None = None
    colour: Line | None = None
    shortcut: Annotated[str, Field(max_length=4)] | None = None
    scale: Line | None = None
    retired: bool | None = None
    base: Base = None


class CodeMove(Shape):
    """Where a code goes, with all below it: last under ``parent``, or behind ``after``; with neither to the top."""

    parent: Line | None = None
    after: Line | None = None
    base: Base = None


class CodeSplit(Shape):
    """The new codes that come in the place of one."""

    names: Annotated[list[Line], Field(max_length=50)]
    base: Base = None


class CodeMerge(Shape):
    """The code that stands for others from now on."""

    codes: Annotated[list[Line], Field(min_length=1, max_length=200)]
    into: Line


class CodebookWritten(Written):
    codebook: CodebookShape
