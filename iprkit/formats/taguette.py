"""Taguette's codebook: a table of tags and descriptions, the tree written into the tags with dots.

Colours, GUIDs and retired codes are lost; what else a code says stands in its description. That is one line there:
Taguette's form drops line breaks, so paragraphs are parted by ``¶`` and lines by ``↵``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from iprkit.codebook import Codebook
from iprkit.errors import FormatError, InvalidCodebook
from iprkit.formats.described import Found, book_of, described, unique_names
from iprkit.formats.sheet import csv_rows
from iprkit.wording import tidy_line

PATHS = ("tag", "name", "path")
OTHERS = ("description", "number of highlights", "number of documents")
LONGEST = 200
"""Characters that Taguette lets a tag have."""


def write_taguette(book: Codebook, stream: BinaryIO) -> None:
    """The codes that are offered. It opens with a byte order mark, so that Taguette does not guess the encoding.

    Raises FormatError where a code's path is longer than Taguette takes.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["tag", "description"])
    for key, path in _paths(book).items():
        if len(path) > LONGEST:
            raise FormatError(f"code {key} would be the tag {path!r}, longer than the {LONGEST} letters Taguette takes")
        writer.writerow([path, _on_one_line(described(book, book.by_key[key], path.rpartition(".")[2]))])
    text.detach()


def read_taguette(data: str | bytes, name: str, title: str = "", file: str = "the codebook") -> Codebook:
    """The codebook of Taguette's table. ``Alliance.Rupture`` lies under ``Alliance`` where that tag is there.

    Raises FormatError with the row where a tag has no name.
    """
    rows = csv_rows(data, file)
    heads = [head.strip().lower() for head in rows[0]] if rows else []
    at = next((heads.index(head) for head in PATHS if head in heads), None)
    if at is None:
        raise FormatError(f"{file}, row 1: no column tag, name or path")
    memo = heads.index("description") if "description" in heads else None
    found = list(_found(rows[1:], at, memo, file))
    if not found:
        raise FormatError(f"{file}: no tags in it")
    try:
        return book_of(name, title, nested(found), "Read from a codebook of Taguette.")
    except InvalidCodebook as e:
        raise FormatError(f"{file}: {e}") from e


def in_lines(description: str) -> str:
    """A tag's description with its paragraphs and lines again.

    >>> in_lines("Opens up. ¶ Scale: Depth, 1 to 2 ↵ 1 = little")
    'Opens up.\\n\\nScale: Depth, 1 to 2\\n1 = little'
    """
    return re.sub(r" *↵ *", "\n", re.sub(r" *¶ *", "\n\n", description))


def _on_one_line(text: str) -> str:
    return re.sub(r"\n", " ↵ ", re.sub(r"\n\s*\n", " ¶ ", text))


def nested(found: Sequence[Found]) -> list[Found]:
    """Tags with dots under the longest tag that they continue, and their names shortened by it."""
    places = {one.name: index for index, one in enumerate(found)}
    out = []
    for one in found:
        dots = [at for at, letter in enumerate(one.name) if letter == "." and one.name[at + 1 :].strip()]
        above = next((at for at in reversed(dots) if one.name[:at] in places), None)
        if above is None or one.parent is not None:
            out.append(one)
        else:
            out.append(replace(one, name=one.name[above + 1 :].strip(), parent=places[one.name[:above]]))
    return out


def _found(rows: Sequence[Sequence[str]], at: int, memo: int | None, file: str) -> Iterator[Found]:
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        tag = tidy_line(row[at]) if at < len(row) else ""
        if not tag:
            raise FormatError(f"{file}, row {number}: the tag has no name")
        yield Found(tag, in_lines(row[memo]) if memo is not None and memo < len(row) else "")


def _paths(book: Codebook) -> dict[str, str]:
    """A tag for every code; a dot in a name becomes a hyphen where Taguette would take it for a step of the tree."""
    names, paths = unique_names(book), dict[str, str]()
    plain_tags = {name for key, name in names.items() if book.by_key[key].parent is None}
    for code in book.active:
        name = names[code.key]
        above = f"{paths[code.parent]}." if code.parent else ""
        if "." in name and (above or any(name.startswith(f"{tag}.") for tag in plain_tags)):
            name = name.replace(".", "-")
        paths[code.key] = above + name
    return paths
