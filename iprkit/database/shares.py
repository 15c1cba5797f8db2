"""Whether a folder lies on a network share, where SQLite's locks do not hold and two writers can ruin a study."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

import psutil

_NETWORK = (
    "nfs",
    "cifs",
    "smb",
    "afpfs",
    "webdav",
    "davfs",
    "ncpfs",
    "9p",
    "ceph",
    "glusterfs",
    "lustre",
    "gpfs",
    "afs",
)
_FUSE = ("sshfs", "rclone", "gvfsd-fuse", "s3fs", "davfs2", "glusterfs", "curlftpfs", "ceph")


@dataclass(frozen=True)
class Partition:
    """Where a file system is mounted, and of which type it is; ``remote`` where the system itself says so."""

    mountpoint: str
    fstype: str
    options: str = ""


def share_of(folder: Path, partitions: Iterable[Partition] | None = None) -> str | None:
    """The type of network share that ``folder`` lies on (``nfs4``, ``cifs`` …), None on a disk of this machine.

    >>> share_of(Path("/home/anna/study"), [Partition("/", "ext4"), Partition("/home", "nfs4")])
    'nfs4'
    """
    place = folder if partitions is not None else folder.resolve()
    if place.as_posix().startswith("//"):
        return "cifs"
    known = mounted() if partitions is None else partitions
    holding = [p for p in known if place.is_relative_to(PurePath(p.mountpoint))]
    nearest = max(holding, key=lambda p: len(PurePath(p.mountpoint).parts), default=None)
    return nearest.fstype if nearest and _is_network(nearest) else None


def mounted() -> list[Partition]:
    """The file systems of this machine."""
    return [Partition(p.mountpoint, p.fstype, p.opts) for p in psutil.disk_partitions(all=True)]


def _is_network(partition: Partition) -> bool:
    kind = partition.fstype.lower()
    if kind.startswith("fuse."):
        return kind.removeprefix("fuse.").startswith(_FUSE)
    return kind.startswith(_NETWORK) or "remote" in partition.options.split(",")
