"""What a study remembers of recall interviews: what was playing when, pauses, comments, moments, notes, consent."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from iprkit.database.models import Conversation, Dyad, Journaled, Json, Recording


class Playback(Journaled):
    """One piece of an interview's time map: what was heard of the session, from when to when.

    ``pinned``: a person vouches for it. ``rejected``: a person struck it out, and no later run brings it back.
    """

    __tablename__ = "playback"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    interview_start_ms: Mapped[int] = mapped_column(BigInteger)
    interview_end_ms: Mapped[int] = mapped_column(BigInteger)
    session_start_ms: Mapped[int] = mapped_column(BigInteger)
    session_end_ms: Mapped[int] = mapped_column(BigInteger)
    confidence: Mapped[float]
    source: Mapped[str] = mapped_column(String(8))
    pinned: Mapped[bool] = mapped_column(default=False)
    rejected: Mapped[bool] = mapped_column(default=False)


class PauseRow(Journaled):
    """Where playback stopped, how long, and who stopped it."""

    __tablename__ = "pause"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    session_ms: Mapped[int] = mapped_column(BigInteger)
    interview_start_ms: Mapped[int] = mapped_column(BigInteger)
    interview_end_ms: Mapped[int] = mapped_column(BigInteger)
    initiated_by: Mapped[str | None] = mapped_column(String(32))


class MomentRow(Journaled):
    """A stretch of a session worth talking about.

    ``origin`` is marked, researcher or protocol. ``fixed``: a person set its span. ``deleted``: a person struck it out,
    and marks there make no new one. ``words`` and ``quote`` are the first and last word id and the text of the session
    under it, as they were when it was made.
    """

    __tablename__ = "moment"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    start_ms: Mapped[int] = mapped_column(BigInteger)
    end_ms: Mapped[int] = mapped_column(BigInteger)
    origin: Mapped[str] = mapped_column(String(16))
    label: Mapped[str | None] = mapped_column(Text)
    fixed: Mapped[bool] = mapped_column(default=False)
    deleted: Mapped[bool] = mapped_column(default=False)
    words: Mapped[list[str] | None] = mapped_column(Json)
    quote: Mapped[str | None] = mapped_column(Text)

    comments: Mapped[list[CommentRow]] = relationship(back_populates="moment", order_by="CommentRow.key")


class CommentRow(Journaled):
    """What the participant said at one go, and what of the session it is about; see ``recall.Comment``.

    ``words`` are the first and last word id in the interview; ``session_words`` and ``session_quote`` those of the
    session under the span that it is about, as it was when it was linked.
    """

    __tablename__ = "comment"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    interview_start_ms: Mapped[int] = mapped_column(BigInteger)
    interview_end_ms: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[list[str]]
    prompt: Mapped[str | None] = mapped_column(Text)
    session_start_ms: Mapped[int | None] = mapped_column(BigInteger)
    session_end_ms: Mapped[int | None] = mapped_column(BigInteger)
    about: Mapped[str | None] = mapped_column(String(8))
    session_ms: Mapped[int | None] = mapped_column(BigInteger)
    delay_ms: Mapped[int | None] = mapped_column(BigInteger)
    session_words: Mapped[list[str] | None] = mapped_column(Json)
    session_quote: Mapped[str | None] = mapped_column(Text)
    temporal_frame: Mapped[str | None] = mapped_column(String(8))
    moment_id: Mapped[str | None] = mapped_column(ForeignKey("moment.id"), index=True)
    may_be_quoted: Mapped[bool | None]
    may_be_shown: Mapped[bool | None]

    conversation: Mapped[Conversation] = relationship()
    moment: Mapped[MomentRow | None] = relationship(back_populates="comments")


class Memo(Journaled):
    """A free note on anything that has a key."""

    __tablename__ = "memo"

    target: Mapped[str] = mapped_column(String(80), index=True)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(String(32))


class Consent(Journaled):
    """What one person who is heard in a recording agreed to: the uses that ``scope`` lists.

    ``party`` is the role, or the pseudonym where several people have that role.
    """

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("recording_id", "party"),)

    recording_id: Mapped[str] = mapped_column(ForeignKey("recording.id"))
    party: Mapped[str] = mapped_column(String(32))
    scope: Mapped[list[str]]

    recording: Mapped[Recording] = relationship()


class Withdrawal(Journaled):
    """That one person of a dyad withdrew; ``purged_at`` is None as long as it can be taken back."""

    __tablename__ = "withdrawal"
    __table_args__ = (UniqueConstraint("dyad_id", "party"),)

    dyad_id: Mapped[str] = mapped_column(ForeignKey("dyad.id"))
    party: Mapped[str] = mapped_column(String(32))
    at: Mapped[str] = mapped_column(String(32))
    purged_at: Mapped[str | None] = mapped_column(String(32))

    dyad: Mapped[Dyad] = relationship()
