"""``iprkit export``."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from iprkit.actions import exports
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json, print_table
from iprkit.formats import WRITERS


@click.command(short_help="Transcripts in the formats of other programs.")
@click.argument("format_name", metavar="[FORMAT]", required=False)
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@click.option("-o", "to", metavar="FILE", help="Where to write: a file, a folder that is there, or - for the terminal.")
@click.option("--words", is_flag=True, help="One row a word, in formats that are tables.")
@click.option("--list", "listing", is_flag=True, help="List the formats, what they are for and what each one loses.")
@json_option
@click.pass_obj
def export(
    chosen: Chosen, format_name: str | None, keys: tuple[str, ...], to: str | None, words: bool, listing: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Write the transcripts of KEYs, or of all, in FORMAT into the study's exports folder.

    Without a FORMAT: the list of formats.
    """
    if format_name is None or listing:
        _print_formats(as_json)
        return
    form = exports.format_named(format_name, words)
    with chosen.study() as study:
        if to == "-":
            exports.export_to(study, form, keys, sys.stdout.buffer)
            return
        written = exports.export(study, form, keys, Path(to) if to else None)
    if as_json:
        print_json([str(place) for place in written])
    else:
        for place in written:
            click.echo(place)


@dataclass(frozen=True)
class _Listed:
    name: str
    suffix: str
    purpose: str
    loses: str


def _print_formats(as_json: bool) -> None:
    formats = [_Listed(name, form.suffix, form.purpose, form.loses) for name, form in WRITERS.items()]
    if as_json:
        print_json(formats)
    else:
        print_table(("Format", "For", "Loses"), [(form.name, form.purpose, form.loses) for form in formats])
