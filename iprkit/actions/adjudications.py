"""Adjudication: where coders differ is listed and settled one by one, with the reason; their codings stay."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session as Db

from iprkit.codebook import Codebook
from iprkit.coding import NO_CODE, Adjudication, Anchor, Coding
from iprkit.coding_rules import check, check_words
from iprkit.database import coding_queries, queries
from iprkit.database.blindness import Sight, sight_of
from iprkit.database.codebook_models import CodebookRow
from iprkit.database.codebooks import codebook_row
from iprkit.database.coding_models import AdjudicationRow
from iprkit.database.codings import Grounds, load_adjudication, next_key, pinned, put, round_row
from iprkit.database.connect import Study
from iprkit.database.filed_codings import filed_codings
from iprkit.database.journal import now
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.wording import tidy

Watching = dict[tuple[str, str | None, str], tuple[str, ...]]
"""Who was to code, by codebook, round, and target or session."""


@dataclass(frozen=True)
class Given:
    """What one coder said of a target: each code with its rating, nothing where none applied."""

    coder: str
    codes: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True)
class Difference:
    """A target on which coders differ. ``settled`` are the keys of the adjudications about it."""

    codebook: str
    round: str | None
    anchor: Anchor
    given: tuple[Given, ...]
    settled: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What is settled: the code, ``none`` where nothing applies, and why."""

    target: str
    code: str
    reason: str
    codebook: str | None = None
    rating: float | None = None
    about: str | None = None
    round: str | None = None


def differences(study: Study, codebook: str | None = None, round_name: str | None = None) -> list[Difference]:
    """The targets that at least two coders were to code and that they coded differently, in order of time.

    Who was to code a target: the coders of its assignment, else those who coded anything in the session with the same
    codebook in the same round. What an open blind assignment hides is left out.
    """
    with study.read() as db:
        grounds, sight = Grounds(db), sight_of(db, study.author)
        book = codebook_row(db, codebook).id if codebook else None
        filed = (one for place in coding_queries.coded_conversations(db) for one in filed_codings(grounds, place))
        found = [one.coding for one in filed if book in (None, one.codebook_id) and sight.coding(one)]
        return differing_in(db, found, settled_in(grounds, sight, book), round_name)


def differing_in(
    db: Db, found: Sequence[Coding], settled: Sequence[Adjudication], round_name: str | None
) -> list[Difference]:
    """As ``differences``, among these codings and with what was settled about them."""
    groups: dict[tuple[str, str | None, str], list[Coding]] = {}
    for one in found:
        if round_name in (None, one.round):
            groups.setdefault((one.codebook, one.round, one.anchor.target.key), []).append(one)
    watching = _watching(db, found)
    differing = (_difference(key, group, watching, settled) for key, group in groups.items())
    return [one for one in differing if one is not None]


def list_adjudications(study: Study) -> list[Adjudication]:
    """What was settled, apart from the codings, as far as the asker may see it."""
    with study.read() as db:
        return settled_in(Grounds(db), sight_of(db, study.author))


def settled_in(
    grounds: Grounds, sight: Sight, codebook_id: str | None = None, conversation_id: str | None = None
) -> list[Adjudication]:
    """What was settled, as far as one may see it: all, or with one codebook, or in one conversation."""
    rows = coding_queries.adjudications(grounds.db, conversation_id)
    seen = (row for row in rows if codebook_id in (None, row.codebook_id) and sight.adjudication(row))
    return [load_adjudication(grounds, row) for row in seen]


def adjudicate(study: Study, verdict: Verdict, again: bool = False) -> Adjudication:
    """Settle what applies to a target. The codings stay; ``again`` settles anew what was settled already.

    Raises NotFound, InvalidInput without a reason or for a code that cannot be given, Conflict where the target is
    part of an open blind assignment, nobody coded it, or it was settled already.
    """
    if not tidy(verdict.reason):
        raise InvalidInput("say why with --reason TEXT; an adjudication without a reason settles nothing")
    check_words(verdict.about, None)
    with study.change(f"adjudicated {verdict.target}") as db:
        grounds, sight = Grounds(db), sight_of(db, study.author)
        pin, book, key = _code(grounds, verdict)
        conversation, anchor = grounds.find(verdict.target)
        hidden = sight.sealed_at(pin.id, conversation.id, anchor.span)
        if hidden is not None:
            raise Conflict(f"{anchor.target.key} is coded blind in {hidden}; settle it once all have submitted")
        _check_coded(db, grounds, sight, pin, anchor)
        if key is None:
            _check_no_rating(verdict)
        else:
            check(book, key, anchor, None, verdict.rating)
        known = _settled_before(db, grounds, book, key, anchor, verdict)
        if known is not None and not again:
            raise Conflict(_told(load_adjudication(grounds, known)))
        row = known or AdjudicationRow(key=next_key(db, "adjudication", f"{conversation.key}-settled-", digits=3))
        row.conversation, row.codebook = conversation, pin
        row.code = next((code for code in pin.codes if code.key == key), None)
        row.round = round_row(db, verdict.round) if verdict.round else None
        row.rating, row.about, row.reason = verdict.rating, verdict.about, tidy(verdict.reason)
        row.decided_by, row.decided_at = study.author, now()
        put(row, anchor)
        db.add(row)
        db.flush()
        db.info["change"].action, db.info["change"].subject = f"adjudicated {row.key}", row.key
        return load_adjudication(grounds, row)


def _check_no_rating(verdict: Verdict) -> None:
    if verdict.rating is not None:
        raise InvalidInput(f"{NO_CODE} settles that nothing applies; it takes no rating")


def _code(grounds: Grounds, verdict: Verdict) -> tuple[CodebookRow, Codebook, str | None]:
    if verdict.code.casefold() != NO_CODE:
        return pinned(grounds, verdict.code, verdict.codebook)
    if verdict.codebook is None:
        raise InvalidInput("say of which codebook nothing applies: --codebook NAME")
    row = codebook_row(grounds.db, verdict.codebook)
    return row, grounds.book(row), None


def _check_coded(db: Db, grounds: Grounds, sight: Sight, pin: CodebookRow, anchor: Anchor) -> None:
    filed = filed_codings(grounds, queries.conversation(db, anchor.target.place))
    seen = (one for one in filed if one.codebook_id == pin.id and sight.coding(one))
    if not any(one.coding.anchor.target.key == anchor.target.key for one in seen):
        raise NotFound(f"nobody coded {anchor.target.key} with {pin.name}; see what differs with: iprkit adjudicate")


def _settled_before(
    db: Db, grounds: Grounds, book: Codebook, key: str | None, anchor: Anchor, verdict: Verdict
) -> AdjudicationRow | None:
    """What settles the same already, or leaves no room for the verdict."""
    for row in coding_queries.adjudications(db):
        one = load_adjudication(grounds, row)
        if (one.codebook, one.anchor.target.key, one.round) != (book.name, anchor.target.key, verdict.round):
            continue
        if (one.code, one.about) == (key or NO_CODE, verdict.about) or _excludes(book, one.code, key):
            return row
    return None


def _told(one: Adjudication) -> str:
    return (
        f"{one.anchor.target.key} was settled as {one.code} by {one.decided_by}: {one.reason} ({one.key}); settle it "
        "anew with --again"
    )


def _excludes(book: Codebook, settled: str, key: str | None) -> bool:
    """Whether the earlier settlement leaves no room for this one: nothing applies, or one code only."""
    if key is None or settled == NO_CODE:
        return True
    return key in book.rivals(settled)


def _watching(db: Db, found: Sequence[Coding]) -> Watching:
    """Everybody who was to code, in the order of names."""
    watching: defaultdict[tuple[str, str | None, str], set[str]] = defaultdict(set)
    for codebook, said_in, place, coder in {(o.codebook, o.round, o.anchor.target.place, o.coder) for o in found}:
        watching[codebook, said_in, place].add(coder)
    for row in coding_queries.assignments(db):
        names = {part.coder.name for part in row.coders if part.submitted_at or not row.blind}
        for unit in row.units if row.open else ():
            watching[row.codebook.name, row.round.name, unit.target] |= names
    return {where: tuple(sorted(names, key=str.casefold)) for where, names in watching.items()}


def _difference(
    key: tuple[str, str | None, str],
    group: Sequence[Coding],
    watching: Watching,
    settled: Sequence[Adjudication],
) -> Difference | None:
    codebook, round_name, target = key
    coders = watching.get(key) or watching.get((codebook, round_name, group[0].anchor.target.place), ())
    if len(coders) < 2:
        return None
    said: dict[str, list[tuple[str, float | None]]] = {}
    for one in group:
        said.setdefault(one.coder, []).append((one.code, one.rating))
    given = tuple(Given(coder, tuple(sorted(said.get(coder, ()), key=_order))) for coder in coders)
    if len({one.codes for one in given}) == 1:
        return None
    about = tuple(
        one.key for one in settled
        if one.codebook == codebook and one.anchor.target.key == target and one.round in (None, round_name)
    )  # fmt: skip
    return Difference(codebook, round_name, group[0].anchor, given, about)


def _order(given: tuple[str, float | None]) -> tuple[str, float]:
    code, rating = given
    return code, -math.inf if rating is None else rating
