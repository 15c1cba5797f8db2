"""Transcripts in the study: stored as heard, edited in a working copy, under keys and word ids that survive editing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session as Db

from iprkit.database import journal_queries, queries
from iprkit.database.kept import kept, of_transcripts
from iprkit.database.models import Conversation, FormerKey, Run, SegmentRow, SpeakerRow, TranscriptVersion
from iprkit.database.segment_keys import Keys, Place, assign_keys
from iprkit.database.withdrawals import hidden_words, without_withdrawn
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.timeline import Span
from iprkit.transcript import Segment, Speaker, Transcript, Word, word_json

UNDECIDED = "X"
"""The letter in the keys of segments whose speaker nobody decided."""


def store_transcript(
    db: Db, conversation: Conversation, transcript: Transcript, run: Run, activity: Sequence[Span] = ()
) -> TranscriptVersion:
    """Store what an engine heard as a new raw version, the one that people see from now on.

    Word ids and segment keys are given out here, whatever ``transcript`` says. Where the conversation was transcribed
    before, a segment in the place of an old one takes over its key. ``activity`` is where somebody speaks, on the
    conversation's clock. Must run inside a journaled change.
    """
    before = queries.newest_transcript(db, conversation.id)
    for speaker in transcript.speakers:
        _speaker_row(conversation, speaker.label, speaker)
    version = TranscriptVersion(
        number=before.number + 1 if before else 1,
        parent=before,
        run=run,
        language=transcript.language,
        style=transcript.style,
        speech_ms=transcript.speech_ms,
        unheard_ms=transcript.unheard_ms,
        activity=[[span.start_ms, span.end_ms] for span in activity],
    )
    conversation.versions.append(version)
    fresh = [replace(s, words=tuple(replace(w, id="") for w in s.words)) for s in transcript.segments]
    _fill(db, version, before.segments if before else [], fresh, in_place=False)
    return version


def load_transcript(db: Db, key: str, number: int | None = None) -> Transcript:
    """The transcript of a session or recall interview as people see it, or its version ``number``.

    What somebody said who withdrew is silenced. Raises NotFound where there is no such conversation, or none of it is
    transcribed yet; Conflict where a withdrawal leaves nothing to show.
    """

    def renew(before: Transcript, since: int) -> Transcript:
        return _corrected(db, before, since) or _load(db, key, number)

    return kept(db, ("transcript", key, number), lambda: _load(db, key, number), _of_speakers, renew)


def _of_speakers(table: str) -> bool:
    """Whether more than the words of a transcript may depend on a table."""
    return of_transcripts(table) and table not in _OF_A_CORRECTION


_OF_A_CORRECTION = {
    "segment": {"words", "text", "flags", "start_ms", "end_ms"},
    "transcript": {"unheard_ms"},
    "conversation": {"word_count", "segment_counts"},
}
"""What a correction of single segments changes: by table the columns."""


def _corrected(db: Db, before: Transcript, since: int) -> Transcript | None:
    """The transcript with the segments that were corrected since; None where something else happened to any."""
    rows = journal_queries.changed_rows(db, _OF_A_CORRECTION, since, _MOST_CORRECTED)
    if rows is None or any(set(row.after or ()) - _OF_A_CORRECTION[row.table_name] for row in rows):
        return None
    conversation = queries.conversation(db, before.key)
    version = _numbered(db, conversation, int(before.meta["version"]))
    ids = [row.row_id for row in rows if row.table_name == "segment"]
    said = [_said(*row) for row in queries.segments_said(db, version.id, ids)]
    fresh = {one.key: one for one in without_withdrawn(db, conversation, said)}
    segments = tuple(fresh.get(one.key, one) for one in before.segments)
    return replace(before, segments=segments, unheard_ms=version.unheard_ms) if fresh else before


_MOST_CORRECTED = 100  # rows; more of them are read anew as quickly


def _load(db: Db, key: str, number: int | None) -> Transcript:
    conversation = queries.conversation(db, key)
    version = current_version(db, conversation) if number is None else _numbered(db, conversation, number)
    run, segments = (
        version.run,
        without_withdrawn(db, conversation, [_said(*row) for row in queries.segments_said(db, version.id)]),
    )
    return Transcript(
        key=conversation.key,
        language=version.language,
        engine=(run.engine if run else None) or "",
        model=(run.model if run else None) or "",
        duration_ms=conversation.duration_ms or max((segment.end_ms for segment in segments), default=0),
        segments=segments,
        speakers=_speakers(conversation, segments),
        style=version.style,
        speech_ms=version.speech_ms,
        unheard_ms=version.unheard_ms,
        meta={"version": str(version.number), "status": version.status},
    )


def current_version(db: Db, conversation: Conversation) -> TranscriptVersion:
    """The version that people see. Raises NotFound where nothing is transcribed yet."""
    version = queries.newest_transcript(db, conversation.id)
    if version is None:
        raise NotFound(f"{conversation.key} is not transcribed yet; try: iprkit transcribe {conversation.key}")
    return version


def activity(version: TranscriptVersion) -> list[Span]:
    """Where somebody speaks, on the conversation's clock."""
    return [Span(start_ms, end_ms) for start_ms, end_ms in version.activity]


def working_version(db: Db, conversation: Conversation) -> TranscriptVersion:
    """The version to edit: the working one, or a copy of the raw one where nobody edited it yet. Raises NotFound."""
    raw = current_version(db, conversation)
    if raw.status == "working":
        return raw
    kept = ("run_id", "language", "style", "speech_ms", "unheard_ms", "activity")
    copy = TranscriptVersion(
        number=raw.number + 1, parent=raw, status="working", **{name: getattr(raw, name) for name in kept}
    )
    conversation.versions.append(copy)
    columns = ("ordinal", "key", "speaker", "role", "start_ms", "end_ms", "text", "flags", "words")
    copy.segments = [SegmentRow(**{name: getattr(row, name) for name in columns}) for row in raw.segments]
    db.flush()
    return copy


def replace_segments(db: Db, version: TranscriptVersion, segments: Sequence[Segment]) -> None:
    """Give a working version these segments in place of its own.

    Words whose id the version knows keep it, all others get a new one. Segments with the first and last word of an old
    one keep its key, words that are gone or new not counted; see ``segment_keys.assign_keys`` for the others. Raises
    InvalidInput for a raw version, Conflict where words of somebody who withdrew would be lost with it.
    """
    if version.status != "working":
        raise InvalidInput("a raw transcript is never changed; edit the working version")
    hidden = hidden_words(db, version.conversation, [_segment(row) for row in version.segments])
    if hidden - {word.id for segment in segments for word in segment.words}:
        raise Conflict(f"{version.conversation.key} cannot be edited while what somebody said in it is hidden")
    _fill(db, version, list(version.segments), segments, in_place=True)


def replace_segment(db: Db, version: TranscriptVersion, segment: Segment) -> Segment:
    """Give one segment of a working version other words in its place, and return it as it is stored.

    Its key, its speaker and its place in the order stay; words whose id it knew keep it. Raises NotFound, InvalidInput
    for a raw version, Conflict where words of somebody who withdrew would be lost with it.
    """
    if version.status != "working":
        raise InvalidInput("a raw transcript is never changed; edit the working version")
    conversation, row = version.conversation, queries.segment_in(db, version.id, segment.key)
    if row is None:
        raise NotFound(f"{conversation.key} has no segment {segment.key}; see them with: iprkit transcript show")
    if hidden_words(db, conversation, [_segment(row)]) - {word.id for word in segment.words}:
        raise Conflict(f"{conversation.key} cannot be edited while what somebody said in it is hidden")
    (named,) = _with_ids(conversation, [segment], {word["id"] for word in row.words})
    _write(row, replace(named, role=row.role), row.ordinal)
    db.flush()
    return _segment(row)


def tell_speakers(conversation: Conversation, speakers: Iterable[Speaker]) -> None:
    """Say who some voices are, new ones among them; segments bear the roles once they are replaced."""
    known = {row.label: row for row in conversation.speakers}
    for speaker in speakers:
        row = known.get(speaker.label)
        if row is None or (row.role, row.name) != (speaker.role, speaker.name):
            _speaker_row(conversation, speaker.label, speaker)


def rename_speakers(db: Db, conversation: Conversation, roles: Mapping[str, str | None]) -> TranscriptVersion:
    """Say who the speakers are, ``{"A": "therapist"}``; their segments are keyed by the role from now on.

    Returns the working version. A role that one member of the dyad has also tells the participant. Raises NotFound for
    a label that nobody bears in this conversation, and where nothing is transcribed yet.
    """
    known = {row.label: row.name for row in conversation.speakers}
    for label in roles:
        if label not in known:
            heard = ", ".join(sorted(known)) or "none"
            raise NotFound(f"{conversation.key} has no speaker {label}; the speakers are: {heard}")
    for label, role in roles.items():
        _speaker_row(conversation, label, Speaker(label, role, known[label]))
    return rekey(db, conversation)


def rekey(db: Db, conversation: Conversation) -> TranscriptVersion:
    """Bring the segments' roles and keys up to who the speakers are now. Returns the working version; raises NotFound.

    Does nothing, not even begin a working version, where they are up to date.
    """
    roles = {row.label: row.role for row in conversation.speakers}
    version = current_version(db, conversation)
    if any(row.role != roles.get(row.speaker or "") for row in version.segments):
        version = working_version(db, conversation)
        replace_segments(db, version, [_segment(row) for row in version.segments])
    return version


def resolve_key(db: Db, conversation: Conversation, key: str) -> str:
    """The key that a cited segment bears now. Raises NotFound where no segment ever bore it, or it was deleted."""
    version = current_version(db, conversation)
    former = queries.former_keys(db, conversation.id)
    seen: set[str] = set()
    now = key
    while queries.segment_in(db, version.id, now) is None:
        if now in seen or now not in former:
            raise NotFound(f"{conversation.key} has no segment {key}; see them with: iprkit transcript show")
        seen.add(now)
        now = former[now].key
    return now


def _speakers(conversation: Conversation, segments: Iterable[Segment]) -> tuple[Speaker, ...]:
    """Those who speak in this version, with the roles that it was keyed by."""
    roles = {segment.speaker: segment.role for segment in segments if segment.speaker is not None}
    names = {row.label: row.name for row in conversation.speakers}
    return tuple(Speaker(label, roles[label], names.get(label)) for label in sorted(roles))


def _numbered(db: Db, conversation: Conversation, number: int) -> TranscriptVersion:
    version = queries.transcript_numbered(db, conversation.id, number)
    if version is None:
        raise NotFound(f"{conversation.key} has no transcript version {number}")
    return version


def _fill(
    db: Db, version: TranscriptVersion, old: Sequence[SegmentRow], segments: Sequence[Segment], in_place: bool
) -> None:
    conversation = version.conversation
    for label in sorted({s.speaker for s in segments if s.speaker is not None}):
        _speaker_row(conversation, label)
    roles = {row.label: row.role for row in conversation.speakers}
    known = {word["id"] for row in old for word in row.words} if in_place else set()
    named = _with_ids(conversation, segments, known)
    kept = known & {word.id for segment in named for word in segment.words}
    new = [_place(s.speaker, roles.get(s.speaker or ""), [w.id for w in s.words], kept, s.span) for s in named]
    before = [_old_place(row, kept) for row in old]
    keys = assign_keys(conversation.key, before, new, conversation.segment_counts)
    conversation.segment_counts = keys.counts
    _remember_former(db, conversation, keys)
    rows = [old[heir] if in_place and heir is not None else SegmentRow() for heir in keys.heirs]
    for ordinal, (row, segment, key) in enumerate(zip(rows, named, keys.keys, strict=True)):
        _write(row, replace(segment, key=key, role=roles.get(segment.speaker or "")), ordinal)
    if in_place:
        for index in set(range(len(old))) - set(keys.heirs):
            db.delete(old[index])
    version.segments = rows
    db.flush()


def _remember_former(db: Db, conversation: Conversation, keys: Keys) -> None:
    known = queries.former_keys(db, conversation.id)
    for former, key in keys.former.items():
        if former in known:
            known[former].key = key
        else:
            db.add(FormerKey(conversation_id=conversation.id, former=former, key=key))


def _with_ids(conversation: Conversation, segments: Iterable[Segment], known: set[str]) -> list[Segment]:
    """The segments with an id for every word; an id that stands twice stays with the first."""
    free = set(known)
    count = conversation.word_count
    out = []
    for segment in segments:
        words = []
        for word in segment.words:
            if word.id in free:
                free.remove(word.id)
            else:
                count += 1
                word = replace(word, id=f"w{count:04d}")
            words.append(word)
        out.append(replace(segment, words=tuple(words)))
    conversation.word_count = count
    return out


def _speaker_row(conversation: Conversation, label: str, told: Speaker | None = None) -> None:
    row = next((row for row in conversation.speakers if row.label == label), None)
    if row is None:
        row = SpeakerRow(label=label)
        conversation.speakers.append(row)
    if told is not None:
        row.role = told.role
        row.name = told.name
        members = [m for m in conversation.dyad.members if m.role == told.role]
        row.participant = members[0].participant if len(members) == 1 else None


def _place(speaker: str | None, role: str | None, ids: Sequence[str], kept: set[str], span: Span) -> Place:
    """``kept`` are the words of both texts: a segment is known by the first and last of them, else by its own."""
    known = [word for word in ids if word in kept] or ids
    return Place(Speaker(speaker, role).letter if speaker else UNDECIDED, (known[0], known[-1]), span)


def _old_place(row: SegmentRow, kept: set[str]) -> Place:
    span, ids = Span(row.start_ms, row.end_ms), [word["id"] for word in row.words]
    return replace(_place(row.speaker, row.role, ids, kept, span), key=row.key)


def _write(row: SegmentRow, segment: Segment, ordinal: int) -> None:
    row.key, row.ordinal = segment.key, ordinal
    row.speaker, row.role = segment.speaker, segment.role
    row.start_ms, row.end_ms = segment.start_ms, segment.end_ms
    row.text, row.flags = segment.text, list(segment.flags)
    row.words = [word_json(word) for word in segment.words]


def _segment(row: SegmentRow) -> Segment:
    return _said(row.key, row.speaker, row.role, row.words, row.flags)


def _said(
    key: str, speaker: str | None, role: str | None, words: Iterable[dict[str, Any]], flags: Iterable[str]
) -> Segment:
    return Segment(key, speaker, tuple([Word(**word) for word in words]), role, tuple(flags))
