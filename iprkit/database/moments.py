"""The moments of a session in the study: brought together from comments, and kept as people changed them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session as Db

from iprkit.database import recall_queries
from iprkit.database.models import RecallInterview, Session
from iprkit.database.recall_models import CommentRow, MomentRow
from iprkit.database.recalls import count_of, moved, quote, remember_former, set_count, span_of
from iprkit.linking.keys import keep_keys
from iprkit.linking.moments import Group, same_moments
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
    standing = [row for row in recall_queries.moments(db, session.id) if not row.deleted]
    notes = recall_queries.memos(db, [row.key for row in standing])
    out = []
    for row in standing:
        span = Span(row.start_ms, row.end_ms)
        if row.origin == "protocol":
            mine = [mark for _, mark in marks if span.start_ms < mark.at_ms <= span.end_ms]
        else:
            mine = [mark for comment, mark in marks if comment.moment_id == row.id]
        if mine or row.origin != "marked" or row.fixed:
            out.append(_moment(row, mine, words, [note.text for note in notes if note.target == row.key]))
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

    A comment stays with a moment that a person struck out, and with one that a person set as long as its span lies
    within the tolerance. All others are brought together with those near them, and with the moments that people set, as
    if somebody had stopped at the end of these. Moments keep their keys. Must run inside a journaled change.
    """
    moments = list(recall_queries.moments(db, session.id))
    set_by_hand = {row.id: row for row in moments if not row.deleted and (row.fixed or row.origin == "researcher")}
    free: dict[str, tuple[CommentRow, Mark]] = {}
    cores: dict[str, list[Mark]] = {key: [] for key in set_by_hand}
    for row in recall_queries.comments_about(db, session.id):
        mark = mark_of(row)
        if mark is None:
            row.moment = None
        elif row.moment_id in set_by_hand and _within(mark, set_by_hand[row.moment_id], tolerance_ms):
            cores[row.moment_id].append(mark)
        elif row.moment is None or not row.moment.deleted:
            free[row.key] = (row, mark)
    for key, row_set in set_by_hand.items():
        if row_set.origin == "researcher" or not cores[key]:
            cores[key].append(Mark("", "", row_set.end_ms, Span(row_set.start_ms, row_set.end_ms)))
    groups = same_moments((mark for _, mark in free.values()), tolerance_ms, cores)
    loose = [row for row in moments if row.origin == "marked" and not row.fixed and not row.deleted]
    made = iter(_rows(db, session, loose, [group for group in groups if group.fixed is None]))
    for group in groups:
        moment = set_by_hand[group.fixed] if group.fixed else next(made)
        if group.fixed is None:
            _place(moment, group.about, words)
        for one in group.marks:
            if one.key in free:
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


def _rows(db: Db, session: Session, loose: Sequence[MomentRow], groups: Sequence[Group]) -> list[MomentRow]:
    """A row for each group: the one whose moment it continues, else a new one; rows that nobody continues go."""
    old = {row.key: row for row in loose}
    spans = {row.key: Span(row.start_ms, row.end_ms) for row in loose}
    new = [group.about for group in groups]
    keys = keep_keys(f"{session.key}-M", spans, new, count_of(session, "M"))
    set_count(session, "M", keys.count)
    remember_former(db, session, keys.former)
    for key in old.keys() - set(keys.keys):
        for comment in list(old[key].comments):
            comment.moment = None
        db.delete(old[key])
    rows = []
    for key, span in zip(keys.keys, new, strict=True):
        row = old.get(key) or MomentRow(key=key, conversation_id=session.id, origin="marked")
        row.start_ms, row.end_ms = span.start_ms, span.end_ms
        db.add(row)
        rows.append(row)
    return rows


def _within(mark: Mark, row: MomentRow, tolerance_ms: int) -> bool:
    return Span(row.start_ms, row.end_ms).gap_ms(Span(mark.at_ms, mark.at_ms)) <= tolerance_ms


def _place(row: MomentRow, span: Span, words: Sequence[Word]) -> None:
    row.start_ms, row.end_ms = span.start_ms, span.end_ms
    ids, text = quote(words, span)
    row.quote = text
    if row.words != ids:
        row.words = ids


def _moment(row: MomentRow, marks: Sequence[Mark], words: Sequence[Word], notes: Sequence[str]) -> Moment:
    span = Span(row.start_ms, row.end_ms)
    return Moment(
        key=row.key,
        span=span,
        origin=row.origin,
        label=row.label,
        marks=tuple(marks),
        memos=tuple(notes),
        moved=moved(row.quote, words, span),
    )
