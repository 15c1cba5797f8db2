"""``iprkit assign``: new, list, submit, reveal."""

from __future__ import annotations

from typing import Any

import click

from iprkit.actions import assignments
from iprkit.actions.assignments import MARKED, STRATA, Plan
from iprkit.cli.chosen import Chosen
from iprkit.cli.coding_text import shortened, times
from iprkit.cli.output import json_option, print_json, print_table
from iprkit.coding import PURPOSES, Assignment, Share


@click.group(short_help="What coders are asked to code, apart from each other.")
def assign() -> None:
    """Assignments: units that several coders code blind, until all have submitted."""


@assign.command()
@click.argument("places", metavar="[KEY]...", nargs=-1)
@click.option("--codebook", required=True, metavar="NAME")
@click.option("--coder", "coders", multiple=True, required=True, metavar="NAME", help="Who codes; once for each.")
@click.option("--unit", type=click.Choice(MARKED), help="What is drawn; by default, the codebook's unit.")
@click.option("--sample", type=int, metavar="N", help="How many units; without it, all.")
@click.option("--share", type=float, metavar="PART", help="Or which part of them: 0.2.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same units.")
@click.option("--by", type=click.Choice(STRATA), default="session", show_default=True, help="What has its share in it.")
@click.option("--round", metavar="NAME", default="main", show_default=True)
@click.option("--purpose", type=click.Choice(PURPOSES), default="main", show_default=True, help="What it is for.")
@click.option("--blind/--open", default=True, show_default=True, help="Whether the coders see each other's codings.")
@json_option
@click.pass_obj
def new(chosen: Chosen, /, coders: tuple[str, ...], places: tuple[str, ...], as_json: bool, **asked: Any) -> None:
    """Draw units from the sessions KEY, or from all, and ask coders to code them.

    The sample has its share of units that nobody coded yet. Each coder works with --as NAME, from a sheet (iprkit
    code sheet) or on another computer (iprkit bundle export).
    """
    with chosen.study() as study:
        made = assignments.assign(study, Plan(coders=coders, places=places, **asked))
    if as_json:
        print_json(_plain(made))
    else:
        click.echo(
            f"{made.key}: {made.sample}.\nCoded with {made.codebook} by {', '.join(coders)}, round {made.round}."
        )


@assign.command("list")
@json_option
@click.pass_obj
def list_assignments(chosen: Chosen, as_json: bool) -> None:
    """All assignments and how far they are. A blind coder is not told how much the others coded."""
    with chosen.study() as study:
        found = assignments.list_assignments(study)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    heads = ("Assignment", "Codebook", "Round", "Units", "Coders", "State")
    print_table(heads, [
        (one.key, one.codebook, one.round, len(one.units), "; ".join(_share(one, s) for s in one.shares), _state(one))
        for one in found
    ])  # fmt: skip


@assign.command()
@click.argument("key", metavar="A01")
@json_option
@click.pass_obj
def show(chosen: Chosen, key: str, as_json: bool) -> None:
    """The units of an assignment."""
    with chosen.study() as study:
        found = assignments.show(study, key)
    if as_json:
        print_json(_plain(found))
        return
    click.echo(f"{found.key}: {found.sample}.")
    rows = [(unit.target.key, times(unit), shortened(unit.quote)) for unit in found.units]
    print_table(("Unit", "Time", "Quote"), rows)


@assign.command()
@click.argument("key", metavar="A01")
@click.option("--coder", metavar="NAME", help="Whose part is done; by default, your own (--as).")
@json_option
@click.pass_obj
def submit(chosen: Chosen, key: str, coder: str | None, as_json: bool) -> None:
    """Say that a coder's part is done. Its codings are locked from then on."""
    with chosen.study() as study:
        found = assignments.submit(study, key, coder)
    waiting = [share.coder for share in found.shares if share.submitted_at is None]
    rest = (
        f"Waiting for {', '.join(waiting)}."
        if waiting
        else f"All have submitted. Next: iprkit agree --codebook {found.codebook}"
    )
    print_json(_plain(found)) if as_json else click.echo(f"Submitted {key}. {rest}")


@assign.command()
@click.argument("key", metavar="A01")
@click.option("--reason", required=True, metavar="TEXT", help="Why before all have submitted; it stays in the journal.")
@click.pass_obj
def reveal(chosen: Chosen, key: str, reason: str) -> None:
    """Show everybody the codings before all have submitted."""
    with chosen.study() as study:
        assignments.reveal(study, key, reason)
    click.echo(f"{key} is open to everybody.")


def _plain(one: Assignment) -> dict[str, object]:
    return {
        "key": one.key,
        "codebook": one.codebook,
        "round": one.round,
        "purpose": one.purpose,
        "blind": one.blind,
        "open": one.open,
        "unit": one.unit,
        "sample": one.sample,
        "coders": [{"coder": s.coder, "coded": s.coded, "submitted_at": s.submitted_at} for s in one.shares],
        "units": [
            {"target": unit.target.key, "start_ms": unit.span.start_ms, "end_ms": unit.span.end_ms, "quote": unit.quote}
            for unit in one.units
        ],
    }


def _share(one: Assignment, share: Share) -> str:
    done = "submitted" if share.submitted_at else "at work"
    return f"{share.coder} {done}" if share.coded is None else f"{share.coder} {share.coded}/{len(one.units)}, {done}"


def _state(one: Assignment) -> str:
    if not one.blind:
        return "open"
    if one.revealed:
        return f"revealed: {one.revealed}"
    return "open, all have submitted" if one.open else "blind"
