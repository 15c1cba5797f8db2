"""A codebook as a plain table, one row a code, to be written in a spreadsheet and read back.

The codebook's own fields and what became of merged and split codes are lost; its rules stand with its top codes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, BinaryIO

from iprkit.codebook import Code, Codebook, Rules, in_tree_order
from iprkit.codebook_changes import key_of
from iprkit.errors import FormatError, InvalidCodebook
from iprkit.formats.sheet import Rows, csv_rows
from iprkit.scale import PRESENCE, Anchor, Scale, number, scale_of
from iprkit.wording import tidy, tidy_line

COLUMNS = (
    "key", "name", "parent", "definition", "include", "exclude", "examples", "scale", "anchors", "level", "no_evidence",
    "unit", "window_ms", "min_ms", "speaker", "applies_to", "raters", "decision", "statistic", "scores", "codable",
    "exclusive", "colour", "shortcut", "notes", "unverified", "retired", "guid",
)  # fmt: skip
"""What is written. Only ``name`` is needed to be read."""

ALIASES = {
    "label": "name", "description": "definition", "memo": "definition", "inclusion": "include",
    "exclusion": "exclude", "example": "examples", "color": "colour", "rating": "scale", "id": "key",
}  # fmt: skip
"""How else a column may be called; ``code`` is the name, or the key where there is a name besides."""

_TEXTS = ("definition", "include", "exclude", "notes", "unverified")
_YES, _NO = ("1", "yes", "true", "y", "x", "ja"), ("0", "no", "false", "n", "nein")
_BETWEEN = re.compile(r"\s*(?:\n|\|)\s*")
_ANCHOR = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[=:]\s*(.+?)\s*", re.DOTALL)


def write_codebook_csv(book: Codebook, stream: BinaryIO) -> None:
    """Every code, retired ones too. It opens with a byte order mark, without which Excel spoils accents."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for code in book.codes:
        writer.writerow(_cells(book, code))
    text.detach()


def read_codebook_csv(data: str | bytes, name: str, title: str = "", file: str = "the table") -> Codebook:
    """The codebook of a table; see ``codebook_of_rows``."""
    return codebook_of_rows(csv_rows(data, file), name, title, file)


def codebook_of_rows(rows: Rows, name: str, title: str = "", file: str = "the table") -> Codebook:
    """The codebook of rows under a row of column names, of which only ``name`` is needed.

    ``parent`` is a code's key or name; ``scale`` a range such as ``1-5``, ``anchors`` what its numbers mean, as in
    ``1=none | 5=very``; ``examples`` are parted by ``|`` or lines. Raises FormatError with the row that is at fault.
    """
    columns = _columns(rows[0] if rows else [], file)
    scales: list[Scale] = []
    codes: list[Code] = []
    places: dict[str, int] = {}
    for row_number, row in enumerate(rows[1:], start=2):
        cells = {column: row[at].strip() for column, at in columns.items() if at < len(row) and row[at].strip()}
        if not cells:
            continue
        try:
            scale = _scale(cells, scales)
            code = _code(cells, scale, [one.key for one in codes])
        except (InvalidCodebook, ValueError) as e:
            raise FormatError(f"{file}, row {row_number}: {e}") from e
        places[code.key] = row_number
        codes.append(code)
    if not codes:
        raise FormatError(f"{file}: no codes in it")
    try:
        placed = in_tree_order(_under_parents(codes))
        return Codebook(name, "1", placed, title=tidy_line(title), scales=tuple(scales))
    except InvalidCodebook as e:
        raise FormatError(f"{file}, row {places.get(e.code_key or '', 1)}: {e}") from e


def _columns(heads: Sequence[str], file: str) -> dict[str, int]:
    said = [tidy_line(head).lower().replace(" ", "_") for head in heads]
    code = "key" if "name" in said or "label" in said else "name"
    columns: dict[str, int] = {}
    for at, head in enumerate(said):
        name = head if head in COLUMNS else code if head == "code" else ALIASES.get(head, head)
        if name in COLUMNS and name not in columns:
            columns[name] = at
    if "name" not in columns:
        raise FormatError(f"{file}, row 1: no column name; the columns are {', '.join(heads) or 'none'}")
    return columns


def _code(cells: dict[str, str], scale: str | None, taken: Sequence[str]) -> Code:
    name = tidy_line(cells.get("name", ""))
    if not name:
        raise InvalidCodebook("the code has no name")
    rules: dict[str, Any] = {rule: cells.get(rule) for rule in ("unit", "speaker", "decision", "statistic")}
    rules |= {rule: _whole(rule, cells[rule]) for rule in ("window_ms", "min_ms", "raters") if rule in cells}
    rules |= {rule: _list(cells[rule]) for rule in ("applies_to", "scores") if rule in cells}
    texts: dict[str, Any] = {field: tidy(cells.get(field, "")) for field in _TEXTS}
    return Code(
        cells.get("key") or key_of(name, taken),
        name,
        parent=cells.get("parent"),
        examples=_list(cells.get("examples", "")),
        codable=_flag(cells, "codable", True),
        exclusive=_flag(cells, "exclusive", False),
        retired=_flag(cells, "retired", False),
        rules=Rules(**rules, scale=scale),
        colour=cells["colour"].upper() if "colour" in cells else None,
        shortcut=cells.get("shortcut"),
        guid=cells["guid"].upper().strip("{}") if "guid" in cells else None,
        **texts,
    )


def _under_parents(codes: Sequence[Code]) -> Iterator[Code]:
    keys = {code.key.casefold(): code.key for code in codes}
    names = {code.name.casefold(): code.key for code in reversed(codes)}
    for code in codes:
        if code.parent is None:
            yield code
            continue
        folded = tidy_line(code.parent).casefold()
        yield replace(code, parent=keys.get(folded) or names.get(folded) or code.parent)


def _scale(cells: dict[str, str], scales: list[Scale]) -> str | None:
    """The name of the scale that a row asks for, which is put among ``scales`` where it is new."""
    said = cells.get("scale", "")
    if said in ("", PRESENCE):
        return said or None
    ranged = said.rpartition(":")[2].strip()
    scale = scale_of(ranged)
    if scale is None:
        raise InvalidCodebook(f"{said!r} is no scale; write a range such as 1-5 or 1-9/0.5, or {PRESENCE}")
    anchors = [_ANCHOR.fullmatch(part) for part in _list(cells.get("anchors", ""))]
    if not all(anchors):
        raise InvalidCodebook(f"{cells['anchors']!r} are no anchors; write them as 1=none | 5=very")
    told = tuple(Anchor(float(found[1]), tidy(found[2])) for found in anchors if found)
    name, level = tidy_line(said.rpartition(":")[0]) or scale.name, cells.get("level") or scale.level
    least = float(cells["no_evidence"]) if "no_evidence" in cells else None
    return _kept(Scale(name, scale.min, scale.max, scale.step, level, told, least), scales)


def _kept(scale: Scale, scales: list[Scale]) -> str:
    """One without anchors means the first of its name; another scale of that name makes it a numbered one."""
    name, n = scale.name, 1
    while True:
        known = next((one for one in scales if one.name == name), None)
        if known is None:
            scales.append(replace(scale, name=name))
            return name
        same = replace(known, name=scale.name)
        if same == scale or (
            not scale.anchors and (same.min, same.max, same.step) == (scale.min, scale.max, scale.step)
        ):
            return name
        n += 1
        name = f"{scale.name} {n}"


def _cells(book: Codebook, code: Code) -> list[str]:
    rules = code.rules if code.parent else code.rules.over(book.rules)
    scale = next((one for one in book.scales if one.name == rules.scale), None)
    values: dict[str, Any] = {f.name: getattr(rules, f.name) for f in fields(Rules)}
    values |= {f.name: getattr(code, f.name) for f in fields(Code)}
    if scale is not None:
        values["scale"] = scale.range if scale.name == scale.range else f"{scale.name}: {scale.range}"
        values["anchors"] = tuple(f"{number(a.value)}={a.text}" for a in scale.anchors)
        values["level"] = scale.level
        values["no_evidence"] = None if scale.no_evidence is None else number(scale.no_evidence)
    return [_cell(values.get(column)) for column in COLUMNS]


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return " | ".join(tidy_line(str(one)).replace("|", "/") for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in (tidy(one) for one in _BETWEEN.split(text)) if part)


def _whole(column: str, text: str) -> int:
    if not text.isdecimal():
        raise InvalidCodebook(f"{column} is {text!r}; expected a whole number")
    return int(text)


def _flag(cells: dict[str, str], column: str, otherwise: bool) -> bool:
    said = cells.get(column, "").lower()
    if said and said not in (*_YES, *_NO):
        raise InvalidCodebook(f"{column} is {said!r}; expected yes or no")
    return said in _YES if said else otherwise
