"""Words spoken while somebody else was speaking."""

from __future__ import annotations

from collections.abc import Iterable

from iprkit.transcript import Word


def overlapped(words: Iterable[Word], minimum_ms: int = 100) -> frozenset[str]:
    """Ids of the words that share at least ``minimum_ms`` with a word of another speaker.

    A word shorter than that must be covered whole. Words without a speaker overlap nobody.
    """
    found: set[str] = set()
    sounding: list[Word] = []
    for word in sorted(words, key=lambda word: word.start_ms):
        sounding = [other for other in sounding if other.end_ms > word.start_ms]
        for other in sounding:
            if _together(word, other, minimum_ms):
                found |= {word.id, other.id}
        sounding.append(word)
    return frozenset(found)


def _together(one: Word, other: Word, minimum_ms: int) -> bool:
    if one.speaker is None or other.speaker is None or one.speaker == other.speaker:
        return False
    shortest = min(one.span.duration_ms, other.span.duration_ms)
    return one.span.overlap_ms(other.span) >= max(1, min(minimum_ms, shortest))
