"""The codebooks that a study works with: each pinned in one version, its codes rows that codings point to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from iprkit.database.models import Journaled, Json


class Ruled:
    """What a codebook and a code say alike about how codes are applied; see ``iprkit.codebook.Rules``."""

    unit: Mapped[str | None] = mapped_column(String(16))
    window_ms: Mapped[int | None]
    min_ms: Mapped[int | None]
    speaker: Mapped[str | None] = mapped_column(String(16))
    applies_to: Mapped[list[str] | None] = mapped_column(Json)
    scale: Mapped[str | None] = mapped_column(Text)
    raters: Mapped[int | None]
    decision: Mapped[str | None] = mapped_column(String(16))
    statistic: Mapped[str | None] = mapped_column(String(32))
    scores: Mapped[list[str] | None] = mapped_column(Json)


class CodebookRow(Ruled, Journaled):
    """A codebook that the study pinned: ``3rs-2022`` in version 1.0.

    ``origin`` says where it came from, ``origin_digest`` what it said then; where its digest differs today, it was
    changed in this study.
    """

    __tablename__ = "codebook"

    name: Mapped[str] = mapped_column(String(48), unique=True)
    version: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    citation: Mapped[str] = mapped_column(Text)
    rights: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    scales: Mapped[list[Any]]
    exclusive: Mapped[bool]
    exhaustive: Mapped[bool]
    notes: Mapped[str] = mapped_column(Text)
    unverified: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    origin_digest: Mapped[str] = mapped_column(String(64))

    codes: Mapped[list[CodeRow]] = relationship(back_populates="codebook", order_by="CodeRow.position")

    @property
    def key(self) -> str:
        """What the journal calls it."""
        return self.name


class CodeRow(Ruled, Journaled):
    """One code of a pinned codebook; codings point to its ``id``, which never changes, nor does its ``key``.

    Rows are never deleted but by undo: a ``retired`` code keeps its codings. ``merged_into`` is the code whose name
    they go by now, ``split_from`` the retired one that this code was a part of. ``position`` counts among sisters.
    """

    __tablename__ = "code"
    __table_args__ = (UniqueConstraint("codebook_id", "key"),)

    codebook_id: Mapped[str] = mapped_column(ForeignKey("codebook.id"))
    key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("code.id"), index=True)
    position: Mapped[int]
    definition: Mapped[str] = mapped_column(Text)
    include: Mapped[str] = mapped_column(Text)
    exclude: Mapped[str] = mapped_column(Text)
    examples: Mapped[list[str]]
    codable: Mapped[bool]
    exclusive: Mapped[bool]
    colour: Mapped[str | None] = mapped_column(String(7))
    shortcut: Mapped[str | None] = mapped_column(String(4))
    notes: Mapped[str] = mapped_column(Text)
    unverified: Mapped[str] = mapped_column(Text)
    retired: Mapped[bool]
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("code.id"), index=True)
    split_from_id: Mapped[str | None] = mapped_column(ForeignKey("code.id"), index=True)
    guid: Mapped[str | None] = mapped_column(String(36))

    codebook: Mapped[CodebookRow] = relationship(back_populates="codes")
    parent: Mapped[CodeRow | None] = relationship(foreign_keys=[parent_id], remote_side="CodeRow.id")
    merged_into: Mapped[CodeRow | None] = relationship(foreign_keys=[merged_into_id], remote_side="CodeRow.id")
    split_from: Mapped[CodeRow | None] = relationship(foreign_keys=[split_from_id], remote_side="CodeRow.id")
