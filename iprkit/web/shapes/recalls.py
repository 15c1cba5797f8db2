"""Recall interviews and moments as ``iprkit recall show --json`` and ``iprkit moments --json`` tell them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from iprkit.web.shapes.base import Base, Line, Ms, Shape, Text, Written
from iprkit.web.shapes.codings import CodedShape


class PieceShape(Shape):
    interview_start_ms: int
    interview_end_ms: int
    session_start_ms: int
    session_end_ms: int
    confidence: float
    source: str


class NumberedShape(PieceShape):
    """A piece with the number by which it is changed; ``pinned``: a person vouches for it."""

    number: int
    pinned: bool


class PauseShape(Shape):
    session_ms: int
    interview_start_ms: int
    interview_end_ms: int
    initiated_by: str | None


class CommentShape(Shape):
    key: str
    speaker: str
    interview_start_ms: int
    interview_end_ms: int
    text: str
    prompt: str | None
    session_start_ms: int | None
    session_end_ms: int | None
    temporal_frame: str | None
    moment: str | None
    about: str | None
    session_ms: int | None
    delay_ms: int | None
    may_be_quoted: bool | None
    may_be_shown: bool | None
    moved: bool
    version: str


class RecallShape(Shape):
    """``version`` is the map's. ``behind`` says what has changed since the comments were made."""

    key: str
    session: str
    participant: str
    delay_days: int | None
    map: list[NumberedShape]
    struck_out: list[PieceShape]
    pauses: list[PauseShape]
    comments: list[CommentShape]
    behind: str | None
    version: str


class MomentShape(Shape):
    """``codings`` are those that share time with it, as far as one may see them; a moment just changed tells none."""

    key: str
    start_ms: int
    end_ms: int
    source: str
    label: str | None
    client: list[str]
    therapist: list[str]
    codings: list[CodedShape]
    origin: str
    marked_by: list[str]
    memos: list[str]
    moved: bool
    version: str


class MemoShape(Shape):
    """A free note on what bears the key ``target``, which is the stretch from ``start_ms`` to ``end_ms``."""

    key: str
    target: str
    start_ms: int
    end_ms: int
    text: str
    author: str
    made_at: str


class CommentEdit(Shape):
    """What to change of a comment; what is left out stays."""

    temporal_frame: Line | None = None
    session_start_ms: Ms | None = None
    session_end_ms: Ms | None = None
    stopped_by: Line | None = None
    may_be_quoted: bool | None = None
    may_be_shown: bool | None = None
    base: Base = None


class CommentWritten(Written):
    comment: CommentShape


class MapEdit(Shape):
    """One change of a time map: the piece ``number`` moved or set to other times, split at ``at_ms`` of the interview,
    deleted (which is also how a found one is rejected), pinned or unpinned; or a new piece."""

    do: Literal["move", "set", "split", "delete", "reject", "pin", "unpin", "add"]
    number: Annotated[int, Field(ge=1, le=100_000)] | None = None
    interview_start_ms: Ms | None = None
    interview_end_ms: Ms | None = None
    session_start_ms: Ms | None = None
    session_end_ms: Ms | None = None
    at_ms: Ms | None = None
    base: Base = None


class RecallWritten(Written):
    recall: RecallShape


class NewMoment(Shape):
    """A moment of the researcher's, or with ``windows`` a session cut by a protocol (1min, 5min, silences)."""

    start_ms: Ms | None = None
    end_ms: Ms | None = None
    label: Line | None = None
    memo: Text | None = None
    windows: Line | None = None


class MomentEdit(Shape):
    """What to change of a moment; what is left out stays, an empty label goes, a memo is added."""

    start_ms: Ms | None = None
    end_ms: Ms | None = None
    label: Line | None = None
    memo: Text | None = None
    base: Base = None


class Merging(Shape):
    """Moments that are one, under the first key."""

    keys: Annotated[list[Line], Field(min_length=2, max_length=100)]


class MomentsWritten(Written):
    """The moments that are new or changed, and the keys of those that are gone."""

    moments: list[MomentShape]
    gone: list[str] = Field(default_factory=list)
