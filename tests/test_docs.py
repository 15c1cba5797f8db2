"""The documentation says what is there: its command reference is current, and every command line in it would run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from iprkit.cli.main import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BY_COG = ("docs/commands.md", "docs/formats.md", "docs/workbench.md")
_FENCE = re.compile(r"^```(?:console|sh)?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_command_reference_is_what_the_commands_say() -> None:
    command = [sys.executable, "-m", "cogapp", "--check", "--diff", *_BY_COG]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, f"{checked.stdout}\nrenew it with: python -m cogapp -r {' '.join(_BY_COG)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_line_of_the_documentation_is_understood(page: Path) -> None:
    for line in _command_lines(page):
        _understand(shlex.split(line)[1:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} points to {target}"


def _command_lines(page: Path) -> Iterator[str]:
    for block in _FENCE.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            said = line.removeprefix("$ ").split("  #")[0].strip()
            if said.startswith("iprkit ") and page.name != "commands.md":
                yield said.split(" | ")[0].split(" > ")[0]


def _understand(words: list[str]) -> None:
    """Parses as ``iprkit`` would, without doing anything; click raises where it is not understood."""
    command: click.Command = main
    context, name = click.Context(main, info_name="iprkit", **main.context_settings), "iprkit"
    while isinstance(command, click.Group):
        _, words, _ = command.make_parser(context).parse_args(words)
        assert words, f"{name} needs a command"
        inner = command.get_command(context, words[0])
        assert inner is not None, f"{name} has no command {words[0]}"
        command, name, words = inner, f"{name} {words[0]}", words[1:]
        context = click.Context(command, info_name=name, parent=context)
    command.make_context(name, words, parent=context.parent)
