"""Sessions: the recorded conversations of a dyad, numbered as they took place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as day
from pathlib import Path

from sqlalchemy.orm import Session as Db

from iprkit.actions import keys, recordings
from iprkit.actions.recordings import Intake, Source
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import Session
from iprkit.errors import Conflict, InvalidInput
from iprkit.progress import Listener, silent


def add_session(
    study: Study,
    session: tuple[str, int],
    sources: Sequence[Source],
    date: str | None = None,
    intake: Intake | None = None,
    report: Listener = silent,
) -> str:
    """Add session ``(dyad, number)`` with its recordings; returns its key.

    One that came as a transcript alone gets its recordings so.

    Raises NotFound for an unknown dyad, Conflict where the session exists, SameRecording, MediaError and its kin,
    InvalidInput, StorageFull. Nothing is stored and no file is left behind then.
    """
    dyad_key, number = keys.dyad_key(session[0]), session[1]
    key, how = keys.session_key(dyad_key, number), intake or Intake()
    when = date_of(date)
    _check_channels(how.channels)
    with study.read() as db:
        _check_new(db, dyad_key, key)
    looked = recordings.look_at(study, sources, how, report)
    with (
        recordings.taken_in(study, key, looked, how.link, report) as paths,
        study.change(f"added session {key}", key) as db,
    ):
        _check_new(db, dyad_key, key)
        recordings.refuse_known(db, ((one.source, one.sha256) for one in looked))
        row = _waiting(db, key) or Session(key=key, number=number, dyad=queries.dyad(db, dyad_key))
        row.date = when or row.date
        row.recordings = recordings.rows(looked, paths, how.channels)
        db.add(row)
    return key


def sources_of(files: Sequence[Path], cameras: Sequence[str] = ()) -> list[Source]:
    """Files after one another as the parts of the main view, then the parallel views ``FILE@OFFSET_MS``."""
    parts = [Source(file, part=number) for number, file in enumerate(files, start=1)]
    return parts + [recordings.camera(text, number) for number, text in enumerate(cameras, start=2)]


def _check_new(db: Db, dyad: str, key: str) -> None:
    queries.dyad(db, dyad)
    if queries.find_conversation(db, key) is not None and _waiting(db, key) is None:
        raise Conflict(f"session {key} exists already; choose another number, or take it back with: iprkit undo")


def _waiting(db: Db, key: str) -> Session | None:
    """The session of a key that came as a transcript alone; None where it has recordings, or there is none."""
    found = queries.find_conversation(db, key)
    return found if isinstance(found, Session) and not found.recordings else None


def _check_channels(roles: Sequence[str]) -> None:
    for role in roles:
        keys.role(role)


def date_of(text: str | None) -> str | None:
    """A date as the study stores it, year-month-day. Raises InvalidInput for what is no date."""
    try:
        return day.fromisoformat(text).isoformat() if text else None
    except ValueError as e:
        raise InvalidInput(f"{text!r} is no date; write year-month-day, as in 2026-03-31") from e
