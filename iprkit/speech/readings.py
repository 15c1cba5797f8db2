"""Two ears hear more than one: where a reading is unsure, the place is heard again, and the readings vote.

A small engine slips now and then, and where it slips depends on where its windows happen to fall. So a doubtful place
is heard a second time in another window, and by a second model where there is one. At each place where they differ
the reading wins that two of three share, else the surest. What was sure stays untouched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from iprkit.language.edits import bare
from iprkit.speech.engine import HeardWord
from iprkit.timeline import Span

DOUBT = 0.35  # a word below this is worth a second look; nine in ten right words of Whisper's are above 0.5
SURER = 0.15  # with two readings only, the second must be this much surer to win
ALONE = 0.5  # where nothing was heard at first, a single reading must be as sure as most right words are
PHANTOM = 0.15  # a word below this that a second look does not find was not said
_NEAR = 1  # differences with so few common words between them are one


@dataclass(frozen=True)
class Look:
    """A stretch heard again: by the same engine (``again``) and by another model (``other``, None where none is).

    ``timed_anew``: words were swallowed there the first time, so that the times of those around them are wrong, too.
    """

    span: Span
    again: Sequence[HeardWord]
    other: Sequence[HeardWord] | None = None
    timed_anew: bool = False


def doubtful(words: Sequence[HeardWord]) -> list[int]:
    """The indices of unsure words, the most doubtful first."""
    unsure = [n for n, word in enumerate(words) if _sure(word) < DOUBT]
    return sorted(unsure, key=lambda n: _sure(words[n]))


def settle(words: Sequence[HeardWord], looks: Sequence[Look]) -> list[HeardWord]:
    """The words with the winners of each look put in; looks do not overlap, in any order."""
    out: list[HeardWord] = []
    at = 0
    for look in sorted(looks, key=lambda look: look.span):
        inside = [n for n, word in enumerate(words) if _middle(word) in look.span and n >= at]
        start = inside[0] if inside else next((n for n, w in enumerate(words) if _middle(w) >= look.span.end_ms), at)
        end = inside[-1] + 1 if inside else start
        out += [*words[at:start], *_vote(words[start:end], look)]
        at = end
    return [*out, *words[at:]]


def _vote(mine: Sequence[HeardWord], look: Look) -> list[HeardWord]:
    out: list[HeardWord] = []
    at = again_at = 0
    for start, end, again_start, again_end in _differences(mine, look.again):
        other = None if look.other is None else _version(mine, look.other, start, end)
        out += _same(mine[at:start], look.again[again_at:again_start], look)
        out += _winner(mine[start:end], look.again[again_start:again_end], other)
        at, again_at = end, again_end
    out += _same(mine[at:], look.again[again_at:], look)
    return _one_by_one(out) if look.timed_anew else out


def _same(mine: Sequence[HeardWord], again: Sequence[HeardWord], look: Look) -> Sequence[HeardWord]:
    """What both readings say, as it was heard first, at the times that hold."""
    if not look.timed_anew:
        return mine
    return [replace(m, start_ms=a.start_ms, end_ms=a.end_ms) for m, a in zip(mine, again, strict=True)]


def _one_by_one(words: Sequence[HeardWord]) -> list[HeardWord]:
    """None lasts into the next: the end of a word that hid others is wrong where it was kept, too."""
    return [*(_before(word, after) for word, after in pairwise(words)), *words[-1:]]


def _before(word: HeardWord, after: HeardWord) -> HeardWord:
    if word.start_ms is None or word.end_ms is None or after.start_ms is None or word.end_ms <= after.start_ms:
        return word
    return replace(word, end_ms=max(word.start_ms, after.start_ms))


def _winner(
    mine: Sequence[HeardWord], again: Sequence[HeardWord], other: Sequence[HeardWord] | None
) -> Sequence[HeardWord]:
    if not again and all(_sure(word) < PHANTOM for word in mine):
        return again
    if other is None and not mine:
        return again if mean_confidence(again) >= ALONE else mine
    if other is None:
        unsure = min(map(_sure, mine)) < DOUBT
        return again if unsure and mean_confidence(again) > mean_confidence(mine) + SURER else mine
    if _text(other) in (_text(mine), _text(again)):
        return mine if _text(other) == _text(mine) else again
    best = max((mine, again, other), key=mean_confidence)
    return best if mine or mean_confidence(best) >= ALONE else mine


def _differences(mine: Sequence[HeardWord], again: Sequence[HeardWord]) -> list[tuple[int, int, int, int]]:
    """The places where the two differ in more than spelling, those next to each other joined."""
    out: list[tuple[int, int, int, int]] = []
    for tag, i, j, k, end in _matcher(mine, again).get_opcodes():
        if tag == "equal":
            continue
        if out and i - out[-1][1] <= _NEAR:
            out[-1] = (out[-1][0], j, out[-1][2], end)
        else:
            out.append((i, j, k, end))
    return out


def _version(mine: Sequence[HeardWord], other: Sequence[HeardWord], start: int, end: int) -> Sequence[HeardWord]:
    """The words of ``other`` that stand where ``mine[start:end]`` stands."""
    out: list[HeardWord] = []
    for tag, i, j, k, m in _matcher(mine, other).get_opcodes():
        if tag == "equal":
            low, high = max(i, start), min(j, end)
            out += other[k + low - i : k + high - i] if low < high else []
        elif (i < end and j > start) or (i == j and start <= i <= end):
            out += other[k:m]
    return out


def _matcher(first: Sequence[HeardWord], second: Sequence[HeardWord]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, _text(first), _text(second), autojunk=False)


def _text(words: Sequence[HeardWord]) -> list[str]:
    return [bare(word.text) for word in words]


def _sure(word: HeardWord) -> float:
    return 1.0 if word.confidence is None else word.confidence


def mean_confidence(words: Sequence[HeardWord]) -> float:
    """0 for no words; a word of unknown confidence is sure."""
    return sum(map(_sure, words)) / len(words) if words else 0.0


def _middle(word: HeardWord) -> int:
    return ((word.start_ms or 0) + (word.end_ms or word.start_ms or 0)) // 2
