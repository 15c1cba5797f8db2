"""``iprkit moments`` and ``iprkit moment``."""

from __future__ import annotations

from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from iprkit.actions import moments as actions
from iprkit.actions.coded_moments import coded_moments
from iprkit.actions.moments import Wanted
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json, print_table
from iprkit.cli.times import as_ms, span_of
from iprkit.coding import to_json
from iprkit.recall import Moment, moment_json
from iprkit.report.paired_text import WIDTH, side_by_side
from iprkit.sequences.shifts import PERMUTATIONS, SEED, Overlap, Shifts
from iprkit.timeline import clock

if TYPE_CHECKING:
    from iprkit.database.connect import Study


@click.command(short_help="Session, client's and therapist's recall side by side.")
@click.argument("key")
@click.option("-o", "to", metavar="FILE", type=click.Path(path_type=Path), help="Write it as .docx, .html or .xlsx.")
@click.option("--leave-out", is_flag=True, help="Write it without what must not be quoted or shown.")
@click.option("--overlap", is_flag=True, help="How far both marked the same, against chance.")
@click.option(
    "--permutations",
    type=click.IntRange(min=1),
    default=PERMUTATIONS,
    show_default=True,
    metavar="N",
    help="How many circular shifts chance is made of.",
)
@click.option("--seed", type=int, default=SEED, show_default=True, metavar="S", help="Of the shifts.")
@json_option
@click.pass_obj
def moments(
    chosen: Chosen, key: str, to: Path | None, leave_out: bool, overlap: bool, permutations: int, seed: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Show the moments of the session KEY: what was said, and what client and therapist recalled of it.

    A file for a paper holds only what may be quoted and shown to the other party; see `iprkit recall allow`.
    """
    with chosen.study() as study:
        if to is not None:
            _export(study, key, to, leave_out)
        elif overlap:
            by_chance = actions.overlaps(study, key, Shifts(permutations, seed))
            print_json(by_chance) if as_json else _print_overlaps(by_chance)
        elif as_json:
            found = coded_moments(study, key)
            print_json([moment_json(one, [to_json(coding) for coding in coded]) for one, coded in found])
        else:
            _print_table(study, key)


@click.group(short_help="Add, change, merge and strike out moments.")
def moment() -> None:
    """Moments: stretches of a session that client, therapist or researcher found worth talking about."""


@moment.command()
@click.argument("key", metavar="SESSION")
@click.option("--from", "start_ms", metavar="TIME", callback=as_ms, help="Where it begins, as in 12:40.5.")
@click.option("--to", "end_ms", metavar="TIME", callback=as_ms, help="Where it ends.")
@click.option("--label", help="What to call it.")
@click.option("--memo", help="A note on it.")
@click.option("--windows", type=click.Choice(list(actions.WINDOWS)), help="Instead: cut the session by a protocol.")
@click.pass_obj
def add(
    chosen: Chosen, key: str, start_ms: int | None, end_ms: int | None, label: str | None, memo: str | None,
    windows: str | None,
) -> None:  # fmt: skip
    """Add a moment to SESSION, or windows of one or five minutes, or its silences of three seconds and more."""
    span = span_of(start_ms, end_ms)
    if windows and (span or label or memo):
        raise click.UsageError("--windows stands alone; a protocol cuts the whole session")
    with chosen.study() as study:
        if windows:
            made = actions.add_windows(study, key, windows)
        else:
            made = [actions.add_moment(study, key, Wanted(span, label, memo))]
    for one in made:
        click.echo(_line(one))


@moment.command()
@click.argument("key")
@click.option("--from", "start_ms", metavar="TIME", callback=as_ms, help="Where it begins.")
@click.option("--to", "end_ms", metavar="TIME", callback=as_ms, help="Where it ends.")
@click.option("--label", help="What to call it; empty for nothing.")
@click.option("--memo", help="A further note on it.")
@click.pass_obj
def edit(
    chosen: Chosen, key: str, start_ms: int | None, end_ms: int | None, label: str | None, memo: str | None
) -> None:
    """Change the moment KEY; what is changed by hand stands when the study is linked again."""
    with chosen.study() as study:
        click.echo(_line(actions.edit_moment(study, key, Wanted(span_of(start_ms, end_ms), label, memo))))


@moment.command()
@click.argument("keys", metavar="KEY KEY...", nargs=-1, required=True)
@click.pass_obj
def merge(chosen: Chosen, keys: tuple[str, ...]) -> None:
    """Make the moments KEY one, under the first key; the others stand for it from now on."""
    with chosen.study() as study:
        click.echo(_line(actions.merge_moments(study, keys)))


@moment.command()
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@click.pass_obj
def delete(chosen: Chosen, keys: tuple[str, ...]) -> None:
    """Strike the moments KEY out; their comments stay, and linking does not bring them back."""
    with chosen.study() as study:
        gone = actions.delete_moments(study, keys)
    click.echo(f"Struck out {', '.join(gone)}")


def _export(study: Study, key: str, to: Path, leave_out: bool) -> None:
    from iprkit.actions.moment_tables import export_table  # Word and spreadsheets take a while to load

    lacking = export_table(study, key, to, leave_out)
    click.echo(to)
    for one in lacking:
        click.echo(f"left out: {one.key} ({one.why})")


def _print_table(study: Study, key: str) -> None:
    from iprkit.actions.moment_tables import table_of

    table = table_of(study, key)
    if not table.moments:
        click.echo(f"{key} has no moments yet. Next: iprkit link, or iprkit moment add {key}")
    for line in side_by_side(table, min(WIDTH, get_terminal_size((WIDTH, 24)).columns)):
        click.echo(line)


def _print_overlaps(found: list[Overlap]) -> None:
    heads = ("Statistic", "Client", "Therapist", "Observed", "Expected", "Value", "p")
    print_table(heads, (_cells(one) for one in found))
    shifts = found[0]
    click.echo(f"\n{shifts.permutations} circular shifts over {clock(shifts.duration_ms)}, seed {shifts.seed}")
    for one in found:
        if one.reason:
            click.echo(f"{one.statistic} is undefined: {one.reason}")


def _cells(one: Overlap) -> tuple[object, ...]:
    def told(value: float | None, form: str) -> str:
        return "undefined" if value is None else format(value, form)

    amount = (told(one.observed, ".0f"), told(one.expected, ".1f"))
    if one.statistic == "time_overlap" and one.observed is not None and one.expected is not None:
        amount = (clock(round(one.observed)), clock(round(one.expected)))
    return one.statistic, one.n_client, one.n_therapist, *amount, told(one.value, ".3f"), told(one.p, ".4f")


def _line(one: Moment) -> str:
    label = f", {one.label}" if one.label else ""
    comments = f", {len(one.marks)} comments" if one.marks else ""
    return f"{one.key}: {clock(one.span.start_ms)} to {clock(one.span.end_ms)}, {one.source}{label}{comments}"
