import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from iprkit.database import queries
from iprkit.database.connect import DATABASE, REVISIONS, SETTINGS, Study, create, find_study, open_study
from iprkit.database.engine import sqlite_engine, writer
from iprkit.database.models import Dyad
from iprkit.errors import (
    Conflict,
    ForeignFile,
    InvalidInput,
    NetworkShare,
    NewerStudy,
    StorageFull,
    StudyError,
    StudyNotFound,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed SQLite study with dyad D01."""
    with create(tmp_path / "closed", "Closed", "anna") as made, made.change("added dyad D01", "D01") as db:
        db.add(Dyad(key="D01"))
    return tmp_path / "closed"


def mode(place: Path) -> int:
    return stat.S_IMODE(place.stat().st_mode)


def pragma(study: Study, name: str) -> object:
    with study.engine.connect() as connection:
        return connection.execute(text(f"PRAGMA {name}")).scalar()


def test_what_was_stored_is_there_when_the_study_is_opened_again(study: Study) -> None:
    with study.change("added dyad D01", "D01") as db:
        db.add(Dyad(key="D01"))
    with open_study(study.folder, "bob") as again, again.read() as db:
        assert queries.dyad(db, "D01").key == "D01"


def test_a_new_study_remembers_its_title(study: Study) -> None:
    with study.read() as db:
        row = queries.the_study(db)
    assert row is not None
    assert row.title == "Rupture and repair"


def test_a_second_study_in_the_same_folder_is_refused(study: Study) -> None:
    with pytest.raises(Conflict, match="holds a study already"):
        create(study.folder, "Another", "anna")


def test_a_study_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("x")
    with pytest.raises(InvalidInput, match="is a file"):
        create(tmp_path / "notes", "Another", "anna")


def test_a_database_server_that_does_not_answer_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="does not answer"):
        create(tmp_path / "s", "S", "anna", f"postgresql+psycopg://nobody@/none?host={tmp_path}")


def test_an_address_of_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no PostgreSQL address"):
        create(tmp_path / "s", "S", "anna", "mysql://host/name")


def test_study_files_are_private(folder: Path) -> None:
    assert (mode(folder), mode(folder / DATABASE), mode(folder / "recordings")) == (0o700, 0o600, 0o700)


def test_nothing_but_the_database_is_left_after_making_and_closing(folder: Path) -> None:
    assert [place.name for place in folder.iterdir() if place.is_file()] == [DATABASE]


@pytest.mark.parametrize(
    ("setting", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("trusted_schema", 0), ("secure_delete", 1)],
)
def test_sqlite_is_set_for_safety(folder: Path, setting: str, value: object) -> None:
    with open_study(folder) as study:
        assert pragma(study, setting) == value


def test_a_row_that_points_nowhere_is_refused(study: Study) -> None:
    with pytest.raises(Conflict), study.write() as db:
        db.execute(
            text(
                "INSERT INTO dyad_member (id, dyad_id, participant_id, role, position) "
                "VALUES ('m', 'none', 'none', 'client', 0)"
            )
        )


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_text("a shopping list")
    with pytest.raises(ForeignFile, match="not a database"):
        open_study(tmp_path)


def test_the_database_of_another_program_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE)) as other:
        other.execute("CREATE TABLE songs (title)")
        other.commit()
    before = (tmp_path / DATABASE).read_bytes()
    with pytest.raises(ForeignFile, match="another program"):
        open_study(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == before


def test_a_study_of_a_later_iprkit_is_refused(study: Study) -> None:
    with study.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerStudy, match="9999"):
        open_study(study.folder)


def test_a_damaged_database_that_was_left_open_is_noticed(folder: Path) -> None:
    file = folder / DATABASE
    content = bytearray(file.read_bytes())
    content[8192:40960] = os.urandom(40960 - 8192)
    file.write_bytes(content)
    Path(f"{file}-wal").write_bytes(b"left over")
    with pytest.raises(StudyError, match="damaged"):
        open_study(folder)


def test_a_disk_without_room_is_a_clear_error_and_nothing_is_stored(folder: Path) -> None:
    with open_study(folder) as study:
        with study.engine.connect() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar()
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(StorageFull, match="disk is full"), study.change("much", "D02") as db:
            db.add_all(Dyad(key=f"D{number:030}") for number in range(5000))
        with study.read() as db:
            assert [dyad.key for dyad in queries.all_dyads(db)] == ["D01"]


def test_a_writer_that_waits_too_long_is_told_so(folder: Path) -> None:
    impatient = sqlite_engine(folder / DATABASE, wait_s=0.05)
    with open_study(folder) as study, study.write(), pytest.raises(Conflict, match="somebody else is writing"):
        with writer(impatient).connect() as connection:
            connection.begin()
    impatient.dispose()


def test_somebody_may_read_while_another_one_writes(folder: Path) -> None:
    with open_study(folder) as one, open_study(folder) as other, one.change("added dyad D02", "D02") as writing:
        writing.add(Dyad(key="D02"))
        writing.flush()
        with other.read() as db:
            assert queries.find_dyad(db, "D02") is None


def test_reading_sees_one_state_to_its_end(folder: Path) -> None:
    with open_study(folder) as one, open_study(folder) as other, one.read() as db:
        assert len(queries.all_dyads(db)) == 1
        with other.change("added dyad D02", "D02") as writing:
            writing.add(Dyad(key="D02"))
        assert queries.find_dyad(db, "D02") is None


def test_a_study_on_a_network_share_can_be_read_but_not_written(folder: Path) -> None:
    with open_study(folder) as local:
        shared = Study(local.folder, local.engine, "anna", share="nfs4")
        with shared.read() as db:
            assert queries.dyad(db, "D01").key == "D01"
        with pytest.raises(NetworkShare, match="--allow-network-share"), shared.write():
            pass


def test_the_study_is_found_from_a_folder_inside_it(folder: Path) -> None:
    before = Path.cwd()
    os.chdir(folder / "recordings")
    try:
        assert find_study() == folder.resolve()
    finally:
        os.chdir(before)


def test_a_folder_without_a_study_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudyNotFound, match=str(tmp_path)):
        open_study(tmp_path)


def test_settings_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_text("database = ")
    with pytest.raises(InvalidInput, match=SETTINGS):
        open_study(tmp_path)


def test_the_known_migrations_are_numbered_without_a_gap() -> None:
    assert tuple(f"{number:04d}" for number in range(1, len(REVISIONS) + 1)) == REVISIONS
