"""Whether all that a study counts on is there and whole: database, recordings, permissions, copies, stored voices."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session as Db

from iprkit.actions import codebook_copies
from iprkit.database import connect, files, queries
from iprkit.database.connect import Study
from iprkit.database.models import Recording, Voice
from iprkit.database.purging import GONE
from iprkit.errors import MediaError, StudyError
from iprkit.media.checksum import sha256
from iprkit.progress import Listener, silent

_UNFINISHED = ".partial"


@dataclass(frozen=True)
class Finding:
    """One sentence about one thing; ``wrong`` where something must be done, else it is only worth knowing."""

    subject: str
    text: str
    wrong: bool = True


def check(study: Study, full: bool = False, report: Listener = silent) -> list[Finding]:
    """Look for damage, losses and open doors; ``full`` also reads every recording and compares its checksum."""
    with study.read() as db:
        recordings = queries.all_recordings(db)
        voices = [Finding(voice.dyad_key, _voice(db, voice), wrong=False) for voice in queries.voices(db)]
    found = list(_database(study))
    for recording in recordings:
        found += _recording(study, recording, full, report)
    copies = [Finding(name, codebook_copies.edited_by_hand(name)) for name in codebook_copies.edited(study)]
    found += [*copies, *_unreferenced(study, recordings), *_unfinished(study), *_open_doors(study, recordings)]
    return found + voices


def _database(study: Study) -> Iterator[Finding]:
    if study.engine.dialect.name != "sqlite":
        return
    try:
        files.check_sound(study.engine)
    except StudyError as e:
        yield Finding(connect.DATABASE, str(e))


def _recording(study: Study, recording: Recording, full: bool, report: Listener) -> Iterator[Finding]:
    key, place = recording.conversation.key, study.path(recording.path)
    if recording.path == GONE:
        yield Finding(key, "its recording was deleted after a withdrawal", wrong=False)
        return
    if not place.is_file():
        yield Finding(key, f"the recording {recording.path} is missing; find it with: iprkit relink FOLDER")
        return
    size = place.stat().st_size
    if size != recording.size_bytes:
        yield Finding(key, f"{recording.path} has {size} bytes, not the {recording.size_bytes} it came with")
        return
    if not full:
        return
    try:
        same = sha256(place, report) == recording.sha256
    except MediaError as e:
        yield Finding(key, str(e))
        return
    if not same:
        yield Finding(key, f"{recording.path} was changed since it came into the study: its checksum differs")


def _unreferenced(study: Study, recordings: Sequence[Recording]) -> Iterator[Finding]:
    known = {study.path(recording.path) for recording in recordings}
    for place in sorted((study.folder / "recordings").rglob("*")):
        if place.is_file() and place.suffix not in (".md", _UNFINISHED) and place not in known:
            name = place.relative_to(study.folder).as_posix()
            yield Finding(name, f"{name} belongs to no session; add it, or delete it", wrong=False)


def _unfinished(study: Study) -> Iterator[Finding]:
    """What a power cut left of a file that was being written; the file itself was never there."""
    for place in sorted(study.folder.glob(f"*/*{_UNFINISHED}")):
        name = place.relative_to(study.folder).as_posix()
        yield Finding(name, f"{name} is half a file, left by an interruption; delete it", wrong=False)


def _open_doors(study: Study, recordings: Sequence[Recording]) -> Iterator[Finding]:
    """Files in the study folder that other accounts of this machine can read; linked recordings are their owner's."""
    if os.name != "posix":
        return
    inside = {study.path(recording.path) for recording in recordings if not recording.linked}
    for place in (study.folder / connect.DATABASE, study.folder / connect.SETTINGS, *sorted(inside)):
        if place.is_file() and _mode(place) & (stat.S_IRWXG | stat.S_IRWXO):
            name = place.relative_to(study.folder).as_posix()
            yield Finding(name, f"{name} can be read by other accounts; close it with: chmod 600 {name}")


def _mode(place: Path) -> int:
    return stat.S_IMODE(place.stat().st_mode)


def _voice(db: Db, voice: Voice) -> str:
    speaker = queries.speaker(db, voice.conversation_key, voice.label)
    who = (speaker and speaker.role) or f"speaker {voice.label}"
    return (
        f"a voice profile of the {who} is stored, made from {voice.conversation_key}; it identifies a person; "
        f"delete it with: iprkit speakers {voice.dyad_key} --forget-voices"
    )
