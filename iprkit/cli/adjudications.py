"""``iprkit adjudicate``."""

from __future__ import annotations

from typing import Any

import click

from iprkit.actions import adjudications, codings
from iprkit.actions.adjudications import Difference, Given, Verdict
from iprkit.cli.chosen import Chosen
from iprkit.cli.coding_text import blindness_note, shortened, times
from iprkit.cli.output import json_option, print_json, print_table
from iprkit.coding import ABOUT, Adjudication
from iprkit.scale import number


@click.command(short_help="Settle where coders differ.")
@click.argument("target", required=False)
@click.argument("code_name", metavar="[CODE]", required=False)
@click.option("--reason", default="", metavar="TEXT", help="Why it is settled so.")
@click.option("--codebook", metavar="NAME")
@click.option("--rating", type=float, metavar="NUMBER", help="The settled rating.")
@click.option("--about", type=click.Choice(ABOUT), help="About whom.")
@click.option("--round", "round_name", metavar="NAME")
@click.option("--again", is_flag=True, help="Settle anew what was settled already.")
@click.option("--settled", is_flag=True, help="List what was settled.")
@click.option("--unsettled", is_flag=True, help="List only differences that nobody settled yet.")
@json_option
@click.pass_obj
def adjudicate(
    chosen: Chosen, /, target: str | None, code_name: str | None, round_name: str | None, again: bool, settled: bool,
    unsettled: bool, as_json: bool, **asked: Any,
) -> None:  # fmt: skip
    """List where coders differ, or settle that CODE applies to TARGET, or none.

    The coders' codings stay as they are; what was settled is listed apart, with --settled.
    """
    with chosen.study() as study:
        if target is not None:
            if code_name is None:
                raise click.UsageError("name the CODE that applies, or none")
            made = adjudications.adjudicate(study, Verdict(target, code_name, round=round_name, **asked), again)
            print_json(_plain(made)) if as_json else click.echo(f"{made.key}: {made.code} on {made.anchor.target.key}")
        elif settled:
            _print_settled(adjudications.list_adjudications(study), as_json)
        else:
            found = adjudications.differences(study, asked["codebook"], round_name)
            _print_differences([one for one in found if not (unsettled and one.settled)], as_json)
            blindness_note(codings.sealed(study))


def _print_settled(found: list[Adjudication], as_json: bool) -> None:
    if as_json:
        print_json([_plain(one) for one in found])
        return
    heads = ("Settled", "Target", "Time", "Code", "Rating", "By", "Reason")
    print_table(heads, [
        (one.key, one.anchor.target.key, times(one.anchor), one.code, one.rating and number(one.rating), one.decided_by,
         one.reason)
        for one in found
    ])  # fmt: skip


def _print_differences(found: list[Difference], as_json: bool) -> None:
    if as_json:
        print_json([_plain_difference(one) for one in found])
        return
    if not found:
        click.echo("Coders differ nowhere.")
    for one in found:
        state = f"  [settled: {', '.join(one.settled)}]" if one.settled else ""
        click.echo(f"{one.anchor.target.key}  {times(one.anchor)}  {one.codebook}{state}")
        for given in one.given:
            click.echo(f"    {given.coder}: {_said(given)}")
        click.echo(f"    {shortened(one.anchor.quote, 100)}")
    if any(not one.settled for one in found):
        click.echo("Settle one with: iprkit adjudicate TARGET CODE --reason TEXT")


def _said(given: Given) -> str:
    codes = (code if rating is None else f"{code} {number(rating)}" for code, rating in given.codes)
    return ", ".join(codes) or "no code"


def _plain(one: Adjudication) -> dict[str, object]:
    anchor = one.anchor
    return {
        "key": one.key, "codebook": one.codebook, "code": one.code, "target": anchor.target.key,
        "start_ms": anchor.span.start_ms, "end_ms": anchor.span.end_ms, "rating": one.rating, "about": one.about,
        "round": one.round, "reason": one.reason, "decided_by": one.decided_by, "decided_at": one.decided_at,
        "quote": anchor.quote,
    }  # fmt: skip


def _plain_difference(one: Difference) -> dict[str, object]:
    anchor = one.anchor
    given = [
        {"coder": each.coder, "codes": [{"code": code, "rating": rating} for code, rating in each.codes]}
        for each in one.given
    ]
    return {
        "codebook": one.codebook, "round": one.round, "target": anchor.target.key, "start_ms": anchor.span.start_ms,
        "end_ms": anchor.span.end_ms, "quote": anchor.quote, "given": given, "settled": list(one.settled),
    }  # fmt: skip
