"""The database of a study as one file of its own, as it is at one instant, whoever goes on working meanwhile."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, insert

from iprkit.database import files, queries
from iprkit.database.engine import sqlite_engine, writer
from iprkit.database.migrate import migrate
from iprkit.database.models import Base


def copy_database(engine: Engine, to: Path) -> None:
    """Write the database into the new file ``to``.

    An SQLite database is copied page by page by SQLite itself. From a server every row is read in one transaction that
    sees one state, and stored in an SQLite database of the same shape. Raises StorageFull, StudyError.
    """
    with files.storing():
        files.make_empty_database(to)
        if engine.dialect.name == "sqlite":
            _copy_pages(engine, to)
        else:
            _copy_rows(engine, to)
        files.gather(to)
        _keep_journal(to, "DELETE")  # one file


def settle(file: Path) -> None:
    """Make a copy the database that a study works with. Raises StorageFull, StudyError."""
    with files.storing():
        _keep_journal(file, "WAL")


def _keep_journal(file: Path, mode: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")


def _copy_pages(engine: Engine, to: Path) -> None:
    with engine.connect() as connection, closing(sqlite3.connect(to)) as copy:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.backup(copy)


def _copy_rows(engine: Engine, to: Path) -> None:
    """The tables in the order in which they point to each other; rows that point to rows of their own table may come
    before these, so references are looked at once all is there."""
    fresh = sqlite_engine(to)
    try:
        migrate(fresh)
        one_state = engine.execution_options(isolation_level="REPEATABLE READ")
        with one_state.connect() as source, writer(fresh).connect() as target, target.begin():
            target.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for table in Base.metadata.sorted_tables:
                for rows in queries.rows_of(source, table):
                    target.execute(insert(table), rows)
    finally:
        fresh.dispose()
