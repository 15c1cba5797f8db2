"""Coders side by side along a session: where they say the same, where they differ, and what was settled about it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from iprkit.actions.adjudications import Difference, Given, differences
from iprkit.coding import Adjudication, Coding
from iprkit.database import coding_queries, recall_queries
from iprkit.database.blindness import sight_of
from iprkit.database.codebooks import codebook_row
from iprkit.database.codings import Grounds, load_adjudication, load_coding
from iprkit.database.connect import Study
from iprkit.errors import Conflict
from iprkit.timeline import Span


@dataclass(frozen=True)
class Stretch:
    """A stretch of the session on which nothing changes, what everybody says of it, and whether that is the same."""

    span: Span
    given: tuple[Given, ...]
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
        rows = coding_queries.codings(db, book.id, [place.id])
        found = [load_coding(grounds, row) for row in rows if sight.coding(row)]
        settled = [load_adjudication(grounds, r) for r in coding_queries.adjudications(db) if sight.adjudication(r)]
    chosen = [one for one in found if round_name in (None, one.round)]
    coders = tuple(sorted({one.coder for one in chosen}, key=str.casefold))
    differing = differences(study, codebook, round_name)
    return Compared(
        session=session,
        codebook=codebook,
        round=round_name,
        coders=coders,
        stretches=tuple(stretches(chosen, coders)),
        differences=tuple(one for one in differing if one.anchor.target.place == session),
        settled=tuple(s for s in settled if s.codebook == codebook and s.anchor.target.place == session),
    )


def stretches(codings: Sequence[Coding], coders: Sequence[str]) -> list[Stretch]:
    """The stretches between all beginnings and ends of codings that anybody coded.

    ::

        anna     |== push ==|
        ben           |===== push =====|
                 |diff| same|   diff   |
    """
    edges = sorted({ms for one in codings for ms in (one.anchor.span.start_ms, one.anchor.span.end_ms)})
    out: list[Stretch] = []
    beginning = sorted(codings, key=lambda one: one.anchor.span.start_ms)
    active: list[Coding] = []
    for start_ms, end_ms in itertools.pairwise(edges):
        active = [one for one in active if one.anchor.span.end_ms > start_ms]
        while beginning and beginning[0].anchor.span.start_ms <= start_ms:
            active.append(beginning.pop(0))
        there = [one for one in active if one.anchor.span.duration_ms]
        if there:
            given = tuple(Given(coder, _codes(there, coder)) for coder in coders)
            out.append(Stretch(Span(start_ms, end_ms), given, len({one.codes for one in given}) == 1))
    return out


def _codes(there: Sequence[Coding], coder: str) -> tuple[tuple[str, float | None], ...]:
    return tuple(sorted({(one.code, one.rating) for one in there if one.coder == coder}, key=_order))


def _order(given: tuple[str, float | None]) -> tuple[str, float]:
    code, rating = given
    return code, -math.inf if rating is None else rating
