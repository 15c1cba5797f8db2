"""Recall interviews and moments as ``iprkit recall show --json`` and ``iprkit moments --json`` tell them."""

from __future__ import annotations

from typing import Any

from iprkit.web.shapes.base import Shape


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
    key: str
    start_ms: int
    end_ms: int
    source: str
    label: str | None
    client: list[str]
    therapist: list[str]
    codings: list[Any]
    origin: str
    marked_by: list[str]
    memos: list[str]
    moved: bool
    version: str
