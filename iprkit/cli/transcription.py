"""``iprkit transcribe``."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json
from iprkit.cli.progress import shown
from iprkit.errors import BatchError
from iprkit.timeline import clock

if TYPE_CHECKING:
    from iprkit.actions.transcription import Done

Command = TypeVar("Command", bound=Callable[..., Any])
_PRIMES = ("language", "task", "device", "compute_type", "beam_size", "best_of", "patience", "length_penalty",
           "initial_prompt", "condition_on_previous_text", "compression_ratio_threshold", "logprob_threshold",
           "no_speech_threshold", "suppress_tokens")  # fmt: skip


def engine_options(command: Command) -> Command:
    """Adds the options of listening, in Whisper's own words."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option("--engine", default="auto", help="faster-whisper, openai-whisper, scripted; auto: the fastest here."),
    click.option("--model", default="auto", help="A model's name (see: iprkit models list) or folder; auto: base."),
    click.option("--language", metavar="CODE", help="en, no, de …; without it the language is found out."),
    click.option("--device", default="auto", help="cpu, cuda or auto."),
    click.option("--compute-type", default="default", help="int8, float32 …; only for faster-whisper."),
    click.option("--jobs", "--threads", "threads", type=click.IntRange(0), default=0, help="Cores to use; 0: all."),
    click.option("--task", type=click.Choice(["transcribe", "translate"]), default="transcribe", show_default=True),
    click.option("--beam-size", type=click.IntRange(1), default=5, show_default=True),
    click.option("--best-of", type=click.IntRange(1), default=5, show_default=True),
    click.option("--patience", type=float, default=1.0, show_default=True),
    click.option("--length-penalty", type=float, default=1.0, show_default=True),
    click.option("--temperature", default="0", show_default=True, help="One, or several with commas as fall-backs."),
    click.option("--initial-prompt", help="Names and words that will be said."),
    click.option("--condition-on-previous-text", type=bool, default=False, show_default=True),
    click.option("--compression-ratio-threshold", type=float, default=2.4, show_default=True),
    click.option("--logprob-threshold", type=float, default=-1.0, show_default=True),
    click.option("--no-speech-threshold", type=float, default=0.6, show_default=True),
    click.option("--suppress-tokens", default="-1", show_default=True),
    click.option("--speakers", type=click.Choice(["two", "one"]), default="two", show_default=True,
                 help="Whether two voices are told apart."),
    click.option("--second-look", type=click.Choice(["auto", "none"]), default="auto", show_default=True,
                 help="Whether a second model looks at what the first is unsure of."),
)  # fmt: skip


@click.command(short_help="Turn recordings into timed transcripts by speaker.")
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@engine_options
@click.option("--again", is_flag=True, help="Also where it is done already with these settings.")
@json_option
@click.pass_obj
def transcribe(chosen: Chosen, /, keys: tuple[str, ...], as_json: bool, **asked: Any) -> None:
    """Transcribe the sessions named by KEY, or all that are not transcribed yet.

    What an interruption left behind is taken up where it stopped. Words are the engine's, smoothed as engines do:
    not verbatim until a person has checked them.
    """
    from iprkit.actions.transcription import transcribe as transcribe_all  # what listens takes seconds to load

    with chosen.study() as study, shown() as report:
        try:
            done = transcribe_all(study, keys, request(asked), report)
        except KeyboardInterrupt:
            click.echo("\nStopped. What is finished is kept; the same command goes on from there.", err=True)
            os._exit(130)  # the excerpts in hand cannot be stopped otherwise
    print_json(done) if as_json else _tell(done)
    failed = [one for one in done if one.error]
    if failed:
        lines = "\n".join(f"  {one.key}: {one.error}" for one in failed)
        raise BatchError(f"{len(failed)} of {len(done)} could not be transcribed, the others are done:\n{lines}")


def request(asked: dict[str, Any]) -> Any:
    """The options of the command line as the action's request. Raises click.BadParameter."""
    from iprkit.actions.listeners import Request
    from iprkit.speech.engine import Options

    options = Options(temperature=_temperatures(asked["temperature"]), threads=asked["threads"],
                      **{name: asked[name] for name in _PRIMES})  # fmt: skip
    chosen = {name: asked[name] for name in ("engine", "model", "speakers")}
    return Request(options=options, second=asked["second_look"], again=asked.get("again", False), **chosen)


def _temperatures(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a number, or numbers with commas: 0,0.2,0.4") from error


def _tell(done: list[Done]) -> None:
    if not done:
        click.echo("Nothing to do: every session with a recording is transcribed. Next: iprkit transcript show KEY")
    for one in done:
        if not one.error:
            click.echo(_line(one))


def _line(one: Done) -> str:
    if one.already:
        return f"{one.key}: already done with this sound and these settings ({one.words} words)"
    unheard = f", {clock(one.unheard_ms)} of it without words" if one.unheard_ms else ""
    told = [
        f"{one.key}: {one.words} words in {one.segments} segments, {one.engine} {one.model}, {one.language}",
        f"  speech {clock(one.speech_ms)}{unheard}",
    ]
    if one.flagged or one.doubtful:
        told.append(
            f"  to look at: {one.flagged} suspect segments, {one.doubtful} words of doubtful speaker "
            f"(iprkit transcript show {one.key} --flagged)"
        )
    if one.roles:
        told.append(f"  speakers: {', '.join(one.roles)}")
    else:
        told.append(f"  who is who? iprkit speakers {one.key}")
    return "\n".join(told)
