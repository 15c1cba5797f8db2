"""How far long work is: a bar with the time left on a terminal, a calm line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from iprkit.progress import Listener, Step

EVERY_PERCENT = 10


@contextmanager
def shown(stream: TextIO | None = None) -> Iterator[Listener]:
    """A listener that draws on standard error while the block runs."""
    target = stream or sys.stderr
    console = Console(file=target)
    if not console.is_terminal:
        yield _Lines(target)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        yield _Bars(progress)


class _Bars:
    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.tasks: dict[tuple[str, str], TaskID] = {}

    def __call__(self, step: Step) -> None:
        name = (step.subject, step.name)
        if name not in self.tasks:
            self.tasks[name] = self.progress.add_task(f"{step.subject} {step.name}", total=step.total)
        self.progress.update(self.tasks[name], completed=step.done, total=step.total)


class _Lines:
    """One line at the first report past each tenth."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.told: dict[tuple[str, str], int] = {}

    def __call__(self, step: Step) -> None:
        name = (step.subject, step.name)
        percent = round(100 * step.done / step.total) if step.total else 100
        tenth = min(percent, 100) // EVERY_PERCENT
        if tenth > self.told.get(name, 0):
            self.told[name] = tenth
            click.echo(f"{step.subject} {step.name} {min(percent, 100)} %", file=self.stream)
