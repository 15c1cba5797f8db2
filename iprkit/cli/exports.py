"""``iprkit export``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from iprkit.actions import exports, study_exports
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json, print_table
from iprkit.database.connect import Study
from iprkit.formats import WRITERS
from iprkit.formats.studies import STUDY_WRITERS


@click.command(short_help="Transcripts and studies in the formats of other programs.")
@click.argument("format_name", metavar="[FORMAT]", required=False)
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@click.option("-o", "to", metavar="FILE", help="Where to write: a file, a folder that is there, or - for the terminal.")
@click.option("--words", is_flag=True, help="One row a word, in formats that are tables.")
@click.option("--media", is_flag=True, help="Take the recordings along, in formats that can.")
@click.option("--list", "listing", is_flag=True, help="List the formats, what they are for and what each one loses.")
@json_option
@click.pass_obj
def export(
    chosen: Chosen, format_name: str | None, keys: tuple[str, ...], to: str | None, words: bool, media: bool,
    listing: bool, as_json: bool,
) -> None:  # fmt: skip
    """Write KEYs (sessions, recall interviews, dyads), or all, in FORMAT into the study's exports folder.

    What the format does not carry of them is said on standard error. Without a FORMAT: the list of formats.
    """
    if format_name is None or listing:
        _print_formats(as_json)
        return
    with chosen.study() as study:
        if format_name in STUDY_WRITERS and not words:
            form = STUDY_WRITERS[format_name]
            keys, note = exports.meant_by_one_file(study, keys, to) if form.each else (keys, "")
            wanted = study_exports.Wanted(form, keys, media)
            if to == "-":
                done = study_exports.export_study_to(study, wanted, sys.stdout.buffer)
            else:
                done = study_exports.export_study(study, wanted, Path(to) if to else None)
        else:
            keys, note = exports.meant_by_one_file(study, keys, to)
            done = _transcripts(study, format_name, keys, to, words)
    if note:
        click.echo(note, err=True)
    _tell(done, as_json, to == "-")


def _transcripts(study: Study, name: str, keys: Sequence[str], to: str | None, words: bool) -> study_exports.Written:
    form = exports.format_named(name, words)
    if to == "-":
        exports.export_to(study, form, keys, sys.stdout.buffer)
        written = []
    else:
        written = exports.export(study, form, keys, Path(to) if to else None)
    return study_exports.Written(tuple(written), study_exports.lost_of_transcripts(study, form, keys), ())


def _tell(done: study_exports.Written, as_json: bool, streamed: bool) -> None:
    if as_json and not streamed:
        print_json([str(place) for place in done.places])
    else:
        for place in done.places:
            click.echo(place)
    for said in (*done.remarks, done.lost):
        if said:
            click.echo(said, err=True)


@dataclass(frozen=True)
class _Listed:
    name: str
    suffix: str
    purpose: str
    loses: str


def _print_formats(as_json: bool) -> None:
    formats = [_Listed(name, form.suffix, form.purpose, form.loses) for name, form in WRITERS.items()]
    formats += [
        _Listed(name, form.suffix, form.purpose, ", ".join(form.carries.dropped))
        for name, form in STUDY_WRITERS.items()
    ]
    if as_json:
        print_json(formats)
    else:
        print_table(("Format", "For", "Loses"), [(form.name, form.purpose, form.loses) for form in formats])
