"""The study's database as a file: private, recognisable as ours, checked, backed up and restored."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from iprkit.database.engine import APPLICATION_ID, plain_words
from iprkit.errors import Conflict, ForeignFile, InvalidInput, StorageFull, StudyError

_MAGIC = b"SQLite format 3\0"


@contextmanager
def storing() -> Iterator[None]:
    """Says in plain words that the disk is full, that a folder cannot be written, or that the database is damaged."""
    try:
        yield
    except sqlite3.Error as e:
        raise plain_words(e) or StudyError(f"the database says: {e}") from e
    except OSError as e:
        if e.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(f"the disk is full ({e.filename or 'while writing'}); make room and repeat") from e
        if e.errno == errno.EFBIG:
            raise StorageFull("this disk takes no file so large; use another disk, or leave the file outside") from e
        if e.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StudyError(f"{e.filename} cannot be written ({e.strerror}); check its permissions") from e
        raise


def make_empty_database(file: Path) -> None:
    """A database file with our mark that only its owner can read. Raises FileExistsError where one is there."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")


def gather(file: Path) -> None:
    """Bring all that was written beside a database into its one file. Raises StorageFull."""
    with storing(), closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def wipe(engine: Engine) -> None:
    """Rewrite the whole database, so that nothing deleted stands anywhere in its files; outside of any transaction.

    SQLite overwrites what is deleted, yet not the copies of rows that it leaves behind in moving them between pages.
    Raises Conflict where another program reads the study at this moment, which holds on to the old pages, or writes.
    """
    with storing(), engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM FULL")
            return
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        if not _rewritten(driver):
            raise Conflict(
                "it is deleted, but another program reads the study at this moment and holds on to old pages of its "
                "database; close that program and repeat the command"
            )


def _rewritten(connection: sqlite3.Connection) -> bool:
    connection.execute("PRAGMA temp_store = MEMORY")  # the copy must not lie about in the folder for temporary files
    try:
        connection.execute("VACUUM")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute("PRAGMA temp_store = DEFAULT")
    return not busy


def write_private(file: Path, content: str) -> None:
    """A small text file that only its owner can read."""
    with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(content)


def check_ours(file: Path) -> None:
    """Look at the header before any database program touches the file, and at the whole where it was left open.

    Raises ForeignFile where iprkit did not write it, StudyError where it is damaged or cannot be read.
    """
    try:
        with file.open("rb") as stream:
            header = stream.read(100)
    except OSError as e:
        raise StudyError(f"{file} cannot be read ({e.strerror}); check its permissions") from e
    if header[:16] != _MAGIC:
        raise ForeignFile(f"{file} is not a database; is it another program's file?")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise ForeignFile(f"{file} is a database of another program; iprkit leaves it alone")
    left_open = Path(f"{file}-wal")
    if left_open.exists() and left_open.stat().st_size:
        with storing(), closing(sqlite3.connect(file)) as connection:
            _check(connection, str(file))


def check_sound(engine: Engine) -> None:
    """Read the whole database. Raises StudyError naming the first damage."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        with storing():
            _check(driver, str(engine.url.database))


def back_up(engine: Engine, folder: Path) -> Path:
    """A copy of the database as it stands, under a name with the time; others may go on writing meanwhile.

    Returns the file. Raises StorageFull; no partial copy is left then.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = folder / f"study-{stamp}.db"
    with storing():
        folder.mkdir(mode=0o700, exist_ok=True)
        with _whole_or_nothing(target) as partial, engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            _copy(driver, partial)
    return target


def restore(backup: Path, database: Path) -> None:
    """Put a backup in the place of the study's database, whole or not at all.

    Raises InvalidInput where there is no such backup, ForeignFile or StudyError where it is not one of ours or damaged.
    """
    if not backup.is_file():
        raise InvalidInput(f"there is no backup {backup}; look into the study's backups folder")
    check_ours(backup)
    with storing(), closing(sqlite3.connect(f"{backup.resolve().as_uri()}?mode=ro", uri=True)) as source:
        _check(source, str(backup))
        with closing(sqlite3.connect(database, timeout=10)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = WAL")


def _copy(source: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # a backup is one file


@contextmanager
def _whole_or_nothing(target: Path) -> Iterator[Path]:
    partial = target.with_suffix(".partial")
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield partial
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def _check(connection: sqlite3.Connection, name: str) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StudyError(f"{name} is damaged ({found}); restore a backup with: iprkit restore FILE")
