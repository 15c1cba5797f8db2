"""``iprkit`` itself: the options that stand before every command, and the one place where errors become output."""

from __future__ import annotations

import errno
import os
import traceback
from pathlib import Path
from typing import Any

import click

from iprkit import __version__
from iprkit.cli.chosen import Chosen
from iprkit.cli.registry import COMMANDS, load
from iprkit.errors import IprkitError

INTERRUPTED = 130


def _dashed(text: str) -> str:
    """``--initial_prompt`` as Whisper spells it means ``--initial-prompt``."""
    return text.replace("_", "-")


class Commands(click.Group):
    """The registry as click sees it, and the place where errors become output."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, listed.summary) for name, listed in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except IprkitError as e:
            if ctx.params.get("verbose"):
                click.echo("".join(traceback.format_exception(e)), err=True)
            raise click.ClickException(str(e)) from e
        except OSError as e:
            if e.errno in (errno.EPIPE, None):
                raise
            raise click.ClickException(f"{e.filename or 'a file'}: {e.strerror}") from e
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            ctx.exit(INTERRUPTED)


@click.group(
    cls=Commands,
    context_settings={
        "token_normalize_func": lambda text: text.replace("_", "-"),
        "help_option_names": ["-h", "--help"],
    },
)
@click.option("-C", "folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="The study folder.")
@click.option("--as", "author", metavar="NAME", help="In whose name changes are made.")
@click.option("--allow-network-share", is_flag=True, help="Write although the study lies on a network share.")
@click.option("--verbose", is_flag=True, help="Say more, also about errors.")
@click.version_option(__version__, prog_name="iprkit")
@click.pass_context
def main(ctx: click.Context, folder: Path | None, author: str | None, allow_network_share: bool, verbose: bool) -> None:
    """Interpersonal Process Recall studies: recordings, transcripts, recall and coding on one clock.

    A study is a folder. Commands find it by -C, by IPRKIT_STUDY, or by looking from the current folder upwards.
    """
    os.umask(0o077)
    ctx.obj = Chosen(folder, author, allow_network_share, verbose)
