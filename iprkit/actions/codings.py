"""Codings: given, changed, taken back and listed, each coder's apart while an assignment is blind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session as Db

from iprkit.actions.coding_desk import Desk, Wish
from iprkit.anchors import standing
from iprkit.coding import Coding
from iprkit.coding_rules import check, check_words, rival
from iprkit.database import coding_queries, queries
from iprkit.database.blindness import sight_of
from iprkit.database.codebooks import codebook_row
from iprkit.database.coding_models import CodingRow
from iprkit.database.codings import Grounds, anchor_of, load_coding, put
from iprkit.database.connect import Study
from iprkit.database.filed_codings import Filed, filed_codings
from iprkit.errors import Conflict, NotFound
from iprkit.timeline import Span
from iprkit.wording import tidy


@dataclass(frozen=True)
class Sought:
    """Which codings are wanted; None where that does not matter. ``place`` is the key of a session, or of a target,
    ``keys`` are those of codings."""

    place: str | None = None
    coder: str | None = None
    codebook: str | None = None
    code: str | None = None
    round: str | None = None
    moved: bool = False
    keys: frozenset[str] | None = None


@dataclass(frozen=True)
class Listing:
    """Codings in order of session and time. ``sealed`` are the open blind assignments whose codings are left out."""

    filed: tuple[Filed, ...]
    sealed: tuple[str, ...]

    @property
    def codings(self) -> tuple[Coding, ...]:
        return tuple(one.coding for one in self.filed)


def add_coding(study: Study, wish: Wish) -> Coding:
    """Give a code to a target. Raises NotFound, InvalidInput where the codebook does not allow it, Conflict.

    Without a round the coding goes to that of the coder's open assignment, where the target is part of one.
    """
    with study.change("added a coding") as db:
        desk = Desk(db, study.author)
        entered = desk.enter(wish)
        if entered.state != "added":
            raise Conflict(f"this coding is there already: {entered.row.key}")
        word_change(db, f"added coding {entered.row.key}", entered.row.key)
        db.flush()
        return load_coding(desk.grounds, entered.row)


def edit_coding(study: Study, key: str, changes: Mapping[str, Any], here: bool = False) -> Coding:
    """Change ``rating``, ``about``, ``certainty``, ``memo``, ``code`` or ``target`` of one's own coding.

    With ``here`` a moved coding is let stand on the words that are there now. Raises as ``add_coding``, Conflict for
    one that was submitted.
    """
    with study.change(f"changed coding {key}", key) as db:
        desk = Desk(db, study.author)
        row = _own(desk, key)
        if "target" in changes or here:
            row.conversation, anchor = desk.grounds.find(changes.get("target") or row.target)
            row.conversation_id = row.conversation.id
            put(row, anchor)
        _change(desk, row, changes)
        _check_after(desk, row)
        db.flush()
        return load_coding(desk.grounds, row)


def remove_coding(study: Study, key: str) -> Coding:
    """Take back one's own coding. Raises NotFound, Conflict for one that was submitted."""
    with study.change(f"removed coding {key}", key) as db:
        desk = Desk(db, study.author)
        row = _own(desk, key)
        coding = load_coding(desk.grounds, row)
        db.delete(row)
        return coding


def list_codings(study: Study, sought: Sought | None = None) -> Listing:
    """The codings that are wanted and that the asker may see. Raises NotFound for names that are not there."""
    wanted = sought or Sought()
    with study.read() as db:
        grounds, sight = Grounds(db), sight_of(db, study.author)
        _check_names(db, wanted)
        there = _at(grounds, wanted.place)
        if wanted != Sought(place=wanted.place):
            there = (one for one in there if _is_wanted(one.coding, wanted))
        sealed = tuple(seal.assignment for seal in sight.seals)
        return Listing(tuple(one for one in there if sight.coding(one)), sealed)


def sealed(study: Study) -> tuple[str, ...]:
    """The open blind assignments, whose codings nobody but their coders sees."""
    with study.read() as db:
        return tuple(seal.assignment for seal in sight_of(db, study.author).seals)


def blind_in(study: Study) -> tuple[str, ...]:
    """The open blind assignments in which the author codes."""
    with study.read() as db:
        return sight_of(db, study.author).blind_in


def word_change(db: Db, action: str, subject: str | None) -> None:
    """Say in the journal what was done, once that is known."""
    db.info["change"].action, db.info["change"].subject = action, subject


def _own(desk: Desk, key: str) -> CodingRow:
    """A coding to change. One that may not be seen is as unknown as one that is not there."""
    row = coding_queries.coding_of_key(desk.db, key)
    if row is None or not desk.sight.coding(row):
        raise NotFound(f"there is no coding {key}; see yours with: iprkit code list")
    desk.writer(row.coder.name)
    _check_unlocked(desk, row)
    return row


def _check_unlocked(desk: Desk, row: CodingRow) -> None:
    span, said = Span(row.start_ms, row.end_ms), row.round.name if row.round else None
    desk.check_unlocked(row.coder, row.code.codebook_id, row.conversation_id, span, said)


def _change(desk: Desk, row: CodingRow, changes: Mapping[str, Any]) -> None:
    check_words(changes.get("about"), changes.get("certainty"))
    for name in ("rating", "about", "certainty"):
        if name in changes:
            setattr(row, name, changes[name])
    if "memo" in changes:
        row.memo = tidy(changes["memo"])
    if "code" in changes:
        key = desk.grounds.book(row.code.codebook).code(changes["code"]).key
        row.code = next(code for code in row.code.codebook.codes if code.key == key)


def _check_after(desk: Desk, row: CodingRow) -> None:
    """What held for a new coding must hold for the changed one."""
    ground, book = desk.grounds.of(row.conversation), desk.grounds.book(row.code.codebook)
    anchor, _ = standing(anchor_of(row), ground)
    check(book, row.code.key, anchor, ground.role(anchor), row.rating)
    _check_unlocked(desk, row)
    beside = desk.beside(row.coder_id, row.code.codebook_id, row.conversation, anchor.target.key)
    there = [coding for coding, one in beside if one.id != row.id and one.round_id == row.round_id]
    other = rival(book, row.code.key, row.about, there)
    same = next((one for one in there if (one.code, one.about) == (row.code.key, row.about)), None)
    if other is not None or same is not None:
        key = (other or same or there[0]).key
        raise Conflict(
            f"{row.coder.name}'s coding {key} of {anchor.target.key} stands against that; take it back first"
        )


def _check_names(db: Db, wanted: Sought) -> None:
    """Raises NotFound for a codebook that is not there."""
    if wanted.codebook is not None:
        codebook_row(db, wanted.codebook)


def _at(grounds: Grounds, place: str | None) -> Iterator[Filed]:
    """The codings of the conversations that a key stands for, or those at the target that it names. Raises NotFound."""
    db, known = grounds.db, place is None
    for conversation in coding_queries.coded_conversations(db, place):
        known = known or conversation.key == place
        yield from filed_codings(grounds, conversation)
    if place is None or known or queries.find_conversation(db, place) or queries.find_dyad(db, place):
        return
    found, anchor = grounds.find(place)
    for one in filed_codings(grounds, found):
        there = one.coding.anchor
        if there.target.key == place or anchor.span.overlap_ms(there.span) > 0:
            yield one


def _is_wanted(coding: Coding, wanted: Sought) -> bool:
    return (
        (wanted.keys is None or coding.key in wanted.keys)
        and (wanted.coder is None or coding.coder.casefold() == wanted.coder.casefold())
        and (wanted.codebook is None or coding.codebook == wanted.codebook)
        and (
            wanted.code is None
            or wanted.code.casefold() in (coding.code.casefold(), (coding.coded_as or "").casefold())
        )
        and (wanted.round is None or coding.round == wanted.round)
        and (not wanted.moved or coding.moved is not None)
    )
