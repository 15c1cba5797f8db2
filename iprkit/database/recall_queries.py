"""The questions that are asked of a study about its recall interviews, one function each."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session as Db
from sqlalchemy.orm import selectinload

from iprkit.database import queries
from iprkit.database.models import Conversation, Dyad, DyadMember, RecallInterview, Recording, Session
from iprkit.database.recall_models import (
    CommentRow,
    Consent,
    Memo,
    MomentRow,
    PauseRow,
    Playback,
    Withdrawal,
)
from iprkit.errors import InvalidInput, NotFound


def session(db: Db, key: str) -> Session:
    """The session of a key. Raises NotFound, InvalidInput where the key is a recall interview's."""
    found = queries.conversation(db, key)
    if not isinstance(found, Session):
        about = found.about.key if isinstance(found, RecallInterview) else "D01-S03"
        raise InvalidInput(f"{key} is a recall interview; name the session that it is about: {about}")
    return found


def session_of_id(db: Db, session_id: str) -> Session:
    return db.scalars(select(Session).where(Session.id == session_id)).one()


def interview(db: Db, key: str) -> RecallInterview:
    """The recall interview of a key. Raises NotFound, InvalidInput where the key is a session's."""
    found = queries.conversation(db, key)
    if not isinstance(found, RecallInterview):
        held = ", ".join(one.key for one in interviews_about(db, found.id)) or "none yet; try: iprkit recall add"
        raise InvalidInput(f"{key} is a session, not a recall interview; interviews about it: {held}")
    return found


def all_interviews(db: Db) -> Sequence[RecallInterview]:
    """Every recall interview, by key."""
    return db.scalars(select(RecallInterview).order_by(RecallInterview.key)).all()


def interviews_about(db: Db, session_id: str) -> Sequence[RecallInterview]:
    """The recall interviews about a session, by key."""
    return db.scalars(
        select(RecallInterview).where(RecallInterview.about_id == session_id).order_by(RecallInterview.key)
    ).all()


def sessions_of_dyads(db: Db) -> Sequence[Dyad]:
    """Every dyad with its members, conversations and their recordings, by key."""
    return db.scalars(
        select(Dyad)
        .order_by(Dyad.key)
        .options(
            selectinload(Dyad.members).selectinload(DyadMember.participant),
            selectinload(Dyad.conversations).selectinload(Conversation.recordings),
        )
    ).all()


def playback(db: Db, interview_id: str) -> Sequence[Playback]:
    """The pieces of an interview's time map, those struck out among them, in order of the interview's clock."""
    return db.scalars(
        select(Playback)
        .where(Playback.conversation_id == interview_id)
        .order_by(Playback.interview_start_ms, Playback.interview_end_ms, Playback.id)
    ).all()


def pauses(db: Db, interview_id: str) -> Sequence[PauseRow]:
    """The pauses of an interview in order."""
    return db.scalars(
        select(PauseRow)
        .where(PauseRow.conversation_id == interview_id)
        .order_by(PauseRow.interview_start_ms, PauseRow.id)
    ).all()


def comments(db: Db, interview_id: str) -> Sequence[CommentRow]:
    """The comments of an interview in order."""
    return db.scalars(
        select(CommentRow)
        .where(CommentRow.conversation_id == interview_id)
        .order_by(CommentRow.interview_start_ms, CommentRow.key)
        .options(selectinload(CommentRow.moment))
    ).all()


def comments_about(db: Db, session_id: str) -> Sequence[CommentRow]:
    """The comments of all interviews about a session, by interview and in order."""
    return db.scalars(
        select(CommentRow)
        .join(RecallInterview, CommentRow.conversation_id == RecallInterview.id)
        .where(RecallInterview.about_id == session_id)
        .order_by(RecallInterview.key, CommentRow.interview_start_ms, CommentRow.key)
        .options(selectinload(CommentRow.conversation), selectinload(CommentRow.moment))
    ).all()


def find_comment(db: Db, key: str) -> CommentRow | None:
    return db.scalars(select(CommentRow).where(CommentRow.key == key)).first()


def comment(db: Db, key: str) -> CommentRow:
    """The comment of a key. Raises NotFound."""
    found = find_comment(db, key)
    if found is None:
        raise NotFound(_unknown("comment", key, db.scalars(select(CommentRow.key)).all(), "iprkit recall show KEY"))
    return found


def moments(db: Db, session_id: str) -> Sequence[MomentRow]:
    """The moments of a session, those struck out among them, in order of their start."""
    return db.scalars(
        select(MomentRow)
        .where(MomentRow.conversation_id == session_id)
        .order_by(MomentRow.start_ms, MomentRow.end_ms, MomentRow.key)
    ).all()


def moment(db: Db, key: str) -> MomentRow:
    """The moment of a key. Raises NotFound, also where it was struck out."""
    found = db.scalars(select(MomentRow).where(MomentRow.key == key, MomentRow.deleted.is_(False))).first()
    if found is None:
        standing = select(MomentRow.key).where(MomentRow.deleted.is_(False))
        raise NotFound(_unknown("moment", key, db.scalars(standing).all(), "iprkit moments KEY"))
    return found


def memos(db: Db, targets: Sequence[str]) -> Sequence[Memo]:
    """The notes on what bears these keys, oldest first."""
    return db.scalars(select(Memo).where(Memo.target.in_(targets)).order_by(Memo.created_at, Memo.id)).all()


def all_memos(db: Db) -> Sequence[Memo]:
    """Every note, oldest first."""
    return db.scalars(select(Memo).order_by(Memo.created_at, Memo.id)).all()


def consent(db: Db, recording_id: str, party: str) -> Consent | None:
    """What one party agreed to about one recording; None where nothing was noted."""
    return db.scalars(select(Consent).where(Consent.recording_id == recording_id, Consent.party == party)).first()


def consents(db: Db, dyad_id: str) -> Sequence[Consent]:
    """What was agreed to about a dyad's recordings, by recording and party."""
    return db.scalars(
        select(Consent)
        .join(Consent.recording)
        .join(Recording.conversation)
        .where(Conversation.dyad_id == dyad_id)
        .order_by(Conversation.key, Recording.view, Recording.part, Consent.party)
    ).all()


def withdrawals(db: Db, dyad_id: str) -> Sequence[Withdrawal]:
    """Who of a dyad withdrew."""
    return db.scalars(select(Withdrawal).where(Withdrawal.dyad_id == dyad_id).order_by(Withdrawal.party)).all()


def all_withdrawals(db: Db) -> Sequence[Withdrawal]:
    """Who withdrew, in the whole study."""
    return db.scalars(select(Withdrawal)).all()


def _unknown(noun: str, key: str, known: Sequence[str], hint: str) -> str:
    near = get_close_matches(key, known, n=1)
    return f"there is no {noun} {key} in this study; " + (f"did you mean {near[0]}?" if near else f"try: {hint}")
