"""All that listening finds in one excerpt, as one value that survives a power cut; and their sum, a transcript."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iprkit.language.sentences import sentences
from iprkit.speech import channels, speakers, voices
from iprkit.speech.answers import Readers, hidden_answers
from iprkit.speech.channels import Levels
from iprkit.speech.engine import Engine, HeardWord
from iprkit.speech.excerpt import Excerpt
from iprkit.speech.listen import listen
from iprkit.speech.speakers import LABELS
from iprkit.speech.timing import time_words
from iprkit.speech.voices import Voiceprinter, VoiceWindow
from iprkit.timeline import Span, covered_ms, merge
from iprkit.transcript import Segment, Word

REACH_MS = 300
"""Speech this near to a word belongs to it: breath, drawn-out ends."""


@dataclass(frozen=True)
class Ears:
    """What a run listens with. ``voiceprints`` tells two voices apart; None where channels do, or nobody asks."""

    engine: Engine
    model: str
    language: str
    second: Engine | None = None
    voiceprints: Voiceprinter | None = None
    by_channel: bool = False


@dataclass(frozen=True)
class Heard:
    """One excerpt's words, timed, and the evidence of who says them."""

    words: tuple[HeardWord, ...]
    windows: tuple[VoiceWindow, ...] = ()
    levels: Levels | None = None

    def shift(self, by_ms: int) -> Heard:
        """On another clock: a part's onto the conversation's."""
        words = tuple(replace(w, start_ms=_at(w.start_ms) + by_ms, end_ms=_at(w.end_ms) + by_ms) for w in self.words)
        windows = tuple(replace(window, span=window.span.shift(by_ms)) for window in self.windows)
        levels = self.levels and replace(self.levels, start_ms=self.levels.start_ms + by_ms)
        return Heard(words, windows, levels)


def hear(ears: Ears, excerpt: Excerpt, sound: NDArray[np.float32]) -> Heard:
    """Words, times and speaker evidence of one excerpt; ``sound`` is all its channels, shape (channels, n)."""
    found = listen(ears.engine, excerpt, ears.language, ears.second)
    words = found if ears.engine.timed else time_words(found, excerpt, ears.language, ears.model)
    windows = voices.voice_windows(words, excerpt, ears.voiceprints) if ears.voiceprints else []
    if not ears.by_channel:
        return Heard(tuple(words), tuple(windows))
    words = _with_answers(words, ears, excerpt, sound)
    return Heard(tuple(words), tuple(windows), channels.levels(sound, excerpt.span.start_ms))


def _with_answers(words: list[HeardWord], ears: Ears, excerpt: Excerpt, sound: NDArray[np.float32]) -> list[HeardWord]:
    """The words of the mix and those that only a speaker's own channel lets hear, in order of time."""
    readers = Readers(ears.engine, ears.second, ears.language)
    found = [
        word
        for alone, answer in hidden_answers(readers, excerpt, sound, words)
        for word in time_words(answer, alone, ears.language, ears.model)
    ]
    return sorted([*words, *found], key=lambda word: _at(word.start_ms))


def compose(parts: Sequence[Heard], language: str) -> list[Segment]:
    """The parts in order as sentence-sized segments by speakers ``A`` and ``B``, still without keys.

    By channel where there are levels (A is the first channel), by voice where there are voiceprints (A speaks first),
    else by what the engine says.
    """
    found = [word for part in parts for word in part.words]
    flags = {f"{n}": word.flags for n, word in enumerate(found)}
    words = [
        Word(f"{n}", w.text, _at(w.start_ms), _at(w.end_ms), w.confidence, w.speaker, w.interpolated)
        for n, w in enumerate(found)
    ]
    said = sentences(_with_speakers(words, parts), language)
    return [
        Segment("", run[0].speaker, tuple(run), flags=tuple(sorted({f for word in run for f in flags[word.id]})))
        for run in said
    ]


def profiles(parts: Sequence[Heard], segments: Sequence[Segment]) -> dict[str, tuple[list[float], int]]:
    """Each speaker's mean voiceprint and the number of windows behind it, by label."""
    windows = [window for part in parts for window in part.windows]
    words = sorted((word for segment in segments for word in segment.words), key=lambda word: word.start_ms)
    found = {label: speakers.profile(windows, words, label) for label in LABELS}
    return {label: value for label, value in found.items() if value is not None}


def unheard_ms(speech: Sequence[Span], segments: Sequence[Segment]) -> int:
    """How much of the speech has no word within `REACH_MS`."""
    near = [Span(max(0, w.start_ms - REACH_MS), w.end_ms + REACH_MS) for s in segments for w in s.words]
    words = merge(near)
    return sum(span.duration_ms - covered_ms([w for w in words if w & span], span) for span in speech)


def _with_speakers(words: list[Word], parts: Sequence[Heard]) -> list[Word]:
    measured = [part.levels for part in parts if part.levels is not None]
    windows = [window for part in parts for window in part.windows]
    if measured:
        return _by_channel(words, channels.evened(channels.join(measured)))
    heard = voices.tell_apart(windows)
    if heard is None:
        return words
    return speakers.by_first_voice(speakers.assign_speakers(words, speakers.by_voice(words, windows, heard)))


def _by_channel(words: list[Word], even: Levels) -> list[Word]:
    """Those whose speaker is known already keep it; the others are decided along their own run of turns."""
    open_ones = [word for word in words if word.speaker is None]
    decided = iter(speakers.assign_speakers(open_ones, speakers.by_channel(open_ones, even)))
    return [next(decided) if word.speaker is None else word for word in words]


def to_json(heard: Heard) -> dict[str, Any]:
    """For the database; `from_json` gives back an equal value (vectors and levels rounded to 16 bits at `hear`)."""
    return {
        "words": [
            [w.text, w.start_ms, w.end_ms, w.confidence, list(w.flags), w.speaker, w.interpolated] for w in heard.words
        ],
        "windows": [[w.span.start_ms, w.span.end_ms] for w in heard.windows],
        "vectors": _packed(np.array([w.vector for w in heard.windows], np.float32)),
        "levels": heard.levels and [heard.levels.start_ms, _packed(heard.levels.decibels)],
    }


def from_json(data: dict[str, Any]) -> Heard:
    words = tuple(
        HeardWord(t, a, b, c, tuple(flags), who, guessed) for t, a, b, c, flags, who, guessed in data["words"]
    )
    spans = [Span(start, end) for start, end in data["windows"]]
    vectors = _unpacked(data["vectors"]).reshape(len(spans), -1 if spans else 0)
    windows = tuple(VoiceWindow(span, vector) for span, vector in zip(spans, vectors, strict=True))
    levels = data["levels"] and Levels(data["levels"][0], _unpacked(data["levels"][1]).reshape(2, -1))
    return Heard(words, windows, levels)


def _packed(values: NDArray[np.float32]) -> str:
    return b64encode(values.astype("<f2").tobytes()).decode("ascii")


def _unpacked(text: str) -> NDArray[np.float32]:
    return np.frombuffer(b64decode(text), "<f2").astype(np.float32)


def _at(ms: int | None) -> int:
    if ms is None:
        raise ValueError("a word has no time; time_words comes before")
    return ms
