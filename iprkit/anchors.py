"""Where codings stand in a transcript, and whether their words are still the ones that were coded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from iprkit.coding import (
    Anchor,
    Target,
    read_target,
    segment_of_turn,
    turn_key,
    window_key,
    window_of,
    windows,
    words_key,
    words_of,
)
from iprkit.errors import InvalidInput, NotFound
from iprkit.timeline import Span, clock
from iprkit.transcript import Segment, Turn, Word, turns


@dataclass(frozen=True)
class Marked:
    """A moment or a recall comment as a target: its kind, its span in session time, what was said."""

    kind: str
    span: Span
    quote: str = ""


@dataclass(frozen=True)
class Ground:
    """All that codings of one session or recall interview stand on.

    ``former`` says by a key that a segment bore before which one it bears now; ``marked`` are the moments and comments
    by their key. ``silenced``: somebody who is heard here withdrew, and of what was coded only what may still be shown
    is told.
    """

    key: str
    duration_ms: int
    segments: tuple[Segment, ...] = ()
    former: Mapping[str, str] = field(default_factory=dict)
    marked: Mapping[str, Marked] = field(default_factory=dict)
    silenced: bool = False

    @cached_property
    def by_key(self) -> dict[str, Segment]:
        return {segment.key: segment for segment in self.segments}

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for segment in self.segments for word in segment.words)

    @cached_property
    def at(self) -> dict[str, int]:
        """Which place each word has, by its id."""
        return {word.id: place for place, word in enumerate(self.words)}

    @cached_property
    def _middles(self) -> tuple[list[int], list[int]]:
        """The middles of the words in rising order, and the word that each one is of."""
        order = sorted(range(len(self.words)), key=lambda place: self.words[place].span.middle_ms)
        return [self.words[place].span.middle_ms for place in order], order

    def within(self, span: Span) -> list[int]:
        """The places of the words whose middle lies in a span, in the transcript's order."""
        middles, order = self._middles
        return sorted(order[bisect_left(middles, span.start_ms) : bisect_left(middles, span.end_ms)])

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        return tuple(turns(self.segments))

    @cached_property
    def turn_of(self) -> dict[str, Turn]:
        """The turn that each segment lies in, by the segment's key."""
        return {segment.key: turn for turn in self.turns for segment in turn.segments}

    @cached_property
    def found(self) -> dict[str, Anchor]:
        """The targets that were looked up already, by the text that named them."""
        return {}

    @cached_property
    def _windows(self) -> dict[int, tuple[Span, ...]]:
        return {}

    def windows(self, window_ms: int) -> tuple[Span, ...]:
        """The windows of this length."""
        if window_ms not in self._windows:
            self._windows[window_ms] = tuple(windows(self.duration_ms, window_ms))
        return self._windows[window_ms]

    def segment(self, key: str) -> Segment | None:
        """The segment of a key that it bears or bore once."""
        seen: set[str] = set()
        while key not in self.by_key and key in self.former and key not in seen:
            seen.add(key)
            key = self.former[key]
        return self.by_key.get(key)

    def role(self, anchor: Anchor) -> str | None:
        """Who speaks in a segment, a turn or words, None where that is several or nobody knows."""
        if anchor.target.kind not in ("segment", "turn", "words") or anchor.words is None:
            return None
        first, last = (self.at.get(word, 0) for word in anchor.words)
        labels = {word.speaker for word in self.words[first : last + 1]}
        roles = {segment.role for segment in self.segments if segment.speaker in labels}
        return roles.pop() if len(labels) == 1 and len(roles) == 1 else None


def find(text: str, ground: Ground) -> Anchor:
    """Where the target that a text names stands. Raises NotFound, InvalidInput where it lies outside."""
    if text not in ground.found:
        ground.found[text] = _find(text, ground)
    return ground.found[text]


def _find(text: str, ground: Ground) -> Anchor:
    target, span = read_target(text)
    if text.strip() in ground.marked or (target.kind in ("moment", "comment")):
        return _marked(text.strip(), ground)
    if target.kind == "segment":
        return _segment(target, ground)
    if target.kind == "turn":
        return _turn(target, ground)
    if target.kind == "words":
        return _words(target, ground)
    if target.kind == "window":
        return _window(target, ground)
    if span is not None:
        return _free(target, span, ground)
    first_last = (ground.words[0].id, ground.words[-1].id) if ground.words else None
    return Anchor(target, Span(0, ground.duration_ms), first_last)


def units(kind: str, ground: Ground, window_ms: int | None = None) -> Iterator[Anchor]:
    """Every unit of a kind, in order. Raises InvalidInput for kinds that coders mark themselves."""
    if kind == "session":
        yield find(ground.key, ground)
    elif kind == "segment":
        yield from (_of_segment(segment, ground) for segment in ground.segments)
    elif kind == "turn":
        yield from (_of_turn(turn, ground) for turn in ground.turns)
    elif kind == "window" and window_ms:
        for number, span in enumerate(ground.windows(window_ms), start=1):
            target = Target(window_key(ground.key, window_ms, number), "window", ground.key)
            yield _over(target, span, ground)
    elif kind in ("moment", "comment"):
        yield from (_marked(key, ground) for key, mark in ground.marked.items() if mark.kind == kind)
    else:
        raise InvalidInput(f"units of the kind {kind} are marked by the coder; there is no list of them to draw from")


def nearest(kind: str, anchor: Anchor, ground: Ground, window_ms: int | None = None) -> Anchor:
    """The unit of a kind that a stretch of time means: the one that it shares most with, and half of either of them.

    A stretch of words is the words whose middle lies in it. Raises NotFound where no unit is meant.
    """
    span = anchor.span
    if kind == "words" and anchor.words is not None:
        return find(words_key(ground.key, *anchor.words), ground)
    best = max(units(kind, ground, window_ms), key=lambda one: one.span.overlap_ms(span), default=None)
    shared = best.span.overlap_ms(span) if best else 0
    if best is None or 2 * shared < min(span.duration_ms, best.span.duration_ms) or not shared:
        raise NotFound(f"no {kind} of {ground.key} lies at {clock(span.start_ms)}-{clock(span.end_ms)}")
    return best


def standing(anchor: Anchor, ground: Ground) -> tuple[Anchor, str | None]:
    """The anchor as it stands today, and why a person should look at it; None where its words are the ones coded.

    An anchor whose words are unchanged follows them to where they were realigned. One whose words changed stays as it
    was coded, and the reason says what stands there now. Where somebody withdrew, it is told with what may still be
    shown, and nobody need look.
    """
    try:
        now = find(anchor.target.key, ground)
    except (NotFound, InvalidInput):
        there = _over(anchor.target, anchor.span, ground)
        return (there, None) if ground.silenced else (anchor, _lost(anchor, there))
    if ground.silenced:
        return now, None
    if anchor.target.kind == "session":
        return now, None
    if now.quote != anchor.quote or (anchor.words is not None and now.words != anchor.words):
        said = f"there is now: {now.quote}" if now.quote else "nothing is said there now"
        return anchor, said if now.quote != anchor.quote else "the same words were heard again, under new ids"
    if anchor.target.kind in ("window", "moment", "comment") and now.span != anchor.span:
        return anchor, f"the {anchor.target.kind} now lasts from {clock(now.span.start_ms)} to {clock(now.span.end_ms)}"
    return now, None


def key_today(target: str, ground: Ground) -> str:
    """What a target is called today; as before where it is no longer there."""
    try:
        return find(target, ground).target.key
    except (NotFound, InvalidInput):
        return target


def _lost(anchor: Anchor, there: Anchor) -> str:
    return f"{anchor.target.key} is no longer there; at its time there is now: {there.quote or 'nothing'}"


def _segment(target: Target, ground: Ground) -> Anchor:
    segment = ground.segment(target.key)
    if segment is None:
        raise NotFound(f"{ground.key} has no segment {target.key}; see them with: iprkit transcript show {ground.key}")
    return _of_segment(segment, ground)


def _turn(target: Target, ground: Ground) -> Anchor:
    segment = ground.segment(segment_of_turn(target))
    if segment is None:
        raise NotFound(f"{ground.key} has no turn {target.key}; name it by a segment of it, as {ground.key}-T012-turn")
    return _of_turn(ground.turn_of[segment.key], ground)


def _words(target: Target, ground: Ground) -> Anchor:
    first, last = words_of(target)
    for word in (first, last):
        if word not in ground.at:
            raise NotFound(f"{ground.key} has no word {word}; see ids with: iprkit transcript show {ground.key} --json")
    start, end = ground.at[first], ground.at[last]
    if end < start:
        raise InvalidInput(f"{target.key} ends before it begins; write the earlier word first")
    return _anchor(Target(words_key(ground.key, first, last), "words", ground.key), ground.words[start : end + 1])


def _window(target: Target, ground: Ground) -> Anchor:
    window_ms, number = window_of(target)
    spans = ground.windows(window_ms)
    if not 1 <= number <= len(spans):
        raise NotFound(f"{ground.key} has {len(spans)} windows of {clock(window_ms)}, and no {target.key}")
    return _over(target, spans[number - 1], ground)


def _free(target: Target, span: Span, ground: Ground) -> Anchor:
    if span.end_ms > ground.duration_ms:
        raise InvalidInput(f"{target.key} ends after {ground.key}, which lasts {clock(ground.duration_ms)}")
    return _over(target, span, ground)


def _marked(key: str, ground: Ground) -> Anchor:
    mark = ground.marked.get(key)
    if mark is None:
        raise NotFound(f"{ground.key} has no moment, comment or segment {key}")
    there = _over(Target(key, mark.kind, ground.key), mark.span, ground)
    return there if mark.kind == "moment" else Anchor(there.target, mark.span, None, mark.quote)


def _of_segment(segment: Segment, ground: Ground) -> Anchor:
    return _anchor(Target(segment.key, "segment", ground.key), segment.words)


def _of_turn(turn: Turn, ground: Ground) -> Anchor:
    words = [word for segment in turn.segments for word in segment.words]
    return _anchor(Target(turn_key(turn.segments[0].key), "turn", ground.key), words)


def _over(target: Target, span: Span, ground: Ground) -> Anchor:
    """A stretch of time with the words whose middle lies in it."""
    inside = [ground.words[place] for place in ground.within(span)]
    ends = (inside[0].id, inside[-1].id) if inside else None
    return Anchor(target, span, ends, " ".join(word.text for word in inside))


def _anchor(target: Target, words: Sequence[Word]) -> Anchor:
    span = Span(words[0].start_ms, max(word.end_ms for word in words))
    return Anchor(target, span, (words[0].id, words[-1].id), " ".join(word.text for word in words))
