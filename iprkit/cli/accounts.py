"""``iprkit account``: add, list, password, remove."""

from __future__ import annotations

import click

from iprkit.actions import accounts
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json, print_table
from iprkit.rights import ROLES

_PASSWORD = click.password_option(help="Asked for where it is left out, which keeps it out of the shell's history.")


@click.group(short_help="Those who work on the study from other machines.")
def account() -> None:
    """Accounts for `iprkit open --lan` and `iprkit open --accounts`: name, part in the study, password."""


@account.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What NAME may do.")
@_PASSWORD
@click.pass_obj
def add(chosen: Chosen, name: str, role: str, password: str) -> None:
    """Give NAME an account. Researchers change everything, coders their own codings, readers nothing."""
    with chosen.study() as study:
        made = accounts.add_account(study, name, role, password)
    click.echo(f"{made.name} has an account as {made.role}.")


@account.command("list")
@json_option
@click.pass_obj
def list_accounts(chosen: Chosen, as_json: bool) -> None:
    """List everybody with an account."""
    with chosen.study() as study:
        found = accounts.list_accounts(study)
    if as_json:
        print_json(found)
    else:
        print_table(("Name", "Role", "Since"), [(one.name, one.role, one.made_at[:10]) for one in found])


@account.command()
@click.argument("name")
@_PASSWORD
@click.pass_obj
def password(chosen: Chosen, name: str, password: str) -> None:
    """Give NAME another password."""
    with chosen.study() as study:
        changed = accounts.set_password(study, name, password)
    click.echo(f"{changed.name} has another password.")


@account.command()
@click.argument("name")
@click.pass_obj
def remove(chosen: Chosen, name: str) -> None:
    """Take NAME's account; what NAME did stays."""
    with chosen.study() as study:
        gone = accounts.remove_account(study, name)
    click.echo(f"{gone.name} has no account any more.")
