"""What people may do in a study that several work on: researchers all, coders their own codings, readers read."""

from __future__ import annotations

RESEARCHER, CODER, READER = "researcher", "coder", "reader"
ROLES = (RESEARCHER, CODER, READER)

CHANGES: dict[str, frozenset[str] | None] = {
    RESEARCHER: None,
    CODER: frozenset({"coding", "round", "assignment_coder"}),
    READER: frozenset(),
}
"""By role: the tables whose rows a person may change, None for all."""


def may_change(role: str, table: str) -> bool:
    """Whether a person of this role may change rows of a table.

    >>> may_change(CODER, "coding"), may_change(CODER, "segment"), may_change(READER, "coding")
    (True, False, False)
    """
    tables = CHANGES[role]
    return tables is None or table in tables
