"""``iprkit import``."""

from __future__ import annotations

from pathlib import Path

import click

from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json
from iprkit.cli.progress import shown


@click.command("import", short_help="Bring in what other programs wrote.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--session", metavar="KEY", help="The session or recall interview that a single text belongs to.")
@click.option("--dyad", metavar="KEY", help="The dyad that new sessions join; a new one where nothing says it.")
@click.option("--language", metavar="CODE", help="The language of the texts, where it is not told by their words.")
@json_option
@click.pass_obj
def import_(
    chosen: Chosen, files: tuple[Path, ...], session: str | None, dyad: str | None, language: str | None, as_json: bool
) -> None:
    """Bring transcripts, projects and codebooks of other programs into the study.

    Each FILE is recognised by its content and enters whole or not at all. What came in can be undone.
    """
    from iprkit.actions.entering import Into
    from iprkit.actions.imports import import_files

    with chosen.study() as study, shown() as report:
        came = import_files(study, files, Into(session, dyad, language), report)
    if as_json:
        print_json(came)
        return
    for one in came:
        click.echo(f"{one.file} is {one.what}: {one.told}")
        for name, place in one.places.items():
            click.echo(f"  {name} -> {place}")
        for remark in one.remarks:
            click.echo(f"  {remark}", err=True)
