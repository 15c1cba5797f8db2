"""Which key a segment bears after an edit: cited keys stay where they can, none ever comes to mean something else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from iprkit.timeline import Span


@dataclass(frozen=True)
class Place:
    """What decides about a key: the speaker's letter, the first and last word, and the time. ``key`` is the old one."""

    letter: str
    words: tuple[str, str]
    span: Span
    key: str = ""

    @property
    def number(self) -> int:
        return int(self.key.rpartition("-")[2][len(self.letter) :])


@dataclass(frozen=True)
class Keys:
    """One key for each new segment, the numbers given out so far, and what became of the keys that fell away.

    ``heirs`` says for each new segment which old one it continues (its index), None for a new one.
    """

    keys: tuple[str, ...]
    counts: dict[str, int]
    former: dict[str, str]
    heirs: tuple[int | None, ...]


def assign_keys(prefix: str, old: Sequence[Place], new: Sequence[Place], counts: Mapping[str, int]) -> Keys:
    """Give every new segment a key ``prefix-T012``.

    A segment with the first and last word of an old one continues it; where no word survived (the recording was
    transcribed again) so does one that shares more than half of the time of both. It keeps its key, or at least its
    number where the speaker's new letter was never used before. All others get the next number of their letter.
    A key that falls away is succeeded by the key of the segment that shares most of its time.
    """
    heirs = tuple(_heirs(old, new))
    given, taken = dict(counts), set[str]()
    keys: list[str | None] = []
    for place, heir in zip(new, heirs, strict=True):
        key = _inherited(prefix, place, None if heir is None else old[heir], counts)
        keys.append(key if key not in taken else None)
        taken.add(key or "")
    for place, key in zip(new, keys, strict=True):
        if key is not None:
            number = int(key.removeprefix(f"{prefix}-{place.letter}"))
            given[place.letter] = max(given.get(place.letter, 0), number)
    final = []
    for place, key in zip(new, keys, strict=True):
        if key is None:
            given[place.letter] = given.get(place.letter, 0) + 1
            key = _spell(prefix, place.letter, given[place.letter])
        final.append(key)
    return Keys(tuple(final), given, _successors(old, new, final, heirs), heirs)


def _spell(prefix: str, letter: str, number: int) -> str:
    return f"{prefix}-{letter}{number:03d}"


def _inherited(prefix: str, place: Place, old: Place | None, counts: Mapping[str, int]) -> str | None:
    if old is None:
        return None
    if old.letter == place.letter:
        return old.key
    return None if counts.get(place.letter) else _spell(prefix, place.letter, old.number)


def _heirs(old: Sequence[Place], new: Sequence[Place]) -> Iterable[int | None]:
    by_words = {place.words: index for index, place in enumerate(old)}
    survived = {word for place in old for word in place.words} & {word for place in new for word in place.words}
    if survived or not old:
        return (by_words.get(place.words) for place in new)
    return _heirs_by_time(old, new)


def _heirs_by_time(old: Sequence[Place], new: Sequence[Place]) -> Iterable[int | None]:
    order = _ByTime(old)
    for place in new:
        yield next((i for i in order.near(place.span) if _mostly_same(old[i], place)), None)


def _mostly_same(one: Place, other: Place) -> bool:
    shared = one.span.overlap_ms(other.span)
    return one.letter == other.letter and 2 * shared > max(one.span.duration_ms, other.span.duration_ms)


def _successors(
    old: Sequence[Place], new: Sequence[Place], keys: Sequence[str], heirs: Sequence[int | None]
) -> dict[str, str]:
    continued = {heir: key for heir, key in zip(heirs, keys, strict=True) if heir is not None}
    kept, order = set(keys), _ByTime(new)
    former = {}
    for index, place in enumerate(old):
        key = continued.get(index) or _best(place, order, keys)
        if key and place.key not in kept:
            former[place.key] = key
    return former


def _best(place: Place, order: _ByTime, keys: Sequence[str]) -> str | None:
    near = order.near(place.span)
    index = max(near, key=lambda i: order.places[i].span.overlap_ms(place.span), default=None)
    return None if index is None else keys[index]


class _ByTime:
    """Places in order of their start, so that a whole session's worth of them is searched at once."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = places
        self.order = sorted(range(len(places)), key=lambda i: places[i].span)
        self.starts = [places[i].span.start_ms for i in self.order]
        self.reached = list(accumulate((places[i].span.end_ms for i in self.order), max))

    def near(self, span: Span) -> list[int]:
        """Which places overlap the span, in order of their start."""
        first, after = bisect_right(self.reached, span.start_ms), bisect_left(self.starts, span.end_ms)
        return [i for i in self.order[first:after] if self.places[i].span.overlap_ms(span)]
