"""How iprkit talks to SQLite and PostgreSQL: safe settings, one writer at a time, and their errors in plain words."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError

from iprkit.errors import Conflict, InvalidInput, IprkitError, StorageFull, StudyError

APPLICATION_ID = 0x6970726B
"""Stands in the header of every study.db: the letters "iprk"."""

WAIT_S = 10
"""How long a writer waits for another one before it gives up."""

_AT_ONCE = 20
"""Connections to a file that stay open for who asks next; each has what it read last at hand."""

_SETTINGS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",
    f"PRAGMA busy_timeout = {WAIT_S * 1000}",
)

_WRITER_LOCK = f"SELECT pg_advisory_xact_lock({APPLICATION_ID})"


def sqlite_engine(file: Path, wait_s: float = WAIT_S) -> Engine:
    """An engine on an existing SQLite file; a committed change survives a power failure.

    ``writer(engine)`` gives the same engine for transactions that write.
    """
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": wait_s}, pool_size=_AT_ONCE, max_overflow=-1)

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # this module says BEGIN itself
        for setting in _SETTINGS:
            connection.execute(setting)
        connection.execute(f"PRAGMA busy_timeout = {round(wait_s * 1000)}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(engine, "handle_error", _in_plain_words, retval=True)
    return engine


def postgres_engine(url: str) -> Engine:
    """An engine on a PostgreSQL database. Raises InvalidInput where the address cannot be one."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "postgresql":
            raise InvalidInput(f"{url!r} is no PostgreSQL address; write postgresql+psycopg://user@host/name")
        options = f"-c lock_timeout={WAIT_S * 1000}"
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"), connect_args={"options": options})
    except ArgumentError as e:
        raise InvalidInput(f"{url!r} is no database address; write postgresql+psycopg://user@host/name") from e
    except (NoSuchModuleError, ModuleNotFoundError) as e:
        raise StudyError("a PostgreSQL study needs one more part: pip install 'iprkit[postgres]'") from e

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing", False):
            connection.exec_driver_sql(_WRITER_LOCK)

    event.listen(engine, "handle_error", _in_plain_words, retval=True)
    return engine


def writer(engine: Engine) -> Engine:
    """The same connections, for transactions that write: they take their turn from the very start."""
    return engine.execution_options(writing=True)


def plain_words(error: BaseException) -> IprkitError | None:
    """What an error of SQLite or PostgreSQL means to a person; None where it means a fault in iprkit.

    >>> plain_words(ValueError("x")) is None
    True
    """
    extended = getattr(error, "sqlite_errorcode", 0)
    code, state = extended & 0xFF, getattr(error, "sqlstate", None) or ""
    if code == sqlite3.SQLITE_FULL or extended == sqlite3.SQLITE_IOERR_SHMSIZE or state == "53100":
        return StorageFull("the disk is full; nothing of this change was stored. Make room and repeat the command")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or state in ("55P03", "40001", "40P01"):
        return Conflict("somebody else is writing to this study just now; nothing was stored. Repeat the command")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StudyError(f"the study's database is damaged ({error}); restore a backup with: iprkit restore FILE")
    if code == sqlite3.SQLITE_READONLY:
        return StudyError(f"the study's database cannot be written ({error}); check the permissions of its folder")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        return StudyError(f"the study's database cannot be reached ({error}); check the disk and its permissions")
    if state.startswith(("08", "28", "3D", "57P")) or (type(error).__name__ == "OperationalError" and not code):
        return StudyError(f"the study's database server does not answer: {str(error).strip()}")
    return None


def _in_plain_words(context: ExceptionContext) -> IprkitError | None:
    error = context.original_exception
    if isinstance(context.sqlalchemy_exception, IntegrityError):
        said = str(error).splitlines()[0]
        return Conflict(f"this exists already or is still in use ({said}); nothing was stored")
    return plain_words(error)
