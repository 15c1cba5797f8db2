import os
from pathlib import Path

import pytest

from iprkit.actions.handed_out import handed_out
from iprkit.errors import InvalidInput, StorageFull


def test_the_file_is_private(tmp_path: Path) -> None:
    with handed_out(tmp_path / "a.vtt") as stream:
        stream.write(b"WEBVTT")
    assert (tmp_path / "a.vtt").stat().st_mode & 0o077 == 0


def test_a_failure_leaves_what_was_there_before(tmp_path: Path) -> None:
    place = tmp_path / "a.vtt"
    place.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), handed_out(place) as stream:
        stream.write(b"half")
        1 / 0  # noqa: B018
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.vtt", "old")]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.vtt").touch()
    (tmp_path / "link.vtt").symlink_to("real.vtt")
    with handed_out(tmp_path / "link.vtt") as stream:
        stream.write(b"new")
    assert (tmp_path / "link.vtt").is_symlink()
    assert (tmp_path / "real.vtt").read_bytes() == b"new"


def test_a_device_is_written_to_and_stays_one() -> None:
    with handed_out(Path(os.devnull)) as stream:
        stream.write(b"gone")
    assert not Path(os.devnull).is_file()


def test_a_full_disk_is_said_in_plain_words() -> None:
    with pytest.raises(StorageFull), handed_out(Path("/dev/full")) as stream:
        stream.write(b"x" * 100_000)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no folder .*nowhere"), handed_out(tmp_path / "nowhere/a.vtt"):
        pass


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is a folder"), handed_out(tmp_path):
        pass
