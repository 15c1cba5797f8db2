"""Hearing one excerpt well: the engine's reading, a second look at what it is unsure of, and what to distrust."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from iprkit.language.spelling import spelled
from iprkit.speech import readings
from iprkit.speech.activity import RATE
from iprkit.speech.engine import Engine, HeardWord, Piece
from iprkit.speech.excerpt import Excerpt
from iprkit.speech.readings import Look
from iprkit.timeline import Span, covered_ms, gaps, merge

CONTEXT_MS = 5_000  # what an engine wants to hear around a doubtful place
SHARE = 0.15  # of an excerpt's length is heard again at most for doubtful words, the most doubtful first
MISSED_SHARE = 0.3  # and for swallowed ones, the longest places first
_LEAST_MS = 30_000  # yet so much, so that a short excerpt gets a second look, too
SWALLOWED_MS = 2_000  # nobody speaks so long on one word; where the engine says so, it left others out
MISSED_MS = 700  # of speech without a word near it; what is shorter is breath, or a laugh
_NEAR_MS = 250  # speech so near to a word belongs to it
_NOISE = 0.3  # of the speech; where more has no word, it is noise that is taken for speech
_CUT_PAUSE_MS = 300
REPETITIVE = 2.4  # Whisper's own limit for the compression ratio
UNSURE = -1.0  # and for the mean log probability
NO_SPEECH = 0.6  # and for the probability that nobody speaks
_VOICE_SHARE = 0.2
_STRAYS = 2  # words of a piece that may have strayed over a silence; more of them were said there


def listen(engine: Engine, excerpt: Excerpt, language: str, second: Engine | None = None) -> list[HeardWord]:
    """The words of an excerpt in order, flagged where a person should look.

    Places where words were swallowed or are doubtful are heard again, by the ``second`` engine too where there is one
    (see `readings`). What an engine puts where the sound was silenced is left out, and accents that it left out are set
    where spelling asks for them.
    Times are the engine's own, on the recording's clock; a word may lack them.
    """
    first = _flagged(engine.hear(excerpt, language), excerpt, language)
    looks, swallowed = [], _swallowing(first, excerpt)
    for span in _looks(first, excerpt, swallowed):
        part = _part(excerpt, span)
        again = _flagged(engine.hear(part, language), part, language)
        other = _flagged(second.hear(part, language), part, language) if second else None
        looks.append(Look(span, again, other, timed_anew=any(one & span for one in swallowed)))
    return readings.settle(first, looks)


def _flagged(pieces: Sequence[Piece], excerpt: Excerpt, language: str) -> list[HeardWord]:
    return [
        replace(word, text=spelled(word.text, language), flags=flags, speaker=piece.speaker)
        for piece in pieces
        for flags in [suspicions(piece, excerpt.speech)]
        for word in _audible(piece.words, excerpt.unheard)
    ]


def _audible(words: Sequence[HeardWord], unheard: Sequence[Span]) -> list[HeardWord]:
    """The words of a piece, those whose times reach into or over silenced sound moved to the others.

    An engine is often early with the first word after a silence and late with the last one before it. A piece of which
    most lies in silenced sound is invented.
    """
    kept = list(words)
    for span in unheard:
        sides = [_side(word, span) for word in kept]
        few, many = sorted((-1, 1), key=sides.count)
        if 2 * sides.count(0) > len(kept):
            return []
        strayed = {0, few} if sides.count(few) <= _STRAYS and 2 * sides.count(few) < sides.count(many) else {0}
        edge = span.end_ms if many > 0 else span.start_ms
        kept = [
            replace(word, start_ms=edge, end_ms=edge) if side in strayed else word
            for word, side in zip(kept, sides, strict=True)
        ]
    return kept


def _side(word: HeardWord, silence: Span) -> int | None:
    """-1 for a word before the silence, 0 in it, 1 after it; None for one without times."""
    if word.start_ms is None or word.end_ms is None:
        return None
    middle_ms = (word.start_ms + word.end_ms) // 2
    return 0 if middle_ms in silence else 1 if middle_ms >= silence.end_ms else -1


def suspicions(piece: Piece, speech: Sequence[Span]) -> tuple[str, ...]:
    """Why this text may be invented: said where nobody speaks, repeated, unlikely, or doubted by the engine itself."""
    timed = [Span(w.start_ms, w.end_ms) for w in piece.words if w.start_ms is not None and w.end_ms is not None]
    length = sum(span.duration_ms for span in timed)
    voiced = sum(covered_ms(speech, span) for span in timed)
    found = {
        "no_voice": bool(length) and voiced < _VOICE_SHARE * length,
        "repetition": piece.compression is not None and piece.compression > REPETITIVE,
        "unsure": piece.logprob is not None and piece.logprob < UNSURE,
        "no_speech": piece.no_speech is not None and piece.no_speech > NO_SPEECH,
    }
    return tuple(name for name, so in found.items() if so)


def _looks(words: Sequence[HeardWord], excerpt: Excerpt, swallowed: Sequence[Span]) -> list[Span]:
    """Spans to hear again, each with its context, neighbours together: where words were swallowed, then the doubtful
    words, the most doubtful first, each as far as its share of the excerpt goes.
    """
    length_ms = excerpt.span.duration_ms
    missing = sorted(swallowed, key=lambda span: -span.duration_ms)
    chosen = _chosen([], missing, max(MISSED_SHARE * length_ms, _LEAST_MS), words, excerpt)
    heard_ms = sum(span.duration_ms for span in chosen)
    unsure = [(words[n].start_ms, words[n].end_ms) for n in readings.doubtful(words)]
    places = [Span(start, max(start, end)) for start, end in unsure if start is not None and end is not None]
    return _chosen(chosen, places, heard_ms + SHARE * length_ms, words, excerpt)


def _chosen(
    chosen: list[Span], places: Sequence[Span], most_ms: float, words: Sequence[HeardWord], excerpt: Excerpt
) -> list[Span]:
    """These and, with their context, so many of the places as there is time for; never all, which was heard just so."""
    for place in places:
        if any(place.start_ms in span for span in chosen):
            continue
        grouped = merge([*chosen, _around(place, words, excerpt)])
        if sum(span.duration_ms for span in grouped) > most_ms or grouped == [excerpt.span]:
            break
        chosen = grouped
    return chosen


def _swallowing(words: Sequence[HeardWord], excerpt: Excerpt) -> list[Span]:
    """Where somebody speaks and there is no word, or one that would last longer than words do.

    Nothing where the engine leaves words without times, or says little of what seems to be speech: that is noise.
    """
    timed = [Span(w.start_ms, w.end_ms) for w in words if w.start_ms is not None and w.end_ms is not None]
    if len(timed) < len(words):
        return []
    speech = excerpt.speech
    long = [span for span in timed if span.duration_ms > SWALLOWED_MS and covered_ms(speech, span) > SWALLOWED_MS]
    near = merge([span.widen(_NEAR_MS, Span(0, span.end_ms + _NEAR_MS)) for span in timed])
    missed = [gap for said in speech for gap in gaps(near, said) if gap.duration_ms > MISSED_MS]
    noisy = sum(gap.duration_ms for gap in missed) > _NOISE * sum(said.duration_ms for said in speech)
    return long if noisy else long + missed


def _around(doubt: Span, words: Sequence[HeardWord], excerpt: Excerpt) -> Span:
    """The doubtful word with its context, cut in pauses where there are some, and never through a word."""
    pauses = [gap.middle_ms for gap in gaps(excerpt.speech, excerpt.span) if gap.duration_ms >= _CUT_PAUSE_MS]
    low, high = doubt.start_ms - CONTEXT_MS, doubt.end_ms + CONTEXT_MS
    start = max((ms for ms in pauses if low - CONTEXT_MS <= ms <= low), default=low)
    end = min((ms for ms in pauses if high <= ms <= high + CONTEXT_MS), default=high)
    across = [
        (a, b) for w in words if (a := w.start_ms) is not None and (b := w.end_ms) is not None and b - a < CONTEXT_MS
    ]
    start = min((a for a, b in across if a < start < b), default=start)
    end = max((b for a, b in across if a < end < b), default=end)
    return Span(max(start, excerpt.span.start_ms), min(end, excerpt.span.end_ms))


def _part(excerpt: Excerpt, span: Span) -> Excerpt:
    begin = (span.start_ms - excerpt.span.start_ms) * RATE // 1000
    end = (span.end_ms - excerpt.span.start_ms) * RATE // 1000
    speech = tuple(shared for s in excerpt.speech if (shared := s & span))
    return Excerpt(excerpt.samples[begin:end], span, speech, excerpt.unheard)
