"""Recordings that come through a page: streamed to the disk, looked at, and added to a session or interview."""

from __future__ import annotations

import secrets
import shutil
import time
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from sqlalchemy.orm import Session as Db

from iprkit.actions import recordings
from iprkit.actions.jobs import OPEN
from iprkit.actions.parts import parts_of, sound
from iprkit.actions.recordings import Intake, Source
from iprkit.actions.roles import need_researcher
from iprkit.actions.waveforms import known_suffix
from iprkit.database import queries, together_queries
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.database.models import Conversation
from iprkit.database.withdrawals import refuse_sound
from iprkit.errors import Conflict, InvalidInput, IprkitError, NotFound, StorageFull
from iprkit.media import decode
from iprkit.progress import Listener, silent
from iprkit.replay.locate import locate
from iprkit.timeline import clock

LARGEST = 100_000_000_000
"""Bytes; no recording is larger."""

_ROOM = 500_000_000  # bytes that stay free on the disk
_FORGOTTEN_S = 24 * 3600
_SLACK_MS = 3_000  # a last word may end this much after the sound before that is told


@dataclass(frozen=True)
class Placing:
    """Where a further recording belongs: after those that are there, or beside them, as another camera or microphone.

    ``offset_ms`` is where one beside them starts on the conversation's clock; None: its sound tells.
    """

    beside: bool = False
    offset_ms: int | None = None


@dataclass(frozen=True)
class AddedRecording:
    """A recording that was added, by its number and its place. ``note``: what somebody should look at.

    ``align``: the conversation has a transcript from elsewhere, whose words can now be found in the sound.
    """

    id: str
    view: str
    part: int
    offset_ms: int
    note: str
    align: bool


def place_for_upload(study: Study, key: str, name: str, size_bytes: int, where: Placing | None = None) -> Path:
    """A private file in the study to write a recording for a conversation into, before it is added.

    ``name`` is what the file was called where it comes from; only its end is used. Raises NotAllowed, NotFound,
    Conflict, InvalidInput for what does not end as a recording does, StorageFull where the disk has no room for it.
    """
    need_researcher(study, "add recordings")
    suffix = known_suffix(name)
    with study.read() as db:
        conversation = queries.conversation(db, key)
        refuse_sound(db, conversation)
        _place_in(conversation, where or Placing())
        _refuse_while_heard(db, conversation, where or Placing())
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


def add_upload(
    study: Study, key: str, uploaded: Path, name: str, where: Placing | None = None, report: Listener = silent
) -> AddedRecording:
    """Add a recording that was written into ``place_for_upload``.

    What is refused is called by ``name``, as the person knows it, and the file is gone. Raises as ``add_recording``
    does.
    """
    final = free_name(study, f"{key.lower()}{uploaded.suffix}")
    try:
        uploaded.rename(final)
        return add_recording(study, key, final, where=where, report=report)
    except BaseException as problem:
        uploaded.unlink(missing_ok=True)
        final.unlink(missing_ok=True)
        if isinstance(problem, IprkitError):
            problem.args = (str(problem).replace(final.name, name),)
        raise


def add_recording(
    study: Study,
    key: str,
    file: Path,
    intake: Intake | None = None,
    where: Placing | None = None,
    report: Listener = silent,
) -> AddedRecording:
    """Add a recording to a session or interview: the first, one more after those it has, or one beside them.

    A conversation that is transcribed takes another view beside its recordings and, where it came as a transcript
    alone, its sound; what its transcript, windows and codings are counted on stays as it is.

    Raises NotFound for an unknown key, Conflict where it would go on after what is transcribed or where somebody who
    withdrew would be heard again, InvalidInput, SameRecording, MediaError and its kin.
    """
    how, wanted = intake or Intake(), where or Placing()
    with study.read() as db:
        conversation = queries.conversation(db, key)
        refuse_sound(db, conversation)
        view, part, _ = _place_in(conversation, wanted)
    looked = recordings.look_at(study, [Source(file, part, view)], how, report)
    offset_ms, note = _start(study, key, file, wanted, report)
    with (
        recordings.taken_in(study, key, looked, how.link, report) as paths,
        study.change(f"added a recording to {key}", key) as db,
    ):
        conversation = queries.conversation(db, key)
        _refuse_while_heard(db, conversation, wanted)
        recordings.refuse_known(db, ((one.source, one.sha256) for one in looked))
        (row,) = recordings.rows(looked, paths, how.channels)
        row.view, row.part, end_ms = _place_in(conversation, wanted)
        row.offset_ms = offset_ms if wanted.beside else end_ms
        conversation.recordings.append(row)
        db.flush()
        align = bool(conversation.versions) and row.view == "main"
        beyond = _beyond(db, conversation) if align else 0
        return AddedRecording(row.id, row.view, row.part, row.offset_ms, _too_short(beyond) or note, align)


def start_recording_at(study: Study, key: str, view: str, offset_ms: int) -> None:
    """Say where a recording beside the others starts on the conversation's clock.

    Raises NotFound, InvalidInput for the recording that this clock is counted on.
    """
    need_researcher(study, "say where recordings start")
    with study.change(f"{view} of {key} starts elsewhere", key) as db:
        conversation = queries.conversation(db, key)
        rows = [one for one in conversation.recordings if one.view == view]
        if view == "main":
            raise InvalidInput(f"the clock of {key} begins with its main recording; only those beside it can be moved")
        if not rows:
            there = ", ".join(sorted({one.view for one in conversation.recordings})) or "none"
            raise NotFound(f"{key} has no recording {view}; it has {there}")
        moved = offset_ms - min(one.offset_ms for one in rows)
        for one in rows:
            one.offset_ms += moved


def free_name(study: Study, name: str) -> Path:
    """A place among the study's recordings that no file has, numbered where the name is taken."""
    wanted = study.folder / "recordings" / name
    place, number = wanted, 1
    while place.exists():
        number += 1
        place = wanted.with_stem(f"{wanted.stem}-{number}")
    return place


def _place_in(conversation: Conversation, where: Placing) -> tuple[str, int, int]:
    """View, part and, after the parts before it, the start of a further recording. Raises Conflict, InvalidInput."""
    key, main = conversation.key, [one for one in conversation.recordings if one.view == "main"]
    if where.beside:
        if not main:
            raise InvalidInput(f"{key} has no recording yet that another could run beside; add this one as its first")
        taken = {one.view for one in conversation.recordings}
        return next(view for n in count(2) if (view := f"camera{n}") not in taken), 1, 0
    if main and conversation.versions:
        raise Conflict(
            f"{key} is transcribed, and its transcript, windows and codings end where its recordings end. Where this "
            "one ran at the same time, add it beside them, as another camera or microphone; where it goes on after "
            "them, take the transcript back first (undo) or add it as a session of its own"
        )
    return "main", 1 + max((one.part for one in main), default=0), conversation.duration_ms


def _refuse_while_heard(db: Db, conversation: Conversation, where: Placing) -> None:
    """Raises Conflict where a further part would be missed by a transcription that is under way."""
    key, under_way = conversation.key, together_queries.jobs_in(db, OPEN)
    if not where.beside and any((one.step, one.key) == ("transcribe", key) for one in under_way):
        raise Conflict(f"{key} is being transcribed, which would not hear a further part; stop that in the queue first")


def _start(study: Study, key: str, file: Path, where: Placing, report: Listener) -> tuple[int, str]:
    """Where a recording beside others starts, as it was said or as its sound tells, and what is to be known of it."""
    if not where.beside or where.offset_ms is not None:
        return where.offset_ms or 0, ""
    found = locate(sound(parts_of(study, key)), decode.stream(file), lambda step: report(replace(step, subject=key)))
    if not found.pieces:
        return 0, "its sound does not tell where it starts; it stands at the beginning: say where it belongs"
    longest = max(found.pieces, key=lambda one: one.interview.duration_ms)
    return longest.session.start_ms - longest.interview.start_ms, ""


def _beyond(db: Db, conversation: Conversation) -> int:
    """By how many milliseconds a transcript goes on after the end of the sound that came to it."""
    newest = queries.newest_transcript(db, conversation.id)
    last = max((one.end_ms for one in newest.segments), default=0) if newest else 0
    return max(last - conversation.duration_ms, 0)


def _too_short(beyond_ms: int) -> str:
    if beyond_ms < _SLACK_MS:
        return ""
    return f"the transcript goes on for {clock(beyond_ms)} after its end; look whether it is the right recording"
