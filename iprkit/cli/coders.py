"""``iprkit coder``."""

from __future__ import annotations

import click

from iprkit.actions import coders
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json, print_table
from iprkit.coding import CODER_ROLES


@click.group(short_help="Those who code.")
def coder() -> None:
    """Coders: the people who code, by the name that stands on their sheets."""


@coder.command()
@click.argument("name")
@click.option("--role", type=click.Choice(CODER_ROLES), default="coder", show_default=True)
@click.pass_obj
def add(chosen: Chosen, name: str, role: str) -> None:
    """Enter a coder. A researcher may enter codings for others, unless coding blind themselves."""
    with chosen.study() as study:
        entered = coders.add_coder(study, name, role)
    click.echo(f"Entered {entered.name}. Next: iprkit --as {entered.name} code add TARGET CODE")


@coder.command("list")
@json_option
@click.pass_obj
def list_coders(chosen: Chosen, as_json: bool) -> None:
    """Everybody who codes."""
    with chosen.study() as study:
        found = coders.list_coders(study)
    if as_json:
        print_json(found)
    else:
        print_table(("Coder", "Role"), [(one.name, one.role) for one in found])
