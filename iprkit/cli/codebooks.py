"""``iprkit codebook``: list, show, add, import, new, edit, scale, update, export; ``codebook code`` stands in codes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from iprkit.actions import codebooks
from iprkit.cli.chosen import Chosen
from iprkit.cli.codebook_text import lines_of, said_touched
from iprkit.cli.codes import code
from iprkit.cli.output import json_option, print_json, print_table
from iprkit.cli.rules import given, rule_options
from iprkit.codebook import plain
from iprkit.formats.codebooks import CODEBOOK_WRITERS
from iprkit.scale import LEVELS, Anchor, Scale
from iprkit.wording import tidy


@click.group(short_help="Codebooks: what coders code with.")
def codebook() -> None:
    """Codebooks: categories with definitions, scales and units, pinned to the study in one version.

    The library brings published systems in its own words. CODEBOOK stands for a short name such as 3rs-2022.
    """


codebook.add_command(code)


@codebook.command("list")
@json_option
@click.pass_obj
def list_codebooks(chosen: Chosen, as_json: bool) -> None:
    """The study's codebooks and those of the library."""
    with chosen.study_if_any() as study:
        found = codebooks.list_codebooks(study)
    if as_json:
        print_json(found)
        return
    heads = ("Codebook", "Version", "Here", "Codes", "Unit", "Scales", "Title")
    here = {True: "pinned, changed", False: "pinned"}
    rows = [
        (one.name, one.version, here[one.changed] if one.pinned else None, one.codes, ", ".join(one.units),
         ", ".join(one.scales), one.title)
        for one in found
    ]  # fmt: skip
    print_table(heads, rows)


@codebook.command()
@click.argument("name", metavar="CODEBOOK")
@click.argument("only", metavar="[CODE]", required=False)
@click.option("--brief", is_flag=True, help="Only the tree of codes, without their texts.")
@click.option("--all", "retired", is_flag=True, help="Retired codes too.")
@json_option
@click.pass_obj
def show(chosen: Chosen, name: str, only: str | None, brief: bool, retired: bool, as_json: bool) -> None:
    """Show the study's CODEBOOK, else the library's: its tree with definitions, anchors and keys, or one CODE of it."""
    with chosen.study_if_any() as study:
        shown = codebooks.show(study, name)
    if only:
        shown.book.code(only)
    if as_json:
        print_json(_plain(shown))
    else:
        for line in lines_of(shown, only, brief, retired):
            click.echo(line)


@codebook.command()
@click.argument("what", metavar="CODEBOOK|FILE")
@click.option("--name", help="Another name for it in this study.")
@json_option
@click.pass_obj
def add(chosen: Chosen, what: str, name: str | None, as_json: bool) -> None:
    """Pin a codebook of the library, or one in a YAML FILE, to the study in the version that it has now."""
    with chosen.study() as study:
        book = codebooks.add_codebook(study, what, name)
    print_json({"name": book.name, "version": book.version, "digest": book.digest}) if as_json else click.echo(
        f"Pinned {book.name}, version {book.version}, {len(book.active)} codes. Next: iprkit codebook show {book.name}"
    )


@codebook.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="A short name for it; by default the file's.")
@json_option
@click.pass_obj
def import_codebook(chosen: Chosen, file: Path, name: str | None, as_json: bool) -> None:
    """Pin the codebook in FILE: YAML, REFI-QDA (.qdc), Taguette's CSV, MAXQDA's Excel, or a plain table.

    Which of them it is, is told by its content. A plain table needs a column `name`.
    """
    with chosen.study() as study:
        book = codebooks.import_codebook(study, file, name)
    print_json({"name": book.name, "version": book.version, "digest": book.digest}) if as_json else click.echo(
        f"Imported {book.name}, {len(book.active)} codes. Next: iprkit codebook show {book.name}"
    )


@codebook.command()
@click.argument("name")
@click.option("--title", help="Its full title.")
@rule_options
@click.pass_obj
def new(chosen: Chosen, /, name: str, **asked: Any) -> None:
    """Begin an own codebook."""
    with chosen.study() as study:
        book = codebooks.new_codebook(study, name, given(asked))
    click.echo(f"Began codebook {book.name}. Next: iprkit codebook code add {book.name} NAME --definition TEXT")


@codebook.command()
@click.argument("name", metavar="CODEBOOK")
@click.option("--title")
@click.option("--version", help="Say that it is a new version.")
@click.option("--citation")
@click.option("--rights")
@click.option("--notes")
@click.option("--exclusive/--multiple", default=None, help="At most one code a unit, or several.")
@click.option("--exhaustive/--partial", default=None, help="Every unit gets a code, or only where one applies.")
@rule_options
@click.pass_obj
def edit(chosen: Chosen, /, name: str, **asked: Any) -> None:
    """Change what a codebook says of itself, and how its codes are applied where they say nothing else."""
    with chosen.study() as study:
        codebooks.edit_codebook(study, name, given(asked))
    click.echo(f"Changed {name}.")


@codebook.command()
@click.argument("name", metavar="CODEBOOK")
@click.argument("scale")
@click.option("--min", "low", type=float, required=True)
@click.option("--max", "high", type=float, required=True)
@click.option("--step", type=float, default=1.0, show_default=True)
@click.option("--level", type=click.Choice(LEVELS), default=LEVELS[0], show_default=True)
@click.option("--no-evidence", type=float, metavar="NUMBER", help="Where rating starts: nothing speaks for or against.")
@click.option("--anchor", "anchors", multiple=True, metavar="NUMBER=TEXT", help="What a number means.")
@click.pass_obj
def scale(
    chosen: Chosen, name: str, scale: str, low: float, high: float, step: float, level: str,
    no_evidence: float | None, anchors: tuple[str, ...],
) -> None:  # fmt: skip
    """Give CODEBOOK a SCALE, or change it; codes are rated on it that say --scale SCALE."""
    told = sorted((_anchor(text) for text in anchors), key=lambda anchor: anchor.value)
    wanted = Scale(scale, low, high, step, level, tuple(told), no_evidence)
    with chosen.study() as study:
        changed = codebooks.set_scale(study, name, wanted)
    click.echo(f"Scale {scale} of {name} runs {wanted.range}, for {len(changed.codes)} codes{said_touched(changed)}.")


@codebook.command()
@click.argument("name", metavar="CODEBOOK")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def update(chosen: Chosen, name: str, file: Path | None, as_json: bool) -> None:
    """Bring CODEBOOK to what a YAML FILE says, or to the library's version.

    Codes are recognised by their keys; those that only this study has stay as they are.
    """
    with chosen.study() as study:
        changed = codebooks.update_codebook(study, name, file)
    if as_json:
        print_json(changed)
    else:
        codes = ", ".join(changed.codes) or "no code says anything else"
        click.echo(f"Updated {name}: {codes}{said_touched(changed)}.")


@codebook.command()
@click.argument("name", metavar="[CODEBOOK]", required=False)
@click.argument("format_name", metavar="[FORMAT]", default="yaml")
@click.option("-o", "to", metavar="FILE", help="Where to write: a file, a folder that is there, or - for the terminal.")
@json_option
@click.pass_obj
def export(chosen: Chosen, name: str | None, format_name: str, to: str | None, as_json: bool) -> None:
    """Write CODEBOOK for others: yaml, qdc, taguette, maxqda, csv. Without a CODEBOOK: what each format loses."""
    if name is None:
        print_formats(as_json)
        return
    form = codebooks.codebook_format(format_name)
    with chosen.study_if_any() as study:
        if to == "-":
            codebooks.export_codebook_to(study, name, form, sys.stdout.buffer)
            return
        written = codebooks.export_codebook(study, name, form, Path(to) if to else None)
    print_json([str(written)]) if as_json else click.echo(written)


def print_formats(as_json: bool) -> None:
    """What there is to write, what for, and what each format loses."""
    formats = [
        {"name": name, "suffix": form.suffix, "purpose": form.purpose, "loses": form.loses}
        for name, form in CODEBOOK_WRITERS.items()
    ]
    if as_json:
        print_json(formats)
    else:
        print_table(("Format", "For", "Loses"), [(one["name"], one["purpose"], one["loses"]) for one in formats])


def _plain(shown: codebooks.Shown) -> dict[str, object]:
    """The codebook's own shape, and for each code what applies to it and what it is used for."""
    book, values = shown.book, plain(shown.book)
    for values_of_code in values["codes"]:
        key = values_of_code["key"]
        applied = book.applied(key)
        scale = book.scale(key)
        values_of_code["applied"] = {
            "unit": applied.unit, "window_ms": applied.window_ms, "min_ms": applied.min_ms, "speaker": applied.speaker,
            "applies_to": list(applied.applies_to or ()), "scale": scale.name if scale else None,
            "raters": applied.raters, "decision": applied.decision, "statistic": applied.statistic,
            "scores": list(applied.scores or ()), "colour": book.colour(key), "rivals": sorted(book.rivals(key)),
        }  # fmt: skip
        values_of_code["uses"] = shown.uses.get(key, {})
    state = {"pinned": shown.pinned, "changed": shown.changed, "origin": shown.origin, "digest": book.digest}
    return values | state


def _anchor(text: str) -> Anchor:
    value, _, meaning = text.partition("=")
    try:
        return Anchor(float(value), tidy(meaning))
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no anchor; write a number, = and what it means: 1=none") from error
