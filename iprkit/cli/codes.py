"""``iprkit codebook code``: add, edit, move, merge, split, retire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

import click

from iprkit.actions import codes
from iprkit.actions.codebooks import Changed
from iprkit.cli.chosen import Chosen
from iprkit.cli.codebook_text import said_touched
from iprkit.cli.output import json_option, print_json
from iprkit.cli.rules import given, rule_options
from iprkit.codebook import Rules

Command = TypeVar("Command", bound=Callable[..., Any])

_LIFTED = (*(field.name for field in fields(Rules)), "colour", "shortcut")
_OPTIONS = (
    click.option("--definition", metavar="TEXT", help="What the code means."),
    click.option("--include", metavar="TEXT", help="What counts."),
    click.option("--exclude", metavar="TEXT", help="What does not count, and what it is instead."),
    click.option("--example", "examples", multiple=True, metavar="TEXT", help="An example; may be repeated."),
    click.option("--notes", metavar="TEXT"),
    click.option("--colour", "--color", "colour", metavar="#RRGGBB"),
    click.option("--shortcut", metavar="LETTER", help="The letter or digit to press."),
    click.option("--codable/--group", default=None, help="Coded itself, or only a group of others."),
    click.option("--exclusive/--multiple", default=None, help="At most one of the codes below a unit, or several."),
)


def text_options(command: Command) -> Command:
    """Adds the options by which a code says what it means."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group(short_help="The codes of a codebook.")
def code() -> None:
    """Codes of a codebook that the study pinned. CODE stands for a code's key or name. Every change can be undone."""


@code.command()
@click.argument("book", metavar="CODEBOOK")
@click.argument("name")
@click.option("--key", help="What coding sheets say; suggested by the name. It never changes.")
@click.option("--under", "parent", metavar="CODE", help="The code above it.")
@click.option("--after", metavar="CODE", help="The code that it stands behind.")
@text_options
@rule_options
@json_option
@click.pass_obj
def add(chosen: Chosen, /, book: str, name: str, after: str | None, as_json: bool, **asked: Any) -> None:
    """Add a code NAME to CODEBOOK."""
    with chosen.study() as study:
        changed = codes.add(study, book, name, given(asked), after)
    _tell(changed, f"Added {changed.codes[0]} to {book}", as_json)


@code.command()
@click.argument("book", metavar="CODEBOOK")
@click.argument("said", metavar="CODE")
@click.option("--name", help="Another name; the key stays.")
@click.option("--inherit", multiple=True, type=click.Choice(_LIFTED), help="Take this from the code above again.")
@text_options
@rule_options
@json_option
@click.pass_obj
def edit(chosen: Chosen, /, book: str, said: str, inherit: tuple[str, ...], as_json: bool, **asked: Any) -> None:
    """Change what CODE says; tells how many codings point to it."""
    values = given(asked) | dict.fromkeys(inherit)
    with chosen.study() as study:
        changed = codes.edit(study, book, said, values)
    _tell(changed, f"Changed {changed.codes[0]} of {book}", as_json)


@code.command()
@click.argument("book", metavar="CODEBOOK")
@click.argument("said", metavar="CODE")
@click.option("--under", metavar="CODE", help="The code above it; without it, the top.")
@click.option("--after", metavar="CODE", help="The code that it stands behind; without it, it stands last.")
@json_option
@click.pass_obj
def move(chosen: Chosen, book: str, said: str, under: str | None, after: str | None, as_json: bool) -> None:
    """Put CODE, and all below it, somewhere else in the tree."""
    with chosen.study() as study:
        changed = codes.move(study, book, said, under, after)
    _tell(changed, f"Moved {', '.join(changed.codes)} in {book}", as_json)


@code.command()
@click.argument("book", metavar="CODEBOOK")
@click.argument("said", metavar="CODE...", nargs=-1, required=True)
@click.option("--into", required=True, metavar="CODE", help="The code that stands for them.")
@json_option
@click.pass_obj
def merge(chosen: Chosen, book: str, said: tuple[str, ...], into: str, as_json: bool) -> None:
    """Let one code stand for others. Their codings stay as they are and go by its name."""
    with chosen.study() as study:
        changed = codes.merge(study, book, said, into)
    _tell(changed, f"Merged {', '.join(changed.codes)} into {into} in {book}", as_json)


@code.command()
@click.argument("book", metavar="CODEBOOK")
@click.argument("said", metavar="CODE")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@json_option
@click.pass_obj
def split(chosen: Chosen, book: str, said: str, names: tuple[str, ...], as_json: bool) -> None:
    """Put several new codes in the place of CODE, which is retired. Its codings wait to be coded again."""
    with chosen.study() as study:
        changed = codes.split(study, book, said, names)
    _tell(changed, f"Split {changed.codes[0]} of {book} into {', '.join(changed.codes[1:])}", as_json)


@code.command()
@click.argument("book", metavar="CODEBOOK")
@click.argument("said", metavar="CODE")
@click.option("--back", is_flag=True, help="Take a retired or merged code back into use.")
@json_option
@click.pass_obj
def retire(chosen: Chosen, book: str, said: str, back: bool, as_json: bool) -> None:
    """No longer offer CODE and what lies below it. Codings that have it stay."""
    with chosen.study() as study:
        changed = codes.revive(study, book, said) if back else codes.retire(study, book, said)
    done = "Took back into use:" if back else "Retired"
    _tell(changed, f"{done} {', '.join(changed.codes)} of {book}", as_json)


def _tell(changed: Changed, done: str, as_json: bool) -> None:
    print_json(changed) if as_json else click.echo(f"{done}{said_touched(changed)}.")
