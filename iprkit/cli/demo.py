"""``iprkit demo``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from iprkit.cli.chosen import Chosen
from iprkit.cli.progress import shown


@click.command(short_help="The sample study through the whole chain.")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--sample", metavar="DIR", type=click.Path(path_type=Path), help="Where the sample's recordings lie.")
@click.option("--engine", default="auto", help="What transcribes; see: iprkit transcribe --help.")
@click.option("--model", default="auto", help="The model it listens with; see: iprkit models list.")
@click.pass_obj
def demo(chosen: Chosen, folder: Path | None, sample: Path | None, engine: str, model: str) -> None:
    """Make the sample study, one simulated dyad, in DIR (demo-study by default) and say each step in plain words.

    Typed again it goes on where it ended; what was done before is left as it is.
    """
    from iprkit.actions import demo as sample_study  # what listens takes seconds to load
    from iprkit.actions.listeners import Request
    from iprkit.speech.engine import Options

    place = folder or chosen.folder or Path("demo-study")
    wishes = sample_study.Wishes(sample, chosen.author, Request(engine, model, Options(language="en")))
    try:
        with shown() as report:
            for line in sample_study.demo(place, wishes, report):
                click.echo(line)
    except KeyboardInterrupt:
        click.echo("\nStopped. What is finished is kept; the same command goes on from there.", err=True)
        os._exit(130)  # the excerpts in hand cannot be stopped otherwise
