"""Which words of an interview are the session's own, come back from the loudspeaker: nobody said them there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from iprkit.linking.stretches import Stretch, stretches
from iprkit.recall import TimeMap
from iprkit.timeline import Span, covered_ms
from iprkit.transcript import Word

EDGE_MS = 1_000
"""Just outside a stretch a word is the session's where the session says it there: the stretch was cut too short."""

_SAME_MS = 700  # times of a word in two transcripts of the same sound differ by less
_LETTERS = 4  # shorter words are everywhere, they need a neighbour that is the session's too


def replayed_words(
    words: Sequence[Word], time_map: TimeMap, session: Sequence[Word] = (), live: Sequence[Span] = ()
) -> frozenset[str]:
    """The ids of the words that are playback; ``words`` in order of time.

    A word whose middle lies in a stretch of playback is the session's, unless somebody in the room was talking over it
    (``live``, on the interview's clock) and the ``session`` says something else at that place. Around a stretch's
    edges a word is the session's where the session says the same.
    """
    shown, said = stretches(time_map), _ByTime(session)
    places = [_stretch_near(word, shown) for word in words]
    same = [place is not None and said.says(word, place) for word, place in zip(words, places, strict=True)]
    found = set()
    for at, (word, place) in enumerate(zip(words, places, strict=True)):
        if place is None:
            continue
        sure = same[at] and (_letters(word.text) >= _LETTERS or any(same[max(0, at - 1) : at] + same[at + 1 : at + 2]))
        inside = word.span.middle_ms in place.interview
        if sure or (inside and not _spoken_live(word, live)):
            found.add(word.id)
    return frozenset(found)


def _stretch_near(word: Word, shown: Sequence[Stretch]) -> Stretch | None:
    at = Span(word.span.middle_ms, word.span.middle_ms)
    inside = next((stretch for stretch in shown if word.span.middle_ms in stretch.interview), None)
    near = [stretch for stretch in shown if stretch.interview.gap_ms(at) <= EDGE_MS]
    return inside or min(near, key=lambda stretch: stretch.interview.gap_ms(at), default=None)


def _spoken_live(word: Word, live: Sequence[Span]) -> bool:
    return 2 * covered_ms(live, word.span) >= max(1, word.span.duration_ms)


class _ByTime:
    """The session's words, asked by place."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = sorted(words, key=lambda word: word.span.middle_ms)
        self._middles = [word.span.middle_ms for word in self._words]

    def says(self, word: Word, stretch: Stretch) -> bool:
        """Whether the session says this word where the stretch was when it was heard."""
        at = stretch.session_ms(word.span.middle_ms)
        first, after = bisect_left(self._middles, at - _SAME_MS), bisect_right(self._middles, at + _SAME_MS)
        text = _plain(word.text)
        return bool(text) and any(_plain(other.text) == text for other in self._words[first:after])


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _letters(text: str) -> int:
    return len(_plain(text))
