"""``iprkit recording``: add, start."""

from __future__ import annotations

from pathlib import Path

import click

from iprkit.actions import added_recordings
from iprkit.actions.added_recordings import AddedRecording, Placing
from iprkit.actions.recordings import Intake
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json
from iprkit.cli.progress import shown
from iprkit.timeline import clock


@click.group(short_help="Further recordings of what is in the study.")
def recording() -> None:
    """Further recordings of a session or recall interview: another part, camera or microphone, or its only sound."""


@recording.command()
@click.argument("key", metavar="KEY")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--beside", is_flag=True, help="Another camera or microphone, which ran at the same time.")
@click.option(
    "--offset-ms", type=int, metavar="N", help="With --beside: where it starts; without this its sound tells."
)
@click.option("--channels", metavar="ROLES", help="Who speaks on each channel: therapist,client.")
@click.option("--link", is_flag=True, help="Leave the file where it is instead of copying it.")
@click.option("--allow-damaged", is_flag=True, help="Take the readable part of a damaged recording.")
@json_option
@click.pass_obj
def add(
    chosen: Chosen, key: str, file: Path, beside: bool, offset_ms: int | None, channels: str | None, link: bool,
    allow_damaged: bool, as_json: bool,
) -> None:  # fmt: skip
    """Add a recording to session or interview KEY: after those it has, or beside them.

    What came as a transcript alone gets its sound so.
    """
    if offset_ms is not None and not beside:
        raise click.UsageError("--offset-ms goes with --beside; other recordings follow one another")
    roles = tuple(role.strip() for role in channels.split(",")) if channels else ()
    intake, where = Intake(roles, link, allow_damaged), Placing(beside, offset_ms)
    with chosen.study() as study, shown() as report:
        added = added_recordings.add_recording(study, key, file, intake, where, report)
    if as_json:
        print_json(added)
        return
    click.echo(_said(key, added))
    if added.note:
        click.echo(f"Note: {added.note}.", err=True)


@recording.command()
@click.argument("key", metavar="KEY")
@click.argument("view", metavar="VIEW")
@click.argument("offset_ms", type=int, metavar="OFFSET_MS")
@click.pass_obj
def start(chosen: Chosen, key: str, view: str, offset_ms: int) -> None:
    """Say where VIEW (camera2, camera3, ...) of KEY starts, in milliseconds of the main recording's clock.

    Write -- before a negative number.
    """
    with chosen.study() as study:
        added_recordings.start_recording_at(study, key, view, offset_ms)
    click.echo(f"{view} of {key} starts at {_signed(offset_ms)}.")


def _said(key: str, added: AddedRecording) -> str:
    if added.view != "main":
        return f"Added {added.view} to {key}; it starts at {_signed(added.offset_ms)}."
    if added.align:
        return f"Added its sound to {key}. Next: iprkit align {key}"
    return f"Added part {added.part} to {key}. Next: iprkit transcribe {key}"


def _signed(ms: int) -> str:
    return f"-{clock(-ms)}" if ms < 0 else clock(ms)
