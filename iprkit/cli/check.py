"""``iprkit check``."""

from __future__ import annotations

import click

from iprkit.actions.check import check as look
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json
from iprkit.cli.progress import shown


@click.command(short_help="Whether everything is there and whole.")
@click.option("--full", is_flag=True, help="Also read every recording and compare its checksum.")
@json_option
@click.pass_context
def check(ctx: click.Context, full: bool, as_json: bool) -> None:
    """Look for damage, missing recordings and open doors; exit status 1 where something is wrong."""
    chosen: Chosen = ctx.obj
    with chosen.study() as study, shown() as report:
        findings = look(study, full, report)
    wrong = [finding for finding in findings if finding.wrong]
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            click.echo(f"{'wrong' if finding.wrong else 'note '}  {finding.subject}: {finding.text}")
        click.echo(f"{len(wrong)} things are wrong." if wrong else "Nothing is wrong.")
    ctx.exit(1 if wrong else 0)
