"""Transcripts on their way out of the study: in the format that another program reads, as files or on a stream."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session as Db

from iprkit.actions.exchange_copies import folder_of, write
from iprkit.actions.handed_out import handed_out
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.transcripts import current_version, load_transcript
from iprkit.errors import InvalidInput, NotFound
from iprkit.formats import WRITERS, Format
from iprkit.formats.studies import STUDY_WRITERS


def export(study: Study, form: Format, keys: Sequence[str] = (), to: Path | None = None) -> list[Path]:
    """Write transcripts in a format, every transcribed conversation's where no key is given.

    One file for each, ``D01-S03.vtt``, in the study's ``exports/`` or in the folder ``to``; with one key ``to`` may
    be a file. Returns the files. Raises InvalidInput for one file meant for several transcripts, NotFound for an
    unknown key and where nothing is transcribed, StorageFull. All keys are looked at before anything is written.
    """
    with study.read() as db:
        chosen = transcribed(db, keys)
        places = _places(study, form, chosen, to)
        for key, place in zip(chosen, places, strict=True):
            with handed_out(place) as stream:
                write(form, load_transcript(db, key), stream)
    return places


def meant_by_one_file(study: Study, keys: Sequence[str], to: str | None) -> tuple[tuple[str, ...], str]:
    """The keys, and where one file is asked for without any, the study's only session; a word on what that leaves out.

    A format that writes one conversation a file has no room for the interviews about it.
    """
    with study.read() as db:
        there = queries.all_conversations(db)
        sessions = [one.key for one in there if one.about_id is None]
        others = [one.key for one in there if one.about_id is not None]
    if keys or to is None or Path(to).is_dir() or len(sessions) != 1 or not others:
        return tuple(keys), ""
    return (sessions[0],), f"this is {sessions[0]}; write its interviews by their keys: {', '.join(others)}"


def export_to(study: Study, form: Format, keys: Sequence[str], stream: BinaryIO) -> None:
    """Write one transcript in a format to a stream. Raises as ``export`` does."""
    with study.read() as db:
        chosen = transcribed(db, keys)
        if len(chosen) > 1:
            raise InvalidInput(f"one stream cannot hold {len(chosen)} transcripts; name one of {', '.join(chosen)}")
        write(form, load_transcript(db, chosen[0]), stream)


def format_named(name: str, words: bool = False) -> Format:
    """The format of a name, with ``words`` its kind that has a row a word. Raises InvalidInput naming the nearest."""
    if words and name in WRITERS and not name.endswith("-csv"):
        raise InvalidInput(f"{name} has no rows for single words; write words-csv for them, or leave --words out")
    found = WRITERS.get("words-csv" if words and name in ("csv", "segments-csv") else name)
    if found is not None:
        return found
    every = [*WRITERS, *STUDY_WRITERS]
    near = get_close_matches(name.lower(), every, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"choose among {', '.join(every)}"
    raise InvalidInput(f"there is no format {name}; {hint}")


def transcribed(db: Db, keys: Sequence[str]) -> list[str]:
    """The keys, each once, or all that are transcribed where none is given. Raises NotFound."""
    for key in keys:
        current_version(db, queries.conversation(db, key))
    found = list(dict.fromkeys(keys)) or [c.key for c in queries.all_conversations(db) if c.versions]
    if not found:
        raise NotFound("nothing in this study is transcribed yet; try: iprkit transcribe")
    return found


def _places(study: Study, form: Format, keys: Sequence[str], to: Path | None) -> list[Path]:
    if to is None or to.is_dir():
        folder = to or folder_of(study, "exports")
        return [folder / f"{key}{form.suffix}" for key in keys]
    if len(keys) > 1:
        raise InvalidInput(f"{to} is one file for {len(keys)} transcripts; name a folder that is there, or one key")
    return [to]
