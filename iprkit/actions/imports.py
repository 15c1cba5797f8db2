"""Files of other programs on their way into the study: recognised, read, and entered in one change each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from iprkit.actions import recordings
from iprkit.actions.alignment import Manner, align
from iprkit.actions.coding_sheets import LARGEST, Filled, import_sheet
from iprkit.actions.codings import word_change
from iprkit.actions.entering import Entered, Entry, Into
from iprkit.actions.exchange_copies import write_exchange_copies
from iprkit.actions.recordings import Intake, Looked, Source
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.errors import Conflict, InvalidInput
from iprkit.exchange import Exchange
from iprkit.formats.carried import named
from iprkit.formats.coding_sheet import is_sheet
from iprkit.formats.foreign import Foreign, read_foreign
from iprkit.formats.qdpx_read import unpack_recording
from iprkit.media.checksum import sha256
from iprkit.progress import Listener, silent


@dataclass(frozen=True)
class Came:
    """One file that came in: what it was, where its parts went, what is new by kind, and what was left out."""

    file: str
    what: str
    places: dict[str, str]
    counts: dict[str, int]
    remarks: tuple[str, ...]

    @property
    def told(self) -> str:
        """What is new, in words."""
        said = [f"{count} {named(kind, count)}" for kind, count in self.counts.items() if count]
        return ", ".join(said) or "nothing new"


def import_files(
    study: Study, files: Sequence[Path], into: Into | None = None, report: Listener = silent
) -> list[Came]:  # fmt: skip
    """Bring files of other programs into the study, each whole or not at all; each can be undone by itself.

    A text without times goes onto the sound where its session has a recording. All files are read before the first is
    entered. Raises FormatError naming the file and the place, InvalidInput, Conflict.
    """
    where = into or Into()
    files = [file / "data.qda" if (file / "data.qda").is_file() else file for file in files]
    for file in files:
        if not file.is_file():
            raise InvalidInput(f"there is no file {file}; name files that another program wrote")
    if where.session and len(files) > 1:
        raise InvalidInput("--session names one place for several files; import them one by one")
    read = [(file, None if _is_codings(file) else read_foreign(file)) for file in files]
    return [
        _codings(study, file, where) if foreign is None else _enter(study, file, foreign, where, report)
        for file, foreign in read
    ]


def _is_codings(file: Path) -> bool:
    """Whether a file is a coding sheet, or the long table that iprkit exported."""
    if file.suffix.casefold() not in (".csv", ".tsv", ".txt", ".xlsx") or file.stat().st_size > LARGEST:
        return False
    return is_sheet(file.read_bytes(), file.name)


def _codings(study: Study, file: Path, into: Into) -> Came:
    done = import_sheet(study, file, Filled(session=into.session))
    remarks = [f"{len(done.moved)} of them quote other words than stand there now"] if done.moved else []
    counts = {"codings": done.added, "known codings": done.known}
    return Came(file.name, "a table of codings", {}, counts, tuple(remarks))


def _enter(study: Study, file: Path, foreign: Foreign, into: Into, report: Listener) -> Came:
    if into.session and _has_sound(study, into.session) and _is_text(foreign):
        return _put_on_sound(study, file, foreign, into, report)
    settings = {"file": file.name, "format": foreign.what}
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    with (
        unpacked(study, file, foreign.values) as found,
        ExitStack() as copies,
        study.change(f"imported {file.name}") as db,
    ):
        done = Entry(db, study.author, into, settings, digest).enter(foreign.values)
        for key, looked in found.items():
            row = queries.find_conversation(db, done.places.get(key, ""))
            if row is None or row.recordings:
                done.remarks.append(f"the recording of {key} is left in the file: its session has one, or is not here")
                continue
            paths = copies.enter_context(_kept(study, row.key, looked))
            row.recordings = recordings.rows(looked, paths, ())
            done.counts["recordings"] += len(looked)
        places = [place for place in done.places.values() if " " not in place]
        word_change(db, f"imported {file.name}, {foreign.what}", places[0] if len(places) == 1 else None)
    _renew(study, places)
    return _came(file, foreign, done)


@contextmanager
def unpacked(study: Study, file: Path, values: Exchange) -> Iterator[dict[str, list[Looked]]]:
    """By a conversation's key the recordings in a project, looked at, in a folder that is gone after the block.

    Those that the study has already stay in the file. Raises MediaError and its kin, FormatError, StorageFull.
    """
    wanted = [(one.key, medium) for one in values.conversations for medium in one.media if medium.inside]
    found: dict[str, list[Looked]] = {}
    with TemporaryDirectory(prefix="import-", dir=study.folder / "recordings") as folder:
        for number, (key, medium) in enumerate(wanted):
            place = Path(folder) / str(number) / _plain(medium.name, medium.inside)
            place.parent.mkdir()
            with storing(), place.open("wb") as stream:
                there = unpack_recording(file, medium.inside, stream)
            if there and not _known(study, place):
                source = Source(place, part=len(found.get(key, [])) + 1)
                found.setdefault(key, []).extend(recordings.look_at(study, [source], Intake()))
        yield found


@contextmanager
def _kept(study: Study, key: str, looked: Sequence[Looked]) -> Iterator[list[str]]:
    """Recordings that were unpacked under names of their own in the study; gone again where the block fails."""
    places: list[Path] = []
    try:
        for number, one in enumerate(looked, start=1):
            suffix = one.source.file.suffix.lower()
            names = (f"{key.lower()}-{n}{suffix}" if n > 1 else f"{key.lower()}{suffix}" for n in count(number))
            free = next(p for name in names if not (p := study.folder / "recordings" / name).exists())
            with storing():
                one.source.file.rename(free)
                free.chmod(0o600)
            places.append(free)
        yield [recordings.stored_path(study, place) for place in places]
    except BaseException:
        for place in places:
            place.unlink(missing_ok=True)
        raise


def _plain(name: str, inside: str) -> str:
    """A recording's name without anything that could lead elsewhere, ended as the part of the archive is."""
    stem = re.sub(r"[^\w -]+", "_", Path(name).stem)[:60].strip() or "recording"
    suffix = re.search(r"\.[A-Za-z0-9]{1,8}$", inside)
    return f"{stem}{suffix[0] if suffix else ''}"


def _known(study: Study, file: Path) -> bool:
    with study.read() as db:
        return queries.recording_with_sha256(db, sha256(file)) is not None


def _is_text(foreign: Foreign) -> bool:
    """Whether it is one transcript alone, whose words have no measured times."""
    every = list(foreign.values.conversations)
    return foreign.untimed and len(every) == 1 and not every[0].codings and not foreign.values.codebooks


def _has_sound(study: Study, key: str) -> bool:
    with study.read() as db:
        found = queries.find_conversation(db, key)
        return found is not None and bool(found.recordings)


def _put_on_sound(study: Study, file: Path, foreign: Foreign, into: Into, report: Listener) -> Came:
    assert into.session is not None
    done = align(study, into.session, file, Manner(language=into.language), report)
    counts = {"segments": done.segments, "words placed by the sound": done.placed, "words guessed": done.guessed}
    return Came(file.name, foreign.what, {file.stem: done.key}, counts, foreign.values.remarks)


def _renew(study: Study, places: Sequence[str]) -> None:
    """Bring the copies for other programs up to date."""
    for key in dict.fromkeys(places):
        with study.read() as db:
            row = queries.find_conversation(db, key)
            there = row is not None and bool(row.versions)
        if there:
            try:
                write_exchange_copies(study, key)
            except Conflict:  # somebody withdrew, and nothing may be shown
                continue


def _came(file: Path, foreign: Foreign, done: Entered) -> Came:
    remarks = list(done.remarks)
    left = done.counts.pop("left out", 0)
    if left:
        remarks.append(f"{left} codings are left out: their words or code are not here")
    return Came(file.name, foreign.what, done.places, dict(done.counts), tuple(remarks))
