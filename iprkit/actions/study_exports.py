"""A study on its way out: written in the format of another program, with a word on what does not fit into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from iprkit.actions.exchange import keys_of, narrowed, read_out
from iprkit.actions.handed_out import handed_out
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.errors import InvalidInput
from iprkit.exchange import Conversation, Exchange, Tally, count
from iprkit.formats import Format
from iprkit.formats.studies import StudyFormat


@dataclass(frozen=True)
class Wanted:
    """What to write: the format, whose it is, and whether recordings travel along."""

    form: StudyFormat
    keys: tuple[str, ...] = ()
    media: bool = False


@dataclass(frozen=True)
class Written:
    """The files, what the format does not carry of what they hold (empty: nothing), and what was left out and why."""

    places: tuple[Path, ...]
    lost: str
    remarks: tuple[str, ...]


def export_study(study: Study, wanted: Wanted, to: Path | None = None) -> Written:
    """Write the study, or what the keys name, into ``exports/``, the folder ``to`` or the file ``to``.

    Raises InvalidInput where recordings or one file for several conversations are asked of a format that has no such
    thing, NotFound for an unknown key, FormatError where there is nothing to write, StorageFull.
    """
    form = wanted.form
    _check_media(wanted)
    with read_out(study, wanted.keys, wanted.media) as values:
        if not form.each:
            place = _place(study, to, f"{_name(wanted.keys)}{form.suffix}")
            tally = Tally()
            with handed_out(place) as stream:
                form.write(tally.of(values), stream)
            return Written((place,), form.carries.loses(tally.total()), values.remarks)
        files = _files(study, wanted, values, to)
        tally = Tally()
        for place, key in files:
            with handed_out(place) as stream:
                form.write(_one(values, key, tally), stream)
        return Written(tuple(place for place, _ in files), form.carries.loses(tally.total()), values.remarks)


def export_study_to(study: Study, wanted: Wanted, stream: BinaryIO) -> Written:
    """Write to a stream. Raises as ``export_study`` does."""
    form, tally = wanted.form, Tally()
    _check_media(wanted)
    with read_out(study, wanted.keys, wanted.media) as values:
        if form.each:
            chosen = _keys(values, wanted.keys)
            if len(chosen) > 1:
                raise InvalidInput(f"one stream cannot hold {len(chosen)} files; name one of {', '.join(chosen)}")
            form.write(_one(values, chosen[0], tally), stream)
        else:
            form.write(tally.of(values), stream)
        return Written((), form.carries.loses(tally.total()), values.remarks)


def lost_of_transcripts(study: Study, form: Format, keys: Sequence[str]) -> str:
    """What a transcript's format does not carry of the conversations with these keys; empty where nothing is lost."""
    with read_out(study, keys) as values:
        tally = Tally()
        for one in values.conversations:
            if one.transcript is not None and (not keys or one.key in keys):
                tally.counts[one.key] = count(one)
        return form.carries.loses(tally.total())


def _check_media(wanted: Wanted) -> None:
    if wanted.media and not wanted.form.media:
        raise InvalidInput("this format takes no recordings; leave --media out")


def _one(values: Exchange, key: str, tally: Tally) -> Exchange:
    """The values of one conversation's file: itself, counted, and after it the interviews about it."""
    narrow = narrowed(values, key)
    return replace(narrow, conversations=_FirstCounted(narrow.conversations, tally))


@dataclass(frozen=True)
class _FirstCounted:
    source: Iterable[Conversation]
    tally: Tally

    def __iter__(self) -> Iterator[Conversation]:
        for number, one in enumerate(self.source):
            if number == 0:
                self.tally.counts[one.key] = count(one)
            yield one


def _keys(values: Exchange, asked: Sequence[str]) -> list[str]:
    """The conversations to write a file for: those named, of a dyad or without any all that there are."""
    there = keys_of(values)
    return [key for key in there if not asked or key in asked or any(key.startswith(f"{each}-S") for each in asked)]


def _files(study: Study, wanted: Wanted, values: Exchange, to: Path | None) -> list[tuple[Path, str]]:
    keys = _keys(values, wanted.keys)
    if to is not None and not to.is_dir() and len(keys) > 1:
        raise InvalidInput(f"{to} is one file for {len(keys)} conversations; name a folder that is there, or one key")
    return [(_place(study, to, f"{key}{wanted.form.suffix}"), key) for key in keys]


def _place(study: Study, to: Path | None, name: str) -> Path:
    if to is not None:
        return to / name if to.is_dir() else to
    folder = study.folder / "exports"
    with storing():
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder / name


def _name(keys: Sequence[str]) -> str:
    return keys[0] if len(keys) == 1 else "study"
