"""Recall interviews: who watched which session, what they said about it, and what may be done with what they said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as day

from sqlalchemy.orm import Session as Db

from iprkit.actions import keys, parties, recordings
from iprkit.actions.linking import comments_work
from iprkit.actions.recordings import Intake, Source
from iprkit.actions.sessions import date_of
from iprkit.database import queries, recall_queries
from iprkit.database.connect import Study
from iprkit.database.models import Recall, RecallInterview
from iprkit.database.recall_models import CommentRow
from iprkit.database.recalls import comment_of, load_comments, load_map, load_pauses, quote, words_of
from iprkit.database.withdrawals import refuse_withdrawn
from iprkit.errors import Conflict, InvalidInput
from iprkit.progress import Listener, silent
from iprkit.recall import FRAMES, Comment, Pause, TimeMap
from iprkit.timeline import Span


@dataclass(frozen=True)
class Held:
    """An interview as it was held: with whom (a role, or a pseudonym where several have it), and when."""

    participant: str
    date: str | None = None


@dataclass(frozen=True)
class Added:
    """A recall interview that was added; ``delay_days`` lie between session and interview, None where a date lacks."""

    key: str
    delay_days: int | None


@dataclass(frozen=True)
class Shown:
    """A recall interview on the session's clock. ``behind`` says what has changed since its comments were made."""

    key: str
    session: str
    participant: str
    delay_days: int | None
    time_map: TimeMap
    pauses: tuple[Pause, ...]
    comments: tuple[Comment, ...]
    behind: str | None


@dataclass(frozen=True)
class Permission:
    """What a comment may be used for; None leaves it as it is."""

    quote: bool | None = None
    show_other: bool | None = None


def add_recall(
    study: Study,
    session: tuple[str, int],
    held: Held,
    sources: Sequence[Source],
    intake: Intake | None = None,
    report: Listener = silent,
) -> Added:
    """Add the recall interview that a participant gave about session ``(dyad, number)``.

    Raises NotFound for an unknown session or participant, Conflict where the interview is there already,
    SameRecording, MediaError and its kin, InvalidInput, StorageFull. Nothing is stored and no file left behind then.
    """
    about, how = keys.session_key(keys.dyad_key(session[0]), session[1]), intake or Intake()
    when = date_of(held.date)
    for role in how.channels:
        keys.role(role)
    with study.read() as db:
        key = _new_key(db, about, held.participant)
    looked = recordings.look_at(study, sources, how, report)
    with (
        recordings.taken_in(study, key, looked, how.link, report) as paths,
        study.change(f"added recall interview {key}", key) as db,
    ):
        key = _new_key(db, about, held.participant)
        recordings.refuse_known(db, ((one.source, one.sha256) for one in looked))
        about_row = recall_queries.session(db, about)
        role, participant = parties.participant(about_row.dyad, held.participant)
        row = RecallInterview(key=key, date=when, dyad=about_row.dyad, about=about_row, participant=participant)
        row.recall = Recall(perspective=role)
        row.recordings = recordings.rows(looked, paths, how.channels)
        db.add(row)
        return Added(key, delay_days(row))


def show(study: Study, key: str) -> Shown:
    """A recall interview's map, pauses and comments. Raises NotFound, InvalidInput for a session, Conflict where the
    participant withdrew."""
    with study.read() as db:
        interview = recall_queries.interview(db, key)
        refuse_withdrawn(db, interview)
        return Shown(
            interview.key,
            interview.about.key,
            interview.recall.perspective,
            delay_days(interview),
            load_map(db, interview),
            tuple(load_pauses(db, interview)),
            tuple(load_comments(db, interview, words_of(db, interview.about))),
            behind(db, interview),
        )


def allow(study: Study, wanted: Sequence[str], permission: Permission) -> list[Comment]:
    """Note whether comments may be quoted, and shown to the other party; a key is a comment's or an interview's.

    Returns the comments as they are now. Raises NotFound, InvalidInput where nothing was said about any permission.
    """
    if permission == Permission():
        raise InvalidInput("say what is allowed: --quote or --no-quote, --show-other or --no-show-other")
    named = ", ".join(wanted)
    with study.change(f"noted permissions for {named}", wanted[0] if len(wanted) == 1 else None) as db:
        rows = [row for key in wanted for row in comments_named(db, key)]
        for row in rows:
            row.may_be_quoted = row.may_be_quoted if permission.quote is None else permission.quote
            row.may_be_shown = row.may_be_shown if permission.show_other is None else permission.show_other
        db.flush()
        return [_value(row) for row in rows]


def edit_comment(
    study: Study, key: str, frame: str | None = None, about: Span | None = None, stopped_by: str | None = None
) -> Comment:
    """Say what a comment is about, whether it tells of then or now, or who had stopped the playback before it.

    Returns the comment as it is now. Raises NotFound, InvalidInput for a frame or span that cannot be meant.
    """
    if frame is None and about is None and stopped_by is None:
        raise InvalidInput("say what to change: --frame, --from with --to, or --stopped-by")
    return note_comment(study, key, Noted(frame, about, stopped_by))


@dataclass(frozen=True)
class Noted:
    """What a person says of one comment; None leaves it as it is. See ``edit_comment`` and ``Permission``."""

    frame: str | None = None
    about: Span | None = None
    stopped_by: str | None = None
    may_be_quoted: bool | None = None
    may_be_shown: bool | None = None


def note_comment(study: Study, key: str, noted: Noted) -> Comment:
    """Say several things of one comment, as one change. Raises as ``edit_comment`` does."""
    if noted == Noted():
        raise InvalidInput("say what to change of the comment")
    if noted.frame is not None and noted.frame not in FRAMES:
        raise InvalidInput(f"{noted.frame!r} is no temporal frame; choose among {', '.join(FRAMES)}")
    with study.change(f"changed {key}", key) as db:
        (row,) = comments_named(db, key, single=True)
        row.temporal_frame = noted.frame or row.temporal_frame
        row.may_be_quoted = row.may_be_quoted if noted.may_be_quoted is None else noted.may_be_quoted
        row.may_be_shown = row.may_be_shown if noted.may_be_shown is None else noted.may_be_shown
        if noted.about is not None:
            _set_about(db, row, noted.about)
        if noted.stopped_by is not None:
            _set_stopped_by(db, row, keys.role(noted.stopped_by))
        db.flush()
        return _value(row)


def comments_named(db: Db, key: str, single: bool = False) -> list[CommentRow]:
    """The comment of a key, also one that it bore before, or all comments of the interview of a key. Raises NotFound.

    ``single``: only a comment is meant.
    """
    conversation = queries.find_conversation(db, key)
    if isinstance(conversation, RecallInterview) and not single:
        refuse_withdrawn(db, conversation)
        return list(recall_queries.comments(db, conversation.id))
    row = recall_queries.comment(db, _newest_key(db, key))
    refuse_withdrawn(db, row.conversation)
    return [row]


def delay_days(interview: RecallInterview) -> int | None:
    """Days between the session and the interview about it; None where one of the dates is not known."""
    if interview.date is None or interview.about.date is None:
        return None
    return (day.fromisoformat(interview.date) - day.fromisoformat(interview.about.date)).days


def behind(db: Db, interview: RecallInterview) -> str | None:
    """What has changed since an interview's comments were made, as a sentence with what to type; None where nothing."""
    key = interview.key
    if queries.newest_transcript(db, interview.id) is None:
        return f"{key} is not transcribed yet; try: iprkit transcribe {key}"
    if interview.recall.comments_work is None:
        return f"the comments are not made yet; try: iprkit link {key}"
    if interview.recall.comments_work != comments_work(db, interview):
        return f"transcript, speakers or map were changed since; bring the comments up to date: iprkit link {key}"
    return None


def _new_key(db: Db, about: str, participant: str) -> str:
    """The key of an interview that is not there yet."""
    session = recall_queries.session(db, about)
    role, _ = parties.participant(session.dyad, participant)
    party = parties.party_named(session.dyad, participant)
    key = f"{about}-{role}" if party == role else f"{about}-{role}-{party}"
    if queries.find_conversation(db, key) is not None:
        raise Conflict(f"recall interview {key} exists already; take it back with: iprkit undo")
    return key


def _newest_key(db: Db, key: str) -> str:
    """The key that a cited comment bears now."""
    interview = queries.find_conversation(db, key.rpartition("-")[0])
    if interview is None:
        return key
    former, seen = queries.former_keys(db, interview.id), set[str]()
    while recall_queries.find_comment(db, key) is None and key in former and key not in seen:
        seen.add(key)
        key = former[key].key
    return key


def _set_about(db: Db, row: CommentRow, about: Span) -> None:
    interview = row.conversation
    assert isinstance(interview, RecallInterview)
    if about.end_ms > interview.about.duration_ms:
        raise InvalidInput(f"{interview.about.key} ends before that; give a stretch of the session")
    row.session_start_ms, row.session_end_ms, row.about = about.start_ms, about.end_ms, "set"
    row.session_words, row.session_quote = quote(words_of(db, interview.about), about)


def _set_stopped_by(db: Db, row: CommentRow, role: str) -> None:
    began = Span(row.interview_start_ms, row.interview_start_ms + 1)
    found = [
        pause
        for pause in recall_queries.pauses(db, row.conversation_id)
        if Span(pause.interview_start_ms, pause.interview_end_ms) & began
    ]
    if not found:
        raise InvalidInput(f"{row.key} was not said in a pause, so nobody had stopped the playback")
    found[0].initiated_by = role


def _value(row: CommentRow) -> Comment:
    interview = row.conversation
    assert isinstance(interview, RecallInterview)
    return comment_of(row, interview.recall.perspective)
