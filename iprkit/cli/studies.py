"""``iprkit init``, ``status``, ``backup`` and ``restore``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from iprkit.actions import archives, studies
from iprkit.actions.archives import Kept
from iprkit.actions.studies import ConversationState, DyadState, StudyState
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import amount, json_option, print_json, print_table
from iprkit.errors import InvalidInput
from iprkit.timeline import clock


@click.command(short_help="Begin a study in a folder.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", help="The study's title; the folder's name by default.")
@click.option("--database", metavar="URL", help="A PostgreSQL database for a team; media stay in the folder.")
@click.pass_obj
def init(chosen: Chosen, folder: Path, title: str | None, database: str | None) -> None:
    """Begin a study in DIR, a folder that only you can read."""
    made = studies.init(folder, title, chosen.author, database)
    click.echo(f"The study is in {made}. Next: iprkit -C {folder} dyad add D01 --therapist T01 --client C01")


@click.command(short_help="What the study holds and how far it is.")
@json_option
@click.pass_obj
def status(chosen: Chosen, as_json: bool) -> None:
    """Dyads, sessions, recordings and transcripts of the study."""
    with chosen.study() as study:
        state = studies.status(study)
    if as_json:
        print_json(state)
    else:
        _print_state(state)


@click.command(short_help="Copy the database, or the whole study, to safety.")
@click.argument("file", metavar="[FILE]", type=click.Path(path_type=Path), required=False)
@click.option("--without-recordings", is_flag=True, help="Leave the recordings out of FILE.")
@json_option
@click.pass_obj
def backup(chosen: Chosen, file: Path | None, without_recordings: bool, as_json: bool) -> None:
    """Write the whole study into FILE, with checksums; without FILE, copy the database into the backups folder.

    FILE is a zip archive; `iprkit restore FILE DIR` makes it a study again. The backups folder is not part of it.
    """
    if file is None and without_recordings:
        raise click.UsageError("--without-recordings goes with a FILE; the copy in backups/ never has recordings")
    with chosen.study() as study:
        if file is None:
            place = studies.back_up(study)
            print_json({"file": str(place)}) if as_json else click.echo(place)
            return
        kept = archives.archive(study, file, not without_recordings)
    if as_json:
        print_json(kept)
    else:
        _print_kept(kept)


@click.command(short_help="Bring back a backup, or a whole study.")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), required=False)
@click.pass_obj
def restore(chosen: Chosen, file: Path, folder: Path | None) -> None:
    """Make DIR, which is not there yet, the study that the archive FILE holds.

    Without DIR: put a copy of the database in the place of the study's database; what is there now is backed up first.
    """
    if folder is not None:
        found = archives.restore_archive(file, folder)
        click.echo(f"{found.title}: {found.files} files, all as they were packed. The study is in {found.folder}")
        _say_missing(found.missing, "not in the archive")
        return
    if archives.is_study_archive(file):
        raise InvalidInput(f"{file} holds a whole study; say where it is to stand: iprkit restore {file} DIR")
    with chosen.study() as study:
        kept = studies.restore(study, file)
    click.echo(f"Restored. What was there before is in {kept}")


def _print_kept(kept: Kept) -> None:
    click.echo(f"{kept.title}: {kept.files} files, {amount(kept.size_bytes)} unpacked, in {kept.file}")
    _say_missing(kept.missing, "not there, so not in the archive")
    _say_missing(kept.changed, "not the bytes that the study knows; see: iprkit check")
    _say_missing(kept.linked, "linked from outside; in the archive's recordings/, find them there with iprkit relink")


def _say_missing(paths: Sequence[str], what: str) -> None:
    for path in paths:
        click.echo(f"  {path}: {what}")


def _print_state(state: StudyState) -> None:
    click.echo(f"{state.title}\n")
    heads = ("Dyad", "Members", "Session", "Date", "Recordings", "Duration", "Transcript")
    rows = [row for dyad in state.dyads for row in _rows(dyad)]
    if rows:
        print_table(heads, rows)
    else:
        click.echo("No dyads yet. Next: iprkit dyad add D01 --therapist T01 --client C01")


def _rows(dyad: DyadState) -> list[tuple[object, ...]]:
    first = (dyad.key, " ".join(member.key for member in dyad.members))
    sessions = [_cells(session) for session in dyad.sessions] or [("", "", "", "", "")]
    return [(*(first if index == 0 else ("", "")), *cells) for index, cells in enumerate(sessions)]


def _cells(session: ConversationState) -> tuple[object, ...]:
    missing = f" ({session.missing} missing)" if session.missing else ""
    transcript = f"{session.transcript} ({session.language})" if session.transcript else "none"
    length = clock(session.duration_ms)
    return session.key, session.date, f"{session.recordings}{missing}", length, transcript
