"""One segment's wording corrected in its place: its key, its speaker and the words that were right stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from sqlalchemy.orm import Session as Db

from iprkit.actions.exchange_copies import write_exchange_copies
from iprkit.actions.ground import Scene, check_unchanged, ground_at_hand, scene
from iprkit.actions.transcripts import place_of, segment_of
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.transcripts import (
    activity,
    load_transcript,
    replace_segments,
    resolve_key,
    working_version,
)
from iprkit.errors import ChangedMeanwhile, Conflict, InvalidInput
from iprkit.formats.told import Told, words_of
from iprkit.language.edits import Edit, bare, compare
from iprkit.speech.hearing import unheard_ms
from iprkit.speech.realign import NewWord, realign
from iprkit.transcript import Segment

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


def correct_together(study: Study, key: str, text: str) -> Corrected:
    """As ``correct``, where several people correct one transcript: another's correction elsewhere does not stop it.

    Raises as ``correct`` does, Conflict only where others corrected something each time that it was tried.
    """
    for _ in range(_TRIES):
        try:
            return correct(study, key, text)
        except ChangedMeanwhile:
            raise
        except Conflict as e:
            late = e
    raise late


def segment_in(study: Study, key: str, segment: str) -> str:
    """The segment's key of now, where it is one of the conversation of a key. Raises NotFound."""
    with study.read() as db:
        return resolve_key(db, queries.conversation(db, key), segment)


def correct(study: Study, key: str, text: str) -> Corrected:
    """Give a segment this text. Words that differ are put on the sound between those that stayed.

    The segment keeps its key and speaker; a person has read it, so its flags go. Where the recording is not on this
    machine the new words share the time that is free. Raises NotFound for an unknown segment, InvalidInput for the key
    of a whole conversation and for a text without words, Conflict where the transcript was changed meanwhile.
    """
    words = [Told(word) for word in words_of(text)]
    if not words:
        raise InvalidInput(f"{text!r} has no word in it; expected what {key} says")
    before, old = _found(study, key)
    edit = compare([bare(word.text) for word in old.words], [bare(word.text) for word in words])
    done = realign(list(_all_words(before, old, words, edit)), ground_at_hand(before, before.written.language))
    first = sum(len(segment.words) for segment in _before(before, old))
    corrected = replace(old, words=done.words[first : first + len(words)], flags=())
    if corrected != old:
        with study.change(f"corrected {old.key}", old.key) as db:
            check_unchanged(db, before)
            _store(db, before, corrected)
        write_exchange_copies(study, before.key)
    return Corrected(
        _now(study, before, old),
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


def _before(scene: Scene, segment: Segment) -> Iterator[Segment]:
    return takewhile(lambda other: other.key != segment.key, scene.written.segments)


def _all_words(scene: Scene, corrected: Segment, words: Sequence[Told], edit: Edit) -> Iterator[NewWord]:
    """The conversation with the new words in their place: the others' times bound theirs."""
    for segment in scene.written.segments:
        if segment.key != corrected.key:
            yield from (NewWord(w.text, segment.speaker, w, kept=True, doubtful=w.doubtful) for w in segment.words)
            continue
        for word, at, same in zip(words, edit.heirs, edit.same, strict=True):
            heir = None if at is None else segment.words[at]
            doubtful = heir is not None and heir.doubtful
            yield NewWord(word.text, segment.speaker, heir, same, spoken=word.spoken, doubtful=doubtful)


def _store(db: Db, scene: Scene, corrected: Segment) -> None:
    version = working_version(db, queries.conversation(db, scene.key))
    segments = [corrected if segment.key == corrected.key else segment for segment in scene.written.segments]
    replace_segments(db, version, sorted(segments, key=lambda segment: segment.start_ms))
    if version.unheard_ms is not None:
        version.unheard_ms = unheard_ms(activity(version), segments)


def _now(study: Study, scene: Scene, segment: Segment) -> Segment:
    with study.read() as db:
        key = resolve_key(db, queries.conversation(db, scene.key), segment.key)
        return segment_of(load_transcript(db, scene.key), key)
