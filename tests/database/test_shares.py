from pathlib import Path

import pytest

from iprkit.database.shares import Partition, share_of

DISKS = [
    Partition("/", "ext4"),
    Partition("/home", "nfs4"),
    Partition("/home/anna/local", "xfs"),
    Partition("/media/lab", "cifs"),
    Partition("/media/far", "fuse.sshfs"),
    Partition("/media/usb", "fuseblk"),
]


@pytest.mark.parametrize(
    ("folder", "share"),
    [
        ("/srv/study", None),
        ("/home/anna/study", "nfs4"),
        ("/home/anna/local/study", None),
        ("/media/lab", "cifs"),
        ("/media/laboratory", None),
        ("/media/far/study", "fuse.sshfs"),
        ("/media/usb/study", None),
    ],
)
def test_a_folder_lies_on_the_nearest_mount_above_it(folder: str, share: str | None) -> None:
    assert share_of(Path(folder), DISKS) == share


def test_a_drive_that_the_system_calls_remote_is_a_share() -> None:
    assert share_of(Path("/z/study"), [Partition("/z", "NTFS", "rw,remote")]) == "NTFS"


def test_an_address_of_a_file_server_is_a_share() -> None:
    assert share_of(Path("//server/lab/study"), []) == "cifs"


def test_a_temporary_folder_is_no_share(tmp_path: Path) -> None:
    assert share_of(tmp_path) is None
