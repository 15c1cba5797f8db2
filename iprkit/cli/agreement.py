"""``iprkit agree``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click

from iprkit.actions import agreement
from iprkit.agreement.method import Method
from iprkit.agreement.ratings import LEVELS, Level
from iprkit.agreement.report import Report
from iprkit.agreement.weights import WEIGHTINGS
from iprkit.cli.figures import show
from iprkit.cli.output import json_option, print_json

_PARTS = ("figures", "confusions", "disagreements", "offsets")
_FILE = click.Path(path_type=Path)
_WHOLE, _SOME = click.IntRange(min=0), click.IntRange(min=1)


@dataclass(frozen=True)
class Asked:
    """What to compare and what to show, as the options of ``iprkit agree`` say."""

    table: Path | None
    events: Path | None
    level: Level
    duration_ms: int | None
    coders: str | None
    cluster: str | None
    only: str | None
    csv_file: Path | None
    as_json: bool


@click.command(short_help="How far coders agree.", context_settings={"show_default": True})
@click.option("--table", type=_FILE, metavar="RATINGS.csv", help="Units in rows, one column for each coder.")
@click.option("--events", type=_FILE, metavar="EVENTS.csv", help="Rows of coder, code, start_ms, end_ms.")
@click.option("--level", type=click.Choice(LEVELS), default="nominal", help="What the ratings of a table are.")
@click.option("--cluster", metavar="COLUMN", help="The column of a table that names what is drawn for intervals.")
@click.option("--duration-ms", type=_SOME, metavar="N", help="How long the time line of the events is.")
@click.option("--coders", metavar="NAME,…", help="Only these; with --events also those who saw nothing.")
@click.option("--tick-ms", type=_SOME, default=1000, help="How finely time is cut.")
@click.option("--tolerance-ms", type=_WHOLE, default=0, help="Time-unit κ: how far off the same code may be.")
@click.option("--near-ms", type=_WHOLE, default=2000, help="Event κ: how far apart the same event may begin.")
@click.option("--uncoded", type=click.Choice(["counted", "left_out"]), default="counted", help="Time nobody coded.")
@click.option("--weights", "weighting", type=click.Choice(WEIGHTINGS), default="quadratic", help="Of near ratings.")
@click.option("--gamma", "gamma_samples", type=_WHOLE, default=0, metavar="N", help="γ against N random time lines.")
@click.option("--draws", type=_WHOLE, default=1000, help="Of the bootstrap; 0 for no intervals.")
@click.option("--seed", type=_WHOLE, default=1, help="Where chance begins.")
@click.option("--pairs", is_flag=True, help="Also the figures of each two coders.")
@click.option("--only", type=click.Choice(_PARTS), help="One part alone, and all of it.")
@click.option("--csv", "csv_file", type=_FILE, metavar="FILE", help="Write the figures to a file as well.")
@json_option
def agree(**options: Any) -> None:
    """How far coders agree on the units of a table, or on the time line of a list of events.

    Neither needs a study. JSON holds the figures, or what --only names.
    """
    asked = Asked(**{field.name: options.pop(field.name) for field in fields(Asked)})
    report = _report(asked, agreement.method(**options))
    figures = (*report.pairs, *report.figures)
    if asked.csv_file:
        agreement.write_figures(figures, asked.csv_file)
    if asked.as_json:
        print_json(figures if asked.only in (None, "figures") else getattr(report, asked.only))
    else:
        show(report, figures, asked.only)


def _report(asked: Asked, method: Method) -> Report:
    coders = tuple(name.strip() for name in asked.coders.split(",") if name.strip()) if asked.coders else ()
    if (asked.table is None) == (asked.events is None):
        raise click.UsageError("give either --table RATINGS.csv or --events EVENTS.csv")
    if asked.table is not None:
        return agreement.agree_on_table(asked.table, asked.level, method, coders, asked.cluster)
    if asked.duration_ms is None or asked.events is None:
        raise click.UsageError("--events needs --duration-ms: how long the time line is")
    return agreement.agree_on_events(asked.events, asked.duration_ms, method, coders)
