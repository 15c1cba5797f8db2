"""``iprkit align``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json
from iprkit.cli.progress import shown
from iprkit.timeline import clock

if TYPE_CHECKING:
    from iprkit.actions.alignment import Aligned

_SHOWN = 60  # characters of a text that could not be placed
_FEW = 0.5  # of the words; with fewer it may be another session's text, or the sound is too poor for the aligner


@click.command(short_help="Put a corrected or foreign text onto the sound.")
@click.argument("key")
@click.option("--text", "file", metavar="FILE", type=click.Path(path_type=Path), help="Plain text, VTT, SRT or JSON, "
              "with or without speakers and times.")  # fmt: skip
@click.option("--style", type=click.Choice(["checked", "verbatim", "clean"]), default="checked", show_default=True,
              help="What the text is: checked by a person, word for word, or smoothed.")  # fmt: skip
@click.option("--language", metavar="CODE", help="en, no, de …; where neither transcript nor text tell.")
@json_option
@click.pass_obj
def align(chosen: Chosen, key: str, file: Path | None, style: str, language: str | None, as_json: bool) -> None:
    """Put the transcript in FILE onto the sound of the session or recall interview KEY.

    What a transcript of KEY has already keeps its times; only what differs is put on the sound. Names before the
    paragraphs say who speaks. Without --text: words whose times were guessed are put on the sound.
    """
    from iprkit.actions.alignment import Manner  # what listens takes seconds to load
    from iprkit.actions.alignment import align as put_on

    with chosen.study() as study, shown() as report:
        done = put_on(study, key, file, Manner(style, language), report)
    if as_json:
        print_json(done)
        return
    for line in _lines(done):
        click.echo(line)


def _lines(done: Aligned) -> Iterator[str]:
    yield f"{done.key}: {done.words} words in {done.segments} segments, version {done.version} ({done.style})"
    if not done.first:
        yield f"  {done.kept} kept, {done.changed} changed, {done.added} added, {done.removed} removed"
    yield f"  put on the sound: {done.placed}, times guessed: {done.guessed}"
    for one in done.lost:
        text = one.text if len(one.text) <= _SHOWN else f"{one.text[:_SHOWN]}…"
        yield f"  not found in the sound, {clock(one.start_ms)} to {clock(one.end_ms)}: {text}"
    if done.speakers:
        yield f"  speakers: {', '.join(f'{speaker.label} {speaker.title}' for speaker in done.speakers)}"
    yield from _hints(done)


def _hints(done: Aligned) -> Iterator[str]:
    lost = sum(one.words for one in done.lost)
    if lost > _FEW * done.words:
        yield "  most of the text is not in this sound; is it another session's? take it back with: iprkit undo"
    if done.removed > _FEW * (done.kept + done.changed + done.removed):
        yield "  most of the former words are gone; is the text only a part? take it back with: iprkit undo"
    if done.first and done.guessed > _FEW * done.words:
        yield f"  measured times come with a transcript to begin from: iprkit transcribe {done.key}, then align again"
