"""``iprkit bundle``."""

from __future__ import annotations

from pathlib import Path

import click

from iprkit.actions import bundles
from iprkit.actions.bundles import Merged
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json


@click.group(short_help="An assignment, to a coder's computer and back.")
def bundle() -> None:
    """Bundles: a coder works on another computer, in a study of their own, and sends back one file."""


@bundle.command()
@click.argument("assignment", metavar="A01")
@click.option("-o", "to", required=True, metavar="FILE", type=click.Path(path_type=Path))
@click.option("--coder", metavar="NAME", help="For whom, or whose codings; by default, your own (--as).")
@click.option("--recordings", is_flag=True, help="Put the recordings into it too.")
@click.pass_obj
def export(chosen: Chosen, assignment: str, to: Path, coder: str | None, recordings: bool) -> None:
    """Write an assignment with transcripts, codebook and one coder's codings into FILE, and nobody else's codings."""
    with chosen.study() as study:
        made = bundles.export_bundle(study, assignment, to, coder, recordings)
    click.echo(f"{to}: {made.assignment} for {made.coder}, {len(made.rows['coding'])} codings. On the other computer:")
    click.echo(f"  iprkit init STUDY, then in it: iprkit --as {made.coder} bundle merge {to.name}")


@bundle.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--theirs", is_flag=True, help="Bring codings that differ to what the bundle says.")
@json_option
@click.pass_context
def merge(ctx: click.Context, file: Path, theirs: bool, as_json: bool) -> None:
    """Take in the bundle FILE: an assignment that is new here, or a coder's codings. Nothing here is overwritten.

    Exit status 1 where codings differ here and there; they are listed, and stay as they are here.
    """
    chosen: Chosen = ctx.obj
    with chosen.study() as study:
        done = bundles.merge_bundle(study, file, theirs)
    if as_json:
        print_json(done)
    else:
        _tell(done)
    ctx.exit(1 if done.clashes else 0)


def _tell(done: Merged) -> None:
    arrived = " is new here" if done.arrived else ""
    changed = f", {done.changed} changed" if done.changed else ""
    click.echo(
        f"{done.assignment}{arrived}: {done.added} codings of {done.coder} added{changed}, {done.known} known already."
    )
    for old, new in (done.renamed or {}).items():
        click.echo(f"{old} is {new} here, because there is another {old}.")
    for one in done.clashes:
        click.echo(f"not taken over: {one.key}: {one.reason}")
        if one.here is not None:
            click.echo(f"    here: {one.here}\n    in the bundle: {one.there}")
    if done.only_here:
        click.echo(f"Only here, and left: {', '.join(done.only_here)}")
    if done.differing:
        click.echo(f"Left as here, where they say something else: {', '.join(done.differing)}")
    if done.submitted:
        click.echo(f"{done.coder} has submitted {done.assignment}.")
