"""Brings the tables of an older study to today's shape, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from iprkit.database.engine import writer
from iprkit.database.models import Base
from iprkit.errors import StudyError

STEPS = Path(__file__).parent / "migrations"


def migrate(engine: Engine, steps: Path = STEPS, target: str = "head") -> None:
    """Run the missing steps in one transaction.

    Foreign keys are off meanwhile: with them on, rebuilding a table would empty the tables that point to it. They are
    checked before the transaction ends. Raises StudyError where a step leaves a row pointing nowhere; nothing is
    changed then.
    """
    with writer(engine).connect() as connection:
        _foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                _run_steps(connection, steps, target)
                _check_references(connection)
        finally:
            _foreign_keys(connection, "ON")


def _run_steps(connection: Connection, steps: Path, target: str) -> None:
    script = ScriptDirectory(str(steps), version_locations=[str(steps / "versions")])

    def missing(revision: Any, _context: MigrationContext) -> Sequence[Any]:
        return script._upgrade_revs(target, revision)

    options = {"fn": missing, "target_metadata": Base.metadata, "render_as_batch": True}
    context = MigrationContext.configure(connection, opts=options)
    with Operations.context(context):
        context.run_migrations()


def _foreign_keys(connection: Connection, state: str) -> None:
    """SQLite ignores this switch inside a transaction, so it is thrown on the bare connection."""
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute(f"PRAGMA foreign_keys = {state}")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise StudyError(f"the upgrade left {len(broken)} rows pointing nowhere (in {tables}); nothing was changed")
