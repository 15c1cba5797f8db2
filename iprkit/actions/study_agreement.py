"""How far the coders of a study agree: their codings matched unit by unit or along time, and everything told of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session as Db

from iprkit.agreement.coded import Coded, Unit, placed
from iprkit.agreement.coded_report import Choice, report_on_codings, report_on_time
from iprkit.agreement.disagreements import Disagreement
from iprkit.agreement.method import Method
from iprkit.agreement.report import Report
from iprkit.anchors import Ground, standing, units
from iprkit.codebook import Codebook
from iprkit.coding import WINDOW_RULE, Anchor, Coding
from iprkit.database import codebook_queries, coding_queries, queries
from iprkit.database.blindness import Sight, sight_of
from iprkit.database.codebook_models import CodebookRow
from iprkit.database.codebooks import codebook_row
from iprkit.database.coding_models import AssignmentRow
from iprkit.database.codings import Grounds, anchor_of
from iprkit.database.connect import Study
from iprkit.database.filed_codings import Filed, filed_codings
from iprkit.database.models import Conversation
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.timeline import Span, clock

TIME = "time"
UNITS = ("segment", "turn", "window", "moment", "comment", "session", TIME)
_ON_TIME = ("words", "thought_unit", "silence", "span")


@dataclass(frozen=True)
class Comparison:
    """What is compared: a codebook, in a round, by these coders (all where there are none), in this unit.

    ``session``: only there, None for all.

    ``unit`` is the codebook's where it is None, one of ``UNITS`` else. ``fill``: ratings that were not given count as
    no evidence, on scales that have it.
    """

    codebook: str | None = None
    round: str | None = None
    coders: tuple[str, ...] = ()
    unit: str | None = None
    fill: bool = True
    session: str | None = None


@dataclass(frozen=True)
class _Material:
    """What was read of the study before anything is computed."""

    book: Codebook
    round: str | None
    coders: tuple[str, ...]
    codings: tuple[Coding, ...]
    units: dict[str, tuple[Unit, ...]]
    grounds: dict[str, Ground]
    notes: tuple[str, ...]


def agree_on_codings(study: Study, comparison: Comparison, method: Method) -> Report:
    """How far coders agree on what they coded. What an open blind assignment hides is left out, and told.

    Raises NotFound, InvalidInput where it must be said what is compared, Conflict where all of it is hidden yet.
    """
    with study.read() as db:
        material = _read(db, study.author, comparison)
    reports = [_report(material, kind, comparison, method) for kind in material.units]
    joined = reports[0]
    for other in reports[1:]:
        joined = _joined(joined, other)
    return replace(joined, coders=material.coders, notes=material.notes + joined.notes)


def _read(db: Db, author: str, wanted: Comparison) -> _Material:
    row = codebook_row(db, wanted.codebook) if wanted.codebook else _only_codebook(db)
    grounds, sight = Grounds(db), sight_of(db, author)
    chosen = None if wanted.session is None else queries.conversation(db, wanted.session).id
    coded = coding_queries.coded_conversations(db, wanted.session)
    filed = [one for place in coded if chosen in (None, place.id) for one in filed_codings(grounds, place)]
    rows = [one for one in filed if one.codebook_id == row.id and not _is_sealed(sight, row, one)]
    found = [one.coding for one in rows]
    scope = _Scope(db, grounds, sight, row, _round(found, wanted))
    found = [one for one in found if one.round == scope.round]
    watching = scope.watching(found)
    known = {name.casefold() for name in wanted.coders}
    everybody = sorted({name for names in watching.values() for name in names}, key=str.casefold)
    coders = tuple(name for name in everybody if not known or name.casefold() in known)
    _check_coders(coders, wanted, scope)
    found = [one for one in found if one.coder in coders]
    touched = {one.conversation_id for one in rows}
    places = {one.key: one for one in coded if one.id in touched}
    drawn = {}
    for kind in _kinds(grounds.book(row), found, wanted):
        met = scope.units(kind, list(places.values()), watching, frozenset(coders))
        drawn[kind] = tuple(unit for unit in met if wanted.session in (None, unit.session))
        if not drawn[kind]:
            raise NotFound(f"there is no {kind} that two of {', '.join(coders)} were to code with {row.name}")
    told = {key: grounds.of(place) for key, place in places.items()}
    return _Material(
        grounds.book(row), scope.round, coders, tuple(found), drawn, told, tuple(_notes(scope, found, drawn))
    )


@dataclass(frozen=True)
class _Scope:
    """Where the material comes from: the codebook, the round, and what the asker may see."""

    db: Db
    grounds: Grounds
    sight: Sight
    row: CodebookRow
    round: str | None

    @property
    def hidden(self) -> list[str]:
        """The open blind assignments with this codebook."""
        return [seal.assignment for seal in self.sight.seals if seal.codebook_id == self.row.id]

    def watching(self, found: Sequence[Coding]) -> dict[str, frozenset[str]]:
        """By unit of an assignment, and by session: who was to code it."""
        seen: dict[str, set[str]] = {}
        for one in found:
            seen.setdefault(one.anchor.target.place, set()).add(one.coder)
        for assignment in self._assignments():
            done = {one.coder.name for one in assignment.coders if one.submitted_at or not assignment.blind}
            for _, anchor in self._anchors(assignment):
                seen.setdefault(f"{assignment.unit} {anchor.target.key}", set()).update(done)
        return {key: frozenset(names) for key, names in seen.items()}

    def units(
        self, kind: str, places: Sequence[Conversation], watching: dict[str, frozenset[str]], coders: frozenset[str]
    ) -> Iterator[Unit]:
        """The units that two coders or more were to code: those of assignments, else all of the sessions coded."""
        name = "session" if kind == TIME else kind
        assigned = [one for row in self._assignments() if row.unit == name for one in self._anchors(row)]
        drawn = assigned or [(one, anchor) for one in places for anchor in self._all(name, one)]
        seen: set[str] = set()
        for conversation, anchor in drawn:
            key = anchor.target.key
            those = coders & (watching.get(f"{name} {key}") or watching.get(conversation.key, frozenset()))
            sealed = self.sight.sealed_at(self.row.id, conversation.id, anchor.span)
            if key not in seen and len(those) > 1 and sealed is None:
                seen.add(key)
                yield Unit(key, conversation.key, conversation.dyad.key, anchor.span, anchor.quote, those)

    def _assignments(self) -> list[AssignmentRow]:
        return [
            one
            for one in coding_queries.assignments(self.db)
            if one.codebook_id == self.row.id and one.round.name == self.round and one.open
        ]

    def _anchors(self, assignment: AssignmentRow) -> Iterator[tuple[Conversation, Anchor]]:
        for unit in assignment.units:
            yield unit.conversation, standing(anchor_of(unit), self.grounds.of(unit.conversation))[0]

    def _all(self, kind: str, conversation: Conversation) -> Iterator[Anchor]:
        name, window_ms = self.row.name, self.row.window_ms
        if kind == "window" and window_ms is None:
            raise InvalidInput(
                f"{name} says nothing of windows; set them with: iprkit codebook edit {name} --unit window "
                "--window 1:00"
            )
        yield from units(kind, self.grounds.of(conversation), window_ms)


def _report(material: _Material, kind: str, wanted: Comparison, method: Method) -> Report:
    book, those = material.book, material.units[kind]
    codes = tuple(
        code.key for code in book.codes if code.codable and not code.merged_into
        and (wanted.unit is not None or _compared_as(book, code.key) == kind)
    )  # fmt: skip
    choice = Choice(book, codes, wanted.fill)
    chosen = [one for one in material.codings if one.code in codes]
    if kind == TIME:
        report = report_on_time(those, chosen, choice, method)
        return replace(report, disagreements=tuple(_quoted(one, material.grounds) for one in report.disagreements))
    by_key = all(one.anchor.target.kind == kind for one in chosen)
    said = placed(those, chosen, by_key)
    coded = Coded(book.name, kind, material.coders, those, said, {"round": material.round or "none"})
    return report_on_codings(coded, choice, method)


def _joined(one: Report, other: Report) -> Report:
    return Report(
        coders=one.coders,
        figures=one.figures + other.figures,
        pairs=one.pairs + other.pairs,
        confusions=one.confusions + other.confusions,
        disagreements=one.disagreements + other.disagreements,
        offsets=one.offsets + other.offsets,
        notes=tuple(dict.fromkeys(one.notes + other.notes)),
    )


def _only_codebook(db: Db) -> CodebookRow:
    used = coding_queries.codebooks_used(db)
    rows = [row for row in codebook_queries.pinned_codebooks(db) if row.id in used]
    if len(rows) != 1:
        names = ", ".join(row.name for row in rows) or "none has codings"
        raise InvalidInput(f"say which codebook is compared with --codebook NAME ({names})")
    return rows[0]


def _is_sealed(sight: Sight, row: CodebookRow, one: Filed) -> bool:
    """Also one's own: agreement with what one may not see yet would tell it."""
    span = Span(one.start_ms, one.end_ms)
    return not sight.coding(one) or sight.sealed_at(row.id, one.conversation_id, span) is not None


def _round(found: Sequence[Coding], wanted: Comparison) -> str | None:
    rounds = list(dict.fromkeys(one.round for one in found))
    if wanted.round is not None:
        if wanted.round not in rounds:
            known = ", ".join(name or "none" for name in rounds) or "there is nothing to compare yet"
            raise NotFound(f"no codings that may be compared are of round {wanted.round} ({known})")
        return wanted.round
    if len(rounds) > 1:
        raise InvalidInput(f"codings are of several rounds; choose with --round: {', '.join(r or '-' for r in rounds)}")
    return rounds[0] if rounds else None


def _check_coders(coders: tuple[str, ...], wanted: Comparison, scope: _Scope) -> None:
    row = scope.row
    if len(coders) < 2 and scope.hidden:
        raise Conflict(
            f"{', '.join(scope.hidden)} is coded blind with {row.name}; agreement is told once all have submitted"
        )
    for name in wanted.coders:
        if name.casefold() not in {one.casefold() for one in coders}:
            raise NotFound(f"{name} coded nothing with {row.name} that may be compared; see: iprkit code list")
    if len(coders) < 2:
        who = coders[0] if coders else "nobody"
        raise InvalidInput(f"only {who} coded with {row.name} there; agreement takes two coders")


def _compared_as(book: Codebook, key: str) -> str:
    unit = book.applied(key).unit or "segment"
    return TIME if unit in _ON_TIME else unit


def _kinds(book: Codebook, found: Sequence[Coding], wanted: Comparison) -> list[str]:
    if wanted.unit is not None:
        return [wanted.unit]
    used = dict.fromkeys(one.code for one in found)
    return list(dict.fromkeys(_compared_as(book, key) for key in used)) or ["segment"]


def _notes(scope: _Scope, found: Sequence[Coding], drawn: dict[str, tuple[Unit, ...]]) -> Iterator[str]:
    row = scope.row
    yield f"codebook {row.name}, version {row.version}, {f'round {scope.round}' if scope.round else 'no round'}"
    for kind, those in drawn.items():
        sessions = len({unit.session for unit in those})
        name = f"window of {clock(row.window_ms or 0)}; {WINDOW_RULE}" if kind == "window" else kind
        unit = "the whole time" if kind == TIME else f"{len(those)} units ({name})"
        yield f"compared: {unit} of {sessions} sessions, as far as at least two coders were to code them"
    if any(one.about for one in found):
        yield "about whom a code is said is not compared"
    moved = sum(one.moved is not None for one in found)
    if moved:
        yield f"{moved} codings stand on words that changed since; see: iprkit code list --moved"
    if scope.hidden:
        yield f"left out, as not all have submitted: {', '.join(scope.hidden)}"


def _quoted(one: Disagreement, grounds: dict[str, Ground]) -> Disagreement:
    ground = grounds.get(one.session or "")
    if ground is None or one.start_ms is None or one.end_ms is None:
        return one
    words = (ground.words[place].text for place in ground.within(Span(one.start_ms, one.end_ms)))
    return replace(one, quote=" ".join(words))
