"""The options by which a codebook or a code says how codes are applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from iprkit.cli.times import as_ms
from iprkit.codebook import DECISIONS, PLACES, SCORES, SPEAKERS, STATISTICS, UNITS

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--unit", type=click.Choice(UNITS), help="What is coded."),
    click.option("--window", "window_ms", callback=as_ms, metavar="TIME", help="Length of a window: 5:00."),
    click.option("--silence", "min_ms", callback=as_ms, metavar="TIME", help="From which length on a silence: 0:03."),
    click.option("--speaker", type=click.Choice(SPEAKERS), help="Whose talk is coded."),
    click.option("--applies-to", multiple=True, type=click.Choice(PLACES), help="Where; may be repeated."),
    click.option("--scale", metavar="SCALE", help="presence, a scale's name, or a range: 1-5, 1-9/0.5."),
    click.option("--raters", type=click.IntRange(1), help="How many code it apart from each other."),
    click.option("--decision", type=click.Choice(DECISIONS), help="How they settle."),
    click.option("--statistic", type=click.Choice(STATISTICS), help="How agreement is best reported."),
    click.option("--scores", multiple=True, type=click.Choice(SCORES), help="What is counted; may be repeated."),
)


def rule_options(command: Command) -> Command:
    """Adds the options of ``iprkit.codebook.Rules``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def given(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Only the options that were given, repeated ones as tuples."""
    return {name: value for name, value in asked.items() if value not in (None, ())}
