"""The questions that are asked about codebooks and codes, one function each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import MetaData, func, select
from sqlalchemy.orm import Session as Db
from sqlalchemy.orm import selectinload

from iprkit.database.codebook_models import CodebookRow, CodeRow
from iprkit.database.models import Base

Uses = dict[str, dict[str, int]]
"""By a code's key: how many rows of which table point to it."""


def pinned_codebooks(db: Db) -> Sequence[CodebookRow]:
    """The study's codebooks with their codes, by name."""
    return db.scalars(select(CodebookRow).order_by(CodebookRow.name).options(selectinload(CodebookRow.codes))).all()


def find_codebook(db: Db, name: str) -> CodebookRow | None:
    return db.scalars(
        select(CodebookRow).where(CodebookRow.name == name).options(selectinload(CodebookRow.codes))
    ).first()


def code_row(db: Db, codebook: str, key: str) -> CodeRow | None:
    """The row that a coding with this code points to."""
    return db.scalars(
        select(CodeRow).join(CodeRow.codebook).where(CodebookRow.name == codebook, CodeRow.key == key)
    ).first()


def uses_of_codes(db: Db, codebook: str, tables: MetaData = Base.metadata) -> Uses:
    """What every code of a codebook touches: by its key, how many rows of every table that points to codes.

    Any of ``tables`` with a foreign key to ``code.id`` is counted, so codings are as soon as there is a table of them.
    Codes that nothing points to are left out.
    """
    uses: Uses = {}
    for table in tables.sorted_tables:
        for reference in table.foreign_keys:
            if reference.column.table.name != "code" or table.name == "code":
                continue
            pointing = (
                select(CodeRow.key, func.count())
                .join(CodeRow.codebook)
                .join(table, reference.parent == CodeRow.id)
                .where(CodebookRow.name == codebook)
                .group_by(CodeRow.key)
            )
            for key, count in db.execute(pointing):
                counts = uses.setdefault(key, {})
                counts[table.name] = counts.get(table.name, 0) + count
    return uses
