"""``iprkit code``: add, list, edit, remove, import, sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from iprkit.actions import coding_sheets, codings
from iprkit.actions.coding_desk import Wish
from iprkit.actions.coding_sheets import Filled
from iprkit.actions.codings import Sought
from iprkit.cli.chosen import Chosen
from iprkit.cli.coding_text import blindness_note, print_codings
from iprkit.cli.output import json_option, print_json
from iprkit.cli.rules import given
from iprkit.coding import ABOUT, CERTAINTIES, to_json

_ABOUT = click.option("--about", type=click.Choice(ABOUT), help="About whom.")
_CERTAINTY = click.option("--certainty", type=click.Choice(CERTAINTIES), help="How sure the coder is.")
_RATING = click.option("--rating", type=float, metavar="NUMBER", help="On the code's scale.")
_CODER = click.option("--coder", metavar="NAME", help="Who coded; by default, in whose name you work (--as).")
_CODEBOOK = click.option("--codebook", metavar="NAME", help="Where the code stands in several.")
_ROUND = click.option("--round", "round_name", metavar="NAME", help="The round; by default, that of your assignment.")


@click.group(short_help="Codings: who gave which code to what.")
def code() -> None:
    """Codings.

    A TARGET is a key: a segment D01-S03-T012, the turn it lies in D01-S03-T012-turn, words D01-S03-w0042..w0047, a
    window D01-S03-W60s-03, a span D01-S03@2:07.5-2:12, a moment D01-S03-M02, a comment D01-S03-client-K04, or a
    session D01-S03.
    """


@code.command()
@click.argument("target")
@click.argument("code_name", metavar="CODE")
@_CODER
@_CODEBOOK
@_RATING
@_ABOUT
@_CERTAINTY
@click.option("--memo", default="", metavar="TEXT", help="A note on it.")
@_ROUND
@json_option
@click.pass_obj
def add(chosen: Chosen, /, target: str, code_name: str, round_name: str | None, as_json: bool, **asked: Any) -> None:
    """Give CODE (its key or name, or CODEBOOK:CODE) to TARGET."""
    with chosen.study() as study:
        made = codings.add_coding(study, Wish(target, code_name, round=round_name, **asked))
    print_json(to_json(made)) if as_json else click.echo(f"{made.key}: {made.code} on {made.anchor.target.key}")


@code.command("list")
@click.argument("place", metavar="[KEY]", required=False)
@click.option("--coder", metavar="NAME")
@click.option("--codebook", metavar="NAME")
@click.option("--code", "code_name", metavar="CODE")
@click.option("--round", "round_name", metavar="NAME")
@click.option("--moved", is_flag=True, help="Only those whose words changed since they were coded.")
@json_option
@click.pass_obj
def list_codings(
    chosen: Chosen, place: str | None, coder: str | None, codebook: str | None, code_name: str | None,
    round_name: str | None, moved: bool, as_json: bool,
) -> None:  # fmt: skip
    """List codings, all or those in the session or target KEY.

    While an assignment is blind, only one's own codings of it are listed.
    """
    with chosen.study() as study:
        found = codings.list_codings(study, Sought(place, coder, codebook, code_name, round_name, moved))
    if as_json:
        print_json([to_json(one) for one in found.codings])
    else:
        print_codings(found.codings)
    blindness_note(found.sealed)


@code.command()
@click.argument("key")
@_RATING
@_ABOUT
@_CERTAINTY
@click.option("--memo", metavar="TEXT")
@click.option("--code", metavar="CODE", help="Another code of the same codebook.")
@click.option("--target", metavar="TARGET", help="Put it on something else.")
@click.option("--here", is_flag=True, help="Let a moved coding stand on the words that are there now.")
@json_option
@click.pass_obj
def edit(chosen: Chosen, /, key: str, here: bool, as_json: bool, **asked: Any) -> None:
    """Change the coding KEY, one's own and not submitted yet."""
    with chosen.study() as study:
        changed = codings.edit_coding(study, key, given(asked), here)
    print_json(to_json(changed)) if as_json else click.echo(f"Changed {changed.key}.")


@code.command()
@click.argument("key")
@click.pass_obj
def remove(chosen: Chosen, key: str) -> None:
    """Take back the coding KEY, one's own and not submitted yet."""
    with chosen.study() as study:
        gone = codings.remove_coding(study, key)
    click.echo(f"Removed {gone.key}: {gone.code} on {gone.anchor.target.key}")


@code.command("import")
@click.argument("file", metavar="SHEET", type=click.Path(path_type=Path))
@click.option("--coder", metavar="NAME", help="Who coded, where the sheet does not say.")
@click.option("--codebook", metavar="NAME", help="The codebook, where the sheet does not say.")
@click.option("--session", metavar="KEY", help="The session, where the sheet does not say.")
@click.option("--round", "round_name", metavar="NAME", help="The round, where the sheet does not say.")
@click.option("--update", is_flag=True, help="Bring codings that are there to what the sheet says.")
@json_option
@click.pass_obj
def import_codings(
    chosen: Chosen, file: Path, coder: str | None, codebook: str | None, session: str | None, round_name: str | None,
    update: bool, as_json: bool,
) -> None:  # fmt: skip
    """Enter the codings of a coding SHEET, CSV or Excel: all of them, or none where a row cannot be entered."""
    with chosen.study() as study:
        done = coding_sheets.import_sheet(study, file, Filled(coder, codebook, session, round_name), update)
    if as_json:
        print_json(done)
        return
    click.echo(
        f"{done.file}: {done.added} codings added, {done.updated} changed, {done.known} were there already; "
        f"{done.empty} rows without a code."
    )
    if done.moved:
        click.echo(f"{len(done.moved)} quote other words than stand there now; see: iprkit code list --moved")


@code.command()
@click.argument("places", metavar="[KEY]...", nargs=-1)
@click.option("--coder", required=True, metavar="NAME", help="For whom.")
@click.option("--assignment", metavar="A01", help="The units of this assignment.")
@click.option("--codebook", metavar="NAME", help="Without an assignment: the codebook.")
@click.option("-o", "to", required=True, metavar="FILE", type=click.Path(path_type=Path), help=".csv or .xlsx.")
@json_option
@click.pass_obj
def sheet(
    chosen: Chosen, places: tuple[str, ...], coder: str, assignment: str | None, codebook: str | None, to: Path,
    as_json: bool,
) -> None:  # fmt: skip
    """Write a coding sheet for a coder without iprkit: a row for each unit of an assignment, or of the sessions KEY."""
    with chosen.study() as study:
        rows = coding_sheets.export_sheet(study, to, coder, assignment, codebook, places)
    print_json({"file": str(to), "rows": rows}) if as_json else click.echo(
        f"{to}: {rows} rows. When it comes back: iprkit code import {to.name}"
    )
