"""What was said in the interview room: the transcript without the session's own words, its voices named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session as Db

from iprkit.actions.interview_voices import Roles, heard_prints, participant_voices, told_apart, who_is_who
from iprkit.actions.parts import Part, parts_of
from iprkit.actions.playback import live_in
from iprkit.actions.voice_profiles import Prints, stored_prints
from iprkit.database import queries, recall_queries
from iprkit.database.connect import Study
from iprkit.database.models import RecallInterview
from iprkit.database.recalls import words_of
from iprkit.database.transcripts import load_transcript, rename_speakers, replace_segments, working_version
from iprkit.errors import Conflict, MediaError, ModelError
from iprkit.language.sentences import sentences
from iprkit.linking.replayed import replayed_words
from iprkit.linking.stretches import stretches
from iprkit.recall import TimeMap
from iprkit.timeline import Span
from iprkit.transcript import Segment, Transcript, Word

_POLLUTED = 0.05
"""From this share of playback among the words on, the two voices of a transcript may be anybody's and are told apart
again."""


@dataclass(frozen=True)
class Room:
    """What is to become of an interview's transcript: the segments of now where any word goes, and new roles by label.

    ``version`` is the transcript version that this was worked out for.
    """

    version: str
    segments: tuple[Segment, ...] | None
    roles: Roles


@dataclass(frozen=True)
class _Known:
    """An interview as it was read: its transcript, map, the session's words, and whose voices are known."""

    version: str
    by_voice: bool
    edited: bool
    transcript: Transcript
    time_map: TimeMap
    session: tuple[Word, ...]
    session_prints: Prints
    prints: Prints
    session_roles: dict[str, str | None]
    about: str
    perspective: str


def look_into(study: Study, key: str, time_map: TimeMap) -> Room | None:
    """Work out which words of an interview are playback by this map, and who its voices are; None where it is not
    transcribed.

    Nothing is written. Speakers that a person or a channel named stay; where the voice model or a recording is not
    there, voices stay as they are.
    """
    with study.read() as db:
        known = _read(db, recall_queries.interview(db, key), time_map)
    if known is None:
        return None
    words = sorted(known.transcript.words, key=lambda word: word.start_ms)
    gone = replayed_words(words, known.time_map, known.session, _live(study, key, known, words))
    segments = _without(known.transcript.segments, gone)
    named = any(segment.role for segment in known.transcript.segments)
    prints = known.prints
    try:
        parts = parts_of(study, key)
        if gone and known.by_voice and not named and not known.edited and len(gone) > _POLLUTED * len(words):
            left = told_apart(parts, [word for word in words if word.id not in gone])
            segments = [_segment(run) for run in sentences(left, known.transcript.language)]
            prints = heard_prints(parts, left)
        roles = {} if named else _roles(study, known, parts, (segments, prints))
    except (ModelError, MediaError, Conflict):
        roles = {}
    return Room(known.version, tuple(segments) if gone else None, roles)


def apply_room(db: Db, interview: RecallInterview, room: Room) -> None:
    """Bring the transcript to what was worked out. Raises Conflict where it was changed meanwhile."""
    newest = queries.newest_transcript(db, interview.id)
    if newest is None or newest.id != room.version:
        raise Conflict(f"the transcript of {interview.key} was changed meanwhile; repeat the command")
    if room.segments is not None:
        replace_segments(db, working_version(db, interview), room.segments)
    if room.roles:
        rename_speakers(db, interview, room.roles)


def _read(db: Db, interview: RecallInterview, time_map: TimeMap) -> _Known | None:
    newest = queries.newest_transcript(db, interview.id)
    if newest is None:
        return None
    settings = newest.run.settings if newest.run else {}
    return _Known(
        version=newest.id,
        by_voice=settings.get("voices") is not None,
        edited=newest.status != "raw",
        transcript=load_transcript(db, interview.key),
        time_map=time_map,
        session=tuple(words_of(db, interview.about)),
        session_prints=stored_prints(db, interview.about),
        prints=stored_prints(db, interview),
        session_roles={row.label: row.role for row in interview.about.speakers},
        about=interview.about.key,
        perspective=interview.recall.perspective,
    )


def _live(study: Study, key: str, known: _Known, words: Sequence[Word]) -> list[Span]:
    """Where somebody talked over the playback; looked for only where there are words over it."""
    shown = [stretch.interview for stretch in stretches(known.time_map)]
    if not any(word.span.middle_ms in span for word in words for span in shown):
        return []
    try:
        return live_in(parts_of(study, known.about), parts_of(study, key), known.time_map)
    except (MediaError, Conflict):
        return []


def _roles(study: Study, known: _Known, parts: Sequence[Part], heard: tuple[Sequence[Segment], Prints]) -> Roles:
    segments, prints = heard
    if len({segment.speaker for segment in segments if segment.speaker}) != 2:
        return {}
    prints = prints or heard_prints(parts, [word for segment in segments for word in segment.words])
    session = known.session_prints or heard_prints(parts_of(study, known.about), known.session)
    voices = participant_voices(session, known.session_roles, known.perspective)
    return who_is_who(prints, voices, _asking(segments), known.perspective)


def _asking(segments: Sequence[Segment]) -> dict[str, float]:
    """By label the share of sentences that are questions."""
    out = {}
    for label in {segment.speaker for segment in segments if segment.speaker}:
        own = [segment.text for segment in segments if segment.speaker == label]
        out[label] = sum(text.endswith(("?", "？", "؟")) for text in own) / len(own)
    return out


def _without(segments: Sequence[Segment], gone: frozenset[str]) -> list[Segment]:
    kept = (replace(s, words=tuple(word for word in s.words if word.id not in gone)) for s in segments)
    return [segment for segment in kept if segment.words]


def _segment(words: Sequence[Word]) -> Segment:
    return Segment("", words[0].speaker, tuple(words))
