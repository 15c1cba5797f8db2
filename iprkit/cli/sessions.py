"""``iprkit session`` and ``iprkit relink``."""

from __future__ import annotations

from pathlib import Path

import click

from iprkit.actions import recordings, sessions
from iprkit.actions.recordings import Intake
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json
from iprkit.cli.progress import shown


@click.group(short_help="Sessions and their recordings.")
def session() -> None:
    """Sessions: the recorded conversations of a dyad."""


@session.command()
@click.argument("dyad", metavar="D01")
@click.argument("number", type=int)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--camera", multiple=True, metavar="FILE[@OFFSET_MS]", help="A parallel view; where it starts.")
@click.option("--date", metavar="YYYY-MM-DD", help="When the session took place.")
@click.option("--channels", metavar="ROLES", help="Who speaks on each channel: therapist,client.")
@click.option("--link", is_flag=True, help="Leave the files where they are instead of copying them.")
@click.option("--allow-damaged", is_flag=True, help="Take the readable part of a damaged recording.")
@click.pass_obj
def add(
    chosen: Chosen, dyad: str, number: int, files: tuple[Path, ...], camera: tuple[str, ...], date: str | None,
    channels: str | None, link: bool, allow_damaged: bool,
) -> None:  # fmt: skip
    """Add session NUMBER of a dyad with its recording; several FILEs are parts after one another."""
    roles = tuple(role.strip() for role in channels.split(",")) if channels else ()
    intake = Intake(roles, link, allow_damaged)
    sources = sessions.sources_of(files, camera)
    with chosen.study() as study, shown() as report:
        key = sessions.add_session(study, (dyad, number), sources, date, intake, report)
    click.echo(f"Added {key}. Next: iprkit transcribe {key}")


@click.command(short_help="Find recordings that were moved.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def relink(chosen: Chosen, folder: Path, as_json: bool) -> None:
    """Look in DIR and below for recordings that are no longer where they were."""
    with chosen.study() as study, shown() as report:
        moved = recordings.relink(study, folder, report)
    if as_json:
        print_json(moved)
        return
    for one in moved:
        click.echo(f"{one.session}: {one.old} " + (f"is now {one.new}" if one.new else "was not found"))
    if not moved:
        click.echo("No recording is missing.")
