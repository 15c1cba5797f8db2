"""Where codings are checked and entered, one by one or a sheet at a time, by those who may."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session as Db

from iprkit.anchors import key_today, nearest
from iprkit.codebook import Codebook, Rules
from iprkit.coding import Anchor, Coding
from iprkit.coding_rules import check, check_words, kinds_of, rival
from iprkit.database import coding_queries
from iprkit.database.blindness import Seal, Sight, seals, sight_of
from iprkit.database.codebook_models import CodebookRow
from iprkit.database.coding_models import CoderRow, CodingRow
from iprkit.database.codings import Grounds, coder_row, load_coding, next_key, pinned, put, round_row
from iprkit.database.journal import now
from iprkit.database.models import Conversation, new_id
from iprkit.errors import Conflict, InvalidInput
from iprkit.scale import number
from iprkit.timeline import Span
from iprkit.wording import tidy, tidy_line

ADDED, KNOWN, UPDATED = "added", "known", "updated"


@dataclass(frozen=True)
class Wish:
    """A coding as a person asks for it. ``quote`` is what stood there when they coded, None where they do not say.

    ``by_time``: the target is a stretch of time, and means the codebook's unit that it shares most with.
    """

    target: str
    code: str
    codebook: str | None = None
    coder: str | None = None
    rating: float | None = None
    about: str | None = None
    certainty: str | None = None
    memo: str = ""
    round: str | None = None
    quote: str | None = None
    by_time: bool = False


@dataclass(frozen=True)
class Entered:
    """A coding with what became of the wish: ``added``, ``known`` (it was there already) or ``updated``."""

    row: CodingRow
    state: str


@dataclass(frozen=True)
class _Place:
    """What a wish comes to: by whom, with which code, where, in which round."""

    coder: CoderRow
    pinned: CodebookRow
    book: Codebook
    code: str
    conversation: Conversation
    anchor: Anchor
    round: str | None


@dataclass
class Desk:
    """One change's work on codings, by the author; what it reads it reads once."""

    db: Db
    author: str
    grounds: Grounds = field(init=False)
    sight: Sight = field(init=False)
    assigned: tuple[Seal, ...] = field(init=False)
    _own: dict[tuple[str, str, str], dict[str, list[str]]] = field(default_factory=dict)
    _books: dict[tuple[str, str | None], tuple[CodebookRow, Codebook, str]] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grounds = Grounds(self.db)
        self.sight = sight_of(self.db, self.author)
        self.assigned = seals(self.db)

    def enter(self, wish: Wish, update: bool = False) -> Entered:
        """Store a coding, unless it is there already; ``update`` brings one that is there to what the wish says.

        Raises NotFound, InvalidInput where the codebook does not allow it, Conflict where it is locked, another's, or
        stands against one that the same coder made.
        """
        place = self._place(wish)
        there = self.beside(place.coder.id, place.pinned.id, place.conversation, place.anchor.target.key)
        beside = [one for one in there if one[0].round == place.round]
        same = next((two for two in beside if two[0].code == place.code and two[0].about == wish.about), None)
        if same is not None:
            return self._again(wish, *same, update)
        other = rival(place.book, place.code, wish.about, [coding for coding, _ in beside])
        if other is not None:
            raise Conflict(
                f"{place.coder.name} gave {other.code} to {place.anchor.target.key}, and only one code of "
                f"{place.book.name} fits there; take that back first: iprkit code remove {other.key}"
            )
        return Entered(self._store(wish, place), ADDED)

    def writer(self, name: str | None) -> CoderRow:
        """In whose name a coding is entered: everybody's own, researchers anybody's. Raises NotFound, Conflict."""
        me = coding_queries.find_coder(self.db, self.author)
        if name is None and me is None:
            raise InvalidInput(
                f"{self.author} is no coder of this study; say who coded with --coder NAME, or enter yourself with: "
                f"iprkit coder add {self.author}"
            )
        wanted = me if name is None and me is not None else coder_row(self.db, name or "")
        if me is not None and wanted.id != me.id and (me.role != "researcher" or self.sight.blind_in):
            raise Conflict(f"{me.name} enters codings in their own name only, not in that of {wanted.name}")
        return wanted

    def check_unlocked(
        self, coder: CoderRow, codebook_id: str, conversation_id: str, span: Span, said: str | None
    ) -> None:
        """Raises Conflict where the coder has submitted what touches this stretch, in the same round or in none."""
        for seal in self._covering(coder, codebook_id, conversation_id, span):
            if said in (None, seal.round) and coder.id in seal.submitted:
                raise Conflict(
                    f"{coder.name} has submitted {seal.assignment}, so its codings stay as they are; what is coded "
                    "again belongs to another round (--round NAME), what was settled to: iprkit adjudicate"
                )

    def _place(self, wish: Wish) -> _Place:
        check_words(wish.about, wish.certainty)
        coder = self.writer(wish.coder)
        asked = (wish.code, wish.codebook)
        if asked not in self._books:
            self._books[asked] = pinned(self.grounds, *asked)
        row, book, code = self._books[asked]
        conversation, anchor = self.grounds.find(wish.target)
        if wish.by_time:
            anchor = self._meant(book.applied(code), conversation, anchor)
        check(book, code, anchor, self.grounds.of(conversation).role(anchor), wish.rating)
        said = wish.round or self._round(coder, row.id, conversation.id, anchor.span)
        self.check_unlocked(coder, row.id, conversation.id, anchor.span, said)
        return _Place(coder, row, book, code, conversation, anchor, said)

    def _meant(self, rules: Rules, conversation: Conversation, anchor: Anchor) -> Anchor:
        kinds = kinds_of(rules)
        kind = next((one for one in kinds if one in ("segment", "turn", "window", "words")), None)
        if anchor.target.kind in kinds or kind is None:
            return anchor
        return nearest(kind, anchor, self.grounds.of(conversation), rules.window_ms)

    def _round(self, coder: CoderRow, codebook_id: str, conversation_id: str, span: Span) -> str | None:
        """The round of the coder's newest assignment that is not submitted yet and has the stretch among its units."""
        covering = self._covering(coder, codebook_id, conversation_id, span)
        waiting = [seal for seal in covering if coder.id not in seal.submitted]
        return max(waiting, key=lambda seal: (seal.since, seal.assignment)).round if waiting else None

    def _covering(self, coder: CoderRow, codebook_id: str, conversation_id: str, span: Span) -> list[Seal]:
        return [
            seal
            for seal in self.assigned
            if coder.id in seal.coder_ids and seal.covers(codebook_id, conversation_id, span)
        ]

    def beside(
        self, coder_id: str, codebook_id: str, place: Conversation, target: str
    ) -> list[tuple[Coding, CodingRow]]:
        """What a coder gave to a target with a codebook, under whatever key that was put there."""
        ids = self._given(coder_id, codebook_id, place).get(target, ())
        found = [(load_coding(self.grounds, row), row) for row in coding_queries.codings_by_id(self.db, ids).values()]
        return [two for two in found if two[0].anchor.target.key == target]

    def _given(self, coder_id: str, codebook_id: str, place: Conversation) -> dict[str, list[str]]:
        """By target, as it was put there and as it is called today: the ids of a coder's codings."""
        asked = (coder_id, codebook_id, place.id)
        if asked not in self._own:
            own = self._own[asked] = {}
            for row_id, target in coding_queries.own_targets(self.db, *asked):
                for key in {target, key_today(target, self.grounds.of(place))}:
                    own.setdefault(key, []).append(row_id)
        return self._own[asked]

    def _again(self, wish: Wish, coding: Coding, row: CodingRow, update: bool) -> Entered:
        memo = tidy(wish.memo)
        if (wish.rating, wish.certainty, memo) == (row.rating, row.certainty, row.memo):
            return Entered(row, KNOWN)
        if not update:
            raise Conflict(
                f"{coding.coder} gave {coding.code} to {coding.anchor.target.key} already, {_said(row)}; change it "
                f"with: iprkit code edit {coding.key}, or import the sheet with --update"
            )
        row.rating, row.certainty, row.memo = wish.rating, wish.certainty, memo
        return Entered(row, UPDATED)

    def _store(self, wish: Wish, place: _Place) -> CodingRow:
        code = next(one for one in place.pinned.codes if one.key == place.code)
        row = CodingRow(
            id=new_id(),
            key=self.next_key(place.conversation.key, place.coder.name),
            coder=place.coder,
            code=code,
            code_id=code.id,
            coder_id=place.coder.id,
            round=round_row(self.db, place.round) if place.round else None,
            rating=wish.rating,
            about=wish.about,
            certainty=wish.certainty,
            memo=tidy(wish.memo),
            made_at=now(),
            conversation=place.conversation,
        )
        put(row, as_coded(place.anchor, wish.quote))
        self.db.add(row)
        given = self._given(place.coder.id, place.pinned.id, place.conversation)
        given.setdefault(place.anchor.target.key, []).append(row.id)
        return row

    def next_key(self, conversation: str, coder: str) -> str:
        """The next key of a coder in a session; also those given out in this change count."""
        prefix = f"{conversation}-{coder}-"
        if prefix not in self._last:
            self._last[prefix] = int(next_key(self.db, "coding", prefix).removeprefix(prefix)) - 1
        self._last[prefix] += 1
        return f"{prefix}{self._last[prefix]:04d}"


def as_coded(anchor: Anchor, quote: str | None) -> Anchor:
    """The anchor with the words that the coder saw, where those are not the ones that stand there now."""
    if quote is None or not tidy(quote) or tidy_line(quote) == tidy_line(anchor.quote):
        return anchor
    return replace(anchor, quote=tidy(quote))


def _said(row: CodingRow) -> str:
    parts = [
        "" if row.rating is None else f"rating {number(row.rating)}",
        f"certainty {row.certainty}" if row.certainty else "",
        f"memo {row.memo!r}" if row.memo else "",
    ]
    return "with " + ", ".join(part for part in parts if part) if any(parts) else "without memo"
