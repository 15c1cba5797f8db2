"""``iprkit init``, ``status``, ``backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path

import click

from iprkit.actions import studies
from iprkit.actions.studies import ConversationState, DyadState, StudyState
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json, print_table
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


@click.command(short_help="Copy the database to safety.")
@click.pass_obj
def backup(chosen: Chosen) -> None:
    """Copy the database into the study's backups folder; recordings are not copied."""
    with chosen.study() as study:
        click.echo(studies.back_up(study))


@click.command(short_help="Put a backup in the database's place.")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def restore(chosen: Chosen, file: Path) -> None:
    """Put the backup FILE in the database's place; what is there now is backed up first."""
    with chosen.study() as study:
        kept = studies.restore(study, file)
    click.echo(f"Restored. What was there before is in {kept}")


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
