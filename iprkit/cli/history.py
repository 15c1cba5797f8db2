"""``iprkit undo``, ``redo`` and ``history``."""

from __future__ import annotations

import click

from iprkit.actions import history as journal
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json, print_table


@click.command(short_help="Take back the newest change.")
@click.option("--mine", is_flag=True, help="The newest of your own changes.")
@click.pass_obj
def undo(chosen: Chosen, mine: bool) -> None:
    """Take back the newest change that still stands."""
    with chosen.study() as study:
        click.echo(journal.undo(study, mine).action)


@click.command(short_help="Bring back what was undone last.")
@click.option("--mine", is_flag=True, help="The last undone of your own changes.")
@click.pass_obj
def redo(chosen: Chosen, mine: bool) -> None:
    """Bring back what was undone last, unless something new was changed since."""
    with chosen.study() as study:
        click.echo(journal.redo(study, mine).action)


@click.command(short_help="What happened to a dyad, session or segment.")
@click.argument("key")
@json_option
@click.pass_obj
def history(chosen: Chosen, key: str, as_json: bool) -> None:
    """Everything that happened to KEY and to what lies under it, oldest first."""
    with chosen.study() as study:
        entries = journal.history(study, key)
    if as_json:
        print_json(entries)
    else:
        print_table(("When", "Who", "What"), [(entry.at, entry.author, entry.action) for entry in entries])
