"""Assignments: units drawn for several coders, coded apart, submitted for good, and then shown to everybody."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session as Db

from iprkit.anchors import units
from iprkit.codebook import Codebook
from iprkit.coding import PURPOSES, WINDOW_RULE, Anchor, Assignment
from iprkit.coding_rules import check_kind
from iprkit.database import coding_queries, queries
from iprkit.database.blindness import Coded, Sight, sight_of
from iprkit.database.codebook_models import CodebookRow
from iprkit.database.codebooks import codebook_row
from iprkit.database.coding_models import AssignmentCoder, AssignmentRow, AssignmentUnit, CoderRow
from iprkit.database.codings import Grounds, coder_row, load_assignment, next_key, put, round_row
from iprkit.database.connect import Study
from iprkit.database.filed_codings import Filed, filed_codings
from iprkit.database.journal import now
from iprkit.database.models import Conversation
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.sampling import stratified
from iprkit.timeline import Span, clock, merge
from iprkit.wording import tidy_line

STRATA = ("session", "dyad", "speaker", "none")
MARKED = ("moment", "comment", "session", "segment", "turn", "window")


@dataclass(frozen=True)
class Plan:
    """What is to be coded, by whom and how it is drawn.

    ``places`` are the sessions drawn from, all where there are none. ``sample`` is how many units, ``share`` which
    part of them; without either, all. ``by`` says what has its share in the sample, besides whether a unit has a
    coding already: so units that nobody marked are in it as they are in the material. ``unit`` is what the codebook
    says where it is None.
    """

    codebook: str
    coders: tuple[str, ...]
    places: tuple[str, ...] = ()
    unit: str | None = None
    sample: int | None = None
    share: float | None = None
    seed: int = 1
    by: str = "session"
    round: str = "main"
    purpose: str = "main"
    blind: bool = True


@dataclass(frozen=True)
class Drawn:
    """Units to code with a codebook, in a round where there is one."""

    codebook: CodebookRow
    units: tuple[Anchor, ...]
    round: str | None


def assign(study: Study, plan: Plan) -> Assignment:
    """Draw units and ask coders to code them. The same plan and material give the same units.

    Raises NotFound, InvalidInput where the plan cannot be meant, Conflict where a coder is named twice.
    """
    _check_plan(plan)
    with study.change("made an assignment") as db:
        grounds, sight = Grounds(db), sight_of(db, study.author)
        book = codebook_row(db, plan.codebook)
        population = _population(db, grounds, grounds.book(book), plan)
        chosen = _draw(grounds, population, plan, _coded(db, book, sight))
        row = AssignmentRow(
            key=next_key(db, "assignment", "A", digits=2),
            codebook=book,
            round=round_row(db, plan.round, plan.purpose),
            blind=plan.blind,
            unit=_unit(grounds.book(book), plan),
            sample=_told(grounds.book(book), plan, len(chosen), len(population)),
            settings={"seed": plan.seed, "by": plan.by, "population": len(population)},
            made_at=now(),
        )
        coders = [coder_row(db, name) for name in plan.coders]
        if len({coder.id for coder in coders}) < len(coders):
            raise Conflict(f"a coder is named twice in {', '.join(plan.coders)}")
        row.coders = [AssignmentCoder(coder=coder, position=place) for place, coder in enumerate(coders)]
        row.units = [_unit_row(*two, position) for position, two in enumerate(chosen)]
        db.add(row)
        db.info["change"].action, db.info["change"].subject = f"made assignment {row.key}", row.key
        db.flush()
        return _load(grounds, row, sight)


def list_assignments(study: Study) -> list[Assignment]:
    """All assignments. Blind coders learn of the others only who has submitted."""
    with study.read() as db:
        grounds, sight = Grounds(db), sight_of(db, study.author)
        return [_load(grounds, row, sight) for row in coding_queries.assignments(db)]


def show(study: Study, key: str) -> Assignment:
    """One assignment with its units. Raises NotFound."""
    with study.read() as db:
        return _load(Grounds(db), assignment_row(db, key), sight_of(db, study.author))


def left_to_code(study: Study, key: str) -> list[int]:
    """The places, from 0, of the units that the author gave no code yet; all where they do not code it."""
    with study.read() as db:
        row, me = assignment_row(db, key), coding_queries.find_coder(db, study.author)
        bare = {unit.id for unit in uncoded(row, _own(Grounds(db), row, me) if me else ())}
        return [place for place, unit in enumerate(row.units) if unit.id in bare]


def submit(study: Study, key: str, coder: str | None = None) -> Assignment:
    """Say that one's part is done; its codings are locked from then on, and no undo takes that back.

    Raises NotFound, Conflict for the part of somebody else and one that is submitted already, InvalidInput where the
    codebook asks for a code on every unit and some have none.
    """
    with study.change(f"submitted {key}", key) as db:
        grounds, sight = Grounds(db), sight_of(db, study.author)
        row = assignment_row(db, key)
        part = _part(db, row, study.author, coder)
        if part.submitted_at is not None:
            raise Conflict(f"{part.coder.name} has submitted {key} already")
        bare = uncoded(row, _own(grounds, row, part.coder))
        book = grounds.book(row.codebook)
        if book.exhaustive and bare:
            raise InvalidInput(
                f"{book.name} asks for a code on every unit, and {len(bare)} of {len(row.units)} have none; the first "
                f"is {bare[0].target}"
            )
        part.submitted_at = now()
        db.info["change"].kind = "submit"
        db.info["change"].action = f"submitted {key} for {part.coder.name}"
        db.flush()
        return _load(grounds, row, sight)


def reveal(study: Study, key: str, reason: str) -> Assignment:
    """Show everybody the codings before all have submitted. Not for the coders themselves; no undo hides them again.

    Raises NotFound, Conflict for coders of the assignment, and where everybody may see them already.
    """
    if not tidy_line(reason):
        raise InvalidInput("say why the codings are shown before all have submitted: --reason TEXT")
    with study.change(f"revealed {key}", key) as db:
        grounds, sight = Grounds(db), sight_of(db, study.author)
        row = assignment_row(db, key)
        if row.open:
            raise Conflict(f"{key} is open to everybody already")
        if key in sight.blind_in:
            raise Conflict(f"{study.author} codes {key} and cannot reveal it; somebody who does not code it can")
        row.revealed_at, row.revealed_because = now(), tidy_line(reason)
        db.info["change"].kind = "reveal"
        db.flush()
        return _load(grounds, row, sight_of(db, study.author))


def assignment_row(db: Db, key: str) -> AssignmentRow:
    """The assignment of a key. Raises NotFound."""
    row = coding_queries.find_assignment(db, key)
    if row is None:
        known = ", ".join(one.key for one in coding_queries.assignments(db)) or "there is none yet"
        raise NotFound(f"there is no assignment {key} ({known})")
    return row


def units_of(
    db: Db, grounds: Grounds, assignment: str | None, codebook: str | None, places: Sequence[str], coder: CoderRow
) -> Drawn:
    """The units that a coder is asked to code: an assignment's, or all of a codebook in sessions.

    Raises NotFound, InvalidInput where neither an assignment nor a codebook is named, Conflict for an assignment that
    is not this coder's.
    """
    if assignment is not None:
        row = assignment_row(db, assignment)
        if all(one.coder_id != coder.id for one in row.coders):
            raise Conflict(f"{coder.name} is not among the coders of {assignment}")
        anchors = load_assignment(grounds, row, {}).units
        return Drawn(row.codebook, anchors, row.round.name)
    if codebook is None:
        raise InvalidInput("name an assignment with --assignment A01, or a codebook with --codebook and sessions")
    book = codebook_row(db, codebook)
    plan = Plan(codebook, (coder.name,), tuple(places))
    return Drawn(book, tuple(anchor for _, anchor in _population(db, grounds, grounds.book(book), plan)), None)


def uncoded(row: AssignmentRow, codings: Iterable[Coded]) -> list[AssignmentUnit]:
    """The units of an assignment that none of these codings touches."""
    spans: dict[str, list[Span]] = {}
    for coding in codings:
        if coding.end_ms > coding.start_ms:
            spans.setdefault(coding.conversation_id, []).append(Span(coding.start_ms, coding.end_ms))
    joined = {key: merge(each) for key, each in spans.items()}
    return [unit for unit in row.units if not _touched(unit, joined.get(unit.conversation_id, []))]


def _touched(unit: AssignmentUnit, joined: Sequence[Span]) -> bool:
    """Whether a unit shares time with one of the spans, which are in order and apart from each other."""
    first = bisect_right(joined, unit.start_ms, key=lambda span: span.end_ms)
    return first < len(joined) and joined[first].overlap_ms(Span(unit.start_ms, unit.end_ms)) > 0


def _check_plan(plan: Plan) -> None:
    if plan.purpose not in PURPOSES or plan.by not in STRATA:
        raise InvalidInput(f"choose the purpose among {', '.join(PURPOSES)}, and the strata among {', '.join(STRATA)}")
    if plan.sample is not None and plan.share is not None:
        raise InvalidInput("give the sample as a number of units or as a share of them, not both")
    if (plan.sample is not None and plan.sample < 1) or (plan.share is not None and not 0 < plan.share <= 1):
        raise InvalidInput("a sample has at least one unit, and a share lies above 0 and up to 1")
    if not plan.coders:
        raise InvalidInput("say who codes: --coder NAME, once for each")


def _unit(book: Codebook, plan: Plan) -> str:
    """The unit that is drawn: the codebook's, or sessions where its coders mark what they code themselves."""
    unit = plan.unit or book.rules.unit or "segment"
    return unit if unit in MARKED else "session"


def _population(db: Db, grounds: Grounds, book: Codebook, plan: Plan) -> list[tuple[Conversation, Anchor]]:
    kind = _unit(book, plan)
    rows = [row for row in queries.all_conversations(db) if row.kind == "session"]
    chosen = [queries.conversation(db, key) for key in dict.fromkeys(plan.places)] or rows
    found = [(row, anchor) for row in chosen for anchor in units(kind, grounds.of(row), book.rules.window_ms)]
    if not found:
        raise NotFound(f"there is no {kind} to code with {book.name}; see what is there with: iprkit status")
    coded = [code.key for code in book.active if code.codable and book.applied(code.key).unit == kind]
    if coded and kind == "window":
        check_kind(book, coded[0], found[0][1])
    return found


def _coded(db: Db, book: CodebookRow, sight: Sight) -> dict[str, list[Span]]:
    """Where somebody coded already, as far as the asker may know."""
    spans: dict[str, list[Span]] = {}
    for row in coding_queries.codings(db, book.id):
        if sight.coding(row):
            spans.setdefault(row.conversation_id, []).append(Span(row.start_ms, row.end_ms))
    return spans


def _draw(
    grounds: Grounds, population: Sequence[tuple[Conversation, Anchor]], plan: Plan, coded: dict[str, list[Span]]
) -> list[tuple[Conversation, Anchor]]:
    count = len(population)
    wanted = plan.sample if plan.sample is not None else max(1, round(count * plan.share)) if plan.share else count

    def stratum(one: tuple[Conversation, Anchor]) -> tuple[str, bool]:
        conversation, anchor = one
        marked = any(anchor.span.overlap_ms(span) for span in coded.get(conversation.id, ()))
        return _stratum(grounds, conversation, anchor, plan.by), marked

    return stratified(population, wanted, stratum, plan.seed)


def _stratum(grounds: Grounds, conversation: Conversation, anchor: Anchor, by: str) -> str:
    if by == "speaker":
        return grounds.of(conversation).role(anchor) or ""
    if by == "dyad":
        return conversation.dyad.key
    return conversation.key if by == "session" else ""


def _told(book: Codebook, plan: Plan, drawn: int, population: int) -> str:
    kind = _unit(book, plan)
    unit = f"window of {clock(book.rules.window_ms or 0)}" if kind == "window" else kind
    rule = f"; {WINDOW_RULE}" if kind == "window" else ""
    if drawn == population:
        return f"all {population} units ({unit}){rule}"
    strata = "" if plan.by == "none" else f"{plan.by} and "
    return (
        f"{drawn} of {population} units ({unit}), drawn with seed {plan.seed} in proportion by {strata}"
        f"whether anybody had coded them{rule}"
    )


def _unit_row(conversation: Conversation, anchor: Anchor, position: int) -> AssignmentUnit:
    row = AssignmentUnit(position=position, conversation=conversation)
    put(row, anchor)
    return row


def _part(db: Db, row: AssignmentRow, author: str, name: str | None) -> AssignmentCoder:
    me = coding_queries.find_coder(db, author)
    wanted = coder_row(db, name) if name else me
    if wanted is None:
        raise InvalidInput(f"{author} is no coder of this study; say whose part is done with --coder NAME")
    if (
        me is not None
        and wanted.id != me.id
        and (me.role != "researcher" or any(c.coder_id == me.id for c in row.coders))
    ):
        raise Conflict(f"{me.name} submits only their own part of {row.key}")
    part = next((one for one in row.coders if one.coder_id == wanted.id), None)
    if part is None:
        raise Conflict(f"{wanted.name} is not among the coders of {row.key}")
    return part


def _own(grounds: Grounds, row: AssignmentRow, coder: CoderRow) -> list[Filed]:
    return [one for one in _coded_for(grounds, row) if one.coder_id == coder.id]


def _coded_for(grounds: Grounds, row: AssignmentRow) -> list[Filed]:
    """What was coded where an assignment has units, with its codebook in its round."""
    places = {unit.conversation_id: unit.conversation for unit in row.units}.values()
    filed = (one for place in places for one in filed_codings(grounds, place))
    return [one for one in filed if (one.codebook_id, one.round_id) == (row.codebook_id, row.round_id)]


def _load(grounds: Grounds, row: AssignmentRow, sight: Sight) -> Assignment:
    """With how far each coder is; a blind coder is told only their own count. ``left`` is the asker's alone."""
    counts: dict[str, int | None] = {}
    left: Counter[str] = Counter()
    rows, its = _coded_for(grounds, row), {part.coder_id for part in row.coders}
    for part in row.coders:
        own = [one for one in rows if one.coder_id == part.coder_id]
        hidden = not row.open and sight.coder_id in its and part.coder_id != sight.coder_id
        bare = uncoded(row, own)
        counts[part.coder_id] = None if hidden else len(row.units) - len(bare)
        if part.coder_id == sight.coder_id:
            left.update(unit.conversation.key for unit in bare)
    return replace(load_assignment(grounds, row, counts), left=tuple(sorted(left.items())))
