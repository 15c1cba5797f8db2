"""Transcripts as ``iprkit transcript show --json`` tells them, with what a page needs beside."""

from __future__ import annotations

from iprkit.web.shapes.base import Shape


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
    peaks: str
