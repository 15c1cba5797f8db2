"""What a study remembers: people under pseudonyms, their conversations, recordings, transcripts, and every change."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Json = JSON(none_as_null=True)
"""Lists and dictionaries; replaced as a whole, never changed in place, so that every change is noticed."""


class Base(DeclarativeBase):
    """Root of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        list[Any]: Json,
        dict[str, Any]: Json,
        list[str]: Json,
        list[float]: Json,
        dict[str, int]: Json,
    }


PURGED = "purged"
"""The kind of journal entries whose content was deleted; they can be neither undone nor redone."""


def new_id() -> str:
    """An identity that stays unique when studies are merged."""
    return uuid4().hex


class Journaled(Base):
    """A row whose every change is in the journal; its id survives undo, redo and merging."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)


class StudyRow(Journaled):
    """The study itself; one row."""

    __tablename__ = "study"

    title: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(String(32))


class Participant(Journaled):
    """One person, known by a pseudonym such as T01 or C01."""

    __tablename__ = "participant"

    key: Mapped[str] = mapped_column(String(32), unique=True)
    role: Mapped[str] = mapped_column(String(32))


class Dyad(Journaled):
    """The people who work together: therapist and client, or several of either."""

    __tablename__ = "dyad"

    key: Mapped[str] = mapped_column(String(32), unique=True)

    members: Mapped[list[DyadMember]] = relationship(back_populates="dyad", order_by="DyadMember.position")
    conversations: Mapped[list[Conversation]] = relationship(back_populates="dyad", order_by="Conversation.key")


class DyadMember(Journaled):
    """A participant's place in a dyad."""

    __tablename__ = "dyad_member"
    __table_args__ = (UniqueConstraint("dyad_id", "participant_id"),)

    dyad_id: Mapped[str] = mapped_column(ForeignKey("dyad.id"))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    position: Mapped[int] = mapped_column(default=0)

    dyad: Mapped[Dyad] = relationship(back_populates="members")
    participant: Mapped[Participant] = relationship()


class Conversation(Journaled):
    """Something that was recorded and can be transcribed.

    ``word_count`` and ``segment_counts`` (per letter) say which word ids and segment keys were ever given out;
    they only grow, so that no id comes to mean two things.
    """

    __tablename__ = "conversation"
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012

    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    dyad_id: Mapped[str] = mapped_column(ForeignKey("dyad.id"), index=True)
    number: Mapped[int | None]
    date: Mapped[str | None] = mapped_column(String(10))
    about_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    participant_id: Mapped[str | None] = mapped_column(ForeignKey("participant.id"), index=True)
    word_count: Mapped[int] = mapped_column(default=0)
    segment_counts: Mapped[dict[str, int]] = mapped_column(default=dict)

    dyad: Mapped[Dyad] = relationship(back_populates="conversations")
    recordings: Mapped[list[Recording]] = relationship(
        back_populates="conversation", order_by="(Recording.view != 'main', Recording.view, Recording.part)"
    )
    speakers: Mapped[list[SpeakerRow]] = relationship(back_populates="conversation", order_by="SpeakerRow.label")
    versions: Mapped[list[TranscriptVersion]] = relationship(
        back_populates="conversation", order_by="TranscriptVersion.number"
    )

    @property
    def duration_ms(self) -> int:
        """Where the last recording of the main view ends on the conversation's clock."""
        return max((r.offset_ms + r.duration_ms for r in self.recordings if r.view == "main"), default=0)


class Session(Conversation):
    """One recorded conversation of a dyad: D01-S03."""

    __mapper_args__ = {"polymorphic_identity": "session"}  # noqa: RUF012


class RecallInterview(Conversation):
    """One participant watching the recording of a session with an interviewer: D01-S03-client."""

    __mapper_args__ = {"polymorphic_identity": "recall"}  # noqa: RUF012

    about: Mapped[Session] = relationship(foreign_keys=[Conversation.about_id], remote_side=[Conversation.id])
    participant: Mapped[Participant | None] = relationship(foreign_keys=[Conversation.participant_id])
    recall: Mapped[Recall] = relationship(back_populates="interview")


class Recall(Journaled):
    """What belongs to a recall interview alone: whose recall it is, and how far it is linked to its session.

    ``perspective`` is the role of the participant, who is known by a pseudonym only where the dyad's members are.
    ``map_work`` and ``comments_work`` say what the time map and the comments were made from, so that nothing is done
    twice.
    """

    __tablename__ = "recall"
    __table_args__ = (UniqueConstraint("conversation_id"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    perspective: Mapped[str] = mapped_column(String(32))
    map_run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"), index=True)
    map_work: Mapped[str | None] = mapped_column(String(64))
    comments_run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"), index=True)
    comments_work: Mapped[str | None] = mapped_column(String(64))

    interview: Mapped[RecallInterview] = relationship(back_populates="recall")
    map_run: Mapped[Run | None] = relationship(foreign_keys=[map_run_id])
    comments_run: Mapped[Run | None] = relationship(foreign_keys=[comments_run_id])


class Recording(Journaled):
    """One media file of a conversation.

    ``offset_ms`` is where it starts on the conversation's clock. ``path`` is relative to the study folder, absolute
    where the file was linked from outside. ``channels`` names who speaks on which channel, where that is known.
    """

    __tablename__ = "recording"
    __table_args__ = (UniqueConstraint("conversation_id", "view", "part"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    part: Mapped[int]
    view: Mapped[str] = mapped_column(String(32), default="main")
    offset_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    path: Mapped[str] = mapped_column(Text)
    linked: Mapped[bool] = mapped_column(default=False)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    duration_ms: Mapped[int] = mapped_column(BigInteger)
    channels: Mapped[list[str] | None] = mapped_column(Json)
    media: Mapped[dict[str, Any]] = mapped_column(default=dict)

    conversation: Mapped[Conversation] = relationship(back_populates="recordings")


class SpeakerRow(Journaled):
    """A voice of one conversation: its label, and who that is once somebody said so."""

    __tablename__ = "speaker"
    __table_args__ = (UniqueConstraint("conversation_id", "label"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    label: Mapped[str] = mapped_column(String(16))
    role: Mapped[str | None] = mapped_column(String(32))
    participant_id: Mapped[str | None] = mapped_column(ForeignKey("participant.id"), index=True)
    name: Mapped[str | None] = mapped_column(Text)

    conversation: Mapped[Conversation] = relationship(back_populates="speakers")
    participant: Mapped[Participant | None] = relationship()


class Run(Journaled):
    """One execution of a step: what computed a result, from what, with which settings, when, for whom."""

    __tablename__ = "run"

    step: Mapped[str] = mapped_column(String(32), index=True)
    tool: Mapped[str] = mapped_column(String(64), default="iprkit")
    tool_version: Mapped[str] = mapped_column(String(32))
    engine: Mapped[str | None] = mapped_column(String(64))
    model: Mapped[str | None] = mapped_column(Text)
    model_sha256: Mapped[str | None] = mapped_column(String(64))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    input_sha256: Mapped[str | None] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(Text)
    started_at: Mapped[str] = mapped_column(String(32))
    ended_at: Mapped[str | None] = mapped_column(String(32))
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)


class TranscriptVersion(Journaled):
    """One version of a conversation's words. ``raw`` is what the engine heard and never changes; ``working`` is edited.

    ``activity`` lists the stretches ``[start_ms, end_ms]`` where somebody speaks.
    """

    __tablename__ = "transcript"
    __table_args__ = (UniqueConstraint("conversation_id", "number"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    number: Mapped[int]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("transcript.id"), index=True)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"), index=True)
    language: Mapped[str] = mapped_column(String(16))
    style: Mapped[str] = mapped_column(String(16), default="clean")
    status: Mapped[str] = mapped_column(String(16), default="raw")
    speech_ms: Mapped[int | None] = mapped_column(BigInteger)
    unheard_ms: Mapped[int | None] = mapped_column(BigInteger)
    activity: Mapped[list[Any]] = mapped_column(default=list)

    conversation: Mapped[Conversation] = relationship(back_populates="versions")
    parent: Mapped[TranscriptVersion | None] = relationship(remote_side="TranscriptVersion.id")
    run: Mapped[Run | None] = relationship()
    segments: Mapped[list[SegmentRow]] = relationship(back_populates="version", order_by="SegmentRow.ordinal")


class SegmentRow(Journaled):
    """A stored stretch by one speaker with its words, the smallest thing to code."""

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("version_id", "key"), Index(None, "version_id", "ordinal"))

    version_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"))
    ordinal: Mapped[int]
    key: Mapped[str] = mapped_column(String(80), index=True)
    speaker: Mapped[str | None] = mapped_column(String(16))
    role: Mapped[str | None] = mapped_column(String(32))
    start_ms: Mapped[int] = mapped_column(BigInteger)
    end_ms: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text)
    flags: Mapped[list[str]] = mapped_column(default=list)
    words: Mapped[list[Any]] = mapped_column(default=list)

    version: Mapped[TranscriptVersion] = relationship(back_populates="segments")


class FormerKey(Journaled):
    """A segment key that was cited once and the key that stands for it now."""

    __tablename__ = "former_key"
    __table_args__ = (UniqueConstraint("conversation_id", "former"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    former: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(80), index=True)


class Voice(Base):
    """How a speaker of a conversation sounds, kept so that the dyad's next sessions need no naming.

    It identifies a person, so it stays out of the journal: once deleted it is gone, no undo brings it back. It names
    its conversation by key, not by row, so that undoing an old change is never held up by it. Who the speaker is stands
    with the conversation's speakers.
    """

    __tablename__ = "voice"
    __table_args__ = (UniqueConstraint("conversation_key", "label"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    dyad_key: Mapped[str] = mapped_column(String(32), index=True)
    conversation_key: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(16))
    embedding: Mapped[list[float]]
    model: Mapped[str] = mapped_column(Text)
    window_count: Mapped[int]


class Chunk(Base):
    """A finished piece of long work, kept until the whole is stored so that an interruption loses little."""

    __tablename__ = "chunk"
    __table_args__ = (UniqueConstraint("work_key", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    work_key: Mapped[str] = mapped_column(String(128))
    ordinal: Mapped[int]
    start_ms: Mapped[int] = mapped_column(BigInteger)
    end_ms: Mapped[int] = mapped_column(BigInteger)
    result: Mapped[dict[str, Any]]


class JournalEntry(Base):
    """One change as people speak of it: when, who, what.

    ``kind`` is ``change``, ``undo`` or ``redo`` (``reverts_id`` is the change that these are about), and ``start`` for
    the study's beginning, which cannot be undone.
    """

    __tablename__ = "journal_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String(32))
    author: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(8), default="change")
    reverts_id: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.id"), index=True)

    rows: Mapped[list[JournalRow]] = relationship(back_populates="entry", order_by="JournalRow.id")


class JournalRow(Base):
    """What one entry did to one row. ``before`` is None where the row is new, ``after`` where it was deleted."""

    __tablename__ = "journal_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(32))
    row_id: Mapped[str] = mapped_column(String(32), index=True)
    key: Mapped[str | None] = mapped_column(String(80), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)

    entry: Mapped[JournalEntry] = relationship(back_populates="rows")
