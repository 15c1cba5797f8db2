"""How far coders agree: figures, confusions and differences, of a table or an event list that lies beside the study."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from iprkit.actions.handed_out import handed_out
from iprkit.agreement.bootstrap import Bootstrap
from iprkit.agreement.method import Method
from iprkit.agreement.ratings import Level
from iprkit.agreement.report import Report, report_on_ratings, report_on_timelines
from iprkit.agreement.result import Agreement
from iprkit.errors import FormatError, InvalidInput
from iprkit.formats.agreement_table import write_agreement
from iprkit.formats.event_table import read_events
from iprkit.formats.ratings_table import read_ratings

Read = TypeVar("Read")


def agree_on_table(
    file: Path, level: Level, method: Method, coders: Sequence[str] = (), cluster: str | None = None
) -> Report:
    """How far the coders of a ratings table agree: units in rows, named in the first column, coders in columns.

    ``coders`` chooses some of them; ``cluster`` names a column of what is drawn as a whole for intervals. Raises
    FormatError naming file and line, OSError where the file cannot be read.
    """
    read = _read(file, lambda data: read_ratings(data, level, coders, cluster))
    report = report_on_ratings(read.ratings, method)
    return replace(report, notes=read.notes + report.notes)


def agree_on_events(file: Path, duration_ms: int, method: Method, coders: Sequence[str] = ()) -> Report:
    """How far the coders of an event list agree on one time line of ``duration_ms``.

    ``coders`` are those who watched, also where they saw nothing. Raises as `agree_on_table` does.
    """
    read = _read(file, lambda data: read_events(data, duration_ms, coders))
    report = report_on_timelines([read.line], method)
    return replace(report, notes=read.notes + report.notes)


def method(draws: int, seed: int, **chosen: Any) -> Method:
    """What was chosen for the figures; no ``draws``, no intervals. Raises InvalidInput for what cannot be meant."""
    try:
        return Method(Bootstrap(draws, seed) if draws else None, **chosen)
    except ValueError as e:
        raise InvalidInput(str(e)) from e


def write_figures(figures: Sequence[Agreement], to: Path) -> None:
    """Figures as a CSV file. Raises InvalidInput where there is no such folder, StorageFull."""
    with handed_out(to) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        write_agreement(figures, text)
        text.detach()


def _read(file: Path, reader: Callable[[bytes], Read]) -> Read:
    try:
        return reader(file.read_bytes())
    except FormatError as e:
        raise FormatError(f"{file.name}: {e}") from e
