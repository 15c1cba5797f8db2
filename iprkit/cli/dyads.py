"""``iprkit dyad``."""

from __future__ import annotations

import click

from iprkit.actions import dyads
from iprkit.cli.chosen import Chosen


@click.group(short_help="Dyads: who works with whom.")
def dyad() -> None:
    """Dyads: therapist and client who work together, under pseudonyms."""


@dyad.command()
@click.argument("key", metavar="D01")
@click.option("--therapist", multiple=True, metavar="T01", help="A therapist's pseudonym; repeat it for co-therapists.")
@click.option("--client", multiple=True, metavar="C01", help="A client's pseudonym; repeat it for couples.")
@click.pass_obj
def add(chosen: Chosen, key: str, therapist: tuple[str, ...], client: tuple[str, ...]) -> None:
    """Add a dyad, or new members to a dyad that is there."""
    with chosen.study() as study:
        added = dyads.add_dyad(study, key, {"therapist": therapist, "client": client})
    click.echo(f"Added {added}. Next: iprkit session add {added} 1 FILE")
