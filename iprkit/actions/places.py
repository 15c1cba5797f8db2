"""Where what stood on a text of another program stands in the study: its words, its segment, its stretch of time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from iprkit.codebook import Codebook
from iprkit.coding import Anchor, Target, span_key, words_key
from iprkit.database.models import Conversation as Row
from iprkit.exchange import Conversation
from iprkit.formats.qdc import guid_of
from iprkit.timeline import Span
from iprkit.transcript import Word


@dataclass(frozen=True)
class Place:
    """A conversation of the file where it lies in the study: its row, and by a word's id there the word here."""

    row: Row
    words: Mapping[str, Word]
    order: tuple[Word, ...]
    segments: Mapping[tuple[str, str], str]


def matched(theirs: Codebook, ours: Codebook) -> dict[str, str] | None:
    """By their key our code, where every code of theirs is one of ours: by identity, or all by key and name."""
    by_guid = {guid_of(ours, code): code.key for code in ours.codes}
    found = {code.key: by_guid.get(guid_of(theirs, code)) for code in theirs.codes}
    if theirs.name == ours.name:
        by_name = {(code.key, code.name): code.key for code in ours.codes}
        found = {code.key: found[code.key] or by_name.get((code.key, code.name)) for code in theirs.codes}
    sure = {key: value for key, value in found.items() if value is not None}
    return sure if sure and len(sure) == len(theirs.codes) else None


def moved(anchor: Anchor, place: Place) -> Anchor | None:
    """Where an anchor of the file stands here; None where none of its words is here."""
    key, target = place.row.key, anchor.target
    if anchor.words is not None and target.kind != "span":
        first, last = (place.words.get(word) for word in anchor.words)
        if first is None or last is None:
            return _by_time(anchor, place)
        order = {word.id: n for n, word in enumerate(place.order)}
        inside = place.order[order[first.id] : order[last.id] + 1]
        if target.kind == "session":
            return Anchor(Target(key, "session", key), anchor.span, (first.id, last.id), _quote(place.order))
        segment = place.segments.get((first.id, last.id))
        named = segment or words_key(key, first.id, last.id)
        span = Span(inside[0].start_ms, max(word.end_ms for word in inside))
        return Anchor(Target(named, "segment" if segment else "words", key), span, (first.id, last.id), _quote(inside))
    return _by_time(anchor, place)


def _by_time(anchor: Anchor, place: Place) -> Anchor | None:
    if anchor.target.kind != "span":
        return None
    inside = [word for word in place.order if word.span.middle_ms in anchor.span]
    ends = (inside[0].id, inside[-1].id) if inside else None
    key = place.row.key
    return Anchor(Target(span_key(key, anchor.span), "span", key), anchor.span, ends, _quote(inside))


def _quote(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def target_here(target: str, one: Conversation, place: Place) -> str:
    """A memo's target under its key here."""
    if target == one.key:
        return place.row.key
    rest = target.removeprefix(one.key)
    found = re.fullmatch(r"-(w\d+)(?:\.\.(w\d+))?", rest)
    if found:
        ends = [place.words.get(word) for word in (found[1], found[2] or found[1])]
        if ends[0] is None or ends[1] is None:
            return place.row.key
        return words_key(place.row.key, ends[0].id, ends[1].id)
    return f"{place.row.key}{rest}" if rest != target else target
