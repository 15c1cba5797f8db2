"""The questions that are asked about accounts and the queue of long work, one function each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from iprkit.database.models import Run
from iprkit.database.together_models import Account, JobRow, PageChange


def accounts(db: Db) -> Sequence[Account]:
    """Everybody who has an account, by name."""
    return db.scalars(select(Account).order_by(Account.folded)).all()


def find_account(db: Db, name: str) -> Account | None:
    """The account of a name, whatever its capitals."""
    return db.scalars(select(Account).where(Account.folded == name.strip().casefold())).first()


def jobs(db: Db, most: int) -> Sequence[JobRow]:
    """The newest jobs, newest first."""
    return db.scalars(select(JobRow).order_by(JobRow.id.desc()).limit(most)).all()


def jobs_in(db: Db, states: Sequence[str]) -> Sequence[JobRow]:
    """The jobs in these states, in the order in which they were asked for."""
    return db.scalars(select(JobRow).where(JobRow.state.in_(states)).order_by(JobRow.id)).all()


def job(db: Db, number: int) -> JobRow | None:
    return db.get(JobRow, number)


def is_stored(db: Db, page_change: str) -> bool:
    """Whether a page's change was made already."""
    return db.get(PageChange, page_change) is not None


def newest_runs(db: Db, step: str, most: int = 50) -> Sequence[Run]:
    """The runs of a step, newest first."""
    return db.scalars(select(Run).where(Run.step == step).order_by(Run.started_at.desc(), Run.id).limit(most)).all()
