"""Stretches of a recording's clock, in whole milliseconds, and the arithmetic that everything else is built on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Span:
    """A half-open stretch of time: ``start_ms`` belongs to it, ``end_ms`` does not.

    ::

        start_ms          end_ms
           |=================|
           in               out

    Raises ValueError where the end lies before the start, TypeError where a time is not a whole number.

    >>> Span(0, 1500) & Span(1000, 4000)
    Span(start_ms=1000, end_ms=1500)
    >>> Span(0, 1500).overlap_ms(Span(2000, 3000))
    0
    """

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if type(self.start_ms) is type(self.end_ms) is int and self.start_ms <= self.end_ms:
            return  # nearly always; a long session makes many thousands
        for name in ("start_ms", "end_ms"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool):
                raise TypeError(f"{name} is {value!r}; times are whole milliseconds")
        if self.end_ms < self.start_ms:
            raise ValueError(f"span ends at {self.end_ms} ms, before its start at {self.start_ms} ms")

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def middle_ms(self) -> int:
        return (self.start_ms + self.end_ms) // 2

    def __contains__(self, ms: int) -> bool:
        return self.start_ms <= ms < self.end_ms

    def __and__(self, other: Span) -> Span | None:
        """The stretch that both share, or None."""
        start, end = max(self.start_ms, other.start_ms), min(self.end_ms, other.end_ms)
        return Span(start, end) if start < end else None

    def __or__(self, other: Span) -> Span:
        """The shortest span that covers both."""
        return Span(min(self.start_ms, other.start_ms), max(self.end_ms, other.end_ms))

    def overlap_ms(self, other: Span) -> int:
        shared = self & other
        return shared.duration_ms if shared else 0

    def gap_ms(self, other: Span) -> int:
        """Milliseconds between the two, 0 where they touch or overlap."""
        return max(0, other.start_ms - self.end_ms, self.start_ms - other.end_ms)

    def shift(self, by_ms: int) -> Span:
        return Span(self.start_ms + by_ms, self.end_ms + by_ms)

    def widen(self, by_ms: int, within: Span) -> Span:
        """Grown by ``by_ms`` on both sides, kept inside ``within``."""
        start, end = max(within.start_ms, self.start_ms - by_ms), min(within.end_ms, self.end_ms + by_ms)
        return Span(start, end)


def merge(spans: Iterable[Span], gap_ms: int = 0) -> list[Span]:
    """The spans in order, those no more than ``gap_ms`` apart joined into one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start_ms - out[-1].end_ms <= gap_ms:
            out[-1] |= span
        else:
            out.append(span)
    return out


def gaps(spans: Iterable[Span], within: Span) -> Iterator[Span]:
    """What ``spans`` leave uncovered of ``within``, in order."""
    at = within.start_ms
    for span in merge(spans):
        if span.start_ms > at:
            yield Span(at, min(span.start_ms, within.end_ms))
        at = max(at, span.end_ms)
        if at >= within.end_ms:
            return
    if at < within.end_ms:
        yield Span(at, within.end_ms)


def covered_ms(spans: Iterable[Span], within: Span) -> int:
    """How much of ``within`` the spans cover, overlaps counted once."""
    return sum(span.overlap_ms(within) for span in merge(spans))


def clock(ms: int) -> str:
    """A time as people read it: ``0:07.3``, ``12:40.0``, ``1:02:03.5``.

    >>> clock(3723500)
    '1:02:03.5'
    """
    tenths = round(ms / 100)
    hours, rest = divmod(tenths, 36000)
    minutes, rest = divmod(rest, 600)
    seconds = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"
