"""Transcripts as ``iprkit transcript show --json`` tells them, with what a page needs beside."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from iprkit.web.shapes.base import Base, Line, Ms, Shape, Written


class WordShape(Shape):
    id: str
    text: str
    start_ms: int
    end_ms: int
    confidence: float | None
    speaker: str | None
    interpolated: bool
    doubtful: bool = False


class SegmentShape(Shape):
    key: str
    speaker: str | None
    role: str | None
    start_ms: int
    end_ms: int
    text: str
    confidence: float | None
    flags: list[str]
    words: list[WordShape]
    version: str


class SpeakerShape(Shape):
    """``title`` is what is printed: the name, else the role, else the label."""

    label: str
    role: str | None
    name: str | None
    title: str


class TurnShape(Shape):
    """``first`` and ``last`` are keys of segments."""

    first: str
    last: str
    speaker: str | None


class TranscriptShape(Shape):
    key: str
    language: str
    engine: str
    model: str
    duration_ms: int
    style: str
    speech_ms: int | None
    unheard_ms: int | None
    speakers: list[SpeakerShape]
    segments: list[SegmentShape]
    turns: list[TurnShape]
    version: str


class SegmentsShape(Shape):
    """Some segments; ``version`` is the whole transcript's."""

    version: str
    segments: list[SegmentShape]


class DoubtShape(Shape):
    """A place to look at again: ``kind`` suspect (``why``: the segment's flags) or speaker (a close call)."""

    segment: str
    words: list[str]
    start_ms: int
    end_ms: int
    kind: str
    why: str


class VoiceShape(Shape):
    """A voice of a conversation as ``iprkit speakers --json`` tells it."""

    key: str
    label: str | None
    role: str | None
    name: str | None
    participant: str | None
    words: int
    segments: int
    speaking_ms: int
    doubtful: int
    first: str
    example: str


class PeaksShape(Shape):
    """The waveform: ``peaks`` are pairs of signed bytes, lowest and highest of each bin, in base64."""

    recording: str
    per_second: int
    count: int
    duration_ms: int
    peaks: str


class Correction(Shape):
    """What a segment says in truth."""

    text: Annotated[str, Field(max_length=5_000)]
    base: Base = None


class Corrected(Written):
    """The segment as it is now. Of its words some stayed, some were found in the sound, some share the free time."""

    segment: SegmentShape
    kept: int
    changed: int
    added: int
    removed: int
    placed: int
    guessed: int


class Gift(Shape):
    """Words that somebody else says: a segment ``T012``, some of its words ``T012:3-5``, or ``w0042-w0045``."""

    place: Line
    to: Line


class Voicing(Shape):
    """One change of who is who.

    ``name`` with ``who`` (role or pseudonym by label) and ``names`` (printed name by label); ``merge``, ``swap`` with
    ``one`` and ``other``, ``swap`` also only from ``start_ms`` to ``end_ms``; ``split`` with ``one`` and times, or with
    ``places``; ``give`` with ``gifts``; ``by_voice`` alone.
    """

    do: Literal["name", "merge", "swap", "split", "give", "by_voice"]
    who: dict[str, Line] = Field(default_factory=dict)
    names: dict[str, Line] = Field(default_factory=dict)
    one: Line | None = None
    other: Line | None = None
    start_ms: Ms | None = None
    end_ms: Ms | None = None
    places: list[Line] = Field(default_factory=list)
    gifts: list[Gift] = Field(default_factory=list)
    base: Base = None


class Voiced(Written):
    """What was done, in words, and the voices as they are now.

    ``version`` is the transcript's after it, null where somebody else changed that since.
    """

    what: str
    version: str | None
    voices: list[VoiceShape]
