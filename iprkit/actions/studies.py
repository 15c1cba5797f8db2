"""The study as a whole: begun, surveyed, copied to safety and brought back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from iprkit.database import connect, files, queries
from iprkit.database.connect import Study
from iprkit.database.models import Conversation, Dyad
from iprkit.errors import StudyError


@dataclass(frozen=True)
class ConversationState:
    """How far one session or recall interview is. ``transcript`` is raw, working, or None where there is none yet."""

    key: str
    kind: str
    date: str | None
    recordings: int
    missing: int
    duration_ms: int
    transcript: str | None
    language: str | None


@dataclass(frozen=True)
class Member:
    """A participant of a dyad, by pseudonym."""

    key: str
    role: str


@dataclass(frozen=True)
class DyadState:
    """A dyad, its members, and its conversations by key."""

    key: str
    members: tuple[Member, ...]
    sessions: tuple[ConversationState, ...]


@dataclass(frozen=True)
class StudyState:
    """What a study holds."""

    title: str
    folder: str
    dyads: tuple[DyadState, ...]


def init(folder: Path, title: str | None = None, author: str | None = None, database: str | None = None) -> Path:
    """Begin a study in a folder, named after the folder unless it has a title. Returns the folder.

    See ``database.connect.create`` for what can go wrong.
    """
    with connect.create(folder, title or folder.resolve().name, author, database) as study:
        return study.folder


def status(study: Study) -> StudyState:
    """The study's dyads and sessions, and what is done for each."""
    with study.read() as db:
        row = queries.the_study(db)
        dyads = tuple(_dyad_state(study, dyad) for dyad in queries.all_dyads(db))
        return StudyState(row.title if row else "", str(study.folder), dyads)


def back_up(study: Study) -> Path:
    """Copy the database into the study's backups folder; recordings are not copied. Returns the copy.

    Raises StudyError for a study on a database server, StorageFull.
    """
    return files.back_up(_local(study).engine, study.folder / "backups")


def restore(study: Study, backup: Path) -> Path:
    """Put a backup in the database's place, after a backup of what is there now. Returns that one.

    Raises StudyError for a study on a database server, InvalidInput, ForeignFile.
    """
    now = back_up(study)
    study.close()
    files.restore(backup, study.folder / connect.DATABASE)
    return now


def _local(study: Study) -> Study:
    if study.engine.dialect.name != "sqlite":
        raise StudyError("this study lives on a database server; back it up there, with pg_dump")
    return study


def _dyad_state(study: Study, dyad: Dyad) -> DyadState:
    members = tuple(Member(member.participant.key, member.role) for member in dyad.members)
    return DyadState(dyad.key, members, tuple(_conversation_state(study, c) for c in dyad.conversations))


def _conversation_state(study: Study, conversation: Conversation) -> ConversationState:
    newest = conversation.versions[-1] if conversation.versions else None
    return ConversationState(
        key=conversation.key,
        kind=conversation.kind,
        date=conversation.date,
        recordings=len(conversation.recordings),
        missing=sum(bool(r.path) and not study.path(r.path).is_file() for r in conversation.recordings),
        duration_ms=conversation.duration_ms,
        transcript=newest.status if newest else None,
        language=newest.language if newest else None,
    )
