"""The queue of long work."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from iprkit.web.shapes.base import Line, Shape

Name = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class JobOptions(Shape):
    """What may be chosen: for ``transcribe`` all, for ``link`` again, for ``align`` language."""

    engine: Literal["auto", "faster-whisper", "openai-whisper"] | None = None
    model: Name | None = None
    language: Name | None = None
    initial_prompt: Line | None = None
    speakers: Literal["one", "two"] | None = None
    again: bool | None = None


class NewJob(Shape):
    step: Literal["transcribe", "link", "align"]
    key: Line
    options: JobOptions = Field(default_factory=JobOptions)


class ProgressShape(Shape):
    """``part`` of ``of`` of the step ``name``; ``seconds_left`` is null as long as nobody knows.

    That is how it was ``age_s`` seconds ago; between two excerpts nothing is told.
    """

    name: str
    part: float
    of: float
    seconds_left: float | None
    age_s: float


class JobShape(Shape):
    """``state``: queued, running, stopping, done, failed or cancelled."""

    id: int
    step: str
    key: str
    author: str
    state: str
    message: str
    queued_at: str
    started_at: str | None
    ended_at: str | None
    progress: ProgressShape | None
