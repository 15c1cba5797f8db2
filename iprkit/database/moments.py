"""The moments of a session in the study: brought together from comments, and kept as people changed them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session as Db

from iprkit.database import recall_queries
from iprkit.database.models import RecallInterview, Session
from iprkit.database.recall_models import CommentRow, MomentRow
from iprkit.database.recalls import count_of, moved, quote, remember_former, set_count, span_of
from iprkit.linking.keys import keep_keys
from iprkit.linking.moments import covering, same_moments
from iprkit.recall import Mark, Moment
from iprkit.timeline import Span
from iprkit.transcript import Word


def load_moments(db: Db, session: Session, words: Sequence[Word] = (), hidden: Iterable[str] = ()) -> list[Moment]:
    """The moments of a session in order of time, with the comments that belong to each.

    To a protocol's window belong the comments at which playback had come into it. ``words`` are the session's as they
    are now; comments of the interviews in ``hidden`` are left out, and so are moments that only these marked.
    """
    rows = [row for row in recall_queries.comments_about(db, session.id) if row.conversation.key not in set(hidden)]
    marks = [(row, mark) for row in rows if (mark := mark_of(row)) is not None]
    out = []
    for row in recall_queries.moments(db, session.id):
        if row.deleted:
            continue
        span = Span(row.start_ms, row.end_ms)
        if row.origin == "protocol":
            mine = [mark for _, mark in marks if span.start_ms < mark.at_ms <= span.end_ms]
        else:
            mine = [mark for comment, mark in marks if comment.moment_id == row.id]
        if mine or row.origin != "marked" or row.fixed:
            out.append(_moment(db, row, mine, words))
    return out


def mark_of(row: CommentRow) -> Mark | None:
    """What a comment marks; None where it is about nothing in the session."""
    span = span_of(row)
    interview = row.conversation
    if span is None or not isinstance(interview, RecallInterview):
        return None
    at_ms = span.end_ms if row.about == "set" or row.session_ms is None else row.session_ms
    return Mark(row.key, interview.recall.perspective, at_ms, span)


def bring_together(db: Db, session: Session, tolerance_ms: int, words: Sequence[Word]) -> None:
    """Sort the comments about a session into moments again.

    A comment stays with a moment that a person set or struck out, joins one of these within the tolerance, and else
    makes a moment with those near it. Moments keep their keys. Must run inside a journaled change.
    """
    moments = list(recall_queries.moments(db, session.id))
    fixed = [row for row in moments if not row.deleted and (row.fixed or row.origin == "researcher")]
    free: dict[str, tuple[CommentRow, Mark]] = {}
    for row in recall_queries.comments_about(db, session.id):
        mark = mark_of(row)
        if row.moment is not None and row.moment.deleted and mark is not None:
            continue
        near = _near(mark, fixed, tolerance_ms, row.moment) if mark else None
        if near is not None or mark is None:
            row.moment = near
        else:
            free[row.key] = (row, mark)
    groups = same_moments((mark for _, mark in free.values()), tolerance_ms)
    loose = [row for row in moments if row.origin == "marked" and not row.fixed and not row.deleted]
    for moment, group in zip(_rows(db, session, loose, groups), groups, strict=True):
        _place(moment, covering(group), words)
        for one in group:
            free[one.key][0].moment = moment
    db.flush()


def new_moment(db: Db, session: Session, span: Span, origin: str, words: Sequence[Word]) -> MomentRow:
    """A further moment of a session under the next key. Must run inside a journaled change."""
    number = count_of(session, "M") + 1
    set_count(session, "M", number)
    row = MomentRow(key=f"{session.key}-M{number:02d}", conversation_id=session.id, origin=origin)
    _place(row, span, words)
    db.add(row)
    return row


def move_moment(row: MomentRow, span: Span, words: Sequence[Word]) -> None:
    """Set a moment's span by hand."""
    row.fixed = True
    _place(row, span, words)


def _rows(db: Db, session: Session, loose: Sequence[MomentRow], groups: Sequence[Sequence[Mark]]) -> list[MomentRow]:
    """A row for each group: the one whose moment it continues, else a new one; rows that nobody continues go."""
    old = {row.key: row for row in loose}
    spans = {row.key: Span(row.start_ms, row.end_ms) for row in loose}
    new = [covering(group) for group in groups]
    keys = keep_keys(f"{session.key}-M", spans, new, count_of(session, "M"))
    set_count(session, "M", keys.count)
    remember_former(db, session, keys.former)
    rows = []
    for key, span in zip(keys.keys, new, strict=True):
        row = old.get(key)
        if row is None:
            row = MomentRow(key=key, conversation_id=session.id, origin="marked")
            row.start_ms, row.end_ms = span.start_ms, span.end_ms
            db.add(row)
        rows.append(row)
    for key in old.keys() - set(keys.keys):
        for comment in list(old[key].comments):
            comment.moment = None
        db.delete(old[key])
    return rows


def _near(mark: Mark, fixed: Sequence[MomentRow], tolerance_ms: int, present: MomentRow | None) -> MomentRow | None:
    """The moment set by a person that a mark belongs to: its present one, else the nearest within the tolerance."""
    at = Span(mark.at_ms, mark.at_ms)
    gaps = {row.id: Span(row.start_ms, row.end_ms).gap_ms(at) for row in fixed}
    within = [row for row in fixed if gaps[row.id] <= tolerance_ms]
    if present in within:
        return present
    return min(within, key=lambda row: (gaps[row.id], row.key), default=None)


def _place(row: MomentRow, span: Span, words: Sequence[Word]) -> None:
    row.start_ms, row.end_ms = span.start_ms, span.end_ms
    ids, text = quote(words, span)
    row.quote = text
    if row.words != ids:
        row.words = ids


def _moment(db: Db, row: MomentRow, marks: Sequence[Mark], words: Sequence[Word]) -> Moment:
    span = Span(row.start_ms, row.end_ms)
    return Moment(
        key=row.key,
        span=span,
        origin=row.origin,
        label=row.label,
        marks=tuple(marks),
        memos=tuple(memo.text for memo in recall_queries.memos(db, [row.key])),
        moved=moved(row.quote, words, span),
    )
