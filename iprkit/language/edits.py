"""What a person changed in a transcript: each word of the new text matched with the one it stood for before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´′"), "'")
_CLOSING = "\"'”’»“)]"
_ENDS = (".", "?", "!", "…", "。", "？", "！", "؟")
_COMPARED = 4_000  # pairs of words; in a larger difference single words say nothing, and are matched by their order


@dataclass(frozen=True)
class Edit:
    """``heirs[n]`` is the old word that new word ``n`` stands for, None for an added one; they rise.

    ``same[n]``: it is that word, whatever became of its capitals and punctuation; else it was corrected.
    ``removed`` are the old words that nothing stands for any longer.
    """

    heirs: tuple[int | None, ...]
    same: tuple[bool, ...]
    removed: tuple[int, ...]

    @property
    def kept(self) -> int:
        return sum(self.same)

    @property
    def changed(self) -> int:
        return sum(heir is not None and not same for heir, same in zip(self.heirs, self.same, strict=True))

    @property
    def added(self) -> int:
        return sum(heir is None for heir in self.heirs)


def compare(old: Sequence[str], new: Sequence[str]) -> Edit:
    """Match two versions of a text, word by word, words given bare.

    Words stay that stand in both in the same order (Ratcliff and Obershelp's longest blocks first). Where others stand
    between them, corrected ones are paired so that their spelling is as near as can be.
    """
    heirs: list[int | None] = [None] * len(new)
    same = [False] * len(new)
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            heirs[k:m] = range(i, j)
            same[k:m] = [True] * (m - k)
        elif tag == "replace":
            for one, other in _paired(old[i:j], new[k:m]):
                heirs[k + other] = i + one
    kept = set(heirs)
    return Edit(tuple(heirs), tuple(same), tuple(n for n in range(len(old)) if n not in kept))


def bare(text: str) -> str:
    """A word without case and punctuation, as two writers of the same sound would agree on it.

    >>> bare("Don’t,")
    "don't"
    """
    kept = "".join(c for c in text.casefold().translate(_APOSTROPHES) if c.isalnum() or c == "'")
    return kept.strip("'") or text


def ends_sentence(text: str) -> bool:
    """Whether a sentence may end with this word.

    >>> ends_sentence("home.”"), ends_sentence("home,")
    (True, False)
    """
    return text.rstrip(_CLOSING).endswith(_ENDS)


def longest_rising(values: Sequence[int], strictly: bool = True) -> list[int]:
    """The places of a longest series of values that rise (patience sorting).

    >>> longest_rising([3, 9, 4, 7]), longest_rising([3, 9, 4, 4, 7], strictly=False)
    ([0, 2, 3], [0, 2, 3, 4])
    """
    find = bisect_left if strictly else bisect_right
    tops: list[int] = []
    piles: list[int] = []
    below: list[int] = []
    for place, value in enumerate(values):
        at = find(tops, value)
        below.append(piles[at - 1] if at else -1)
        tops[at : at + 1], piles[at : at + 1] = [value], [place]
    series, place = [], piles[-1] if piles else -1
    while place >= 0:
        series.append(place)
        place = below[place]
    return series[::-1]


def _paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """As many pairs as the shorter side has words, both sides rising."""
    few, many = sorted((len(old), len(new)))
    if few == many or few * many > _COMPARED:
        at = [n * many // few for n in range(few)]
        rising = list(enumerate(at))
        return rising if len(old) == few else [(b, a) for a, b in rising]
    return _nearest(old, new) if len(old) == few else [(b, a) for a, b in _nearest(new, old)]


def _nearest(short: Sequence[str], long: Sequence[str]) -> list[tuple[int, int]]:
    """Every word of ``short`` with one of ``long``, by dynamic programming over the likeness of their spelling.

    ``best[n][m]`` is the likeness that the first ``n`` and ``m`` words can reach, minus infinity where ``n > m``.
    """
    never = float("-inf")
    best = [[0.0] * (len(long) + 1)] + [[never] * (len(long) + 1) for _ in short]
    for n, one in enumerate(short, start=1):
        for m, other in enumerate(long, start=1):
            best[n][m] = max(best[n][m - 1], best[n - 1][m - 1] + _likeness(one, other))
    pairs, n, m = [], len(short), len(long)
    while n:
        if best[n][m] == best[n][m - 1]:
            m -= 1
        else:
            n, m = n - 1, m - 1
            pairs.append((n, m))
    return pairs[::-1]


def _likeness(one: str, other: str) -> float:
    """From 0 to 1: twice the shared letters over all letters."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
