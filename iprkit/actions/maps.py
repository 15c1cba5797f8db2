"""Time maps put right by hand: a piece added, moved, split, struck out or vouched for stands in every later run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iprkit.actions.heard_live import look_into
from iprkit.actions.linking import Linked, relink, told, tolerance_of, write_copies
from iprkit.database import recall_queries
from iprkit.database.connect import Study
from iprkit.database.models import RecallInterview
from iprkit.database.recalls import load_pieces, store_pieces
from iprkit.database.withdrawals import refuse_withdrawn
from iprkit.errors import Conflict, InvalidInput
from iprkit.linking.corrections import Edit, Stored, edited, standing
from iprkit.recall import Piece
from iprkit.timeline import clock


@dataclass(frozen=True)
class MapRow:
    """A piece as people see it: numbered in order of the interview, ``pinned`` where a person vouches for it."""

    number: int
    piece: Piece
    pinned: bool


@dataclass(frozen=True)
class Shown:
    """The pieces of an interview's map, and those that were struck out."""

    key: str
    rows: tuple[MapRow, ...]
    struck_out: tuple[Piece, ...]


def show_map(study: Study, key: str) -> Shown:
    """The map of an interview. Raises NotFound, InvalidInput for a session's key, Conflict after a withdrawal."""
    with study.read() as db:
        interview = recall_queries.interview(db, key)
        refuse_withdrawn(db, interview)
        return _shown(key, load_pieces(db, interview))


def edit_map(study: Study, key: str, edit: Edit) -> tuple[Shown, Linked]:
    """Change an interview's map, and bring its comments and moments up to it. Returns both as they are now.

    Raises NotFound for an unknown key or number, InvalidInput where pieces would overlap or lie outside a recording.
    """
    if edit == Edit():
        raise InvalidInput("say what to change: --add, --move, --split, --delete, --pin or --unpin")
    with study.read() as db:
        interview = recall_queries.interview(db, key)
        refuse_withdrawn(db, interview)
        for piece in (*edit.add, *(piece for _, piece in edit.move)):
            _check(interview, piece)
        before = load_pieces(db, interview)
    after = edited(before, edit)
    room = look_into(study, key, standing(after))
    with study.change(f"edited the time map of {key}", key) as db:
        interview = recall_queries.interview(db, key)
        if load_pieces(db, interview) != before:
            raise Conflict(f"the time map of {key} was changed meanwhile; look at it again: iprkit map show {key}")
        store_pieces(db, interview, after)
        relink(db, {key: room}, study.author, tolerance_of(interview))
        linked = told(db, Linked(key))
    write_copies(study, {key: room})
    return _shown(key, after), linked


def _check(interview: RecallInterview, piece: Piece) -> None:
    for key, span, length_ms in (
        (interview.key, piece.interview, interview.duration_ms),
        (interview.about.key, piece.session, interview.about.duration_ms),
    ):
        if not span.duration_ms:
            raise InvalidInput(f"a piece cannot begin and end at {clock(span.start_ms)} of {key}")
        if length_ms and span.end_ms > length_ms:
            raise InvalidInput(f"{key} lasts {clock(length_ms)}; {clock(span.end_ms)} lies beyond it")


def _shown(key: str, stored: Sequence[Stored]) -> Shown:
    rows = enumerate((one for one in stored if not one.rejected), start=1)
    numbered = tuple(MapRow(number, one.piece, one.pinned) for number, one in rows)
    return Shown(key, numbered, tuple(one.piece for one in stored if one.rejected))
