"""A whole study in one file, to keep, to move or to hand over; and brought back from it, every row and every byte."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from iprkit import __version__
from iprkit.actions.handed_out import handed_out
from iprkit.database import connect, queries
from iprkit.database.connect import DATABASE, REVISIONS, SETTINGS, Study, open_study
from iprkit.database.copies import copy_database, settle
from iprkit.database.files import check_ours, storing
from iprkit.database.models import Recording
from iprkit.errors import Conflict, FormatError, InvalidInput, NewerStudy
from iprkit.formats.study_archive import Manifest, Source, is_archive, read_manifest, unpack, write_archive

_LEFT_OUT = ("backups",)
"""Folders that no archive holds: older states of the database, with what was taken back since."""

_MEDIA = "recordings"


@dataclass(frozen=True)
class Kept:
    """What an archive holds. ``missing`` recordings were not there, ``changed`` ones are not the bytes that the study
    knows, ``linked`` ones lay outside the study and lie in the archive's ``recordings/``."""

    file: str
    title: str
    files: int
    size_bytes: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    linked: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """A study brought back: its folder, title, and how many files it has; ``missing`` as the archive says."""

    folder: str
    title: str
    files: int
    missing: tuple[str, ...]


def archive(study: Study, to: Path, recordings: bool = True) -> Kept:
    """Write the study as one file: the database as it is now, and the files of its folder but for ``backups/``.

    The database of a study on a server is copied too, and restored as a study on disk. Raises InvalidInput, FormatError
    for a file whose name not every system can hold, StorageFull.
    """
    with tempfile.TemporaryDirectory(dir=study.folder, prefix=".archive-") as folder:
        database = Path(folder) / DATABASE
        copy_database(study.engine, database)
        with study.read() as db:
            row = queries.the_study(db)
            title, known = row.title if row else "", list(queries.all_recordings(db))
        linked = (
            {one.path: _place_of_linked(one) for one in known if Path(one.path).is_absolute()} if recordings else {}
        )
        missing = [one.path for one in known if one.path and not (recordings and study.path(one.path).is_file())]
        about = Manifest(title, __version__, REVISIONS[-1], (), tuple(missing))
        sources = [Source(database, DATABASE, False), *_sources(study, to, recordings)]
        sources += [Source(Path(path), place, True) for path, place in linked.items() if Path(path).is_file()]
        with handed_out(to) as stream:
            packed = {one.path: one for one in write_archive(about, sources, stream).files}
    told = {one.path: packed.get(linked.get(one.path, one.path)) for one in known}
    changed = [one.path for one in known if (held := told[one.path]) is not None and held.sha256 != one.sha256]
    size = sum(one.size_bytes for one in packed.values())
    return Kept(str(to), title, len(packed), size, tuple(missing) if recordings else (), tuple(changed), tuple(linked))


def restore_archive(file: Path, folder: Path) -> Restored:
    """Make ``folder``, which is not there or empty, the study that an archive holds.

    Everything is unpacked beside it, compared with the archive's checksums, and only then put in place: what is broken
    off leaves nothing, and what a power cut left is cleared away by the next attempt. Raises InvalidInput, Conflict
    where something is in the folder, FormatError where the archive is damaged or no archive, NewerStudy, StorageFull.
    """
    if not file.is_file():
        raise InvalidInput(f"there is no archive {file}")
    target = folder.resolve()
    _check_empty(folder, target)
    with storing():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = target.parent / f".{target.name}.restoring"
        shutil.rmtree(beside, ignore_errors=True)
        try:
            beside.mkdir(mode=0o700)
            manifest = read_manifest(file)
            _check_shape(manifest, file)
            unpack(file, beside, shutil.disk_usage(beside).free)
            for name in connect.FOLDERS:
                (beside / name).mkdir(mode=0o700, exist_ok=True)
            _check_study(beside, file)
            if target.is_dir():
                target.rmdir()
            beside.rename(target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return Restored(str(target), manifest.title, len(manifest.files), manifest.missing)


def is_study_archive(file: Path) -> bool:
    """Whether a file is the archive of a study."""
    return file.is_file() and is_archive(file)


def _sources(study: Study, to: Path, recordings: bool) -> Iterator[Source]:
    """The files of the folder in order of their paths, without the database, and without what lies there by the way."""
    known = {study.path(path).resolve() for path in _paths(study)}
    for file in sorted(study.folder.rglob("*")):
        path = file.relative_to(study.folder)
        if not file.is_file() or file.is_symlink() or _by_the_way(path) or file == to.resolve():
            continue
        media = path.parts[0] == _MEDIA or file.resolve() in known
        if recordings or not media:
            yield Source(file, path.as_posix(), media)


def _paths(study: Study) -> list[str]:
    with study.read() as db:
        return [one.path for one in queries.all_recordings(db) if one.path]


def _by_the_way(path: Path) -> bool:
    """The database and what SQLite keeps beside it, the address of a server, old copies, and files half written."""
    name = path.parts[0]
    ours = name.startswith(DATABASE) or name == SETTINGS or name in _LEFT_OUT
    return ours or any(part.startswith(".") for part in path.parts) or path.suffix == ".partial"


def _place_of_linked(one: Recording) -> str:
    return f"{_MEDIA}/{one.sha256[:8]}-{Path(one.path).name}"


def _check_empty(folder: Path, target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise InvalidInput(f"{folder} is a file; name a folder for the study")
    if target.is_dir() and any(target.iterdir()):
        raise Conflict(f"{folder} is not empty; name a folder that is not there yet")


def _check_shape(manifest: Manifest, file: Path) -> None:
    if manifest.revision not in REVISIONS:
        raise NewerStudy(
            f"{file} holds a study of a later iprkit (step {manifest.revision}, this one knows {REVISIONS[-1]}); "
            "update iprkit: pip install --upgrade iprkit"
        )
    if DATABASE not in {packed.path for packed in manifest.files}:
        raise FormatError(f"{file} holds no {DATABASE}, so there is no study in it")


def _check_study(folder: Path, file: Path) -> None:
    """That the database is ours, sound, and can be opened; an older one is brought up to date here."""
    check_ours(folder / DATABASE)
    with open_study(folder) as study, study.read() as db:
        if queries.the_study(db) is None:
            raise FormatError(f"{file}: its {DATABASE} holds no study; nothing was restored")
    settle(folder / DATABASE)
