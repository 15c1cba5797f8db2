"""``iprkit clip``."""

from __future__ import annotations

from pathlib import Path

import click

from iprkit.actions import clips
from iprkit.cli.chosen import Chosen
from iprkit.cli.times import as_ms, span_of
from iprkit.timeline import clock


@click.command(short_help="Cut the sound of a segment or stretch.")
@click.argument("key")
@click.option("-o", "to", metavar="FILE.wav", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option("--from", "start_ms", metavar="TIME", callback=as_ms, help="Where the stretch begins, as in 12:40.5.")
@click.option("--to", "end_ms", metavar="TIME", callback=as_ms, help="Where it ends.")
@click.option("--pad-ms", type=click.IntRange(min=0), default=0, help="Milliseconds to add on both sides.")
@click.pass_obj
def clip(chosen: Chosen, key: str, to: Path, start_ms: int | None, end_ms: int | None, pad_ms: int) -> None:
    """Cut the sound of the segment KEY, or of session KEY between two times, into a WAV file."""
    with chosen.study() as study:
        cut = clips.clip(study, key, to, span_of(start_ms, end_ms), pad_ms)
    click.echo(f"{cut.path}: {cut.key} from {clock(cut.start_ms)} to {clock(cut.end_ms)}")
