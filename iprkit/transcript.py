"""What was said, by whom and when: words, the segments they form, and the turns that segments form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from iprkit.timeline import Span
from iprkit.versions import version_of


@dataclass(frozen=True)
class Word:
    """One timed token, punctuation attached.

    ``id`` is unique within the conversation and survives edits (``w0042``). ``confidence`` is the engine's
    probability, 0 to 1, or None. ``speaker`` is a label (``A``), None where nobody decided.
    ``interpolated``: the times were guessed from the neighbours. ``doubtful``: the speaker is a close call.
    """

    id: str
    text: str
    start_ms: int
    end_ms: int
    confidence: float | None = None
    speaker: str | None = None
    interpolated: bool = False
    doubtful: bool = False

    def __post_init__(self) -> None:
        if not (type(self.start_ms) is type(self.end_ms) is int and self.start_ms <= self.end_ms):
            Span(self.start_ms, self.end_ms)  # says what is wrong

    @property
    def span(self) -> Span:
        return Span(self.start_ms, self.end_ms)


@dataclass(frozen=True)
class Speaker:
    """A voice of one conversation: its label, who it is in the field's terms, and the name to print."""

    label: str
    role: str | None = None
    name: str | None = None

    @property
    def title(self) -> str:
        """What transcripts print: the name, else the role, else ``Speaker A``."""
        return self.name or (self.role.capitalize() if self.role else f"Speaker {self.label}")

    @property
    def letter(self) -> str:
        """The letter that stands in segment keys: T, C, I, or the label."""
        return self.role[0].upper() if self.role else self.label


@dataclass(frozen=True)
class Segment:
    """A sentence-sized stretch by one speaker: the smallest thing to code.

    ``flags`` say why a person should look: ``no_voice`` (text where nobody speaks), ``repetition``,
    ``unsure`` (low probability), ``no_speech`` (the engine itself doubted that this is speech).
    """

    key: str
    speaker: str | None
    words: tuple[Word, ...]
    role: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def start_ms(self) -> int:
        return self.words[0].start_ms

    @property
    def end_ms(self) -> int:
        return max(word.end_ms for word in self.words)

    @property
    def span(self) -> Span:
        return Span(self.start_ms, self.end_ms)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float | None:
        """Mean of the words' confidence, None where no word has one."""
        known = [word.confidence for word in self.words if word.confidence is not None]
        return round(sum(known) / len(known), 3) if known else None

    @cached_property
    def version(self) -> str:
        """The fingerprint of ``segment_state``."""
        return version_of(segment_state(self))

    @cached_property
    def told(self) -> str:
        """The data contract's JSON with the version; made once, as a correction leaves most segments as they are."""
        return json.dumps(segment_json(self) | {"version": self.version}, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Turn:
    """Neighbouring segments of one speaker."""

    segments: tuple[Segment, ...]

    @property
    def speaker(self) -> str | None:
        return self.segments[0].speaker

    @property
    def span(self) -> Span:
        return Span(self.segments[0].start_ms, max(segment.end_ms for segment in self.segments))

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)


@dataclass(frozen=True)
class Transcript:
    """One version of a conversation's words.

    ``key`` is the conversation's (``D01-S03``). ``style`` is ``clean`` (an engine's smoothed text) until a person
    has checked it, then ``checked``. ``speech_ms`` is how long somebody spoke, ``unheard_ms`` the part of it
    without words; both None where voice activity was not measured. Times are on the conversation's clock.
    """

    key: str
    language: str
    engine: str
    model: str
    duration_ms: int
    segments: tuple[Segment, ...]
    speakers: tuple[Speaker, ...] = ()
    style: str = "clean"
    speech_ms: int | None = None
    unheard_ms: int | None = None
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> Iterator[Word]:
        return (word for segment in self.segments for word in segment.words)

    def speaker(self, label: str | None) -> Speaker | None:
        return next((speaker for speaker in self.speakers if speaker.label == label), None)

    def title(self, label: str | None) -> str:
        """The name to print for a label; ``Speaker ?`` where nobody decided."""
        known = self.speaker(label)
        return known.title if known else f"Speaker {label or '?'}"


def turns(segments: Iterable[Segment]) -> list[Turn]:
    """Segments in the order given, neighbours of one speaker joined."""
    return [Turn(tuple(run)) for _, run in groupby(segments, key=lambda segment: segment.speaker)]


def to_json(transcript: Transcript) -> dict[str, object]:
    """The data contract's shape: what ``transcript show --json``, the web API and our own files share."""
    return transcript_head(transcript) | {"segments": [segment_json(segment) for segment in transcript.segments]}


def transcript_head(transcript: Transcript) -> dict[str, object]:
    """All of a transcript but its segments, in the data contract's shape."""
    return {
        "key": transcript.key,
        "language": transcript.language,
        "engine": transcript.engine,
        "model": transcript.model,
        "duration_ms": transcript.duration_ms,
        "style": transcript.style,
        "speech_ms": transcript.speech_ms,
        "unheard_ms": transcript.unheard_ms,
        "speakers": [{"label": s.label, "role": s.role, "name": s.name} for s in transcript.speakers],
    }


def segment_json(segment: Segment) -> dict[str, object]:
    """One segment of the data contract."""
    return {
        "key": segment.key,
        "speaker": segment.speaker,
        "role": segment.role,
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "text": segment.text,
        "confidence": segment.confidence,
        "flags": list(segment.flags),
        "words": [word_json(word) for word in segment.words],
    }


def segment_state(segment: Segment) -> dict[str, object]:
    """What of a segment people see when they change it; which words were found in the sound does not count."""
    return {name: getattr(segment, name) for name in ("key", "speaker", "role", "start_ms", "end_ms", "text")}


def word_json(word: Word) -> dict[str, object]:
    """One word of the data contract; ``doubtful`` stands only where it is true."""
    data: dict[str, object] = {
        "id": word.id,
        "text": word.text,
        "start_ms": word.start_ms,
        "end_ms": word.end_ms,
        "confidence": word.confidence,
        "speaker": word.speaker,
        "interpolated": word.interpolated,
    }
    return data | {"doubtful": True} if word.doubtful else data
