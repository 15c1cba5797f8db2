"""The recall room."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from iprkit.web.shapes.base import Line, Ms, Shape, Written

MOST_MS = 1 << 40
"""No recording is longer."""


class NewRoom(Shape):
    """Which session is to be recalled, and by whom: a role, or a pseudonym where several have it."""

    session: Line
    participant: Line
    date: Line | None = None


class TakeShape(Shape):
    """One run of the microphone: how many pieces from the first on are stored, and which lack before the last."""

    number: int
    chunks: int
    missing: list[int]


class RoomShape(Shape):
    """``state``: open, or finished once ``key`` is in the study. ``stood_ms`` is where the playback stood last."""

    id: str
    session: str
    participant: str
    key: str | None
    date: str | None
    author: str
    started_at: str
    state: str
    takes: list[TakeShape]
    events: int
    stood_ms: int


class RoomEvent(Shape):
    """What the player did at ``at_ms`` since the take began, standing at ``session_ms``. ``n`` counts events."""

    n: Annotated[int, Field(ge=0, le=1 << 31)]
    take: Annotated[int, Field(ge=0, lt=50)] = 0
    at_ms: Ms
    event: Literal["play", "pause", "jump"]
    session_ms: Ms | None = None
    by: Literal["client", "therapist", "interviewer", "observer", "other"] | None = None


class Noted(Shape):
    events: int


class Finish(Shape):
    """``gaps``: also where pieces of the sound are missing."""

    gaps: bool = False


class FinishedShape(Written):
    """The interview that is in the study now, the jobs that follow, and how many pieces of sound lack."""

    key: str
    jobs: list[int]
    gaps: int


class Uploaded(Written):
    """A recording that is in the study now."""

    key: str
    recording: str
    view: str
    offset_ms: int
    note: str
    align: bool


class RecordingStart(Shape):
    """Where a recording beside the main one starts on the conversation's clock."""

    offset_ms: Annotated[int, Field(ge=-MOST_MS, le=MOST_MS)]
