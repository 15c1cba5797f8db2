"""Recall interviews in the study: time maps that keep people's corrections, pauses, and comments under lasting keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session as Db

from iprkit.database import queries, recall_queries
from iprkit.database.models import Conversation, FormerKey, RecallInterview
from iprkit.database.recall_models import CommentRow, PauseRow, Playback
from iprkit.database.transcripts import load_transcript
from iprkit.linking.corrections import Stored, settled, standing
from iprkit.linking.keys import keep_keys
from iprkit.linking.pauses import Stop
from iprkit.recall import Comment, Pause, Piece, TimeMap
from iprkit.timeline import Span
from iprkit.transcript import Word


def load_map(db: Db, interview: RecallInterview) -> TimeMap:
    """What was playing when, without the pieces that were struck out."""
    return standing(load_pieces(db, interview))


def load_pieces(db: Db, interview: RecallInterview) -> list[Stored]:
    """All pieces of an interview's map with what people said of them, in order."""
    return [_stored(row) for row in recall_queries.playback(db, interview.id)]


def store_map(db: Db, interview: RecallInterview, pieces: Iterable[Piece]) -> TimeMap:
    """Put found or logged pieces in the place of those found or logged before; what people set or struck out stands.

    Returns the map as it is now. Must run inside a journaled change.
    """
    said = [one for one in load_pieces(db, interview) if one.is_a_persons]
    whole = said + [Stored(piece) for piece in pieces]
    store_pieces(db, interview, whole)
    return load_map(db, interview)


def store_pieces(db: Db, interview: RecallInterview, pieces: Sequence[Stored]) -> None:
    """Make these the pieces of an interview's map, those of a person's cutting into the others. See `settled`."""
    wanted = settled(pieces)
    there = {_stored(row): row for row in recall_queries.playback(db, interview.id)}
    for one, row in there.items():
        if one not in wanted:
            db.delete(row)
    for one in wanted:
        if one not in there:
            db.add(_row(interview, one))
    db.flush()


def load_pauses(db: Db, interview: RecallInterview) -> list[Pause]:
    return [
        Pause(row.session_ms, Span(row.interview_start_ms, row.interview_end_ms), row.initiated_by)
        for row in recall_queries.pauses(db, interview.id)
    ]


def known_stops(db: Db, interview: RecallInterview) -> list[Stop]:
    """Who stopped playback when, as far as that was noted."""
    return [Stop(pause.interview.start_ms, pause.initiated_by) for pause in load_pauses(db, interview)]


def store_pauses(db: Db, interview: RecallInterview, pauses: Sequence[Pause]) -> None:
    """Put these pauses in the place of those there were. Must run inside a journaled change."""
    if load_pauses(db, interview) == list(pauses):
        return
    for row in recall_queries.pauses(db, interview.id):
        db.delete(row)
    for pause in pauses:
        db.add(
            PauseRow(
                conversation_id=interview.id,
                session_ms=pause.session_ms,
                interview_start_ms=pause.interview.start_ms,
                interview_end_ms=pause.interview.end_ms,
                initiated_by=pause.initiated_by,
            )
        )
    db.flush()


def load_comments(db: Db, interview: RecallInterview, session: Sequence[Word] = ()) -> list[Comment]:
    """The comments of an interview in order; ``session`` are the session's words as they are now, to see what moved."""
    return [comment_of(row, interview.recall.perspective, session) for row in recall_queries.comments(db, interview.id)]


def comment_of(row: CommentRow, perspective: str, session: Sequence[Word] = ()) -> Comment:
    """A row as the value it stands for."""
    about = span_of(row)
    moment = row.moment if row.moment and not row.moment.deleted else None
    return Comment(
        key=row.key,
        speaker=perspective,
        interview=Span(row.interview_start_ms, row.interview_end_ms),
        text=row.text,
        words=(row.words[0], row.words[1]),
        prompt=row.prompt,
        session=about,
        about=row.about,
        session_ms=row.session_ms,
        delay_ms=row.delay_ms,
        temporal_frame=row.temporal_frame,
        moment=moment.key if moment else None,
        may_be_quoted=row.may_be_quoted,
        may_be_shown=row.may_be_shown,
        moved=about is not None and moved(row.session_quote, session, about),
    )


def store_comments(
    db: Db, interview: RecallInterview, drafts: Sequence[Comment], session: Sequence[Word]
) -> list[CommentRow]:
    """Store an interview's comments; one in the place of an older one takes over its key, permissions and coding.

    What a person set (a comment's span, its temporal frame, what it may be used for) stands. ``session`` are the words
    of the session as they are now. Must run inside a journaled change.
    """
    old = {row.key: row for row in recall_queries.comments(db, interview.id)}
    spans = {key: Span(row.interview_start_ms, row.interview_end_ms) for key, row in old.items()}
    keys = keep_keys(f"{interview.key}-K", spans, [d.interview for d in drafts], count_of(interview, "K"))
    set_count(interview, "K", keys.count)
    remember_former(db, interview, keys.former)
    rows = []
    for draft, key in zip(drafts, keys.keys, strict=True):
        row = old.get(key) or CommentRow(key=key, conversation_id=interview.id)
        _write(row, draft, session)
        db.add(row)
        rows.append(row)
    for key in old.keys() - set(keys.keys):
        db.delete(old[key])
    db.flush()
    return rows


def words_of(db: Db, conversation: Conversation) -> list[Word]:
    """The words of a conversation in order of time; none where it is not transcribed."""
    if queries.newest_transcript(db, conversation.id) is None:
        return []
    return sorted(load_transcript(db, conversation.key).words, key=lambda word: word.start_ms)


def quote(session: Sequence[Word], span: Span) -> tuple[list[str] | None, str | None]:
    """First and last word id, and the text, of what is said in a span; None and None where nothing is."""
    start_ms, end_ms = span.start_ms, span.end_ms
    inside = [word for word in session if start_ms <= (word.start_ms + word.end_ms) // 2 < end_ms]  # by their middles
    if not inside:
        return None, None
    return [inside[0].id, inside[-1].id], " ".join(word.text for word in inside)


def moved(stored: str | None, session: Sequence[Word], span: Span) -> bool:
    """Whether the session now says something else in a span than what was stored with it."""
    return stored is not None and bool(session) and quote(session, span)[1] != stored


def span_of(row: CommentRow) -> Span | None:
    """The stretch of the session that a comment is about."""
    if row.session_start_ms is None or row.session_end_ms is None:
        return None
    return Span(row.session_start_ms, row.session_end_ms)


def count_of(conversation: Conversation, letter: str) -> int:
    """The highest number given out so far to keys of a letter."""
    return conversation.segment_counts.get(letter, 0)


def set_count(conversation: Conversation, letter: str, count: int) -> None:
    if count != count_of(conversation, letter):
        conversation.segment_counts = conversation.segment_counts | {letter: count}


def remember_former(db: Db, conversation: Conversation, former: dict[str, str]) -> None:
    """Note by which key a cited one is succeeded."""
    known = queries.former_keys(db, conversation.id)
    for gone, key in former.items():
        if gone in known:
            known[gone].key = key
        else:
            db.add(FormerKey(conversation_id=conversation.id, former=gone, key=key))


def _stored(row: Playback) -> Stored:
    piece = Piece(
        Span(row.interview_start_ms, row.interview_end_ms),
        Span(row.session_start_ms, row.session_end_ms),
        row.confidence,
        row.source,
    )
    return Stored(piece, row.pinned, row.rejected)


def _row(interview: RecallInterview, one: Stored) -> Playback:
    piece = one.piece
    return Playback(
        conversation_id=interview.id,
        interview_start_ms=piece.interview.start_ms,
        interview_end_ms=piece.interview.end_ms,
        session_start_ms=piece.session.start_ms,
        session_end_ms=piece.session.end_ms,
        confidence=piece.confidence,
        source=piece.source,
        pinned=one.pinned,
        rejected=one.rejected,
    )


def _write(row: CommentRow, draft: Comment, session: Sequence[Word]) -> None:
    row.interview_start_ms, row.interview_end_ms = draft.interview.start_ms, draft.interview.end_ms
    row.text, row.prompt, row.delay_ms = draft.text, draft.prompt, draft.delay_ms
    if row.words != list(draft.words):
        row.words = list(draft.words)
    row.session_ms = draft.session_ms
    if row.about == "set":
        return
    row.about = draft.about
    row.session_start_ms = draft.session.start_ms if draft.session else None
    row.session_end_ms = draft.session.end_ms if draft.session else None
    words, text = quote(session, draft.session) if draft.session else (None, None)
    row.session_quote = text
    if row.session_words != words:
        row.session_words = words
