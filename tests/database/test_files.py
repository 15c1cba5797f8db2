import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from iprkit.database import queries
from iprkit.database.connect import DATABASE, Study, create, open_study
from iprkit.database.files import back_up, check_sound, restore
from iprkit.database.models import Dyad
from iprkit.errors import ForeignFile, InvalidInput, StudyError


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with create(tmp_path / "study", "S", "anna") as made:
        with made.change("added dyad D01", "D01") as db:
            db.add(Dyad(key="D01"))
        yield made


def test_a_backup_holds_what_the_study_holds(study: Study) -> None:
    copy = back_up(study.engine, study.folder / "backups")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT key FROM dyad").fetchall() == [("D01",)]


def test_a_backup_is_one_private_file(study: Study) -> None:
    copy = back_up(study.engine, study.folder / "backups")
    assert list((study.folder / "backups").iterdir()) == [copy]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_restored_backup_forgets_what_came_later(study: Study) -> None:
    copy = back_up(study.engine, study.folder / "backups")
    with study.change("added dyad D02", "D02") as db:
        db.add(Dyad(key="D02"))
    study.close()
    restore(copy, study.folder / DATABASE)
    with open_study(study.folder) as again, again.read() as db:
        assert [dyad.key for dyad in queries.all_dyads(db)] == ["D01"]


def test_a_backup_that_is_not_there_is_named(study: Study) -> None:
    with pytest.raises(InvalidInput, match=r"none\.db"):
        restore(study.folder / "none.db", study.folder / DATABASE)


def test_a_file_of_another_program_is_not_restored(study: Study) -> None:
    other = study.folder / "notes.txt"
    other.write_text("hello")
    with pytest.raises(ForeignFile):
        restore(other, study.folder / DATABASE)


def test_damage_in_the_database_is_found(study: Study) -> None:
    study.close()
    file = study.folder / DATABASE
    content = bytearray(file.read_bytes())
    content[8192:40960] = b"\xff" * (40960 - 8192)
    file.write_bytes(content)
    with pytest.raises(StudyError, match="damaged"):
        check_sound(study.engine)
    study.close()
