"""``iprkit link``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json
from iprkit.cli.progress import shown
from iprkit.errors import BatchError
from iprkit.timeline import clock

if TYPE_CHECKING:
    from iprkit.actions.linking import Linked


@click.command(short_help="Lay recall interviews on their session's clock.")
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@click.option("--log", metavar="FILE.csv", type=click.Path(path_type=Path), help="What was played when, logged.")
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0),
    default=15,
    show_default=True,
    metavar="SECONDS",
    help="Within it, marks of several people are one moment.",
)
@click.option("--again", is_flag=True, help="Search the sound again, also where a log was given.")
@json_option
@click.pass_obj
def link(
    chosen: Chosen, keys: tuple[str, ...], log: Path | None, tolerance: float, again: bool, as_json: bool
) -> None:  # fmt: skip
    """Find out what of the session was playing when in the interviews KEY, or in all, and what comments are about.

    What people corrected stands (iprkit map edit). Playback is found by sound, or taken from a log of play and pause.
    """
    from iprkit.actions import linking  # what compares sound takes seconds to load

    how = linking.How(log, again, round(tolerance * 1000))
    with chosen.study() as study, shown() as report:
        done = linking.link(study, keys, how, report)
    print_json(done) if as_json else _tell(done)
    failed = [one for one in done if one.error]
    if failed:
        lines = "\n".join(f"  {one.key}: {one.error}" for one in failed)
        raise BatchError(f"{len(failed)} of {len(done)} could not be linked, the others are done:\n{lines}")


def _tell(done: list[Linked]) -> None:
    if not done:
        click.echo("There is no recall interview yet. Next: iprkit recall add D01 3 FILE --participant client")
    for one in done:
        if not one.error:
            click.echo(_line(one))


def _line(one: Linked) -> str:
    told = [f"{one.key}: {'nothing has changed; ' if one.already else ''}{clock(one.played_ms)} of playback in "
            f"{one.pieces} pieces, {one.pauses} pauses, {one.comments} comments in {one.moments} moments"]  # fmt: skip
    if one.unlinked:
        told.append(f"  {one.unlinked} comments are about no stretch of the session")
    for span in one.unheard:
        told.append(
            f"  {clock(span.start_ms)} to {clock(span.end_ms)} was not listened to, it seemed to be playback; "
            f"listen now: iprkit transcribe {one.key}"
        )
    if one.next:
        told.append(f"  no comments before this: {one.next}")
    return "\n".join(told)
