"""Codings as people read them at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from iprkit.cli.output import print_table
from iprkit.coding import Anchor, Coding
from iprkit.scale import number
from iprkit.timeline import clock

LONGEST = 60
"""Letters of a quote that a table shows."""


def print_codings(found: Sequence[Coding]) -> None:
    """A table of codings, and below it what stands at the place of those that moved."""
    if not found:
        click.echo("No codings.")
        return
    heads = ("Coding", "Target", "Time", "Code", "Rating", "About", "Coder", "Round", "Quote")
    print_table(heads, [_row(one) for one in found])
    for one in found:
        if one.moved:
            click.echo(f"moved: {one.key} was coded on: {shortened(one.anchor.quote)}\n       {one.moved}")
    if any(one.moved for one in found):
        click.echo("Let one stand where it is now with: iprkit code edit KEY --here")


def blindness_note(sealed: Iterable[str]) -> None:
    """On standard error: which codings were left out."""
    for key in sealed:
        click.echo(f"{key} is coded blind: what others code for it is shown once all have submitted.", err=True)


def times(anchor: Anchor) -> str:
    """From when to when."""
    return f"{clock(anchor.span.start_ms)}-{clock(anchor.span.end_ms)}"


def shortened(quote: str, longest: int = LONGEST) -> str:
    """A quote short enough for a table."""
    return quote if len(quote) <= longest else quote[: longest - 2].rstrip() + " …"


def _row(one: Coding) -> tuple[object, ...]:
    anchor = one.anchor
    mark = f"{one.code} (as {one.coded_as})" if one.coded_as else one.code
    rating = None if one.rating is None else number(one.rating)
    target = f"{anchor.target.key}{' (moved)' if one.moved else ''}"
    return one.key, target, times(anchor), mark, rating, one.about, one.coder, one.round, shortened(anchor.quote)
