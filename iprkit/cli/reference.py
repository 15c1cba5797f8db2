"""Every command with its help, as one text: what the documentation's command reference is made of."""

from __future__ import annotations

from collections.abc import Iterator

import click

from iprkit.cli.main import main

_WIDTH = 100


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command by the words that call it, groups before their members, in the order of ``iprkit --help``."""
    yield from _under(main, click.Context(main, info_name="iprkit", terminal_width=_WIDTH))


def command_reference() -> str:
    """A heading and the help of each command, in Markdown."""
    return "\n".join(f"## {name}\n\n```\n{command.get_help(context)}\n```\n" for name, command, context in commands())


def _under(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    yield context.command_path, command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _under(inner, click.Context(inner, parent=context, info_name=name, terminal_width=_WIDTH))
