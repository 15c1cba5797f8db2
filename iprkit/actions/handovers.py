"""Words that go from one voice to another: single ones, those of a stretch, or all; and a voice that turns out to be
two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session as Db

from iprkit.actions.exchange_copies import write_exchange_copies
from iprkit.actions.transcripts import segment_of
from iprkit.actions.voices import Voices, voices
from iprkit.database import journal, queries
from iprkit.database.connect import Study
from iprkit.database.models import Conversation
from iprkit.database.transcripts import replace_segments, resolve_key, working_version
from iprkit.errors import InvalidInput, NotFound
from iprkit.language.handover import hand_over
from iprkit.timeline import Span, clock
from iprkit.transcript import Transcript, Word

_NEW_LABELS = "ABDEFGHJKLMNPQRSUVWYZ"
"""Without the letters that stand in segment keys for therapist, client, interviewer, observer and for nobody."""

_WORDS = re.compile(r"(?P<first>w\d+)(?:-(?P<last>w\d+))?")
_SEGMENT = re.compile(r"(?P<key>[^:]+?)(?::(?P<first>\d+)(?:-(?P<last>\d+))?)?")


@dataclass(frozen=True)
class _Place:
    """Words of a transcript, and what to call them."""

    name: str
    words: tuple[Word, ...]


@dataclass
class _Handover:
    """What happens to one conversation: its voices before, and what was done, for the journal."""

    db: Db
    heard: Voices
    action: str = ""

    @property
    def conversation(self) -> Conversation:
        return self.heard.conversation


def merge_speakers(study: Study, key: str, one: str, into: str) -> str:
    """Two voices are one: all words of ``one`` become those of ``into``, which takes over role and name if it has none.

    Returns what was done, in the journal's words. Raises NotFound for an unknown voice, InvalidInput where both are
    the same.
    """
    with _handing_over(study, key) as work:
        heard = work.heard
        a, b = heard.label(one), heard.label(into)
        if a == b:
            raise InvalidInput(f"{one} and {into} are the same voice of {key} already; name two of: {heard}")
        words = list(_said_by(heard, a))
        if set(heard.rows) == {a, b}:
            words += _said_by(heard, b)  # of a single voice no word is doubtful
        row, gone = heard.rows[b], heard.rows[a]
        if row.role is None:
            row.role, row.participant = gone.role, gone.participant
        row.name = row.name or gone.name
        _hand_over(work, {word.id: b for word in words})
        work.action = f"merged speaker {a} of {key} into {b}"
    return work.action


def split_speaker(study: Study, key: str, voice: str, span: Span) -> str:
    """A voice is two people: its words in a stretch of time belong to a new voice. Returns what was done.

    Raises NotFound for an unknown voice, InvalidInput where it says nothing then, or nothing but that.
    """
    with _handing_over(study, key) as work:
        old, then = work.heard.label(voice), _inside(work, span)
        words = list(_said_by(work.heard, old, then))
        if not words:
            raise InvalidInput(f"{old} says nothing between {_times(then)} in {key}; see: iprkit transcript show {key}")
        new = _to_a_new_voice(work, words)
        work.action = f"split speaker {old} of {key}: {_count(words)} between {_times(then)} are {new}'s"
    return work.action


def split_off(study: Study, key: str, places: Sequence[str]) -> str:
    """Segments or words, as in ``give_words``, belong to a new voice. Returns what was done.

    Raises NotFound for an unknown segment or word, InvalidInput for what is neither, or all that a voice says.
    """
    with _handing_over(study, key) as work:
        whole = [place for place in places if place.upper() in work.heard.rows]
        if whole:
            raise InvalidInput(
                f"{whole[0]} is a voice of {key}; say also when somebody else speaks under it, with --at or --from and "
                "--to, or name the segments"
            )
        found = [_at(work, place) for place in places]
        new = _to_a_new_voice(work, [word for place in found for word in place.words])
        work.action = f"split off speaker {new} of {key}: {', '.join(place.name for place in found)}"
    return work.action


def swap_words(study: Study, key: str, one: str, other: str, span: Span) -> str:
    """In a stretch of time two voices were taken for each other: their words change places. Returns what was done.

    Raises NotFound for an unknown voice, InvalidInput where both are one or neither speaks then.
    """
    with _handing_over(study, key) as work:
        a, b = work.heard.label(one), work.heard.label(other)
        if a == b:
            raise InvalidInput(f"{one} and {other} are the same voice of {key}; name two of: {work.heard}")
        then = _inside(work, span)
        to = {word.id: b for word in _said_by(work.heard, a, then)}
        to |= {word.id: a for word in _said_by(work.heard, b, then)}
        if not to:
            raise InvalidInput(f"neither {a} nor {b} says anything between {_times(then)} in {key}")
        _hand_over(work, to)
        work.action = f"exchanged the words of {a} and {b} in {key} between {_times(then)}"
    return work.action


def give_words(study: Study, key: str, gifts: Sequence[tuple[str, str]]) -> str:
    """Segments or words belong to another voice: ``[("D01-S03-T012", "B")]``. Returns what was done.

    A place is a segment's key, also without the conversation's (``T012``) or with the numbers of some of its words
    (``T012:3``, ``T012:3-5``), or the id of a word, or of the first and last of several (``w0042-w0047``). Words given
    to whoever says them already are no longer doubtful. Raises NotFound, InvalidInput where a word would be given to
    two voices.
    """
    with _handing_over(study, key) as work:
        to: dict[str, str] = {}
        said = []
        for text, voice in gifts:
            label, place = work.heard.label(voice), _at(work, text)
            for word in place.words:
                if to.setdefault(word.id, label) != label:
                    raise InvalidInput(f"{word.text!r} of {place.name} would go to both {to[word.id]} and {label}")
            said.append(f"{place.name} to {label}")
        _hand_over(work, to)
        work.action = f"gave words of {key} to another speaker: {', '.join(said)}"
    return work.action


@contextmanager
def _handing_over(study: Study, key: str) -> Iterator[_Handover]:
    """One change of one conversation, its exchange copies brought up to date once it is stored."""
    with study.change(f"gave words of {key} to another speaker", key) as db:
        work = _Handover(db, voices(db, key))
        yield work
        journal.reword(db, work.action)
    write_exchange_copies(study, work.conversation.key)


def _hand_over(work: _Handover, to: Mapping[str, str]) -> None:
    db, conversation = work.db, work.conversation
    segments = hand_over(work.heard.transcript.segments, to)
    replace_segments(db, working_version(db, conversation), segments)
    left = {segment.speaker for segment in segments}
    for label, row in work.heard.rows.items():
        if label not in left:
            db.delete(row)  # so that a voice profile of this label is nobody's any more


def _said_by(heard: Voices, label: str, span: Span | None = None) -> Iterator[Word]:
    """The words of a voice, all or those whose middle lies in the span."""
    for segment in heard.transcript.segments:
        if segment.speaker == label:
            yield from (word for word in segment.words if span is None or word.span.middle_ms in span)


def _inside(work: _Handover, span: Span) -> Span:
    """The part of a span that the conversation has. Raises InvalidInput."""
    everything = Span(0, work.conversation.duration_ms)
    found = span & everything
    if found is None:
        key = work.conversation.key
        raise InvalidInput(f"{key} lasts {clock(everything.end_ms)}; nothing of it comes after {clock(span.start_ms)}")
    return found


def _to_a_new_voice(work: _Handover, words: Sequence[Word]) -> str:
    """Hand the words over to a voice with a label that nobody bore before; returns it. Raises InvalidInput."""
    given = queries.labels_given(work.db, work.conversation.id)
    new = next((letter for letter in _NEW_LABELS if letter not in given), None)
    if new is None:
        raise InvalidInput(f"{work.conversation.key} has had {len(given)} voices; merge some: {work.heard}")
    taken = {word.id for word in words}
    for label in work.heard.rows:
        if taken.issuperset(word.id for word in _said_by(work.heard, label)):
            raise InvalidInput(
                f"that is all that {label} says in {work.conversation.key}; to split {label}, name a part of it"
            )
    _hand_over(work, dict.fromkeys(taken, new))
    return new


def _at(work: _Handover, text: str) -> _Place:
    """The words that people mean by a place. Raises NotFound, InvalidInput."""
    if ids := _WORDS.fullmatch(text):
        return _between(work.heard.transcript, ids["first"], ids["last"] or ids["first"])
    named = _SEGMENT.fullmatch(text)
    if named is None:
        raise InvalidInput(f"{text!r} is neither a segment nor words of one; write T012, T012:3-5 or w0042")
    own = work.conversation.key
    key = named["key"] if "-" in named["key"] else f"{own}-{named['key']}"
    segment = segment_of(work.heard.transcript, resolve_key(work.db, work.conversation, key))
    if named["first"] is None:
        return _Place(segment.key, segment.words)
    first, last = int(named["first"]), int(named["last"] or named["first"])
    if not 1 <= first <= last <= len(segment.words):
        raise InvalidInput(f"{segment.key} has words 1 to {len(segment.words)}, not {text.rpartition(':')[2]}")
    return _Place(f"{segment.key}:{text.rpartition(':')[2]}", segment.words[first - 1 : last])


def _between(transcript: Transcript, first: str, last: str) -> _Place:
    words = tuple(transcript.words)
    at = {word.id: index for index, word in enumerate(words)}
    for one in (first, last):
        if one not in at:
            raise NotFound(f"{transcript.key} has no word {one}; see: iprkit transcript show {transcript.key} --json")
    if at[last] < at[first]:
        raise InvalidInput(f"{last} is said before {first} in {transcript.key}; name the first one first")
    return _Place(first if first == last else f"{first}-{last}", words[at[first] : at[last] + 1])


def _times(span: Span) -> str:
    return f"{clock(span.start_ms)} and {clock(span.end_ms)}"


def _count(words: Sequence[Word]) -> str:
    return "1 word" if len(words) == 1 else f"{len(words)} words"
