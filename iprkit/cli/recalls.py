"""``iprkit recall``: add, show, edit, allow, grid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from iprkit.actions import recalls
from iprkit.actions.grids import Cell, Grid, grid_of
from iprkit.actions.recalls import Held, Permission, Shown
from iprkit.actions.recordings import Intake
from iprkit.actions.sessions import sources_of
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json, print_table
from iprkit.cli.progress import shown as progress
from iprkit.cli.times import as_ms, span_of
from iprkit.recall import Comment, comment_json, map_json, pause_json
from iprkit.timeline import clock


@click.group(short_help="Recall interviews, on the session's clock.")
def recall() -> None:
    """Recall interviews: one participant watches the session with an interviewer and says what it was like."""


@recall.command()
@click.argument("dyad", metavar="D01")
@click.argument("number", type=int)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--participant", required=True, metavar="WHO", help="client or therapist, or a pseudonym such as C02.")
@click.option("--date", metavar="YYYY-MM-DD", help="When the interview took place.")
@click.option("--channels", metavar="ROLES", help="Who speaks on each channel: interviewer,client.")
@click.option("--link", is_flag=True, help="Leave the files where they are instead of copying them.")
@click.option("--allow-damaged", is_flag=True, help="Take the readable part of a damaged recording.")
@click.pass_obj
def add(
    chosen: Chosen, dyad: str, number: int, files: tuple[Path, ...], participant: str, date: str | None,
    channels: str | None, link: bool, allow_damaged: bool,
) -> None:  # fmt: skip
    """Add the recall interview about session NUMBER of a dyad; several FILEs are parts after one another."""
    roles = tuple(role.strip() for role in channels.split(",")) if channels else ()
    intake = Intake(roles, link, allow_damaged)
    with chosen.study() as study, progress() as report:
        added = recalls.add_recall(study, (dyad, number), Held(participant, date), sources_of(files), intake, report)
    click.echo(f"Added {added.key}{_delay(added.delay_days)}. Next: iprkit transcribe {added.key}")


@recall.command()
@click.argument("key")
@json_option
@click.pass_obj
def show(chosen: Chosen, key: str, as_json: bool) -> None:
    """Show what was playing when in the interview KEY, where it was stopped, and what was said about it."""
    with chosen.study() as study:
        found = recalls.show(study, key)
    if as_json:
        print_json(_plain(found))
    else:
        for line in _lines(found):
            click.echo(line)


@recall.command()
@click.argument("key")
@click.option("--frame", metavar="then|now|mixed|unclear", help="What was felt in the session, or is thought now.")
@click.option("--from", "start_ms", metavar="TIME", callback=as_ms, help="Where in the session it begins to be about.")
@click.option("--to", "end_ms", metavar="TIME", callback=as_ms, help="Where that ends.")
@click.option("--stopped-by", metavar="ROLE", help="Who had stopped the playback before it.")
@click.pass_obj
def edit(
    chosen: Chosen, key: str, frame: str | None, start_ms: int | None, end_ms: int | None, stopped_by: str | None
) -> None:
    """Change what is known of the comment KEY: its stretch of the session, its temporal frame, who had stopped."""
    with chosen.study() as study:
        changed = recalls.edit_comment(study, key, frame, span_of(start_ms, end_ms), stopped_by)
    click.echo(f"{changed.key} is about {_about(changed)}, temporal frame {changed.temporal_frame or 'open'}")


@recall.command()
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@click.option("--quote/--no-quote", default=None, help="May be quoted in a publication.")
@click.option("--show-other/--no-show-other", default=None, help="May be shown to the other party of the dyad.")
@click.pass_obj
def allow(chosen: Chosen, keys: tuple[str, ...], quote: bool | None, show_other: bool | None) -> None:
    """Note what the comments KEY may be used for; the key of an interview means all of its comments."""
    with chosen.study() as study:
        changed = recalls.allow(study, keys, Permission(quote, show_other))
    for one in changed:
        click.echo(f"{one.key}: {_permission(one)}")


@recall.command()
@json_option
@click.pass_obj
def grid(chosen: Chosen, as_json: bool) -> None:
    """Show which interviews were held, session by session, and which are missing."""
    with chosen.study() as study:
        found = grid_of(study)
    if as_json:
        print_json(found)
    else:
        _print_grid(found)


def _plain(found: Shown) -> dict[str, object]:
    """The data contract's shape."""
    return {
        "key": found.key,
        "session": found.session,
        "participant": found.participant,
        "delay_days": found.delay_days,
        "map": map_json(found.time_map),
        "pauses": [pause_json(pause) for pause in found.pauses],
        "comments": [comment_json(comment) for comment in found.comments],
        "behind": found.behind,
    }


def _lines(found: Shown) -> Iterator[str]:
    played = sum(piece.interview.duration_ms for piece in found.time_map.pieces)
    yield (
        f"{found.key} about {found.session}{_delay(found.delay_days)}: {clock(played)} of playback, "
        f"{len(found.pauses)} pauses, {len(found.comments)} comments"
    )
    if found.behind:
        yield f"Note: {found.behind}"
    for comment in found.comments:
        yield ""
        yield f"{clock(comment.interview.start_ms)}  {comment.key}  about {_about(comment)}"
        if comment.prompt:
            yield f"  asked: {comment.prompt}"
        yield f"  {comment.text}"
        told = [f"temporal frame {comment.temporal_frame}"] if comment.temporal_frame else []
        yield "  " + ", ".join([*told, _permission(comment)])


def _about(comment: Comment) -> str:
    if comment.session is None:
        return "no stretch of the session"
    how = {"stretch": "just shown", "place": "talked over", "set": "set by hand"}[comment.about or "set"]
    moved = ", whose words have changed since" if comment.moved else ""
    moment = f", moment {comment.moment}" if comment.moment else ""
    return f"{clock(comment.session.start_ms)} to {clock(comment.session.end_ms)} ({how}{moved}{moment})"


def _permission(comment: Comment) -> str:
    quoted = {True: "may be quoted", False: "must not be quoted", None: "nobody asked whether it may be quoted"}
    shown = {True: "may be shown", False: "must not be shown", None: "nobody asked whether it may be shown"}
    return f"{quoted[comment.may_be_quoted]}, {shown[comment.may_be_shown]} to the other party"


def _delay(days: int | None) -> str:
    if days is None:
        return ""
    if days < 0:
        return f", dated {-days} days before the session"
    return {0: ", held on the day of the session", 1: ", held 1 day after it"}.get(days, f", held {days} days after it")


def _print_grid(found: Grid) -> None:
    parties = list(dict.fromkeys(cell.party for row in found.sessions for cell in row.cells))
    if not found.sessions:
        click.echo("No sessions yet. Next: iprkit session add D01 1 FILE")
        return
    rows = []
    for row in found.sessions:
        cells = {cell.party: cell for cell in row.cells}
        rows.append((row.dyad, row.session, row.date, *(_cell(cells.get(party)) for party in parties)))
    print_table(("Dyad", "Session", "Date", *parties), rows)
    click.echo(f"\n{found.held} of {found.expected} interviews held{_delays(found)}.")


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.withdrawn:
        return "withdrawn"
    if cell.interview is None:
        return "missing"
    days = "" if cell.delay_days is None else f", {cell.delay_days} d"
    return f"held{days}, {cell.comments} comments" if cell.comments else f"held{days}"


def _delays(found: Grid) -> str:
    if found.delay_median is None:
        return ""
    told = f"; days from session to interview, of {found.delays_known}: median {found.delay_median:g}"
    return f"{told}, from {found.delay_least} to {found.delay_most}"
