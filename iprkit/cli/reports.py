"""``iprkit report``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json
from iprkit.cli.times import as_ms, span_of

KINDS = ("timeline", "codes", "together", "talk")
"""The figures, as ``iprkit.actions.figures`` names them."""


@click.command(short_help="A dyad or the study as one page; figures, methods and COREQ for a paper.")
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@click.option(
    "-o", "to", metavar="FILE", type=click.Path(path_type=Path), help="Where to write: a file; of figures, a folder."
)
@click.option("--for-the-team", is_flag=True, help="With what nobody permitted to be quoted or shown.")
@click.option("--figures", is_flag=True, help="Instead: the figures as SVG, PNG and PDF, each with its data as CSV.")
@click.option("--only", type=click.Choice(KINDS), multiple=True, help="Of the figures these alone.")
@click.option("--from", "start_ms", metavar="TIME", callback=as_ms, help="Of time lines: where to begin, as in 12:40.")
@click.option("--to", "end_ms", metavar="TIME", callback=as_ms, help="Of time lines: where to end.")
@click.option("--methods", is_flag=True, help="Instead: the methods paragraph, and what is left to write.")
@click.option("--coreq", is_flag=True, help="Instead: the COREQ sheet, as .docx, .md or .csv.")
@json_option
@click.pass_obj
def report(
    chosen: Chosen, keys: tuple[str, ...], to: Path | None, for_the_team: bool, figures: bool, only: tuple[str, ...],
    start_ms: int | None, end_ms: int | None, methods: bool, coreq: bool, as_json: bool,
) -> None:  # fmt: skip
    """Write the report on KEYs (dyads or sessions), or on the study, as one HTML page that needs nothing else.

    It holds what may be quoted and shown; see `iprkit recall allow`.
    """
    from iprkit.actions import figures as drawings  # drawing takes longer to load than most commands take to run
    from iprkit.actions import reports

    if figures + methods + coreq > 1:
        raise click.UsageError("--figures, --methods and --coreq each stand alone")
    with chosen.study() as study:
        if methods and to is None:
            click.echo(reports.methods_text(study, keys), nl=False)
            return
        if figures:
            sketch = drawings.Sketch(keys, only or drawings.FIGURES, window=span_of(start_ms, end_ms))
            written = drawings.write_figures(study, sketch, to)
        elif methods and to is not None:
            written = [reports.write_methods(study, keys, to)]
        elif coreq:
            written = [reports.write_coreq(study, keys, to or study.folder / "exports" / "coreq.docx")]
        else:
            written = [reports.write_report(study, reports.Reported(keys, for_the_team), to)]
    if as_json:
        print_json([str(place) for place in written])
    else:
        click.echo("\n".join(map(str, written)), file=sys.stdout)
