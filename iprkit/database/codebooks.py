"""Codebooks in the study: pinned in a version, read as values, and brought row by row to what a changed value says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from sqlalchemy.orm import Session as Db

from iprkit.codebook import Code, Codebook, Rules, in_tree_order, plain, plain_code, rules_of
from iprkit.database import codebook_queries
from iprkit.database.codebook_models import CodebookRow, CodeRow
from iprkit.errors import Conflict, NotFound
from iprkit.scale import Anchor, Scale

_RULES = [f.name for f in fields(Rules)]
_LINKS = ("parent", "merged_into", "split_from")
_BOOK = [f.name for f in fields(Codebook) if f.name not in ("codes", "rules")] + _RULES
_CODE = [f.name for f in fields(Code) if f.name not in ("rules", *_LINKS)] + _RULES


def pin_codebook(db: Db, book: Codebook, origin: str) -> CodebookRow:
    """Store a codebook as one that the study works with. Must run inside a journaled change.

    Raises Conflict where the study has one of that name.
    """
    if codebook_queries.find_codebook(db, book.name) is not None:
        raise Conflict(
            f"the study has a codebook {book.name} already; give this one another name, or bring that one up to date "
            f"with: iprkit codebook update {book.name}"
        )
    row = CodebookRow(origin=origin, origin_digest=book.digest)
    _write(row, _BOOK, plain(book))
    db.add(row)
    _write_codes(db, row, book)
    return row


def change_codebook(db: Db, row: CodebookRow, book: Codebook) -> None:
    """Bring the rows of a pinned codebook to what ``book`` says. Must run inside a journaled change.

    Codes are recognised by their keys. ``book`` comes from ``load_codebook`` and the functions of
    ``iprkit.codebook_changes``, so it has at least the codes that are stored. Raises Conflict where one is missing.
    """
    lost = {code.key for code in row.codes} - set(book.by_key)
    if lost:
        raise Conflict(f"codebook {row.name} has other codes than this change knew ({', '.join(sorted(lost))}); repeat")
    _write(row, _BOOK, plain(book))
    _write_codes(db, row, book)


def codebook_row(db: Db, name: str) -> CodebookRow:
    """The study's codebook of a name. Raises NotFound with the nearest one."""
    row = codebook_queries.find_codebook(db, name)
    if row is None:
        names = [one.name for one in codebook_queries.pinned_codebooks(db)]
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"pin it with: iprkit codebook add {name}"
        raise NotFound(f"there is no codebook {name} in this study; {hint}")
    return row


def load_codebook(row: CodebookRow) -> Codebook:
    """A pinned codebook as a value."""
    keys = {code.id: code.key for code in row.codes}
    codes = in_tree_order(_code(code, keys) for code in row.codes)
    values = {name: getattr(row, name) for name in _BOOK if name not in (*_RULES, "scales")}
    return Codebook(**values, codes=codes, rules=_rules(row), scales=tuple(_scale(values) for values in row.scales))


def _write_codes(db: Db, row: CodebookRow, book: Codebook) -> None:
    """Parents before the codes below them; what points to other codes follows once all are there."""
    rows = {code.key: code for code in row.codes}
    positions: dict[str | None, int] = {}
    for code in book.codes:
        target = rows.get(code.key)
        if target is None:
            target = rows[code.key] = CodeRow()
            row.codes.append(target)
        _write(target, _CODE, plain_code(code))
        _set(target, "parent", rows[code.parent] if code.parent else None)
        position = positions[code.parent] = positions.get(code.parent, -1) + 1
        _set(target, "position", position)
    db.flush()
    for code in book.codes:
        for link in ("merged_into", "split_from"):
            other = getattr(code, link)
            _set(rows[code.key], link, rows[other] if other else None)
    db.flush()


def _write(row: CodebookRow | CodeRow, names: list[str], values: Mapping[str, Any]) -> None:
    for name in names:
        _set(row, name, values[name])


def _set(row: object, name: str, value: Any) -> None:
    """Left alone where it is so already: only what changes is journaled."""
    if getattr(row, name) != value:
        setattr(row, name, value)


def _code(row: CodeRow, keys: Mapping[str, str]) -> Code:
    values: dict[str, Any] = {name: getattr(row, name) for name in _CODE if name not in (*_RULES, "examples")}
    values |= {link: keys.get(getattr(row, f"{link}_id") or "") for link in _LINKS}
    return Code(**values, examples=tuple(row.examples), rules=_rules(row))


def _rules(row: CodebookRow | CodeRow) -> Rules:
    return rules_of({name: getattr(row, name) for name in _RULES})


def _scale(values: Mapping[str, Any]) -> Scale:
    numbers = {name: float(values[name]) for name in ("min", "max", "step")}
    anchors = tuple(Anchor(float(anchor["value"]), anchor["text"]) for anchor in values["anchors"])
    least = values["no_evidence"]
    return Scale(
        values["name"],
        level=values["level"],
        anchors=anchors,
        no_evidence=None if least is None else float(least),
        **numbers,
    )
