"""Who may see which codings: in an open blind assignment nobody sees another's until all have submitted.

The asker is the person in whose name a command runs. Whoever is a coder of the assignment sees nothing of the others
on its units, in whatever round it was coded, nor what was settled there; everybody else sees nothing that was coded
since the assignment was made. ::

    coder of it      own codings                        all others' on its units: hidden
    somebody else    codings from before                those since, or of its round: hidden
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from sqlalchemy.orm import Session as Db

from iprkit.database import codebook_queries, coding_queries
from iprkit.database.codebook_queries import Uses
from iprkit.database.coding_models import AdjudicationRow, AssignmentRow, CodingRow
from iprkit.database.kept import kept
from iprkit.database.models import JournalEntry, JournalRow
from iprkit.database.withdrawals import withdrawn_interviews
from iprkit.timeline import Span


class Coded(Protocol):
    """What of a coding decides who may see it, and nothing else."""

    @property
    def coder_id(self) -> str: ...
    @property
    def codebook_id(self) -> str: ...
    @property
    def round_id(self) -> str | None: ...
    @property
    def made_at(self) -> str: ...
    @property
    def conversation_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def start_ms(self) -> int: ...
    @property
    def end_ms(self) -> int: ...


@dataclass(frozen=True)
class Seal:
    """What a blind assignment hides until it is ``open``: codings by its coders, with its codebook, on its units.

    ``submitted`` are those of its coders whose part is locked.
    """

    assignment: str
    codebook_id: str
    round_id: str
    round: str
    coder_ids: frozenset[str]
    submitted: frozenset[str]
    open: bool
    since: str
    spans: Mapping[str, tuple[Span, ...]]

    def covers(self, codebook_id: str, conversation_id: str, span: Span) -> bool:
        """Whether a stretch coded with a codebook touches a unit of the assignment."""
        if codebook_id != self.codebook_id or conversation_id not in self.spans:
            return False
        spans = self.spans[conversation_id]
        first = bisect_left(spans, span.start_ms, key=lambda one: one.end_ms)
        last = bisect_left(spans, span.end_ms + 1, key=lambda one: one.start_ms)
        return any(_touch(one, span) for one in spans[first:last])


_ASSIGNED = frozenset({"assignment", "assignment_coder", "assignment_unit"})


@dataclass(frozen=True)
class Sight:
    """What one person may see; ``coder_id`` is None for somebody who does not code.

    ``withdrawn`` are the interviews whose participants withdrew, by id their keys: nobody sees what was coded of them.
    """

    coder_id: str | None
    seals: tuple[Seal, ...]
    withdrawn: Mapping[str, str] = field(default_factory=dict)

    @property
    def blind_in(self) -> tuple[str, ...]:
        """The open blind assignments in which the asker codes."""
        return tuple(seal.assignment for seal in self.seals if self.coder_id in seal.coder_ids)

    def coding(self, row: Coded) -> bool:
        """Whether a coding may be seen."""
        if self.withdrawn and self._took_back(row):
            return False
        return not self.seals or row.coder_id == self.coder_id or not any(self._hides(one, row) for one in self.seals)

    def adjudication(self, row: AdjudicationRow) -> bool:
        """Whether what was settled may be seen: not by coders who are to code these units yet."""
        span = Span(row.start_ms, row.end_ms)
        return not self._took_back(row) and not any(
            self.coder_id in seal.coder_ids and seal.covers(row.codebook_id, row.conversation_id, span)
            for seal in self.seals
        )

    def sealed_at(self, codebook_id: str, conversation_id: str, span: Span) -> str | None:
        """The open blind assignment that a stretch is to be coded in, None where it is in none."""
        covering = (s.assignment for s in self.seals if s.covers(codebook_id, conversation_id, span))
        return next(covering, None)

    def _took_back(self, row: Coded | AdjudicationRow) -> bool:
        """Whether it is about an interview, or a comment in one, whose participant withdrew."""
        if not self.withdrawn:
            return False
        return row.conversation_id in self.withdrawn or (row.kind == "comment" and row.target.startswith(self._taken))

    @cached_property
    def _taken(self) -> tuple[str, ...]:
        """How the keys of comments begin that were taken back."""
        return tuple(f"{key}-K" for key in self.withdrawn.values())

    def _hides(self, seal: Seal, row: Coded) -> bool:
        if row.coder_id not in seal.coder_ids:
            return False
        if not seal.covers(row.codebook_id, row.conversation_id, Span(row.start_ms, row.end_ms)):
            return False
        return self.coder_id in seal.coder_ids or row.round_id == seal.round_id or row.made_at >= seal.since


def sight_of(db: Db, asker: str) -> Sight:
    """What the person of a name may see now."""
    closed = tuple(seal for seal in seals(db) if not seal.open)
    return Sight(coder_id_of(db, asker), closed, kept(db, "withdrawn", lambda: withdrawn_interviews(db)))


def coder_id_of(db: Db, name: str) -> str | None:
    """The id of the coder of a name, whatever its capitals; None for somebody who does not code."""

    def by_name() -> dict[str, str]:
        return {row.folded: row.id for row in coding_queries.all_coders(db)}

    return kept(db, "coders", by_name, of="coder".__eq__).get(name.strip().casefold())


def seals(db: Db) -> tuple[Seal, ...]:
    """What each assignment hides while it is not open, and locks once it is submitted, by key."""
    return kept(db, "seals", lambda: tuple(map(seal_of, coding_queries.assignments(db))), of=_ASSIGNED.__contains__)


def seen_uses(db: Db, codebook: str, asker: str) -> Uses:
    """What every code of a codebook touches, as ``codebook_queries.uses_of_codes``, without what the asker may not see.

    Counts would tell as well: a code with one coding more than one's own was given by somebody else.
    """
    uses, sight = codebook_queries.uses_of_codes(db, codebook), sight_of(db, asker)
    row = codebook_queries.find_codebook(db, codebook)
    if row is None or not any(seal.codebook_id == row.id for seal in sight.seals):
        return uses
    hidden = [coding.code.key for coding in coding_queries.codings(db, row.id) if not sight.coding(coding)]
    for key in hidden:
        uses[key]["coding"] -= 1
    settled = [one for one in coding_queries.adjudications(db) if one.codebook_id == row.id and one.code is not None]
    for one in settled:
        if one.code is not None and not sight.adjudication(one):
            uses[one.code.key]["adjudication"] -= 1
    kept = {key: {kind: count for kind, count in counts.items() if count} for key, counts in uses.items()}
    return {key: counts for key, counts in kept.items() if counts}


def seen_entries(db: Db, entries: Sequence[JournalEntry], sight: Sight) -> list[JournalEntry]:
    """The entries of the journal that a person may read: a blind coder none about others' codings or settlements."""
    if not sight.blind_in:
        return list(entries)
    rows = coding_queries.entries_on_codings(db, [entry.id for entry in entries])
    known = coding_queries.codings_by_id(db, [row.row_id for row in rows])
    foreign = {row.entry_id for row in rows if _coder_id(row, known) != sight.coder_id}
    return [entry for entry in entries if entry.id not in foreign]


def seal_of(row: AssignmentRow) -> Seal:
    """What an assignment hides while it is not open, and locks once it is submitted."""
    spans: dict[str, list[Span]] = {}
    for unit in row.units:
        spans.setdefault(unit.conversation_id, []).append(Span(unit.start_ms, unit.end_ms))
    coders = frozenset(one.coder_id for one in row.coders)
    done = frozenset(one.coder_id for one in row.coders if one.submitted_at)
    widest = {key: tuple(_widest(each)) for key, each in spans.items()}
    return Seal(
        assignment=row.key,
        codebook_id=row.codebook_id,
        round_id=row.round_id,
        round=row.round.name,
        coder_ids=coders,
        submitted=done,
        open=row.open,
        since=row.made_at,
        spans=widest,
    )


def _widest(spans: Iterable[Span]) -> list[Span]:
    """The spans without those that lie inside another one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start_ms, -one.end_ms)):
        if not kept or span.end_ms > kept[-1].end_ms:
            kept.append(span)
    return kept


def _touch(one: Span, other: Span) -> bool:
    """Whether they share time; a stretch of no length where it lies in the other."""
    return one.overlap_ms(other) > 0 or other.start_ms in one or one.start_ms in other


def _coder_id(row: JournalRow, known: Mapping[str, CodingRow]) -> str | None:
    """Whose coding a row of the journal is about; None where that cannot be told, as of an adjudication."""
    for values in (row.after, row.before):
        if values and "coder_id" in values:
            return str(values["coder_id"])
    coding = known.get(row.row_id)
    return coding.coder_id if coding else None
