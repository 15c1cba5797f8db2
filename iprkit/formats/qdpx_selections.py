"""What stands on a conversation when it travels to another program: codings, what was settled, moments, recall, memos.

Each is one selection by one person. Codings of words stand on the text, all else on the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from iprkit.coding import NO_CODE, Anchor, exact_clock, read_target, words_of
from iprkit.errors import InvalidInput
from iprkit.exchange import Conversation
from iprkit.formats.laid_out import LaidOut
from iprkit.formats.refi import told
from iprkit.scale import number
from iprkit.timeline import Span

SETTLED = "adjudicated"
"""The user in whose name what was settled travels."""

TEXTUAL = ("words", "segment", "turn")


@dataclass(frozen=True)
class Selection:
    """One stretch with what one person put there: a code (codebook and key), a description, a note.

    ``place`` is where it stands in the text, None where it stands on the time. ``note`` is name, text, author, time.
    """

    key: str
    name: str
    span: Span
    place: tuple[int, int] | None = None
    by: str | None = None
    at: str | None = None
    description: str = ""
    code: tuple[str, str] | None = None
    note: tuple[str, str, str, str] | None = None


def selections(
    one: Conversation, recalled: list[Conversation], laid: LaidOut | None, timed: bool
) -> Iterator[Selection]:
    """All that stands on a conversation; ``timed``: there is a recording to put it on."""
    ground = _Ground(laid, timed)
    yield from _codings(one, ground)
    yield from _settled(one, ground)
    for moment in one.moments:
        label = f": {moment.label}" if moment.label else ""
        what = f"Moment {moment.key} ({moment.source}){label}"
        yield from ground.put(Selection(moment.key, what, moment.span, description=what))
    for interview in recalled:
        yield from _comments(interview, ground)
    for number_, note in enumerate(memo for memo in one.memos if memo.target != one.key):
        span = span_of(note.target, one, recalled)
        if span is not None:
            said = (f"Memo on {note.target}", note.text, note.author, note.made_at)
            key = f"memo/{note.target}/{number_}"
            made = Selection(key, f"Memo on {note.target}", span, by=note.author or None, note=said)
            yield from ground.put(made, _named_words(note.target))


@dataclass(frozen=True)
class _Ground:
    laid: LaidOut | None
    timed: bool

    def put(self, one: Selection, words: tuple[str, str] | None = None) -> Iterator[Selection]:
        """On the text where it is about words, or where there is no time to put it on."""
        place = self.laid.of_words(*words) if self.laid and words else None
        if place is None and not self.timed and self.laid:
            place = self.laid.of_span(one.span)
        if place is not None or self.timed:
            yield replace(one, place=place)


def _codings(one: Conversation, ground: _Ground) -> Iterator[Selection]:
    for coding in one.codings:
        rating = None if coding.rating is None else number(coding.rating)
        values = {"rating": rating, "about": coding.about, "certainty": coding.certainty, "round": coding.round}
        made = Selection(
            key=coding.key, name=_name(coding.anchor), span=coding.anchor.span, by=coding.coder,
            at=_at(coding.made_at), description=told(coding.memo, values), code=(coding.codebook, coding.code),
        )  # fmt: skip
        yield from ground.put(made, _words(coding.anchor))


def _settled(one: Conversation, ground: _Ground) -> Iterator[Selection]:
    for verdict in one.adjudications:
        rating = None if verdict.rating is None else number(verdict.rating)
        values = {
            "rating": rating, "about": verdict.about, "round": verdict.round,
            "settled": f"by {verdict.decided_by}" + (", nothing applies" if verdict.code == NO_CODE else ""),
        }  # fmt: skip
        code = None if verdict.code == NO_CODE else (verdict.codebook, verdict.code)
        made = Selection(
            key=verdict.key, name=_name(verdict.anchor), span=verdict.anchor.span, by=SETTLED,
            at=_at(verdict.decided_at), description=told(verdict.reason, values), code=code,
        )  # fmt: skip
        yield from ground.put(made, _words(verdict.anchor))


def _comments(interview: Conversation, ground: _Ground) -> Iterator[Selection]:
    assert interview.recall is not None
    by = interview.recall.participant or interview.recall.perspective
    for comment in interview.recall.comments:
        if comment.session is None:
            continue
        name = f"Recall {comment.key} @{exact_clock(comment.session.start_ms)}"
        said = f"Recall ({comment.speaker}): {comment.text}"
        note = (name, comment.text, by, "")
        yield from ground.put(Selection(comment.key, name, comment.session, by=by, description=said, note=note))


def _named_words(key: str) -> tuple[str, str] | None:
    """The first and last word of a target that is words."""
    try:
        target, _ = read_target(key)
    except InvalidInput:
        return None
    return words_of(target) if target.kind == "words" else None


def _words(anchor: Anchor) -> tuple[str, str] | None:
    return anchor.words if anchor.target.kind in TEXTUAL else None


def _name(anchor: Anchor) -> str:
    """What programs list a selection by: its words, cut short, or its time."""
    quote = " ".join(anchor.quote.split())
    if not quote:
        return f"{exact_clock(anchor.span.start_ms)}-{exact_clock(anchor.span.end_ms)}"
    return quote if len(quote) <= 60 else f"{quote[:57]}..."


def _at(stamp: str) -> str | None:
    return f"{stamp[:19]}Z" if len(stamp) >= 19 else None


def span_of(key: str, one: Conversation, recalled: list[Conversation]) -> Span | None:
    """Where on a conversation's clock something with a key lies; None where that is nowhere in particular."""
    for moment in one.moments:
        if moment.key == key:
            return moment.span
    for segment in one.transcript.segments if one.transcript else ():
        if segment.key == key:
            return segment.span
    for interview in (one, *recalled):
        for comment in interview.recall.comments if interview.recall else ():
            if comment.key == key:
                return comment.interview if interview is one else comment.session
    for coding in one.codings:
        if coding.key == key:
            return coding.anchor.span
    try:
        target, span = read_target(key)
    except InvalidInput:
        return None
    words = {word.id: word.span for word in one.transcript.words} if one.transcript else {}
    if target.kind == "words" and all(word in words for word in words_of(target)):
        first, last = words_of(target)
        return words[first] | words[last]
    return span
