"""``iprkit moments`` and ``iprkit moment``."""

from __future__ import annotations

import click

from iprkit.actions import moments as actions
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json
from iprkit.recall import moment_json


@click.command(short_help="Client and therapist at the same moment.")
@click.argument("key")
@json_option
@click.pass_obj
def moments(chosen: Chosen, key: str, as_json: bool) -> None:
    """The moments."""
    with chosen.study() as study:
        found = actions.moments_of(study, key)
    print_json([moment_json(one) for one in found])
