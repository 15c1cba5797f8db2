"""MAXQDA's code system as an Excel table: a column ``Code`` with the path of every code, a column ``Memo``.

Colours, GUIDs and retired codes are lost; what else a code says stands in its memo.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import BinaryIO

from iprkit.codebook import Codebook
from iprkit.errors import FormatError, InvalidCodebook
from iprkit.formats.described import Found, book_of, described, unique_names
from iprkit.formats.sheet import Rows, excel_rows, write_excel
from iprkit.wording import tidy_line

_STEP = re.compile(r"[>\\]")


def write_maxqda_codes(book: Codebook, stream: BinaryIO) -> None:
    """The codes that are offered, the steps of a path parted by ``>``.

    A ``>`` or ``\\`` inside a name becomes a slash; MAXQDA itself cuts names after 63 letters. Raises FormatError
    where a memo does not fit into a cell.
    """
    names, paths = unique_names(book), dict[str, str]()
    rows = [["Code", "Memo"]]
    for code in book.active:
        name = _STEP.sub("/", names[code.key])
        paths[code.key] = f"{paths[code.parent]} > {name}" if code.parent else name
        rows.append([paths[code.key], described(book, code, name)])
    write_excel(rows, "Codes", (50, 100), stream)


def read_maxqda_codes(data: bytes, name: str, title: str = "", file: str = "the code system") -> Codebook:
    """The codebook of the first sheet that has a column ``Code``; steps of a path are parted by ``>`` or ``\\``.

    Codes that only occur inside paths are made, as MAXQDA does. Raises FormatError with the row where a path is empty.
    """
    found: list[Found] = []
    places: dict[tuple[str, ...], int] = {}
    for number, said, memo in _rows(excel_rows(data, file), file):
        path = tuple(tidy_line(step) for step in _STEP.split(said))
        if not all(path):
            raise FormatError(f"{file}, row {number}: {said!r} is no path of a code; write Alliance > Rupture")
        for depth in range(1, len(path) + 1):
            if path[:depth] not in places:
                places[path[:depth]] = len(found)
                found.append(Found(path[depth - 1], parent=places.get(path[: depth - 1])))
        here = places[path]
        memos = [text for text in (found[here].description, memo) if text]
        found[here] = replace(found[here], description="\n\n".join(memos))
    if not found:
        raise FormatError(f"{file}: no codes in it")
    try:
        return book_of(name, title, found, "Read from a code system of MAXQDA.")
    except InvalidCodebook as e:
        raise FormatError(f"{file}: {e}") from e


def _rows(sheets: list[Rows], file: str) -> list[tuple[int, str, str]]:
    """Row number, path and memo of every row that says something."""
    for rows in sheets:
        heads = [head.strip().lower() for head in rows[0]] if rows else []
        if "code" in heads:
            code, memo = heads.index("code"), heads.index("memo") if "memo" in heads else len(heads)
            cells = [(number, [*row, *[""] * len(heads), ""]) for number, row in enumerate(rows[1:], start=2)]
            return [(number, row[code], row[memo]) for number, row in cells if any(cell.strip() for cell in row)]
    raise FormatError(f"{file}: no sheet has a first row with the words Code and Memo")
