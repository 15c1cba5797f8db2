"""When each word was said: by an aligner where the language has one, else by the engine's attention, made plausible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from iprkit.speech import sphinx
from iprkit.speech.activity import RATE
from iprkit.speech.engine import HeardWord
from iprkit.speech.excerpt import Excerpt
from iprkit.timeline import Span

Aligner = Callable[[NDArray[np.float32], Sequence[str]], list[Span | None] | None]
ALIGNERS: dict[str, Aligner] = {"en": sphinx.place}

# How much a model's attention is early (+) or late (-), measured against a forced alignment of real speech:
# LibriVox, 5 utterances, 71 words (benchmarks/timing.py).
ATTENTION_BIAS_MS = {"base": 50, "tiny.en": -110}

_APART_MS = 600  # a stretch between such pauses is aligned by itself, so that a misheard word spoils only its own
_LONGEST_MS = 25_000
_AROUND_MS = 400
_SHORTEST_MS = 20
_STRAY_MS = 1_500  # an aligner that moves a word further than this from where it was heard has lost its way


def time_words(words: Sequence[HeardWord], excerpt: Excerpt, language: str, model: str) -> list[HeardWord]:
    """The words with times inside the excerpt that never run backwards; guessed ones are marked ``interpolated``."""
    bias = ATTENTION_BIAS_MS.get(model, 0)
    heard = _interpolated([_shifted(word, bias) for word in words], excerpt.span)
    aligner = ALIGNERS.get(language)
    out: list[HeardWord] = []
    stretches = _stretches(heard)
    for n, stretch in enumerate(stretches):
        before = _end(out[-1]) if out else excerpt.span.start_ms
        after = _start(stretches[n + 1][0]) if n + 1 < len(stretches) else excerpt.span.end_ms
        window = _window(stretch, Span(min(before, after), max(before, after)), excerpt.span)
        placed = _placed(stretch, excerpt, window, aligner) if aligner else None
        out += placed or [_snapped(word, excerpt.speech) for word in stretch]
    return _in_order(out, excerpt.span)


def _placed(stretch: Sequence[HeardWord], excerpt: Excerpt, window: Span, aligner: Aligner) -> list[HeardWord] | None:
    begin = (window.start_ms - excerpt.span.start_ms) * RATE // 1000
    end = (window.end_ms - excerpt.span.start_ms) * RATE // 1000
    spans = aligner(excerpt.samples[begin:end], [word.text for word in stretch])
    if spans is None:
        return None
    out = []
    for word, span in zip(stretch, spans, strict=True):
        if span is None or abs(span.start_ms + window.start_ms - _start(word)) > _STRAY_MS:
            out.append(replace(word, start_ms=None, end_ms=None))
        else:
            out.append(
                replace(
                    word,
                    start_ms=span.start_ms + window.start_ms,
                    end_ms=span.end_ms + window.start_ms,
                    interpolated=False,
                )
            )
    if all(word.start_ms is None for word in out):
        return None
    return _interpolated(out, window)


def _stretches(words: Sequence[HeardWord]) -> list[list[HeardWord]]:
    out: list[list[HeardWord]] = []
    for word in words:
        if out and _start(word) - _end(out[-1][-1]) < _APART_MS and _end(word) - _start(out[-1][0]) < _LONGEST_MS:
            out[-1].append(word)
        else:
            out.append([word])
    return out


def _window(stretch: Sequence[HeardWord], free: Span, within: Span) -> Span:
    """The stretch and some sound around it, up to the neighbours."""
    start = max(within.start_ms, min(_start(stretch[0]), max(free.start_ms, _start(stretch[0]) - _AROUND_MS)))
    end = min(within.end_ms, max(_end(stretch[-1]), min(free.end_ms, _end(stretch[-1]) + _AROUND_MS)))
    return Span(start, max(start, end))


def _shifted(word: HeardWord, by_ms: int) -> HeardWord:
    if word.start_ms is None or word.end_ms is None:
        return word
    return replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms)


def _interpolated(words: Sequence[HeardWord], within: Span) -> list[HeardWord]:
    """Words without times share the gap between their neighbours, by their number of letters."""
    out = list(words)
    at = 0
    while at < len(out):
        if out[at].start_ms is not None and out[at].end_ms is not None:
            at += 1
            continue
        end = at
        while end < len(out) and (out[end].start_ms is None or out[end].end_ms is None):
            end += 1
        low = _end(out[at - 1]) if at else within.start_ms
        high = max(low, _start(out[end]) if end < len(out) else within.end_ms)
        out[at:end] = share(out[at:end], Span(low, high))
        at = end
    return out


def share(words: Sequence[HeardWord], span: Span) -> list[HeardWord]:
    """The words dealt out over the span by their number of letters, marked ``interpolated``."""
    letters = np.cumsum([0, *(max(1, len(word.text)) for word in words)])
    edges = (span.start_ms + letters * span.duration_ms // letters[-1]).tolist()
    timed = zip(words, edges, edges[1:], strict=False)
    return [replace(word, start_ms=a, end_ms=b, interpolated=True) for word, a, b in timed]


def _snapped(word: HeardWord, speech: Sequence[Span]) -> HeardWord:
    """Edges that lie in silence moved to where the voice begins or ends, as long as half of the word is left."""
    span = Span(_start(word), _end(word))
    voiced = [shared for s in speech if (shared := s & span)]
    kept = Span(voiced[0].start_ms, voiced[-1].end_ms) if voiced else span
    if kept.duration_ms * 2 < span.duration_ms:
        return word
    return replace(word, start_ms=kept.start_ms, end_ms=kept.end_ms)


def _in_order(words: Sequence[HeardWord], within: Span) -> list[HeardWord]:
    out: list[HeardWord] = []
    at = within.start_ms
    for word in words:
        start = min(max(_start(word), at), max(within.end_ms - _SHORTEST_MS, at))
        end = min(max(_end(word), start + _SHORTEST_MS), within.end_ms)
        out.append(replace(word, start_ms=start, end_ms=max(start, end)))
        at = start
    return out


def _start(word: HeardWord) -> int:
    if word.start_ms is None:
        raise ValueError(f"word {word.text!r} has no time yet")
    return word.start_ms


def _end(word: HeardWord) -> int:
    if word.end_ms is None:
        raise ValueError(f"word {word.text!r} has no time yet")
    return max(word.end_ms, _start(word))
