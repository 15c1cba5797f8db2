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
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCE = re.compile(r"^```(?:console|sh)?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_command_reference_is_what_the_commands_say() -> None:
    command = [sys.executable, "-m", "cogapp", "--check", "--diff", "docs/commands.md", "docs/formats.md"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, f"{checked.stdout}\nrenew it with: python -m cogapp -r docs/commands.md docs/formats.md"


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
    context = main.make_context("iprkit", list(words), resilient_parsing=False)
    while isinstance(command, click.Group):
        left = [*context.protected_args, *context.args] if hasattr(context, "protected_args") else context.args
        name, inner, rest = command.resolve_command(context, list(left))
        assert inner is not None, words
        command = inner
        context = inner.make_context(name, list(rest), parent=context)
