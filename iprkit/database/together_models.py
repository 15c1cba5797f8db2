"""What a study remembers of those who work on it together; none of it is part of the journal, so no undo touches it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from iprkit.database.models import Base, new_id


class Account(Base):
    """Somebody who may work on this study from another machine: name, part in it, and the password's Argon2 hash."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(32))
    folded: Mapped[str] = mapped_column(String(32), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(String(32))


class JobRow(Base):
    """Long work that waits, runs or is over. ``worker`` is the process that does it, as long as it does."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    options: Mapped[dict[str, Any]]
    author: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), index=True)
    worker: Mapped[str | None] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(Text, default="")
    queued_at: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[str | None] = mapped_column(String(32))


class PageChange(Base):
    """A change that a page sent and that is stored, so that one sent twice is made once."""

    __tablename__ = "page_change"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[str] = mapped_column(String(32))
