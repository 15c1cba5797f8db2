"""The files that codebooks travel in: what each writes and loses, and which of them a file is, told by its content."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from iprkit.codebook import Codebook
from iprkit.errors import FormatError
from iprkit.formats.codebook_csv import ALIASES, codebook_of_rows, read_codebook_csv, write_codebook_csv
from iprkit.formats.codebook_yaml import read_codebook_yaml, write_codebook_yaml
from iprkit.formats.maxqda_codes import read_maxqda_codes, write_maxqda_codes
from iprkit.formats.qdc import read_qdc, write_qdc
from iprkit.formats.sheet import csv_rows, excel_rows
from iprkit.formats.taguette import OTHERS, PATHS, read_taguette, write_taguette


@dataclass(frozen=True)
class CodebookFormat:
    """A way to write a codebook down: the file's suffix, what it is for, and what does not fit into it."""

    write: Callable[[Codebook, BinaryIO], None]
    suffix: str
    purpose: str
    loses: str


def _write_yaml(book: Codebook, stream: BinaryIO) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    write_codebook_yaml(book, text)
    text.detach()


CODEBOOK_WRITERS = {
    "yaml": CodebookFormat(_write_yaml, ".yaml", "iprkit's own file, to share and to keep", "nothing"),
    "qdc": CodebookFormat(
        write_qdc,
        ".qdc",
        "REFI-QDA: NVivo, ATLAS.ti, MAXQDA, QualCoder",
        "units and rules, citation, rights, retired codes",
    ),
    "taguette": CodebookFormat(
        write_taguette,
        ".taguette.csv",
        "Taguette",
        "colours, which codes only group, units and rules, citation, rights, retired codes",
    ),
    "maxqda": CodebookFormat(
        write_maxqda_codes,
        ".maxqda.xlsx",
        "MAXQDA's code system",
        "colours, which codes only group, units and rules, citation, rights, retired codes",
    ),
    "csv": CodebookFormat(
        write_codebook_csv, ".csv", "a table for any spreadsheet", "citation, rights, what was merged and split"
    ),
}


def read_codebook(data: bytes, name: str, title: str, file: str) -> Codebook:
    """The codebook in a file of any of the formats, recognised by its content.

    ``name`` and ``title`` are given to codebooks whose format has no place for them; YAML has. ``file`` names it in
    complaints. Raises FormatError.
    """
    if data.startswith(b"PK\x03\x04"):
        return _read_excel(data, name, title, file)
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<")):
        return read_qdc(data, name, title, file)
    heads = _heads(data, file)
    if set(heads) & set(PATHS) and not set(heads) - {*PATHS, *OTHERS}:
        return read_taguette(data, name, title, file)
    if set(heads) & {"name", "code", "key", *ALIASES} and (len(heads) > 1 or heads[0] == "name"):
        return read_codebook_csv(data, name, title, file)
    return read_codebook_yaml(data, file)


def _read_excel(data: bytes, name: str, title: str, file: str) -> Codebook:
    sheets = excel_rows(data, file)
    heads = [{head.strip().lower() for head in rows[0]} if rows else set() for rows in sheets]
    table = next((rows for rows, head in zip(sheets, heads, strict=True) if "name" in head), None)
    if table is not None and not any("code" in head for head in heads):
        return codebook_of_rows(table, name, title, file)
    return read_maxqda_codes(data, name, title, file)


def _heads(data: bytes, file: str) -> list[str]:
    """The cells of the first line, were it a table."""
    try:
        rows = csv_rows(data.split(b"\n", 1)[0] if b"\0" not in data[:64] else data, file)
    except FormatError:
        return []
    return [head.strip().lower() for head in rows[0]] if rows else []
