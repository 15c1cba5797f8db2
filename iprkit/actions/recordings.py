"""Recordings on their way into a study: looked at, recognised, copied in safely, and found again when they moved."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.orm import Session as Db

from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.database.models import Recording
from iprkit.errors import InvalidInput, SameRecording
from iprkit.media.checksum import sha256
from iprkit.media.probe import MediaInfo, inspect
from iprkit.progress import Listener, Step, silent

_BLOCK = 4 << 20


@dataclass(frozen=True)
class Source:
    """A media file that a person gave: one of several parts after one another, or another camera's view.

    ``offset_ms`` is where it starts on the conversation's clock, None for "after the part before it".
    """

    file: Path
    part: int = 1
    view: str = "main"
    offset_ms: int | None = None


@dataclass(frozen=True)
class Intake:
    """How recordings are taken in: who speaks on which channel, linked instead of copied, damaged ones allowed."""

    channels: tuple[str, ...] = ()
    link: bool = False
    allow_damaged: bool = False


@dataclass(frozen=True)
class Looked:
    """A source with what is known about its bytes."""

    source: Source
    sha256: str
    size_bytes: int
    info: MediaInfo


@dataclass(frozen=True)
class Moved:
    """A recording that was missing: where it was and where it is now, None where it was not found."""

    session: str
    old: str
    new: str | None


def camera(text: str, number: int) -> Source:
    """A parallel view as people write it: ``FILE`` or ``FILE@OFFSET_MS``.

    >>> camera("side.mp4@-1200", 2).offset_ms
    -1200
    """
    name, at, offset = text.rpartition("@")
    if at and re.fullmatch(r"-?\d+", offset):
        return Source(Path(name), view=f"camera{number}", offset_ms=int(offset))
    return Source(Path(text), view=f"camera{number}", offset_ms=0)


def look_at(study: Study, sources: Sequence[Source], intake: Intake, report: Listener = silent) -> list[Looked]:
    """Take the fingerprint of every source, then decode each once.

    Raises SameRecording where the study has one of them already, MediaError and its kin, InvalidInput.
    """
    marks = [(source, sha256(source.file, report)) for source in sources]
    with study.read() as db:
        refuse_known(db, marks)
    return [_look(source, digest, intake, report) for source, digest in marks]


def refuse_known(db: Db, marks: Iterable[tuple[Source, str]]) -> None:
    """Raises SameRecording where the same bytes are in the study already, or were given twice."""
    seen: dict[str, str] = {}
    for source, digest in marks:
        name = source.file.name
        known = queries.recording_with_sha256(db, digest)
        if known is not None:
            raise SameRecording(f"{name} is in the study already, as the recording of {known.conversation.key}")
        if digest in seen:
            raise SameRecording(f"{name} and {seen[digest]} are the same recording; give it once")
        seen[digest] = name


@contextmanager
def taken_in(study: Study, key: str, looked: Sequence[Looked], link: bool, report: Listener) -> Iterator[list[str]]:
    """The paths to store for the sources, copied into ``recordings/`` unless linked or lying there already.

    Where the block fails, the copies are removed. Raises StorageFull, StudyError.
    """
    copied: list[Path] = []
    paths = []
    try:
        with storing():
            for one in looked:
                place = one.source.file.resolve()
                if not link and not place.is_relative_to(study.folder):
                    place = _free_place(study.folder / "recordings" / _name(key, one.source, looked), one)
                    if not place.exists():
                        copied.append(place)
                        _copy(one, place, report)
                if place.is_relative_to(study.folder):
                    place.chmod(0o600)
                paths.append(stored_path(study, place))
        yield paths
    except BaseException:
        for place in copied:
            place.unlink(missing_ok=True)
        raise


def rows(looked: Sequence[Looked], paths: Sequence[str], channels: Sequence[str]) -> list[Recording]:
    """What the database keeps of the sources; parts without an offset follow one another."""
    out, end_ms = [], 0
    for one, path in zip(looked, paths, strict=True):
        source = one.source
        offset_ms = end_ms if source.offset_ms is None else source.offset_ms
        if source.view == "main":
            end_ms = offset_ms + one.info.duration_ms
        out.append(
            Recording(
                part=source.part,
                view=source.view,
                offset_ms=offset_ms,
                path=path,
                linked=Path(path).is_absolute(),
                sha256=one.sha256,
                size_bytes=one.size_bytes,
                duration_ms=one.info.duration_ms,
                channels=list(channels) if source.view == "main" and channels else None,
                media=asdict(one.info),
            )
        )
    return out


def stored_path(study: Study, place: Path) -> str:
    """How the study remembers a file: relative where it lies in the study folder, absolute elsewhere."""
    return place.relative_to(study.folder).as_posix() if place.is_relative_to(study.folder) else str(place)


def relink(study: Study, folder: Path, report: Listener = silent) -> list[Moved]:
    """Look in a folder and below for recordings that are no longer where they were, by size and checksum.

    Returns what was missing, found or not. Raises InvalidInput where there is no such folder.
    """
    if not folder.is_dir():
        raise InvalidInput(f"{folder} is no folder; name the one where the recordings are now")
    with study.read() as db:
        missing = [r for r in queries.all_recordings(db) if r.path and not study.path(r.path).is_file()]
        wanted = {recording.sha256: recording.size_bytes for recording in missing}
        before = {r.sha256: Moved(r.conversation.key, r.path, None) for r in missing}
    found: dict[str, str] = {}
    for digest, place in _search(folder, wanted, report):
        path = stored_path(study, place)
        if digest not in found or not Path(path).is_absolute():  # a copy in the study is better than one outside
            found[digest] = path
    if found:
        with study.change(f"relinked {len(found)} recordings") as db:
            for digest, path in found.items():
                recording = queries.recording_with_sha256(db, digest)
                if recording is not None:
                    recording.path, recording.linked = path, Path(path).is_absolute()
    return [Moved(m.session, m.old, found.get(digest)) for digest, m in before.items()]


def _look(source: Source, digest: str, intake: Intake, report: Listener) -> Looked:
    info = inspect(source.file, report, intake.allow_damaged)
    named = len(intake.channels)
    if source.view == "main" and named and named != info.channels:
        raise InvalidInput(
            f"{source.file.name} has {info.channels} channels, but {named} are named ({', '.join(intake.channels)}); "
            "name one speaker for each channel, or leave --channels out"
        )
    return Looked(source, digest, source.file.stat().st_size, info)


def _search(folder: Path, wanted: dict[str, int], report: Listener) -> Iterable[tuple[str, Path]]:
    for place in sorted(folder.resolve().rglob("*")):
        if place.is_file() and place.stat().st_size in wanted.values():
            digest = sha256(place, report)
            if digest in wanted:
                yield digest, place


def _name(key: str, source: Source, looked: Sequence[Looked]) -> str:
    """As in ``d01-s03.mp4``, ``d01-s03-part2.mp4``, ``d01-s03-camera2.mp4``."""
    several = sum(one.source.view == "main" for one in looked) > 1
    extra = f"-{source.view}" if source.view != "main" else f"-part{source.part}" if several else ""
    return f"{key.lower()}{extra}{source.file.suffix.lower()}"


def _free_place(wanted: Path, one: Looked) -> Path:
    """The wanted name, numbered where another file bears it; the very same recording left there is used again."""
    place, number = wanted, 1
    while place.exists() and not (place.stat().st_size == one.size_bytes and sha256(place) == one.sha256):
        number += 1
        place = wanted.with_stem(f"{wanted.stem}-{number}")
    return place


def _copy(one: Looked, place: Path, report: Listener) -> None:
    """Copied under a temporary name, flushed to the disk and renamed, so that no half recording bears the name."""
    place.parent.mkdir(mode=0o700, exist_ok=True)
    partial = place.with_name(f".{place.name}.partial")
    try:
        opened = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "wb") as target, one.source.file.open("rb") as source:
            while block := source.read(_BLOCK):
                target.write(block)
                report(Step(one.source.file.name, "copy", target.tell(), one.size_bytes))
            target.flush()
            os.fsync(target.fileno())
        shutil.copystat(one.source.file, partial)
        partial.chmod(0o600)
        partial.rename(place)
    finally:
        partial.unlink(missing_ok=True)
