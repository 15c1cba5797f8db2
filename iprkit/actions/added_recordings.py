"""Recordings that come through a page: streamed to the disk, looked at, and added to a session or interview."""

from __future__ import annotations

import secrets
import shutil
import time
from pathlib import Path

from sqlalchemy.orm import Session as Db

from iprkit.actions import recordings
from iprkit.actions.jobs import OPEN
from iprkit.actions.recordings import Intake, Source
from iprkit.actions.roles import need_researcher
from iprkit.actions.waveforms import known_suffix
from iprkit.database import queries, together_queries
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.database.models import Conversation
from iprkit.errors import Conflict, IprkitError, StorageFull
from iprkit.progress import Listener, silent

LARGEST = 100_000_000_000
"""Bytes; no recording is larger."""

_ROOM = 500_000_000  # bytes that stay free on the disk
_FORGOTTEN_S = 24 * 3600


def place_for_upload(study: Study, key: str, name: str, size_bytes: int) -> Path:
    """A private file in the study to write a recording for a conversation into, before it is added.

    ``name`` is what the file was called where it comes from; only its end is used. Raises NotAllowed, NotFound,
    Conflict, InvalidInput for what does not end as a recording does, StorageFull where the disk has no room for it.
    """
    need_researcher(study, "add recordings")
    suffix = known_suffix(name)
    with study.read() as db:
        conversation = queries.conversation(db, key)
        _check_can_grow(db, conversation)
        stem = conversation.key.lower()
    folder = study.folder / "recordings"
    with storing():
        folder.mkdir(mode=0o700, exist_ok=True)
        for left in folder.glob(".upload-*"):
            if time.time() - left.stat().st_mtime > _FORGOTTEN_S:
                left.unlink(missing_ok=True)
    if shutil.disk_usage(folder).free < size_bytes + _ROOM:
        raise StorageFull(f"the disk has no room for {size_bytes // 1_000_000} MB; make room and repeat")
    return folder / f".upload-{stem}-{secrets.token_hex(8)}{suffix}"


def add_upload(study: Study, key: str, uploaded: Path, name: str, report: Listener = silent) -> str:
    """Add a recording that was written into ``place_for_upload``; returns its number.

    What is refused is called by ``name``, as the person knows it, and the file is gone. Raises as ``add_recording``
    does.
    """
    final = free_name(study, f"{key.lower()}{uploaded.suffix}")
    try:
        uploaded.rename(final)
        return add_recording(study, key, final, report=report)
    except BaseException as problem:
        uploaded.unlink(missing_ok=True)
        final.unlink(missing_ok=True)
        if isinstance(problem, IprkitError):
            problem.args = (str(problem).replace(final.name, name),)
        raise


def add_recording(study: Study, key: str, file: Path, intake: Intake | None = None, report: Listener = silent) -> str:
    """Add a recording to a session or interview, after those it has; returns its number.

    Raises NotFound for an unknown key, Conflict where it is transcribed already, SameRecording, MediaError and its kin.
    """
    how = intake or Intake()
    looked = recordings.look_at(study, [Source(file)], how, report)
    with (
        recordings.taken_in(study, key, looked, how.link, report) as paths,
        study.change(f"added a recording to {key}", key) as db,
    ):
        conversation = queries.conversation(db, key)
        _check_can_grow(db, conversation)
        recordings.refuse_known(db, ((one.source, one.sha256) for one in looked))
        (row,) = recordings.rows(looked, paths, how.channels)
        row.part = 1 + max((one.part for one in conversation.recordings if one.view == "main"), default=0)
        row.offset_ms = conversation.duration_ms
        conversation.recordings.append(row)
        db.flush()
        return row.id


def free_name(study: Study, name: str) -> Path:
    """A place among the study's recordings that no file has, numbered where the name is taken."""
    wanted = study.folder / "recordings" / name
    place, number = wanted, 1
    while place.exists():
        number += 1
        place = wanted.with_stem(f"{wanted.stem}-{number}")
    return place


def _check_can_grow(db: Db, conversation: Conversation) -> None:
    heard = [
        one for one in together_queries.jobs_in(db, OPEN) if (one.step, one.key) == ("transcribe", conversation.key)
    ]
    if heard:
        raise Conflict(
            f"{conversation.key} is being transcribed, which would not hear another recording; stop that in the queue "
            "first"
        )
    if conversation.versions:
        raise Conflict(
            f"{conversation.key} is transcribed already, and its transcript would not know of another recording; add "
            "it as a session of its own"
        )
