from pathlib import Path

from sqlalchemy import MetaData

from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.copies import copy_database
from iprkit.database.engine import sqlite_engine
from iprkit.database.models import Base, Dyad


def rows(engine) -> dict[str, list[dict[str, object]]]:
    with engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return {t.name: [row for part in queries.rows_of(connection, t) for row in part] for t in tables}


def test_a_copy_holds_every_row_of_every_table(study: Study, add_dyad, tmp_path: Path) -> None:
    add_dyad("D01")
    add_dyad("D02", session=False)
    copy_database(study.engine, tmp_path / "copy.db")
    copied = sqlite_engine(tmp_path / "copy.db")
    assert rows(copied) == rows(study.engine)
    assert rows(copied)["dyad"] != []
    copied.dispose()


def test_a_copy_has_the_shape_of_the_study(study: Study, tmp_path: Path) -> None:
    copy_database(study.engine, tmp_path / "copy.db")
    copied, there, here = sqlite_engine(tmp_path / "copy.db"), MetaData(), MetaData()
    there.reflect(copied)
    here.reflect(study.engine)
    assert sorted(there.tables) == sorted(here.tables)
    copied.dispose()


def test_a_copy_is_one_file_and_its_owners_alone(study: Study, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    copy_database(study.engine, folder / "copy.db")
    assert [file.name for file in folder.iterdir()] == ["copy.db"]
    assert (folder / "copy.db").stat().st_mode & 0o777 == 0o600


def test_what_is_written_after_the_copy_is_not_in_it(study: Study, tmp_path: Path) -> None:
    copy_database(study.engine, tmp_path / "copy.db")
    with study.change("added D01") as db:
        db.add(Dyad(key="D01"))
    copied = sqlite_engine(tmp_path / "copy.db")
    assert rows(copied)["dyad"] == []
    copied.dispose()
