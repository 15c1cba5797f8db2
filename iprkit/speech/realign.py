"""Putting a corrected text back onto its sound: words that a person left alone keep their time, the others find theirs.

Between the words that stayed lies the sound that is free for the new ones::

    old    And   then   she    went      home
    new    And   then        we   went   home
           kept  kept  |-- free --| kept  kept

English words are placed there by forced alignment; a free stretch of minutes is first heard for what is expected (see
`expected`). Where no aligner knows the language, or the words do not fit the sound, they share the speech in the
stretch by their letters and are marked ``interpolated``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from iprkit.speech.excerpt import plan
from iprkit.speech.expected import Expected, Part, agreed
from iprkit.speech.shares import Edge, share, voiced
from iprkit.speech.timing import ALIGNERS, Aligner
from iprkit.timeline import Span, covered_ms, merge
from iprkit.transcript import Word

Samples = NDArray[np.float32]
Spans = list[Span | None]
Run = tuple[int, int]
Sound = Callable[[Sequence[Span]], Iterable[Samples]]
"""Mono 16 kHz samples of spans, given and taken in order of their start."""
Report = Callable[[int, int], None]
"""Told how many excerpts of how many are heard."""

LISTENERS = {"en": Expected}

LONG_MS = 30_000  # above this a stretch is heard for what is expected before anything is placed
_ROUNDS = 3
NEAR = 200
"""Words; what is said further away does not bound the stretch that a word can lie in."""

_LEAST_MS = 20  # of sound for a word; where that is not free, it is shared with the word before
_FASTEST_MS = 15  # a letter, in a word or two: the shortest that "the" and "to" are in fluent speech
_FAST_MS = 35  # a letter, in a sentence: 28 letters a second, above any talker's rate
_SENTENCE = 4  # words
_SEAM_MS = 12_000  # from one seam in what was heard to the next
_FLUENT_MS = 30
_INSIDE = 3  # words
_NEAR_MS = 150  # two ways of finding a word that are no further apart agree
_AGREED = 0.9
_NEAR_WORD_MS = 100  # speech so near to a word is the word's
_UNSAID = 0.1  # of the speech without words: more than that is a text that leaves words out (benchmarks/align.py)
_LOOSE = 2  # words
_AROUND_MS = 300  # of silence that an aligner wants beside the words
_PLACEABLE_MS = 100


@dataclass(frozen=True)
class NewWord:
    """A word of the new text: the one it was before (None for an added one), and whether that is left as it was.

    ``start_ms`` and ``end_ms`` are where a text says that the word begins and ends, ``measured`` where a program found
    these times. ``spoken``: it is to be heard, and no remark in brackets. ``doubtful``: who said it is a close call.
    """

    text: str
    speaker: str | None = None
    heir: Word | None = None
    kept: bool = False
    start_ms: int | None = None
    end_ms: int | None = None
    measured: bool = False
    spoken: bool = True
    doubtful: bool = False


@dataclass(frozen=True)
class Ground:
    """What words can be put on: the time they must stay in, where somebody speaks in it, its sound, and what finds them
    there by language."""

    within: Span
    speech: tuple[Span, ...]
    sound: Sound
    language: str
    aligners: Mapping[str, Aligner] = field(default_factory=ALIGNERS.copy)


@dataclass(frozen=True)
class Lost:
    """Words that could not be placed, and where they stand now: there is no speech for them, or they do not fit it."""

    start_ms: int
    end_ms: int
    words: int
    text: str


@dataclass(frozen=True)
class Realigned:
    """The words, timed: of the new ones ``placed`` found their sound, ``guessed`` share what was free.

    ``lost`` are those among the guessed that do not fit where they must be.
    """

    words: tuple[Word, ...]
    placed: int
    guessed: int
    lost: tuple[Lost, ...]


def unheard(done: int, total: int) -> None:
    """The report of callers that do not ask."""


def realign(words: Sequence[NewWord], ground: Ground, report: Report = unheard) -> Realigned:
    """Give every word its time. Kept words are what they were, save what the text says of spelling and speaker.

    The words come back in the text's order. New ones lie between their neighbours: the words of one speaker never run
    backwards where those that stayed do not.
    """
    spans: Spans = [word.heir.span if word.kept and word.heir else None for word in words]
    heard = _hear(words, spans, ground, report)
    placed = _place(words, heard if heard == spans else _refined(words, heard, ground), ground)
    again = _place(words, _loosened(words, placed), ground)
    placed = [new or old for new, old in zip(again, placed, strict=True)]
    guessed, lost = _guess(words, placed, ground)
    final = _in_order(words, guessed)
    out = [
        _word(word, span, interpolated=found is None and not _told(word, span))
        for word, span, found in zip(words, final, placed, strict=True)
    ]
    fresh = [word.interpolated for word, new in zip(out, words, strict=True) if not new.kept]
    return Realigned(tuple(out), fresh.count(False), fresh.count(True), tuple(lost))


def _hear(words: Sequence[NewWord], spans: Spans, ground: Ground, report: Report) -> Spans:
    """Long free stretches heard for what is expected, and again for what is left of them."""
    out, tried = list(spans), set[Run]()
    for _ in range(_ROUNDS if ground.language in LISTENERS else 0):
        for run in _runs(out):
            window = _window(words, out, run, ground.within)
            if window.duration_ms > LONG_MS and run not in tried:
                tried.add(run)
                out[slice(*run)] = _heard(words[slice(*run)], window, ground, report)
    return out


def _heard(words: Sequence[NewWord], window: Span, ground: Ground, report: Report) -> Spans:
    listener = LISTENERS[ground.language](_sayings(words))
    excerpts = [span for span in _excerpts(window, ground.speech) if voiced(ground.speech, span)]
    parts: list[Part] = []
    for n, (span, samples) in enumerate(zip(excerpts, ground.sound(excerpts), strict=True), start=1):
        parts += [part.shift(span.start_ms) for part in listener.hear(samples)]
        report(n, len(excerpts))
    return [span and _inside(span, window) for span in agreed(listener.parts, parts)]


def _excerpts(window: Span, speech: Sequence[Span]) -> list[Span]:
    inside = [span.shift(-window.start_ms) for span in voiced(speech, window)]
    return [span.shift(window.start_ms) for span in plan(inside, window.duration_ms)]


def _refined(words: Sequence[NewWord], heard: Spans, ground: Ground) -> Spans:
    """What was heard, aligned again from seam to seam: a listener cares little on which side of a pause a word is.

    Only an aligner that has the whole text knows that, so where much speech has no words, what was heard stands.
    """
    seams = [span if word.kept else None for word, span in zip(words, heard, strict=True)]
    for n in _seams(words, heard):
        seams[n : n + 2] = heard[n : n + 2]
    out, aligned = list(heard), _place(words, seams, ground)
    for run in _runs(seams):
        window = _window(words, seams, run, ground.within)
        if _agree(aligned[slice(*run)], heard[slice(*run)]) and _said_whole(heard[slice(*run)], window, ground):
            out[slice(*run)] = aligned[slice(*run)]
    return out


def _seams(words: Sequence[NewWord], heard: Spans) -> Iterator[int]:
    """Words after which what was heard can be cut: now and then, in the middle of fluent speech."""
    last_ms: int | None = None
    for n in range(_INSIDE, len(heard) - _INSIDE):
        one, other = heard[n], heard[n + 1]
        if one is None or other is None or not all(heard[n - _INSIDE : n + _INSIDE + 1]):
            continue
        due = last_ms is None or one.end_ms - last_ms >= _SEAM_MS
        if due and other.start_ms - one.end_ms <= _FLUENT_MS and not (words[n].kept or words[n + 1].kept):
            last_ms = one.end_ms
            yield n


def _agree(aligned: Spans, heard: Spans) -> bool:
    both = [(one, other) for one, other in zip(aligned, heard, strict=True) if one and other]
    near = sum(abs(one.start_ms - other.start_ms) <= _NEAR_MS for one, other in both)
    return bool(both) and near >= _AGREED * len(both)


def _said_whole(heard: Spans, window: Span, ground: Ground) -> bool:
    """Whether hardly any speech is without a word that was heard."""
    near = merge(span.widen(_NEAR_WORD_MS, ground.within) for span in heard if span)
    speech = voiced(ground.speech, window)
    covered = sum(covered_ms(near, span) for span in speech)
    return covered >= (1 - _UNSAID) * sum(span.duration_ms for span in speech)


def _place(words: Sequence[NewWord], spans: Spans, ground: Ground) -> Spans:
    """The free stretches aligned with the words that belong there, as far as they fit."""
    aligner, out = ground.aligners.get(ground.language), list(spans)
    if aligner is None:
        return out
    free = [(_window(words, spans, run, ground.within), run) for run in _runs(spans)]
    wanted = sorted(
        (_near_speech(window, ground.speech), run)
        for window, run in free
        if window.duration_ms <= 2 * LONG_MS and not _too_fast(words[slice(*run)], window, ground.speech)
    )
    for (window, run), samples in zip(wanted, ground.sound([window for window, _ in wanted]), strict=True):
        found = aligner(samples, _sayings(words[slice(*run)]))
        if found is not None:
            out[slice(*run)] = [span and _inside(span.shift(window.start_ms), window) for span in found]
    return out


def _loosened(words: Sequence[NewWord], spans: Spans) -> Spans:
    """Words that found no sound because a new neighbour had taken it: that neighbour is let go too."""
    out = list(spans)
    for first, end in _runs(spans):
        if any(word.spoken for word in words[first:end]):
            for n in (*range(max(0, first - _LOOSE), first), *range(end, min(len(words), end + _LOOSE))):
                out[n] = spans[n] if words[n].kept else None
    return out


def _guess(words: Sequence[NewWord], spans: Spans, ground: Ground) -> tuple[list[Span], list[Lost]]:
    """Spans for all words: those that found none share what is free between their neighbours."""
    out, lost = list(spans), []
    for run in _runs(spans):
        own, window = words[slice(*run)], _window(words, spans, run, ground.within)
        shared = share([_letters(word) for word in own], window, ground.speech, _edges(own))
        out[slice(*run)] = shared
        if _is_lost(own, window, ground):
            text = " ".join(word.text for word in own)
            lost.append(Lost(shared[0].start_ms, shared[-1].end_ms, len(own), text))
    return [span for span in out if span is not None], lost


def _in_order(words: Sequence[NewWord], spans: Sequence[Span]) -> list[Span]:
    """The spans with every new word's start between those of its speaker's words before and after."""
    out = list(spans)
    latest: dict[str | None, int] = {}
    for n in reversed(range(len(out))):
        out[n] = out[n] if words[n].kept else _starting(out[n], 0, latest.get(words[n].speaker, out[n].start_ms))
        latest[words[n].speaker] = out[n].start_ms
    earliest: dict[str | None, int] = {}
    for n, word in enumerate(words):
        out[n] = out[n] if word.kept else _starting(out[n], earliest.get(word.speaker, 0), out[n].end_ms)
        earliest[word.speaker] = out[n].start_ms
    return out


def _starting(span: Span, low: int, high: int) -> Span:
    start = max(low, min(span.start_ms, high))
    return Span(start, max(start, span.end_ms))


def _runs(spans: Sequence[Span | None]) -> list[Run]:
    """The stretches of words without a time."""
    out, at = [], 0
    for timed, group in groupby(spans, key=lambda span: span is not None):
        length = sum(1 for _ in group)
        if not timed:
            out.append((at, at + length))
        at += length
    return out


def _window(words: Sequence[NewWord], spans: Spans, run: Run, within: Span) -> Span:
    """The time that is free for a run of words.

    It lies between the words that its first and last speaker say before and after. The other one's words bound it
    too, unless they leave no room: then the run was said while they were said.
    """
    first, end = run
    own_before = _neighbour(words, spans, first, -1)
    own_after = _neighbour(words, spans, end - 1, 1)
    before = (spans[first - 1] if first else None) or Span(within.start_ms, within.start_ms)
    after = (spans[end] if end < len(spans) else None) or Span(within.end_ms, within.end_ms)
    low = max(within.start_ms, own_before.end_ms if own_before else before.start_ms)
    high = min(within.end_ms, own_after.start_ms if own_after else after.end_ms)
    need = _FASTEST_MS * sum(_letters(word) for word in words[first:end])
    for start, stop in ((max(low, before.end_ms), min(high, after.start_ms)), (max(low, before.start_ms), high)):
        if stop - start >= need:
            return Span(start, stop)
    floor = max(before.start_ms, own_before.start_ms if own_before else within.start_ms)
    return _squeezed(max(low, floor), high, floor, _LEAST_MS * (end - first))


def _squeezed(low: int, high: int, floor: int, need: int) -> Span:
    """The little that is free, and as much of the word before as the words need."""
    stop = max(low, high)
    return Span(min(low, max(floor, stop - need)), stop)


def _neighbour(words: Sequence[NewWord], spans: Spans, at: int, step: int) -> Span | None:
    """The nearest timed word of the same speaker, forwards or backwards."""
    for n in range(1, NEAR):
        other = at + step * n
        if not 0 <= other < len(words):
            return None
        if spans[other] is not None and words[other].speaker == words[at].speaker:
            return spans[other]
    return None


def _near_speech(window: Span, speech: Sequence[Span]) -> Span:
    found = voiced(speech, window)
    return Span(found[0].start_ms, found[-1].end_ms).widen(_AROUND_MS, window) if found else window


def _too_fast(words: Sequence[NewWord], window: Span, speech: Sequence[Span]) -> bool:
    """Whether nobody could say the words in the speech that there is."""
    letters = sum(_letters(word) for word in words if word.spoken)
    least = letters * (_FAST_MS if len(words) >= _SENTENCE else _FASTEST_MS)
    return sum(span.duration_ms for span in voiced(speech, window)) < least


def _is_lost(words: Sequence[NewWord], window: Span, ground: Ground) -> bool:
    if not any(word.spoken for word in words):
        return False
    unfitting = ground.language in ground.aligners and window.duration_ms >= _PLACEABLE_MS
    return unfitting or _too_fast(words, window, ground.speech)


def _edges(words: Sequence[NewWord]) -> list[Edge]:
    """What the text says of times."""
    starts = [Edge(n, word.start_ms) for n, word in enumerate(words) if word.start_ms is not None]
    ends = [Edge(n, word.end_ms) for n, word in enumerate(words, start=1) if word.end_ms is not None]
    return starts + ends


def _told(word: NewWord, span: Span) -> bool:
    return word.measured and (span.start_ms, span.end_ms) == (word.start_ms, word.end_ms)


def _word(new: NewWord, span: Span, interpolated: bool) -> Word:
    if new.kept and new.heir:
        return replace(new.heir, text=new.text, speaker=new.speaker, doubtful=new.doubtful)
    same = new.heir is not None and new.heir.text == new.text
    confidence = new.heir.confidence if new.heir and same else None
    number = new.heir.id if new.heir else ""
    return Word(number, new.text, span.start_ms, span.end_ms, confidence, new.speaker, interpolated, new.doubtful)


def _sayings(words: Sequence[NewWord]) -> list[str]:
    """What is to be heard of the words: nothing of a remark."""
    return [word.text if word.spoken else "" for word in words]


def _letters(word: NewWord) -> int:
    return sum(character.isalnum() for character in word.text) or 1


def _inside(span: Span, window: Span) -> Span:
    start = min(max(span.start_ms, window.start_ms), window.end_ms)
    return Span(start, min(max(span.end_ms, start), window.end_ms))
