"""Times as people read them off a transcript: ``0:07.3``, ``12:40``, ``1:02:03.5``."""

from __future__ import annotations

import re

import click

from iprkit.timeline import Span

_CLOCK = re.compile(
    r"(?:(?P<hours>\d{1,3}):(?=\d\d:))?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)(?:\.(?P<rest>\d{1,3}))?"
)


def as_ms(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """An option's callback: its time on a conversation's clock in whole milliseconds, None where it was not given."""
    if value is None:
        return None
    try:
        return ms_of(value)
    except ValueError as e:
        raise click.BadParameter(str(e), ctx, param) from e


def ms_of(text: str) -> int:
    """A time on a clock in whole milliseconds. Raises ValueError for what is no time."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no time; write minutes:seconds as in 12:40.5, or 1:02:03.5")
    minutes = int(found["hours"] or 0) * 60 + int(found["minutes"])
    return (minutes * 60 + int(found["seconds"])) * 1000 + int((found["rest"] or "").ljust(3, "0"))


def span_of(start_ms: int | None, end_ms: int | None) -> Span | None:
    """The stretch that ``--from`` and ``--to`` name; None where neither was given. Raises click.UsageError."""
    if start_ms is None and end_ms is None:
        return None
    if start_ms is None or end_ms is None:
        raise click.UsageError("a stretch needs both --from and --to")
    if end_ms <= start_ms:
        raise click.UsageError("--to must be later than --from")
    return Span(start_ms, end_ms)
