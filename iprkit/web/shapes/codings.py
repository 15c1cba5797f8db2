"""Codings, assignments and what comes of comparing coders, as the command line's JSON tells them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from iprkit.web.shapes.base import Base, Line, Ms, Shape, Text, Written


class CodedShape(Shape):
    """A coding as ``iprkit code list --json`` tells it."""

    key: str
    codebook: str
    code: str
    coded_as: str | None
    coder: str
    target: str
    kind: str
    start_ms: int
    end_ms: int
    rating: float | None
    about: str | None
    certainty: str | None
    memo: str
    round: str | None
    quote: str
    moved: str | None


class CodingShape(CodedShape):
    version: str


class ShareShape(Shape):
    """One coder's part; ``coded`` is None where one may not know."""

    coder: str
    submitted_at: str | None
    coded: int | None


class MineShape(Shape):
    """One's own part; ``left`` counts by session or interview the units that one has still to code."""

    submitted: bool
    done: int
    total: int
    left: dict[str, int]


class AssignmentShape(Shape):
    """``state``: open to everybody, or still blind; ``mine`` where the asker is one of the coders."""

    key: str
    codebook: str
    round: str
    purpose: str
    blind: bool
    state: str
    unit: str
    coders: list[ShareShape]
    sample: str
    made_at: str
    revealed: str | None
    mine: MineShape | None


class UnitShape(Shape):
    """A unit of an assignment; ``done``: the asker gave it a code."""

    target: str
    kind: str
    session: str
    start_ms: int
    end_ms: int
    quote: str
    done: bool


class AssignmentWithUnits(AssignmentShape):
    units: list[UnitShape]


class SaidShape(Shape):
    code: str
    rating: float | None


class GivenShape(Shape):
    coder: str
    codes: list[SaidShape]


class DifferenceShape(Shape):
    codebook: str
    round: str | None
    target: str
    start_ms: int
    end_ms: int
    quote: str
    given: list[GivenShape]
    settled: list[str]


class StretchShape(Shape):
    start_ms: int
    end_ms: int
    agree: bool


class AdjudicationShape(Shape):
    key: str
    codebook: str
    code: str
    target: str
    start_ms: int
    end_ms: int
    rating: float | None
    about: str | None
    round: str | None
    reason: str
    decided_by: str
    decided_at: str
    quote: str
    version: str


class CompareShape(Shape):
    """``stretches`` lie along time, ``differences`` are by target."""

    session: str
    codebook: str
    round: str | None
    coders: list[str]
    stretches: list[StretchShape]
    differences: list[DifferenceShape]
    settled: list[AdjudicationShape]


class FigureShape(Shape):
    statistic: str
    codebook: str | None
    code: str | None
    unit: str
    denominator: str
    coders: list[str]
    n_units: int
    observed: float | None
    expected: float | None
    value: float | None
    ci: tuple[float, float] | None
    reason: str | None
    interval: str
    settings: dict[str, str | int]
    details: dict[str, float]


class AgreementShape(Shape):
    """``figures`` are exactly those of ``iprkit agree --json``; ``notes`` say what was compared and how."""

    coders: list[str]
    figures: list[FigureShape]
    notes: list[str]


class NewCoding(Shape):
    """A code for a target, or for a span of a session. ``quote`` is what stood there when it was coded."""

    target: Line | None = None
    session: Line | None = None
    start_ms: Ms | None = None
    end_ms: Ms | None = None
    code: Line
    codebook: Line | None = None
    coder: Line | None = None
    rating: float | None = None
    about: Line | None = None
    certainty: Line | None = None
    memo: Text = ""
    round: Line | None = None
    quote: Text | None = None


class CodingEdit(Shape):
    """What to change; what is left out stays, null takes it away. ``here``: let it stand on the words of now."""

    code: Line | None = None
    target: Line | None = None
    rating: float | None = None
    about: Line | None = None
    certainty: Line | None = None
    memo: Text | None = None
    here: bool = False
    base: Base = None


class CodingWritten(Written):
    coding: CodingShape


class CodingGone(Written):
    key: str


class NewAssignment(Shape):
    """What is to be coded, by whom, and how it is drawn; as ``iprkit assign``."""

    codebook: Line
    coders: list[Line]
    places: list[Line] = Field(default_factory=list)
    unit: Line | None = None
    sample: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    share: float | None = None
    seed: int = 1
    by: Line = "session"
    round: Line = "main"
    purpose: Line = "main"
    blind: bool = True


class Reason(Shape):
    reason: Line


class AssignmentWritten(Written):
    assignment: AssignmentShape


class NewAdjudication(Shape):
    """What is settled about a target: the code, or ``none``, and why. ``again`` settles anew."""

    target: Line
    code: Line
    reason: Text
    codebook: Line | None = None
    rating: float | None = None
    about: Line | None = None
    round: Line | None = None
    again: bool = False


class AdjudicationWritten(Written):
    adjudication: AdjudicationShape
