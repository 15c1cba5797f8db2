"""A whole study as one file: a zip of everything in its folder, with a list that gives every file's size and SHA-256.

The list, ``manifest.json``, stands last, as checksums are known once a file was read. Recordings lie in it as they are,
all else is packed. Any zip program opens it; ``iprkit restore`` unpacks it only where every byte is as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from iprkit.errors import FormatError, NewerStudy, StorageFull

MANIFEST = "manifest.json"
KIND = "iprkit study archive"
VERSION = 1

_BLOCK = 1 << 20
_DENSEST = 100
"""Times that a packed file may be smaller than it is; what packs better is left as it is, so that no file that claims
more is one of ours."""
_LIST_LIMIT = 64 << 20
_EVER = (1980, 1, 1, 0, 0, 0)
_DAMAGE = (BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Packed:
    """One file of an archive: its path in the study folder, its size, and its SHA-256."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself. ``revision`` is the shape of its database, ``missing`` the recordings that the
    study knows and that were not packed, by path."""

    title: str
    iprkit: str
    revision: str
    files: tuple[Packed, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A file to pack: where it lies, its path in the archive, and whether packing would be in vain, as for films."""

    file: Path
    path: str
    as_it_is: bool


def write_archive(about: Manifest, sources: Iterable[Source], stream: BinaryIO) -> Manifest:
    """Write an archive; ``about`` tells all but the files. Returns it with them.

    The same files make the same bytes. Nothing is held in memory. Raises FormatError for a name that not every system
    can unpack, OSError where a file cannot be read.
    """
    packed = []
    with ZipFile(stream, "w", allowZip64=True) as archive:
        for source in sources:
            if not _inside(source.path):
                raise FormatError(f"{source.path!r} has a name that other systems cannot hold; rename it, then repeat")
            method = ZIP_STORED if source.as_it_is or not _packs_well(source.file) else ZIP_DEFLATED
            with source.file.open("rb") as read, archive.open(_entry(source.path, method), "w", force_zip64=True) as to:
                packed.append(Packed(source.path, *_copy(read, to)))
        whole = Manifest(about.title, about.iprkit, about.revision, tuple(packed), about.missing)
        told = {"kind": KIND, "version": VERSION, **asdict(whole)}
        archive.writestr(_entry(MANIFEST, ZIP_DEFLATED), json.dumps(told, indent=1, ensure_ascii=False))
    return whole


def is_archive(file: Path) -> bool:
    """Whether a file is the archive of a study, whole or not."""
    try:
        with _opened(file) as archive:
            return KIND in _list_text(archive, file)
    except FormatError:
        return False


def read_manifest(file: Path) -> Manifest:
    """What an archive says of itself.

    Raises FormatError where it is no archive of a study, is damaged, or names a place outside the study; NewerStudy.
    """
    with _opened(file) as archive:
        return _manifest(archive, file)


def unpack(file: Path, folder: Path, room_bytes: int) -> Manifest:
    """Unpack an archive into ``folder``, which is empty, and compare every file with the list.

    Raises as ``read_manifest``, FormatError for the first file that is not as it was, StorageFull where the files need
    more than ``room_bytes``. What was unpacked until then stays: unpack where it can be thrown away.
    """
    with _opened(file) as archive:
        manifest = _manifest(archive, file)
        needed = sum(packed.size_bytes for packed in manifest.files)
        if needed > room_bytes:
            raise StorageFull(f"{file.name} unpacks to {needed:,} bytes, and {room_bytes:,} are free; make room first")
        for packed in manifest.files:
            _unpack_one(archive, packed, folder / packed.path, file)
    return manifest


def _copy(read: IO[bytes], write: IO[bytes], most: int | None = None) -> tuple[int, str]:
    """Copy a stream; the count of its bytes and their SHA-256. Stops after ``most`` bytes and one."""
    digest, count = hashlib.sha256(), 0
    while block := read.read(_BLOCK if most is None else min(_BLOCK, most + 1 - count)):
        digest.update(block)
        count += len(block)
        write.write(block)
    return count, digest.hexdigest()


def _packs_well(file: Path) -> bool:
    """Whether packing makes a file smaller, but not so much that the archive would look like a trap."""
    press, size, small = zlib.compressobj(6), 0, 0
    with file.open("rb") as read:
        while block := read.read(_BLOCK):
            size += len(block)
            small += len(press.compress(block))
    small += len(press.flush())
    return small < size <= _DENSEST * small // 2


def _entry(path: str, method: int) -> ZipInfo:
    entry = ZipInfo(path, _EVER)
    entry.compress_type = method
    entry.external_attr = 0o100600 << 16
    return entry


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(file) as archive:
            if any(not 0 <= entry.header_offset < file.stat().st_size for entry in archive.infolist()):
                raise BadZipFile("its table of contents points outside it")
            yield archive
    except _DAMAGE as e:
        raise FormatError(f"{file} is no archive of a study, or is damaged ({e}); nothing was restored") from e


def _list_text(archive: ZipFile, file: Path) -> str:
    if MANIFEST not in archive.namelist():
        raise FormatError(f"{file} has no {MANIFEST}, so it is no archive of a study, or was cut off")
    if archive.getinfo(MANIFEST).file_size > _LIST_LIMIT:
        raise FormatError(f"{file}: its {MANIFEST} unpacks to more than {_LIST_LIMIT >> 20} MB; it was not read")
    return archive.read(MANIFEST).decode("utf-8")


def _manifest(archive: ZipFile, file: Path) -> Manifest:
    try:
        told = json.loads(_list_text(archive, file))
        if told["kind"] != KIND:
            raise FormatError(f"{file} is no archive of a study; iprkit backup FILE makes one")
        if told["version"] > VERSION:
            raise NewerStudy(f"{file} was made by a later iprkit ({told['iprkit']}); pip install --upgrade iprkit")
        files = tuple(Packed(str(f["path"]), int(f["size_bytes"]), str(f["sha256"])) for f in told["files"])
        manifest = Manifest(
            str(told["title"]), str(told["iprkit"]), str(told["revision"]), files, tuple(map(str, told["missing"]))
        )
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise FormatError(f"{file}: its {MANIFEST} cannot be read ({e!r}); nothing was restored") from e
    _check(archive, manifest, file)
    return manifest


def _check(archive: ZipFile, manifest: Manifest, file: Path) -> None:
    """That the archive holds what its list says, inside the study, once each, and unpacks to no more than it may."""
    listed = [packed.path for packed in manifest.files]
    if len(set(listed)) != len(listed):
        raise FormatError(f"{file} lists a file twice; nothing was restored")
    for path in listed:
        if not _inside(path):
            raise FormatError(f"{file} would write to {path!r}, outside the study; nothing was restored")
    there = [entry.filename for entry in archive.infolist()]
    if sorted(there) != sorted([*listed, MANIFEST]):
        odd = sorted(set(there) ^ {*listed, MANIFEST}) or there
        raise FormatError(f"{file} and its list differ ({odd[0]}); nothing was restored")
    entries = {entry.filename: entry for entry in archive.infolist()}
    if sum(entry.compress_size for entry in entries.values()) > file.stat().st_size:
        raise FormatError(f"{file}: its parts overlap, as in no archive of ours; nothing was restored")
    for packed in manifest.files:
        entry = entries[packed.path]
        if entry.file_size != packed.size_bytes or packed.size_bytes > _BLOCK + _DENSEST * entry.compress_size:
            raise FormatError(f"{file}: {packed.path} claims a size that it cannot have; nothing was restored")


def _inside(path: str) -> bool:
    """Whether a path stays in the folder that it is unpacked into, on every system."""
    parts = PurePosixPath(path).parts
    odd = "\\" in path or ":" in path or any(ord(letter) < 32 for letter in path)
    plain = str(PurePosixPath(path)) == path and not path.startswith("/")
    return bool(parts) and plain and not odd and not any(part in ("..", ".") for part in parts)


def _unpack_one(archive: ZipFile, packed: Packed, to: Path, file: Path) -> None:
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(opened, "wb") as write, archive.open(packed.path) as read:
        count, digest = _copy(read, write, packed.size_bytes)
    if (count, digest) != (packed.size_bytes, packed.sha256):
        raise FormatError(f"{file} is damaged: {packed.path} is not as it was packed; nothing was restored")
