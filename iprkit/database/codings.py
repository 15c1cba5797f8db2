"""Codings in the study: the ground they stand on, their keys, and rows read as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session as Db

from iprkit.anchors import Ground, Marked, find, standing
from iprkit.codebook import Codebook
from iprkit.coding import NO_CODE, Adjudication, Anchor, Assignment, Coding, Share, Target, read_target
from iprkit.database import codebook_queries, coding_queries, queries, recall_queries
from iprkit.database.codebook_models import CodebookRow
from iprkit.database.codebooks import load_codebook
from iprkit.database.coding_models import (
    AdjudicationRow,
    Anchored,
    AssignmentRow,
    AssignmentUnit,
    CoderRow,
    CodingRow,
    RoundRow,
)
from iprkit.database.kept import kept
from iprkit.database.models import Conversation
from iprkit.database.recalls import span_of
from iprkit.database.transcripts import load_transcript
from iprkit.database.withdrawals import withdrawal_of
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.timeline import Span
from iprkit.transcript import Segment, Transcript


@dataclass
class Grounds:
    """The grounds and codebooks of a study as they are needed, each read once."""

    db: Db
    _grounds: dict[str, Ground] = field(default_factory=dict)
    _books: dict[str, Codebook] = field(default_factory=dict)
    _places: dict[str, Conversation] = field(default_factory=dict)

    def of(self, conversation: Conversation) -> Ground:
        """What codings of a conversation stand on."""
        if conversation.id not in self._grounds:
            self._grounds[conversation.id] = ground_of(self.db, conversation)
        return self._grounds[conversation.id]

    def know(self, conversation: Conversation, transcript: Transcript | None) -> None:
        """Make the ground of a conversation from its transcript, which was read already."""
        self._grounds[conversation.id] = ground_of(self.db, conversation, transcript)

    def book(self, row: CodebookRow) -> Codebook:
        """A pinned codebook as a value."""
        return self.book_of(row.id)

    def book_of(self, codebook_id: str) -> Codebook:
        """The pinned codebook of an id."""
        if codebook_id not in self._books:
            self._books |= kept(self.db, "codebooks", lambda: _books(self.db), of=of_codebooks)
        return self._books[codebook_id]

    def find(self, text: str) -> tuple[Conversation, Anchor]:
        """Where a target stands today, and on whose clock. Raises NotFound, InvalidInput."""
        target, _ = read_target(text)
        place = self._place(target)
        return place, find(text, self.of(place))

    def _place(self, target: Target) -> Conversation:
        if target.place not in self._places:
            self._places[target.place] = queries.conversation(self.db, target.place)
        found = self._places[target.place]
        if found.about_id is None or (target.kind != "comment" and target.key not in self._marks(found)):
            return found
        return coding_queries.conversations_by_id(self.db, [found.about_id])[found.about_id]

    def _marks(self, interview: Conversation) -> set[str]:
        session = coding_queries.conversations_by_id(self.db, [interview.about_id or ""])
        return {key for one in session.values() for key in self.of(one).marked}


def of_codebooks(table: str) -> bool:
    """Whether the codebooks depend on a table."""
    return table in ("codebook", "code")


def _books(db: Db) -> dict[str, Codebook]:
    return {row.id: load_codebook(row) for row in codebook_queries.pinned_codebooks(db)}


def ground_of(db: Db, conversation: Conversation, read: Transcript | None = None) -> Ground:
    """What codings of a conversation stand on: its length and, once transcribed, its words and segments.

    ``read`` is its transcript where that was read already.
    """
    return kept(db, ("ground", conversation.id), lambda: _ground(db, conversation, read))


def _ground(db: Db, conversation: Conversation, read: Transcript | None) -> Ground:
    silenced = bool(recall_queries.withdrawals(db, conversation.dyad_id))
    segments = read.segments if read else _segments(db, conversation)
    former = {key: row.key for key, row in queries.former_keys(db, conversation.id).items()}
    length = max([conversation.duration_ms, *(segment.end_ms for segment in segments)])
    return Ground(conversation.key, length, segments, former, _marked(db, conversation), silenced)


def _segments(db: Db, conversation: Conversation) -> tuple[Segment, ...]:
    """What is said in a conversation as far as it may be shown; nothing where that cannot be told apart."""
    if queries.newest_transcript(db, conversation.id) is None:
        return ()
    try:
        return load_transcript(db, conversation.key).segments
    except Conflict:
        return ()


def _marked(db: Db, conversation: Conversation) -> dict[str, Marked]:
    """The moments of a session and the comments about it, without those of interviews whose participant withdrew."""
    if conversation.about_id is not None:
        return {}  # nobody recalls a recall interview
    moments = {
        row.key: Marked("moment", Span(row.start_ms, row.end_ms), row.quote or "")
        for row in recall_queries.moments(db, conversation.id)
        if not row.deleted
    }
    gone = {one.id for one in recall_queries.interviews_about(db, conversation.id) if withdrawal_of(db, one)}
    comments = {
        row.key: Marked("comment", span, row.text)
        for row in recall_queries.comments_about(db, conversation.id)
        if row.conversation_id not in gone and (span := span_of(row)) is not None
    }
    return moments | comments


def coder_row(db: Db, name: str) -> CoderRow:
    """The coder of a name. Raises NotFound."""
    found = coding_queries.find_coder(db, name)
    if found is None:
        known = ", ".join(row.name for row in coding_queries.all_coders(db)) or "nobody yet"
        raise NotFound(f"{name} is no coder of this study ({known}); enter the name with: iprkit coder add {name}")
    return found


def round_row(db: Db, name: str, purpose: str = "main") -> RoundRow:
    """The round of a name, begun where there is none. Must run inside a journaled change."""
    if not name or len(name) > 48 or name != " ".join(name.split()):
        raise InvalidInput(f"{name!r} cannot name a round; write up to 48 letters, as in drift-1")
    found = coding_queries.find_round(db, name)
    if found is None:
        found = RoundRow(name=name, purpose=purpose)
        db.add(found)
        db.flush()
    return found


def next_key(db: Db, table: str, prefix: str, digits: int = 4) -> str:
    """The next key with this beginning; one that was ever given out is not given again."""
    last = coding_queries.greatest_key(db, table, prefix)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:0{digits}d}"


def put(row: Anchored, anchor: Anchor) -> None:
    """Let a row stand where the anchor does."""
    row.target, row.kind = anchor.target.key, anchor.target.kind
    row.start_ms, row.end_ms = anchor.span.start_ms, anchor.span.end_ms
    row.first_word, row.last_word = anchor.words or (None, None)
    row.quote = anchor.quote


def anchor_of(row: CodingRow | AdjudicationRow | AssignmentUnit) -> Anchor:
    """Where a row stood when it was put there."""
    return anchor_in(row, row.conversation.key)


def anchor_in(row: Any, place: str) -> Anchor:
    """The same of a row in the conversation of a key."""
    words = (row.first_word, row.last_word) if row.first_word and row.last_word else None
    return Anchor(Target(row.target, row.kind, place), Span(row.start_ms, row.end_ms), words, row.quote)


def load_coding(grounds: Grounds, row: CodingRow) -> Coding:
    """A coding as it stands today."""
    names = (row.code.key, row.coder.name, row.round.name if row.round else None)
    return coding_of(grounds.book(row.code.codebook), grounds.of(row.conversation), row, row.conversation.key, names)


def coding_of(book: Codebook, ground: Ground, row: Any, place: str, names: tuple[str, str, str | None]) -> Coding:
    """The coding of a row as it stands on a ground; ``names`` are those of its code, coder and round."""
    coded_as, coder, round_name = names
    code = book.standing(coded_as).key
    anchor, moved = standing(anchor_in(row, place), ground)
    return Coding(
        key=row.key,
        codebook=book.name,
        code=code,
        coder=coder,
        anchor=anchor,
        rating=row.rating,
        about=row.about,
        certainty=row.certainty,
        memo=row.memo,
        round=round_name,
        made_at=row.made_at,
        coded_as=coded_as if coded_as != code else None,
        moved=moved,
    )


def load_adjudication(grounds: Grounds, row: AdjudicationRow) -> Adjudication:
    """What was settled, as a value."""
    book = grounds.book(row.codebook)
    anchor, _ = standing(anchor_of(row), grounds.of(row.conversation))
    return Adjudication(
        key=row.key,
        codebook=book.name,
        code=book.standing(row.code.key).key if row.code else NO_CODE,
        anchor=anchor,
        rating=row.rating,
        about=row.about,
        round=row.round.name if row.round else None,
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def load_assignment(grounds: Grounds, row: AssignmentRow, counts: dict[str, int | None]) -> Assignment:
    """An assignment with its units as they stand today; ``counts`` is by coder's id how many units have a code."""
    units = tuple(standing(anchor_of(unit), grounds.of(unit.conversation))[0] for unit in row.units)
    shares = tuple(Share(one.coder.name, one.submitted_at, counts.get(one.coder_id)) for one in row.coders)
    return Assignment(
        key=row.key,
        codebook=row.codebook.name,
        round=row.round.name,
        purpose=row.round.purpose,
        blind=row.blind,
        open=row.open,
        unit=row.unit,
        units=units,
        shares=shares,
        sample=row.sample,
        made_at=row.made_at,
        revealed=row.revealed_because,
    )


def pinned(grounds: Grounds, code: str, codebook: str | None) -> tuple[CodebookRow, Codebook, str]:
    """The codebook and key that ``CODE`` or ``CODEBOOK:CODE`` means; the only codebook with such a code is found.

    Raises NotFound, InvalidInput where several codebooks have a code of that name.
    """
    named, _, said = code.rpartition(":") if ":" in code else (codebook or "", "", code)
    rows = [row for row in codebook_queries.pinned_codebooks(grounds.db) if not named or row.name == named]
    if not rows:
        hint = f"pin it with: iprkit codebook add {named}" if named else "pin one with: iprkit codebook add NAME"
        raise NotFound(f"there is no codebook {named or 'at all'} in this study; {hint}")
    if len(rows) == 1:
        book = grounds.book(rows[0])
        return rows[0], book, book.code(said).key
    folded = said.strip().casefold()
    having = [row for row in rows if any(folded in (c.key.casefold(), c.name.casefold()) for c in row.codes)]
    if len(having) != 1:
        names = ", ".join(row.name for row in (having or rows))
        problem = f"{said} stands in several codebooks" if having else f"no codebook of this study has a code {said}"
        raise NotFound(f"{problem} ({names}); name one with --codebook")
    book = grounds.book(having[0])
    return having[0], book, book.code(said).key
