import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from iprkit.actions.archives import archive, restore_archive
from iprkit.actions.dyads import add_dyad
from iprkit.actions.recordings import Intake, relink
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database import queries
from iprkit.database.connect import Study, open_study
from iprkit.database.models import Base
from iprkit.errors import Conflict, FormatError, InvalidInput

Cli = Callable[..., Result]


def rows(study: Study) -> dict[str, list[dict[str, object]]]:
    with study.engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return {t.name: [row for part in queries.rows_of(connection, t) for row in part] for t in tables}


def files(folder: Path) -> dict[str, bytes]:
    found = (file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("study.db"))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


def test_a_restored_study_is_the_same_row_by_row_and_file_by_file(told: Study, tmp_path: Path) -> None:
    (told.folder / "transcripts/note.txt").write_text("kept", encoding="utf-8")
    kept = archive(told, tmp_path / "kept.zip")
    restored = restore_archive(tmp_path / "kept.zip", tmp_path / "back")
    assert (restored.title, restored.files) == (kept.title, kept.files)
    with open_study(tmp_path / "back") as again:
        assert rows(again) == rows(told)
    assert files(tmp_path / "back") == files(told.folder)


def test_a_restored_study_is_its_owners_alone(told: Study, tmp_path: Path) -> None:
    archive(told, tmp_path / "kept.zip")
    restore_archive(tmp_path / "kept.zip", tmp_path / "back")
    everything = [tmp_path / "back", *(tmp_path / "back").rglob("*")]
    assert {place.stat().st_mode & 0o077 for place in everything} == {0}
    assert (tmp_path / "kept.zip").stat().st_mode & 0o077 == 0


def test_the_same_study_makes_the_same_archive(told: Study, tmp_path: Path) -> None:
    archive(told, tmp_path / "one.zip")
    archive(told, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_without_recordings_the_study_knows_that_they_are_missing(told: Study, tmp_path: Path) -> None:
    archive(told, tmp_path / "kept.zip", recordings=False)
    restored = restore_archive(tmp_path / "kept.zip", tmp_path / "back")
    assert len(restored.missing) == 1
    assert list((tmp_path / "back/recordings").iterdir()) == []


def test_an_archive_in_the_study_itself_does_not_hold_itself(told: Study) -> None:
    first = archive(told, told.folder / "kept.zip")
    assert archive(told, told.folder / "kept.zip").files == first.files


def test_older_copies_of_the_database_are_not_packed(told: Study, tmp_path: Path) -> None:
    (told.folder / "backups").mkdir(exist_ok=True)
    (told.folder / "backups/study-1.db").write_bytes(b"what was withdrawn since")
    archive(told, tmp_path / "kept.zip")
    restore_archive(tmp_path / "kept.zip", tmp_path / "back")
    assert list((tmp_path / "back/backups").iterdir()) == []


def test_linked_recordings_travel_along_and_are_found_by_relinking(
    study: Study, record: Callable[..., Path], tmp_path: Path
) -> None:
    film = record("far.wav", seconds=2)
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    add_session(study, ("D01", 1), sources_of([film]), None, Intake(link=True))
    assert archive(study, tmp_path / "kept.zip").linked == (str(film),)
    restore_archive(tmp_path / "kept.zip", tmp_path / "back")
    film.unlink()
    with open_study(tmp_path / "back") as again:
        relink(again, tmp_path / "back/recordings")
        with again.read() as db:
            assert again.path(queries.all_recordings(db)[0].path).is_file()


def test_a_recording_that_is_gone_and_one_that_changed_are_told(told: Study, tmp_path: Path) -> None:
    recording = next((told.folder / "recordings").iterdir())
    recording.write_bytes(b"other bytes")
    assert archive(told, tmp_path / "a.zip").changed == (f"recordings/{recording.name}",)
    recording.unlink()
    assert archive(told, tmp_path / "b.zip").missing == (f"recordings/{recording.name}",)


def test_nothing_is_put_into_a_folder_that_holds_something(told: Study, tmp_path: Path) -> None:
    archive(told, tmp_path / "kept.zip")
    with pytest.raises(Conflict, match="is not empty"):
        restore_archive(tmp_path / "kept.zip", told.folder)


@pytest.mark.parametrize("cut", [10, 0.5, -1])
def test_a_cut_off_archive_leaves_nothing(told: Study, tmp_path: Path, cut: float) -> None:
    archive(told, tmp_path / "kept.zip")
    whole = (tmp_path / "kept.zip").read_bytes()
    (tmp_path / "kept.zip").write_bytes(whole[: int(cut * len(whole)) if 0 < cut < 1 else int(cut)])
    with pytest.raises(FormatError, match=r"nothing was restored|cut off"):
        restore_archive(tmp_path / "kept.zip", tmp_path / "back")
    assert sorted(place.name for place in tmp_path.glob("*back*")) == []


def test_what_a_power_cut_left_is_cleared_away(told: Study, tmp_path: Path) -> None:
    archive(told, tmp_path / "kept.zip")
    (tmp_path / ".back.restoring").mkdir()
    (tmp_path / ".back.restoring/half").write_bytes(b"half")
    restore_archive(tmp_path / "kept.zip", tmp_path / "back")
    assert not (tmp_path / ".back.restoring").exists()
    assert not (tmp_path / "back/half").exists()


def test_a_full_disk_leaves_no_half_archive(told: Study) -> None:
    if os.path.exists("/dev/full"):  # a device of Linux that takes nothing
        with pytest.raises(Exception, match="disk is full"):
            archive(told, Path("/dev/full"))
    assert [place.name for place in told.folder.iterdir() if place.name.startswith(".")] == []


def test_an_archive_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no archive"):
        restore_archive(tmp_path / "none.zip", tmp_path / "back")


def test_backup_and_restore_of_a_whole_study_from_the_command_line(told: Study, cli: Cli, tmp_path: Path) -> None:
    assert cli("backup", tmp_path / "kept.zip").stdout.startswith("Rupture and repair: 2 files")
    assert "say where it is to stand" in cli("restore", tmp_path / "kept.zip").stderr
    shutil.rmtree(tmp_path / "study")
    done = cli("restore", tmp_path / "kept.zip", tmp_path / "again", folder=tmp_path / "nowhere")
    assert done.exit_code == 0, done.output
    assert "D01-S01" in cli("status", folder=tmp_path / "again").stdout
    assert cli("backup", "--without-recordings", folder=tmp_path / "again").exit_code == 2
