"""Who codes, what they coded, what they were asked to code, and what was settled where they differed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from iprkit.database.codebook_models import CodebookRow, CodeRow
from iprkit.database.models import Conversation, Journaled


class Anchored:
    """Where something stands, as it was when it was put there; see ``iprkit.coding.Anchor``."""

    target: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16))
    start_ms: Mapped[int] = mapped_column(BigInteger)
    end_ms: Mapped[int] = mapped_column(BigInteger)
    first_word: Mapped[str | None] = mapped_column(String(16))
    last_word: Mapped[str | None] = mapped_column(String(16))
    quote: Mapped[str] = mapped_column(Text)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)


class CoderRow(Journaled):
    """A person who codes. ``folded`` is the name without capitals, by which nobody is entered twice."""

    __tablename__ = "coder"

    name: Mapped[str] = mapped_column(String(32))
    folded: Mapped[str] = mapped_column(String(32), unique=True)
    role: Mapped[str] = mapped_column(String(16))


class RoundRow(Journaled):
    """Codings made for one purpose: training, a reliability sample, a check for drift, or the coding itself."""

    __tablename__ = "round"

    name: Mapped[str] = mapped_column(String(48), unique=True)
    purpose: Mapped[str] = mapped_column(String(16))


class CodingRow(Anchored, Journaled):
    """One coder's use of one code on one target."""

    __tablename__ = "coding"

    key: Mapped[str] = mapped_column(String(120), unique=True)
    coder_id: Mapped[str] = mapped_column(ForeignKey("coder.id"), index=True)
    code_id: Mapped[str] = mapped_column(ForeignKey("code.id"), index=True)
    round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id"), index=True)
    rating: Mapped[float | None]
    about: Mapped[str | None] = mapped_column(String(16))
    certainty: Mapped[str | None] = mapped_column(String(8))
    memo: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(String(32))

    conversation: Mapped[Conversation] = relationship()
    coder: Mapped[CoderRow] = relationship()
    code: Mapped[CodeRow] = relationship()
    round: Mapped[RoundRow | None] = relationship()

    @property
    def codebook_id(self) -> str:
        return self.code.codebook_id


class AssignmentRow(Journaled):
    """Units that several coders are asked to code with one codebook. ``sample`` says in a sentence how they were drawn.

    ``revealed_at`` is set where a person showed the codings to everybody before all had submitted.
    """

    __tablename__ = "assignment"

    key: Mapped[str] = mapped_column(String(16), unique=True)
    codebook_id: Mapped[str] = mapped_column(ForeignKey("codebook.id"), index=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    blind: Mapped[bool]
    unit: Mapped[str] = mapped_column(String(16))
    sample: Mapped[str] = mapped_column(Text)
    settings: Mapped[dict[str, Any]]
    made_at: Mapped[str] = mapped_column(String(32))
    revealed_at: Mapped[str | None] = mapped_column(String(32))
    revealed_because: Mapped[str | None] = mapped_column(Text)

    codebook: Mapped[CodebookRow] = relationship()
    round: Mapped[RoundRow] = relationship()
    coders: Mapped[list[AssignmentCoder]] = relationship(
        back_populates="assignment", order_by="AssignmentCoder.position"
    )
    units: Mapped[list[AssignmentUnit]] = relationship(back_populates="assignment", order_by="AssignmentUnit.position")

    @property
    def open(self) -> bool:
        """Whether everybody may see the codings."""
        return not self.blind or self.revealed_at is not None or all(one.submitted_at for one in self.coders)


class AssignmentCoder(Journaled):
    """One coder's part; once submitted, these codings are locked."""

    __tablename__ = "assignment_coder"
    __table_args__ = (UniqueConstraint("assignment_id", "coder_id"),)

    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id"))
    coder_id: Mapped[str] = mapped_column(ForeignKey("coder.id"), index=True)
    position: Mapped[int]
    submitted_at: Mapped[str | None] = mapped_column(String(32))

    assignment: Mapped[AssignmentRow] = relationship(back_populates="coders")
    coder: Mapped[CoderRow] = relationship()


class AssignmentUnit(Anchored, Journaled):
    """One unit to code."""

    __tablename__ = "assignment_unit"
    __table_args__ = (UniqueConstraint("assignment_id", "position"),)

    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id"))
    position: Mapped[int]

    conversation: Mapped[Conversation] = relationship()
    assignment: Mapped[AssignmentRow] = relationship(back_populates="units")


class AdjudicationRow(Anchored, Journaled):
    """What was settled about a target, and why; the codings stay as they are. Without a code, nothing applies."""

    __tablename__ = "adjudication"

    key: Mapped[str] = mapped_column(String(120), unique=True)
    codebook_id: Mapped[str] = mapped_column(ForeignKey("codebook.id"), index=True)
    code_id: Mapped[str | None] = mapped_column(ForeignKey("code.id"), index=True)
    round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id"), index=True)
    rating: Mapped[float | None]
    about: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[str] = mapped_column(String(32))

    conversation: Mapped[Conversation] = relationship()
    codebook: Mapped[CodebookRow] = relationship()
    code: Mapped[CodeRow | None] = relationship()
    round: Mapped[RoundRow | None] = relationship()
