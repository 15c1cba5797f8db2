"""Moments: the stretches of a session that client, therapist or researcher found worth talking about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session as Db

from iprkit.actions.linking import tolerance_of
from iprkit.database import queries, recall_queries
from iprkit.database.connect import Study
from iprkit.database.journal import now
from iprkit.database.models import Session
from iprkit.database.moments import bring_together, load_moments, mark_of, move_moment, new_moment
from iprkit.database.recall_models import Memo, MomentRow
from iprkit.database.recalls import remember_former, words_of
from iprkit.database.transcripts import activity
from iprkit.database.withdrawals import withdrawal_of
from iprkit.errors import Conflict, InvalidInput
from iprkit.linking.moments import TOLERANCE_MS
from iprkit.linking.windows import silences, windows
from iprkit.recall import Mark, Moment
from iprkit.sequences.shifts import Overlap, Shifts, mark_coincidence, time_overlap
from iprkit.timeline import Span, clock

WINDOWS = {"1min": 60_000, "5min": 300_000, "silences": 0}
"""How a protocol cuts a session: windows of equal length, or its silences."""


@dataclass(frozen=True)
class Wanted:
    """What a person says of a moment; None leaves it as it is, an empty label takes it away."""

    span: Span | None = None
    label: str | None = None
    memo: str | None = None


def moments_of(study: Study, key: str) -> list[Moment]:
    """The moments of a session in order of time. Raises NotFound, InvalidInput for a recall interview's key."""
    with study.read() as db:
        session = recall_queries.session(db, key)
        return load_moments(db, session, words_of(db, session), hidden(db, session))


def add_moment(study: Study, key: str, wanted: Wanted) -> Moment:
    """Add a moment of the researcher's to a session; comments within the tolerance of its span join it.

    Raises NotFound, InvalidInput where no span was given or it lies outside the session.
    """
    if wanted.span is None:
        raise InvalidInput("a moment needs a stretch of the session: --from and --to")
    with study.change(f"added a moment to {key}", key) as db:
        session = recall_queries.session(db, key)
        _check(session, wanted.span)
        row = new_moment(db, session, wanted.span, "researcher", words_of(db, session))
        db.flush()
        _note(db, study, row, wanted)
        return _again(db, session, row.key)


def add_windows(study: Study, key: str, protocol: str) -> list[Moment]:
    """Cut a session by a protocol of `WINDOWS`; returns the new moments. Windows that are there already stay alone.

    Raises NotFound, InvalidInput for an unknown protocol, Conflict where nothing new comes of it.
    """
    if protocol not in WINDOWS:
        raise InvalidInput(f"{protocol!r} is no protocol; choose among {', '.join(WINDOWS)}")
    with study.change(f"cut {key} by the protocol {protocol}", key) as db:
        session = recall_queries.session(db, key)
        words = words_of(db, session)
        there = {(r.start_ms, r.end_ms) for r in recall_queries.moments(db, session.id) if r.origin == "protocol"}
        spans = [span for span in _spans(db, session, protocol) if (span.start_ms, span.end_ms) not in there]
        if not spans:
            raise Conflict(f"{key} has no further {protocol}; see its moments with: iprkit moments {key}")
        made = []
        for span in spans:
            row = new_moment(db, session, span, "protocol", words)
            row.label = protocol
            made.append(row.key)
        db.flush()
        return [one for one in load_moments(db, session, words, hidden(db, session)) if one.key in made]


def edit_moment(study: Study, key: str, wanted: Wanted) -> Moment:
    """Give a moment another span or label, or a note. What a person changed is never changed by linking.

    Raises NotFound, InvalidInput where nothing is said or the span lies outside the session.
    """
    if wanted == Wanted():
        raise InvalidInput("say what to change: --from with --to, --label, or --memo")
    with study.change(f"changed moment {key}", key) as db:
        row = recall_queries.moment(db, key)
        session = _session(db, row)
        if wanted.span is not None:
            _check(session, wanted.span)
            move_moment(row, wanted.span, words_of(db, session))
        _note(db, study, row, wanted)
        return _again(db, session, key)


def merge_moments(study: Study, keys: Sequence[str]) -> Moment:
    """Make several moments of one session the first of them, which covers them all then. Raises NotFound, InvalidInput.

    The keys of the others stand for it from now on.
    """
    if len(set(keys)) < 2:
        raise InvalidInput("name at least two different moments to merge")
    with study.change(f"merged {', '.join(keys)}", keys[0]) as db:
        first, *others = (recall_queries.moment(db, key) for key in dict.fromkeys(keys))
        session = _session(db, first)
        if any(one.conversation_id != session.id for one in others):
            raise InvalidInput(f"{', '.join(keys)} lie in different sessions")
        for one in others:
            _take_in(db, first, one)
        remember_former(db, session, {one.key: first.key for one in others})
        span = Span(min(r.start_ms for r in (first, *others)), max(r.end_ms for r in (first, *others)))
        move_moment(first, span, words_of(db, session))
        for one in others:
            db.delete(one)
        db.flush()
        return _again(db, session, first.key)


def delete_moments(study: Study, keys: Sequence[str]) -> list[str]:
    """Strike moments out; the comments stay, and linking does not bring a struck-out moment back. Raises NotFound."""
    with study.change(f"deleted {', '.join(keys)}", keys[0]) as db:
        for key in keys:
            row = recall_queries.moment(db, key)
            if row.origin == "marked":
                row.deleted = True
                continue
            for comment in list(row.comments):
                comment.moment = None
            db.delete(row)
            db.flush()
            session = _session(db, row)
            bring_together(db, session, _tolerance(db, session), words_of(db, session))
    return list(keys)


def overlaps(study: Study, key: str, shifts: Shifts) -> list[Overlap]:
    """How far client and therapist marked the same time, and the same places, of a session, against circular shifts.

    Raises NotFound, InvalidInput for a recall interview's key.
    """
    with study.read() as db:
        session = recall_queries.session(db, key)
        gone = hidden(db, session)
        rows = [row for row in recall_queries.comments_about(db, session.id) if row.conversation.key not in gone]
        marks = [mark for row in rows if (mark := mark_of(row)) is not None]
        duration_ms, tolerance_ms = session.duration_ms, _tolerance(db, session)
    client, therapist = ([mark for mark in marks if mark.by == by] for by in ("client", "therapist"))
    return [
        time_overlap(_stretches(client), _stretches(therapist), duration_ms, shifts),
        mark_coincidence(_places(client), _places(therapist), tolerance_ms, duration_ms, shifts),
    ]


def hidden(db: Db, session: Session) -> set[str]:
    """The interviews about a session whose participants withdrew."""
    return {one.key for one in recall_queries.interviews_about(db, session.id) if withdrawal_of(db, one)}


def _places(marks: Sequence[Mark]) -> list[int]:
    """Where somebody stopped, each place once however much was said there."""
    return sorted({mark.at_ms for mark in marks})


def _stretches(marks: Sequence[Mark]) -> list[Span]:
    """What somebody spoke about, each stretch once however much was said of it."""
    return sorted({mark.span for mark in marks})


def _spans(db: Db, session: Session, protocol: str) -> list[Span]:
    if WINDOWS[protocol]:
        return windows(session.duration_ms, WINDOWS[protocol])
    newest = queries.newest_transcript(db, session.id)
    if newest is None:
        raise Conflict(
            f"{session.key} is not transcribed yet, so its silences are not known: iprkit transcribe {session.key}"
        )
    return silences([*activity(newest), *(word.span for word in words_of(db, session))])


def _take_in(db: Db, first: MomentRow, other: MomentRow) -> None:
    for comment in list(other.comments):
        comment.moment = first
    for memo in recall_queries.memos(db, [other.key]):
        memo.target = first.key
    first.label = first.label or other.label


def _note(db: Db, study: Study, row: MomentRow, wanted: Wanted) -> None:
    if wanted.label is not None:
        row.label = wanted.label.strip() or None
    if wanted.memo is not None and wanted.memo.strip():
        db.add(Memo(target=row.key, text=wanted.memo.strip(), author=study.author, created_at=now()))
    row.fixed = True


def _again(db: Db, session: Session, key: str) -> Moment:
    """The moment of a key, once the comments were sorted into moments again."""
    words = words_of(db, session)
    bring_together(db, session, _tolerance(db, session), words)
    return next(one for one in load_moments(db, session, words) if one.key == key)


def _session(db: Db, row: MomentRow) -> Session:
    found = db.get(Session, row.conversation_id)
    assert found is not None
    return found


def _tolerance(db: Db, session: Session) -> int:
    interviews = recall_queries.interviews_about(db, session.id)
    return max((tolerance_of(one) for one in interviews if one.recall.comments_run), default=TOLERANCE_MS)


def _check(session: Session, span: Span) -> None:
    if session.duration_ms and span.end_ms > session.duration_ms:
        raise InvalidInput(f"{session.key} lasts {clock(session.duration_ms)}; {clock(span.end_ms)} lies beyond it")
