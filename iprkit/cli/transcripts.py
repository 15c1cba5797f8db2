"""``iprkit transcript``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from iprkit.actions import transcripts
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json
from iprkit.timeline import clock
from iprkit.transcript import Segment, Transcript, Turn, segment_json, to_json, turns

_REASONS = {
    "no_voice": "nobody speaks here",
    "repetition": "repeats itself",
    "unsure": "the engine was unsure",
    "no_speech": "perhaps no speech",
}


@click.group(short_help="What was said, by whom and when.")
def transcript() -> None:
    """Transcripts: what was said, by whom and when."""


@transcript.command()
@click.argument("key")
@click.option("--version", type=click.IntRange(min=1), metavar="N", help="An earlier version; 1 is the first.")
@click.option("--flagged", is_flag=True, help="Only the segments that a person should look at.")
@json_option
@click.pass_obj
def show(chosen: Chosen, key: str, version: int | None, flagged: bool, as_json: bool) -> None:
    """Show the transcript of the session or recall interview KEY, or one segment of it."""
    with chosen.study() as study:
        found = transcripts.show(study, key, version)
    shown = transcripts.flagged(found) if flagged else found
    if as_json:
        print_json(to_json(shown))
    else:
        for line in _lines(shown):
            click.echo(line)


@transcript.command()
@click.argument("key")
@click.argument("text")
@json_option
@click.pass_obj
def correct(chosen: Chosen, key: str, text: str, as_json: bool) -> None:
    """Give the segment KEY the wording TEXT; words that it had already keep their times."""
    from iprkit.actions.corrections import correct as put_right  # what listens takes seconds to load

    with chosen.study() as study:
        done = put_right(study, key, text)
    if as_json:
        print_json(vars(done) | {"segment": segment_json(done.segment)})
        return
    click.echo(f"{done.segment.key}  {_text(done.segment)}")
    click.echo(f"  {done.kept} kept, {done.changed} changed, {done.added} added, {done.removed} removed")
    click.echo(f"  put on the sound: {done.placed}, times guessed: {done.guessed}")


def _lines(shown: Transcript) -> Iterator[str]:
    """The transcript as people read it; a word whose speaker is a close call is followed by ``(?)``."""
    yield _head(shown)
    for turn in turns(shown.segments):
        yield ""
        yield _turn(shown, turn)
        for segment in turn.segments:
            yield f"  {segment.key}  {_text(segment)}"
    if not shown.segments:
        yield "Nothing to show."
    elif any(word.doubtful for word in shown.words):
        yield "\n(?) the speaker of the word before it is a close call"


def _head(shown: Transcript) -> str:
    made = " ".join(part for part in (shown.engine, shown.model) if part) or "no engine"
    version, status = shown.meta.get("version"), shown.meta.get("status")
    return f"{shown.key}, {clock(shown.duration_ms)}, {shown.language}, {made}, version {version} ({status})"


def _turn(shown: Transcript, turn: Turn) -> str:
    return f"{clock(turn.span.start_ms)}  {shown.title(turn.speaker)}"


def _text(segment: Segment) -> str:
    said = " ".join(f"{word.text}(?)" if word.doubtful else word.text for word in segment.words)
    why = ", ".join(_REASONS.get(flag, flag) for flag in segment.flags)
    return f"{said}  << {why}" if why else said
