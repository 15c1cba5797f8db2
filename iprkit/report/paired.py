"""Client and therapist at the same moment: what was said in the session beside what each of them recalled of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iprkit.timeline import Span, clock


@dataclass(frozen=True)
class Quotation:
    """Something that somebody said, under the key by which a paper cites it."""

    key: str
    text: str
    prompt: str | None = None


@dataclass(frozen=True)
class Said:
    """A turn of the session, or the part of it that lies in the moment; ``key`` is the first segment's."""

    speaker: str
    text: str
    key: str


@dataclass(frozen=True)
class PairedMoment:
    """One row: the moment, the session's excerpt, and by perspective the comments that belong to it.

    ``codes`` are what coders gave to a stretch in it, as in ``warmth: anna 4, ben 3``.
    """

    key: str
    span: Span
    source: str
    label: str | None
    memos: tuple[str, ...]
    excerpt: tuple[Said, ...]
    recalls: dict[str, tuple[Quotation, ...]]
    codes: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands under the row's head: the memos, and the codes in one line."""
        return (*self.memos, *([f"Coded: {'; '.join(self.codes)}"] if self.codes else []))

    @property
    def times(self) -> str:
        """``0:39.7 to 1:00.8``"""
        return f"{clock(self.span.start_ms)} to {clock(self.span.end_ms)}"


@dataclass(frozen=True)
class PairedTable:
    """The moments of a session in order; ``notes`` are sentences for its foot, such as what was left out.

    ``perspectives`` are the columns, as ``("client", "therapist")``.
    """

    session: str
    perspectives: tuple[str, ...]
    moments: tuple[PairedMoment, ...]
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"Moments of session {self.session}"

    @property
    def heads(self) -> tuple[str, ...]:
        """What stands over the columns of text."""
        return ("Session", *(f"{one.capitalize()}'s recall" for one in self.perspectives))


def head_of(moment: PairedMoment) -> Iterator[str]:
    """What a row says of itself, in the order in which it is printed."""
    yield moment.key
    yield moment.times
    yield {"both": "client and therapist"}.get(moment.source, moment.source)
    if moment.label:
        yield moment.label
