"""Which recall interviews a study has: every dyad, every session, both perspectives, held or missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy.orm import Session as Db

from iprkit.actions.recalls import delay_days
from iprkit.database import recall_queries
from iprkit.database.connect import Study
from iprkit.database.models import Dyad, RecallInterview, Session
from iprkit.database.withdrawals import party

EXPECTED = ("client", "therapist")
"""Whose recall of every session is asked for."""


@dataclass(frozen=True)
class Cell:
    """One perspective on a session: ``interview`` is its key, None where it was not held.

    ``party`` is the role, or the pseudonym where several people have it. ``withdrawn``: the person withdrew.
    """

    party: str
    interview: str | None
    date: str | None
    delay_days: int | None
    comments: int
    withdrawn: bool


@dataclass(frozen=True)
class Row:
    """A session and the perspectives on it."""

    dyad: str
    session: str
    date: str | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """What is held of what is expected, and the days from session to interview where both dates are known.

    That some are missing is a result, not an error.
    """

    expected: int
    held: int
    delays_known: int
    delay_median: float | None
    delay_least: int | None
    delay_most: int | None
    sessions: tuple[Row, ...]


def grid_of(study: Study) -> Grid:
    """The grid of dyad, session and perspective. An interview of another perspective than the expected is listed too,
    and not counted."""
    with study.read() as db:
        rows = tuple(row for dyad in recall_queries.sessions_of_dyads(db) for row in _rows(db, dyad))
    asked = [cell for row in rows for cell in row.cells if cell.party not in ("observer", "other")]
    days = [cell.delay_days for row in rows for cell in row.cells if cell.delay_days is not None]
    return Grid(
        expected=len(asked),
        held=sum(cell.interview is not None for cell in asked),
        delays_known=len(days),
        delay_median=median(days) if days else None,
        delay_least=min(days, default=None),
        delay_most=max(days, default=None),
        sessions=rows,
    )


def _rows(db: Db, dyad: Dyad) -> list[Row]:
    sessions = [one for one in dyad.conversations if isinstance(one, Session)]
    parties = [one for role in EXPECTED for one in _people(dyad, role)]
    gone = {one.party for one in recall_queries.withdrawals(db, dyad.id)}
    return [Row(dyad.key, one.key, one.date, tuple(_cells(db, one, parties, gone))) for one in sessions]


def _people(dyad: Dyad, role: str) -> list[str]:
    """The people of a role as they are named: by role, by pseudonym where there are several."""
    keys = [member.participant.key for member in dyad.members if member.role == role]
    return keys if len(keys) > 1 else [role]


def _cells(db: Db, session: Session, parties: Sequence[str], gone: set[str]) -> list[Cell]:
    held = {party(one): one for one in recall_queries.interviews_about(db, session.id)}
    return [_cell(db, name, held.get(name), name in gone) for name in dict.fromkeys([*parties, *held])]


def _cell(db: Db, name: str, interview: RecallInterview | None, withdrawn: bool) -> Cell:
    if interview is None:
        return Cell(name, None, None, None, 0, withdrawn)
    comments = 0 if withdrawn else len(recall_queries.comments(db, interview.id))
    return Cell(name, interview.key, interview.date, delay_days(interview), comments, withdrawn)
