"""``iprkit map``: show, edit."""

from __future__ import annotations

import click

from iprkit.actions import maps
from iprkit.actions.maps import MapRow, Shown
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json, print_table
from iprkit.cli.times import ms_of
from iprkit.linking.corrections import Edit
from iprkit.recall import MANUAL, Piece, TimeMap, map_json
from iprkit.timeline import Span, clock

_PIECE = "FROM-TO=FROM-TO"


def _piece(text: str) -> Piece:
    """``0:10.2-0:29.6=0:22.9-0:42.3``, interview then session; without its end the session runs as long."""
    interview, equals, session = text.partition("=")
    start, dash, end = (part.strip() for part in interview.partition("-"))
    first, _, last = (part.strip() for part in session.partition("-"))
    if not (equals and dash):
        raise ValueError(f"{text!r} is no piece; write interview=session, as in 0:10.2-0:29.6=0:22.9-0:42.3")
    heard = _span(ms_of(start), ms_of(end))
    begins = ms_of(first)
    return Piece(heard, _span(begins, ms_of(last) if last else begins + heard.duration_ms), 1.0, MANUAL)


def _span(start_ms: int, end_ms: int) -> Span:
    if end_ms <= start_ms:
        raise ValueError(f"{clock(end_ms)} is not later than {clock(start_ms)}")
    return Span(start_ms, end_ms)


def _numbered(text: str, mark: str) -> tuple[int, str]:
    number, _, rest = text.partition(mark)
    if not number.strip().isdecimal() or not rest:
        raise ValueError(f"{text!r} does not begin with a piece's number, as in 2{mark}…")
    return int(number), rest


def _pieces(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[Piece]:
    try:
        return [_piece(value) for value in values]
    except ValueError as e:
        raise click.BadParameter(str(e), ctx, param) from e


def _moves(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[int, Piece]]:
    try:
        return [(number, _piece(rest)) for number, rest in (_numbered(value, ":=") for value in values)]
    except ValueError as e:
        raise click.BadParameter(str(e), ctx, param) from e


def _splits(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[int, int]]:
    try:
        return [(number, ms_of(rest)) for number, rest in (_numbered(value, "@") for value in values)]
    except ValueError as e:
        raise click.BadParameter(str(e), ctx, param) from e


@click.group("map", short_help="What was playing when, put right by hand.")
def time_map() -> None:
    """Time maps: which stretch of the session was playing at which time of the interview."""


@time_map.command()
@click.argument("key")
@json_option
@click.pass_obj
def show(chosen: Chosen, key: str, as_json: bool) -> None:
    """Show the pieces of the interview KEY with their numbers, and those that were struck out."""
    with chosen.study() as study:
        found = maps.show_map(study, key)
    if as_json:
        print_json(_plain(found))
    else:
        _print(found)


@time_map.command()
@click.argument("key")
@click.option("--add", multiple=True, callback=_pieces, metavar=_PIECE, help="A new piece: interview=session.")
@click.option("--move", multiple=True, callback=_moves, metavar=f"N:={_PIECE}", help="Piece N to another place.")
@click.option(
    "--split", multiple=True, callback=_splits, metavar="N@TIME", help="Piece N in two, at this time of the interview."
)
@click.option("--delete", multiple=True, type=int, metavar="N", help="Strike piece N out, for good.")
@click.option("--pin", multiple=True, type=int, metavar="N", help="Vouch for piece N: no later run changes it.")
@click.option("--unpin", multiple=True, type=int, metavar="N", help="Leave piece N to later runs again.")
@click.pass_obj
def edit(
    chosen: Chosen, key: str, add: list[Piece], move: list[tuple[int, Piece]], split: list[tuple[int, int]],
    delete: tuple[int, ...], pin: tuple[int, ...], unpin: tuple[int, ...],
) -> None:  # fmt: skip
    """Put the map of the interview KEY right; numbers are those of `iprkit map show`.

    What is changed by hand stands in every later run of `iprkit link`. Comments and moments follow at once.
    """
    with chosen.study() as study:
        found, linked = maps.edit_map(study, key, Edit(add, move, split, delete, pin, unpin))
    _print(found)
    click.echo(f"{linked.pauses} pauses, {linked.comments} comments")


def _plain(found: Shown) -> dict[str, object]:
    def one(row: MapRow) -> dict[str, object]:
        (piece,) = map_json(TimeMap((row.piece,)))
        return {"number": row.number, **piece, "pinned": row.pinned}

    struck = [map_json(TimeMap((piece,)))[0] for piece in found.struck_out]
    return {"key": found.key, "pieces": [one(row) for row in found.rows], "struck_out": struck}


def _print(found: Shown) -> None:
    rows = [_cells(row.number, row.piece, "pinned" if row.pinned else "") for row in found.rows]
    rows += [_cells(None, piece, "struck out") for piece in found.struck_out]
    if not rows:
        click.echo(f"{found.key} has no map yet. Next: iprkit link {found.key}")
        return
    print_table(("N", "Interview from", "to", "Session from", "to", "Confidence", "Source", ""), rows)


def _cells(number: int | None, piece: Piece, note: str) -> tuple[object, ...]:
    times = (piece.interview.start_ms, piece.interview.end_ms, piece.session.start_ms, piece.session.end_ms)
    return number, *map(clock, times), f"{piece.confidence:.2f}", piece.source, note
