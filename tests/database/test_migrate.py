import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from iprkit.database import queries
from iprkit.database.connect import DATABASE, REVISIONS, Study, create, open_study
from iprkit.database.engine import sqlite_engine
from iprkit.database.files import make_empty_database
from iprkit.database.migrate import STEPS, migrate
from iprkit.database.models import Base
from iprkit.errors import StudyError

REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    with op.batch_alter_table("parent", recreate="always") as table:
        table.add_column(sa.Column("note", sa.Text()))
"""

BREAK = """
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.execute("DELETE FROM parent")
"""

FIRST = """
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    op.execute("CREATE TABLE child (id INTEGER, parent INTEGER REFERENCES parent (id) ON DELETE CASCADE)")
    op.execute("INSERT INTO parent VALUES (1)")
    op.execute("INSERT INTO child VALUES (1, 1)")
"""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    make_empty_database(tmp_path / "family.db")
    return sqlite_engine(tmp_path / "family.db")


def steps(tmp_path: Path, *sources: str) -> Path:
    folder = tmp_path / "steps"
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    for number, source in enumerate(sources, start=1):
        (folder / "versions" / f"{number:04d}_step.py").write_text(source)
    return folder


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def oldest(folder: Path) -> None:
    """A study as the first release wrote it."""
    folder.mkdir()
    make_empty_database(folder / DATABASE)
    engine = sqlite_engine(folder / DATABASE)
    migrate(engine, STEPS, target="0001")
    engine.dispose()


def test_the_migrated_tables_are_those_of_the_models(study: Study) -> None:
    with study.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []


def test_sqlite_was_told_the_same_columns_and_constraints_as_by_the_models(tmp_path: Path) -> None:
    with create(tmp_path / "migrated", "M", "anna"):
        pass
    make_empty_database(tmp_path / "direct.db")
    engine = sqlite_engine(tmp_path / "direct.db")
    Base.metadata.create_all(engine)
    engine.dispose()

    def parts(sql: str) -> list[str]:
        return sorted(line.strip(" ,()") for line in sql.splitlines())

    def schema(file: Path) -> dict[str, list[str]]:
        with closing(sqlite3.connect(file)) as connection:
            rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
            return {name: parts(sql) for name, sql in rows if name != "alembic_version"}

    assert schema(tmp_path / "migrated" / DATABASE) == schema(tmp_path / "direct.db")


def test_the_oldest_study_is_brought_up_to_date_empty(tmp_path: Path) -> None:
    oldest(tmp_path / "old")
    with open_study(tmp_path / "old") as study, study.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        assert found == REVISIONS[-1]


def test_the_oldest_study_is_brought_up_to_date_with_its_content(tmp_path: Path) -> None:
    oldest(tmp_path / "old")
    with closing(sqlite3.connect(tmp_path / "old" / DATABASE)) as old:
        old.execute("INSERT INTO dyad (id, key) VALUES ('d', 'D01')")
        old.execute(
            "INSERT INTO conversation (id, kind, key, dyad_id, number, word_count, segment_counts) "
            "VALUES ('c', 'session', 'D01-S01', 'd', 1, 0, '{}')"
        )
        old.commit()
    with open_study(tmp_path / "old") as study, study.read() as db:
        assert queries.conversation(db, "D01-S01").dyad.key == "D01"


def test_rebuilding_a_table_keeps_the_rows_that_point_to_it(engine: Engine, tmp_path: Path) -> None:
    migrate(engine, steps(tmp_path, FIRST))
    migrate(engine, steps(tmp_path, FIRST, REBUILD))
    assert [column["name"] for column in inspect(engine).get_columns("parent")] == ["id", "note"]
    assert count(engine, "child") == 1
    engine.dispose()


def test_a_step_that_leaves_a_row_pointing_nowhere_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    migrate(engine, steps(tmp_path, FIRST))
    with pytest.raises(StudyError, match="pointing nowhere"):
        migrate(engine, steps(tmp_path, FIRST, BREAK))
    assert count(engine, "parent") == 1
    engine.dispose()


def test_foreign_keys_are_on_again_afterwards(engine: Engine, tmp_path: Path) -> None:
    migrate(engine, steps(tmp_path, FIRST))
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()
