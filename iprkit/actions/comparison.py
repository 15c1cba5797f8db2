"""Coders side by side along a session: where they say the same, where they differ, and what was settled about it."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from iprkit.actions.adjudications import Difference, differing_in, settled_in
from iprkit.coding import Adjudication, Coding
from iprkit.database import recall_queries
from iprkit.database.blindness import sight_of
from iprkit.database.codebooks import codebook_row
from iprkit.database.codings import Grounds
from iprkit.database.connect import Study
from iprkit.database.filed_codings import filed_codings
from iprkit.errors import Conflict
from iprkit.timeline import Span


@dataclass(frozen=True)
class Stretch:
    """A stretch of the session on which nothing changes, and whether everybody says the same of it."""

    span: Span
    agree: bool


@dataclass(frozen=True)
class Compared:
    """A session as its coders see it; ``differences`` are the targets that were coded differently."""

    session: str
    codebook: str
    round: str | None
    coders: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    differences: tuple[Difference, ...]
    settled: tuple[Adjudication, ...]


def compare(study: Study, session: str, codebook: str, round_name: str | None = None) -> Compared:
    """The coders of a session with one codebook side by side.

    Raises NotFound, InvalidInput for an interview's key, Conflict while it is coded blind in an open assignment.
    """
    with study.read() as db:
        place, book = recall_queries.session(db, session), codebook_row(db, codebook)
        grounds, sight = Grounds(db), sight_of(db, study.author)
        hidden = sight.sealed_at(book.id, place.id, Span(0, max(place.duration_ms, 1)))
        if hidden is not None:
            raise Conflict(f"{session} is coded blind in {hidden}; coders are compared once all have submitted")
        filed = (one for one in filed_codings(grounds, place) if one.codebook_id == book.id)
        found = [one.coding for one in filed if sight.coding(one)]
        settled = settled_in(grounds, sight, book.id, place.id)
        differing = differing_in(db, found, settled, round_name)
    chosen = [one for one in found if round_name in (None, one.round)]
    coders = tuple(sorted({one.coder for one in chosen}, key=str.casefold))
    return Compared(
        session=session,
        codebook=codebook,
        round=round_name,
        coders=coders,
        stretches=tuple(stretches(chosen, coders)),
        differences=tuple(differing),
        settled=tuple(settled),
    )


def stretches(codings: Sequence[Coding], coders: Sequence[str]) -> list[Stretch]:
    """The stretches between all beginnings and ends of codings that anybody coded.

    ::

        anna     |== push ==|
        ben           |===== push =====|
                 |diff| same|   diff   |
    """
    lasting = [(one.anchor.span, one) for one in codings if one.anchor.span.duration_ms]
    edges = sorted({ms for one in codings for ms in (one.anchor.span.start_ms, one.anchor.span.end_ms)})
    beginning = deque(sorted(lasting, key=lambda pair: pair[0].start_ms))
    out: list[Stretch] = []
    there: list[tuple[Span, Coding]] = []
    for start_ms, end_ms in itertools.pairwise(edges):
        there = [pair for pair in there if pair[0].end_ms > start_ms]
        while beginning and beginning[0][0].start_ms <= start_ms:
            there.append(beginning.popleft())
        if there:
            out.append(Stretch(Span(start_ms, end_ms), _agree([one for _, one in there], len(coders))))
    return out


def _agree(there: Sequence[Coding], coders: int) -> bool:
    said: dict[str, set[tuple[str, float | None]]] = {}
    for one in there:
        said.setdefault(one.coder, set()).add((one.code, one.rating))
    first, *others = said.values()
    return len(said) == coders and all(one == first for one in others)
