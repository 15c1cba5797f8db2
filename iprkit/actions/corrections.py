"""One segment's wording corrected in its place: its key, its speaker and the words that were right stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

from sqlalchemy.orm import Session as Db

from iprkit.actions.exchange_copies import write_exchange_copies
from iprkit.actions.ground import Scene, ground_at_hand, scene
from iprkit.actions.transcripts import place_of, segment_of
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.transcripts import (
    activity,
    load_transcript,
    replace_segment,
    replace_segments,
    resolve_key,
    working_version,
)
from iprkit.errors import ChangedMeanwhile, Conflict, InvalidInput
from iprkit.formats.told import Told, words_of
from iprkit.language.edits import Edit, bare, compare
from iprkit.speech.hearing import REACH_MS, unheard_ms
from iprkit.speech.realign import NEAR, NewWord, realign
from iprkit.speech.timing import ALIGNERS, Aligner
from iprkit.timeline import Span
from iprkit.transcript import Segment

Copy = Callable[[Study, str], object]

_TRIES = 5


@dataclass(frozen=True)
class Corrected:
    """The segment as it is now. Of its words some were ``kept``, others ``changed`` or ``added``.

    Of these ``placed`` were found in the sound, ``guessed`` share what was free between their neighbours.
    """

    segment: Segment
    kept: int
    changed: int
    added: int
    removed: int
    placed: int
    guessed: int


@dataclass(frozen=True)
class Means:
    """What a correction is made with: the aligners by language, and what brings the copies for other programs up to
    date."""

    aligners: Mapping[str, Aligner] = field(default_factory=ALIGNERS.copy)
    copy: Copy = write_exchange_copies


def correct_together(study: Study, key: str, text: str, means: Means | None = None) -> Corrected:
    """As ``correct``, where several people correct one transcript: another's correction elsewhere does not stop it.

    Raises as ``correct`` does, Conflict only where others corrected something each time that it was tried.
    """
    for _ in range(_TRIES):
        try:
            return correct(study, key, text, means)
        except ChangedMeanwhile:
            raise
        except Conflict as e:
            late = e
    raise late


def segment_in(study: Study, key: str, segment: str) -> str:
    """The segment's key of now, where it is one of the conversation of a key. Raises NotFound."""
    with study.read() as db:
        return resolve_key(db, queries.conversation(db, key), segment)


def correct(study: Study, key: str, text: str, means: Means | None = None) -> Corrected:
    """Give a segment this text. Words that differ are put on the sound between those that stayed.

    The segment keeps its key and speaker; a person has read it, so its flags go. Where the recording is not on this
    machine the new words share the time that is free. Raises NotFound for an unknown segment, InvalidInput for the key
    of a whole conversation and for a text without words, Conflict where the transcript was changed meanwhile.
    """
    means = means or Means()
    words = [Told(word) for word in words_of(text)]
    if not words:
        raise InvalidInput(f"{text!r} has no word in it; expected what {key} says")
    before, old = _found(study, key)
    near = _near(before.written.segments, old)
    edit = compare([bare(word.text) for word in old.words], [bare(word.text) for word in words])
    ground = ground_at_hand(before, before.written.language, means.aligners)
    done = realign(list(_all_words(near, old, words, edit)), ground)
    first = sum(len(segment.words) for segment in takewhile(lambda one: one.key != old.key, near))
    corrected = replace(old, words=done.words[first : first + len(words)], flags=())
    if corrected != old:
        with study.change(f"corrected {old.key}", old.key) as db:
            now = _check_near(db, before.key, old, near)
            corrected = _store(db, before.key, now, corrected)
        means.copy(study, before.key)
    return Corrected(
        corrected,
        kept=edit.kept,
        changed=edit.changed,
        added=edit.added,
        removed=len(edit.removed),
        placed=done.placed,
        guessed=done.guessed,
    )


def _found(study: Study, key: str) -> tuple[Scene, Segment]:
    with study.read() as db:
        conversation, segment = place_of(db, key)
    if segment is None:
        raise InvalidInput(
            f"{key} is a whole conversation; name a segment of it, or try: iprkit align {key} --text FILE"
        )
    before = scene(study, conversation.key)
    return before, segment_of(before.written, segment)


def _near(segments: Sequence[Segment], one: Segment) -> list[Segment]:
    """The segment among those before and after it that bound where its words can lie."""
    at = next(place for place, segment in enumerate(segments) if segment.key == one.key)
    first, last = at, at
    while first > 0 and sum(len(segment.words) for segment in segments[first:at]) < NEAR:
        first -= 1
    while last + 1 < len(segments) and sum(len(segment.words) for segment in segments[at + 1 : last + 1]) < NEAR:
        last += 1
    return list(segments[first : last + 1])


def _all_words(near: Sequence[Segment], old: Segment, words: Sequence[Told], edit: Edit) -> Iterator[NewWord]:
    """What is said there with the new words in their place: the others' times bound theirs."""
    for segment in near:
        if segment.key != old.key:
            yield from (NewWord(w.text, segment.speaker, w, kept=True, doubtful=w.doubtful) for w in segment.words)
            continue
        for word, at, same in zip(words, edit.heirs, edit.same, strict=True):
            heir = None if at is None else segment.words[at]
            doubtful = heir is not None and heir.doubtful
            yield NewWord(word.text, segment.speaker, heir, same, spoken=word.spoken, doubtful=doubtful)


def _check_near(db: Db, key: str, old: Segment, near: Sequence[Segment]) -> tuple[Segment, ...]:
    """All segments as they are now. Raises Conflict where somebody changed one that the words' times were found by."""
    now = load_transcript(db, key).segments
    if old not in now or _near(now, old) != near:
        raise Conflict(f"the transcript of {key} was changed meanwhile; nothing was stored, do it once more")
    return now


def _store(db: Db, key: str, now: Sequence[Segment], corrected: Segment) -> Segment:
    """The segment as it is stored, in its place; where it begins in another place now, all are put in order anew."""
    version = working_version(db, queries.conversation(db, key))
    segments = [corrected if segment.key == corrected.key else segment for segment in now]
    if version.unheard_ms is not None:
        version.unheard_ms += _newly_unheard(activity(version), now, segments, corrected.key)
    if all(one.start_ms <= other.start_ms for one, other in pairwise(_near(segments, corrected))):
        return replace_segment(db, version, corrected)
    replace_segments(db, version, sorted(segments, key=lambda segment: segment.start_ms))
    return segment_of(load_transcript(db, key), resolve_key(db, version.conversation, corrected.key))


def _newly_unheard(speech: Sequence[Span], before: Sequence[Segment], after: Sequence[Segment], key: str) -> int:
    """How much more of the speech around a segment has no word since its words changed, in ms."""
    old, new = (next(one for one in segments if one.key == key).span for segments in (before, after))
    reach = (old | new).widen(REACH_MS, Span(0, max(old.end_ms, new.end_ms) + REACH_MS))
    there = [inside for span in speech if (inside := span & reach)]
    around = reach.widen(REACH_MS, Span(0, reach.end_ms + REACH_MS))
    shares = [
        unheard_ms(there, [one for one in segments if not one.span.gap_ms(around)]) for segments in (before, after)
    ]
    return shares[1] - shares[0]
