"""The copies of every transcript for other programs, in ``transcripts/``, which follow what the study says."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

from iprkit.actions.handed_out import handed_out
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.database.transcripts import load_transcript
from iprkit.errors import Conflict
from iprkit.formats import WRITERS, Format
from iprkit.transcript import Transcript

_EXCHANGE = (("native", ".json"), ("vtt", ".vtt"))


def write_exchange_copies(study: Study, key: str) -> list[Path]:
    """Bring ``transcripts/KEY.json`` and ``KEY.vtt`` up to what the study says now; returns both.

    Raises NotFound for an unknown key or one not transcribed yet, StorageFull.
    """
    with study.read() as db:
        transcript = load_transcript(db, key)
    folder_of(study, "transcripts")
    places = exchange_copies(study, key)
    for place, (name, _) in zip(places, _EXCHANGE, strict=True):
        with handed_out(place) as stream:
            write(WRITERS[name], transcript, stream)
    return places


def renew_exchange_copies(study: Study, subject: str | None) -> None:
    """Bring up to date what ``write_exchange_copies`` wrote of all that a change of the journal was about.

    ``subject`` is the change's: a conversation's key, a dyad's, or that of a segment. The copies of what somebody took
    back, and which may be shown no more, go. Raises StorageFull.
    """
    with study.read() as db:
        keys = [one.key for one in queries.all_conversations(db) if one.versions and _concerns(subject, one.key)]
    for key in keys:
        try:
            write_exchange_copies(study, key)
        except Conflict:
            for place in exchange_copies(study, key):
                place.unlink(missing_ok=True)


def exchange_copies(study: Study, key: str) -> list[Path]:
    """Where the copies for other programs lie, whether they are there or not."""
    return [study.folder / "transcripts" / f"{key}{suffix}" for _, suffix in _EXCHANGE]


def write(form: Format, transcript: Transcript, stream: BinaryIO) -> None:
    """The transcript's bytes in a format; the same on every machine."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    form.write(transcript, text)
    text.detach()


def _concerns(subject: str | None, key: str) -> bool:
    return subject is not None and (f"{key}-".startswith(f"{subject}-") or subject.startswith(f"{key}-"))


def folder_of(study: Study, name: str) -> Path:
    folder = study.folder / name
    with storing():
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder
