"""Answers given under the other's voice: on the mix they drown, on the speaker's own microphone they can be heard.

::

    client     --|=== she had the baby, and it stopped. ===|--------
    therapist  ------------------------|= I see. =|--------|= Did you …
    mix            … she had the baby, and it stopped.        Did you …
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from iprkit.language.edits import bare
from iprkit.speech import channels
from iprkit.speech.activity import RATE
from iprkit.speech.engine import Engine, HeardWord
from iprkit.speech.excerpt import Excerpt
from iprkit.speech.readings import mean_confidence
from iprkit.speech.speakers import LABELS
from iprkit.timeline import Span, covered_ms

AROUND_MS = 500  # of the channel's own sound on both sides: less and the engine misses the onset
LEAST_MS = 200  # the shortest "mm"
MOST_MS = 4_000  # who speaks longer under the other's voice is heard on the mix
UNDER = 0.3  # the share of it that the other must speak too, else the mix is clear enough
SURE = 0.6  # what only one reader hears so counts from this confidence on; most right words of Whisper's are above
_TOUCH_MS = 60  # engines start the first word at the beginning of the sound: a word counts that reaches into the span
_NEAR_MS = 600  # the same word this near on the mix is the one that is heard here


@dataclass(frozen=True)
class Readers:
    """Who listens: the engine and, where there is one, a second whose mistakes differ; and the language."""

    engine: Engine
    second: Engine | None
    language: str


def hidden_answers(
    readers: Readers, excerpt: Excerpt, sound: NDArray[np.float32], words: Sequence[HeardWord]
) -> list[tuple[Excerpt, list[HeardWord]]]:
    """What the mix does not tell: words with their speaker, each answer with the sound it was heard in.

    ``sound``: two channels at 16 kHz, shape (2, n), ``words``: those heard on the mix. Where there are two readers,
    a word counts that both read, or the surer of two at the same place.
    """
    out = []
    for channel, span in _under_the_other(excerpt, sound):
        alone = _alone(excerpt, sound[channel], span)
        read = [_clipped(word, span) for word in _agreed(readers, alone) if _inside(word, span)]
        fresh = [replace(word, speaker=LABELS[channel]) for word in read if not _known(word, words)]
        if fresh:
            out.append((alone, fresh))
    return out


def _under_the_other(excerpt: Excerpt, sound: NDArray[np.float32]) -> list[tuple[int, Span]]:
    start = excerpt.span.start_ms
    speech = [span.shift(-start) for span in excerpt.speech]
    own = channels.own_speech(channels.evened(channels.levels(sound, 0)), speech)
    return [
        (channel, span.shift(start))
        for channel in (0, 1)
        for span in own[channel]
        if LEAST_MS <= span.duration_ms <= MOST_MS and covered_ms(own[1 - channel], span) >= UNDER * span.duration_ms
    ]


def _alone(excerpt: Excerpt, channel: NDArray[np.float32], span: Span) -> Excerpt:
    """The answer and a little before and after it, on its speaker's own channel."""
    wide = span.widen(AROUND_MS, excerpt.span)
    start = excerpt.span.start_ms
    samples = channel[(wide.start_ms - start) * RATE // 1000 : (wide.end_ms - start) * RATE // 1000]
    return Excerpt(samples, wide, (span,))


def _agreed(readers: Readers, alone: Excerpt) -> list[HeardWord]:
    mine = _read(readers.engine, alone, readers.language)
    if readers.second is None:
        return [word for word in mine if (word.confidence or 0) >= SURE]
    other = _read(readers.second, alone, readers.language)
    out: list[HeardWord] = []
    for tag, i, j, k, m in SequenceMatcher(None, _texts(mine), _texts(other), autojunk=False).get_opcodes():
        if tag == "equal":
            out += mine[i:j]
        elif tag == "replace":
            out += _surer(mine[i:j], other[k:m])
    return out


def _surer(one: list[HeardWord], other: list[HeardWord]) -> list[HeardWord]:
    best = max((one, other), key=mean_confidence)
    return best if mean_confidence(best) >= SURE else []


def _texts(words: Sequence[HeardWord]) -> list[str]:
    return [bare(word.text) for word in words]


def _read(engine: Engine, alone: Excerpt, language: str) -> list[HeardWord]:
    return [word for piece in engine.hear(alone, language) for word in piece.words]


def _inside(word: HeardWord, span: Span) -> bool:
    if word.start_ms is None or word.end_ms is None:
        return False
    return word.end_ms > span.start_ms + _TOUCH_MS and word.start_ms < span.end_ms - _TOUCH_MS


def _clipped(word: HeardWord, span: Span) -> HeardWord:
    return replace(word, start_ms=max(word.start_ms or 0, span.start_ms))


def _known(word: HeardWord, words: Sequence[HeardWord]) -> bool:
    return any(bare(word.text) == bare(other.text) and _apart_ms(word, other) < _NEAR_MS for other in words)


def _apart_ms(one: HeardWord, other: HeardWord) -> int:
    return abs((one.start_ms or 0) - (other.start_ms or 0))
