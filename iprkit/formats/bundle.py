"""A bundle: what a coder needs on another computer, or sends back from it, in one file that tells whether it is whole.

It is a ZIP archive of ``manifest.json``, which names every other part with its size and checksum, ``rows.json`` and the
recordings. Nothing is unpacked by the names that stand in it.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from iprkit.errors import FormatError

FORMAT, VERSION = "iprkit bundle", 1
ROWS, MANIFEST = "rows.json", "manifest.json"

_LARGEST_TEXT = 256 * 1024 * 1024
_MOST = 1000  # parts of a bundle
_PART = re.compile(r"recordings/[0-9a-f]{64}")
_BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Bundle:
    """What a bundle says of itself, and the rows by table. ``sizes`` says by checksum how long each recording is."""

    study: str
    assignment: str
    coder: str
    made_at: str
    rows: dict[str, list[dict[str, Any]]]
    sizes: dict[str, int]


def write_bundle(bundle: Bundle, recordings: Mapping[str, Path], stream: BinaryIO) -> None:
    """``recordings`` are by checksum the files to put into it."""
    rows = json.dumps(bundle.rows, ensure_ascii=False, sort_keys=True).encode()
    parts = {ROWS: {"sha256": hashlib.sha256(rows).hexdigest(), "size": len(rows)}}
    parts |= {_named(sha): {"sha256": sha, "size": file.stat().st_size} for sha, file in recordings.items()}
    about = {
        "format": FORMAT, "version": VERSION, "study": bundle.study, "assignment": bundle.assignment,
        "coder": bundle.coder, "made_at": bundle.made_at, "parts": parts,
    }  # fmt: skip
    with ZipFile(stream, "w") as archive:
        _write(archive, MANIFEST, json.dumps(about, ensure_ascii=False, indent=1).encode())
        _write(archive, ROWS, rows)
        for sha, file in recordings.items():
            entry = ZipInfo(_named(sha))
            entry.compress_type, entry.file_size = ZIP_STORED, file.stat().st_size
            with archive.open(entry, "w") as target, file.open("rb") as source:
                while block := source.read(_BLOCK):
                    target.write(block)


def read_bundle(file: Path) -> Bundle:
    """A bundle without its recordings. Raises FormatError where it is none, damaged, or made to fill the disk."""
    with _opened(file) as archive:
        about = _json(_read(archive, file, MANIFEST), file, MANIFEST)
        parts = _parts(about, file)
        content = _read(archive, file, ROWS)
        told = parts.get(ROWS, {})
        if hashlib.sha256(content).hexdigest() != told.get("sha256"):
            raise FormatError(f"{file.name} is damaged: {ROWS} is not what its checksum says; ask for it again")
        rows = _json(content, file, ROWS)
    if not all(isinstance(each, list) and all(isinstance(row, dict) for row in each) for each in rows.values()):
        raise FormatError(f"{file.name}: {ROWS} holds no rows")
    sizes = {name.rpartition("/")[2]: int(part["size"]) for name, part in parts.items() if name != ROWS}
    said = {name: str(about.get(name, "")) for name in ("study", "assignment", "coder", "made_at")}
    return Bundle(**said, rows=rows, sizes=sizes)


def unpack_recording(file: Path, sha256: str, size: int, to: BinaryIO) -> None:
    """Write one recording of a bundle to a stream, never more than it is said to be long.

    Raises FormatError where it is not there, or not what its checksum says.
    """
    digest, written = hashlib.sha256(), 0
    with _opened(file) as archive, archive.open(_entry(archive, file, _named(sha256))) as source:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > size:
                break
            digest.update(block)
            to.write(block)
    if written != size or digest.hexdigest() != sha256:
        raise FormatError(f"{file.name} is damaged: a recording is not what its checksum says; ask for it again")


def _named(sha256: str) -> str:
    return f"recordings/{sha256}"


def _write(archive: ZipFile, name: str, content: bytes) -> None:
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    archive.writestr(entry, content)


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(file) as archive:
            if any(entry.header_offset < 0 for entry in archive.infolist()):
                raise BadZipFile("its table of contents points outside it")
            yield archive
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, UnicodeError, zlib.error, struct.error) as e:
        raise FormatError(f"{file.name} is no bundle of iprkit, or damaged: {e}") from e


def _entry(archive: ZipFile, file: Path, name: str) -> ZipInfo:
    found = [entry for entry in archive.infolist() if entry.filename == name]
    if len(found) != 1:
        raise FormatError(f"{file.name} is no bundle of iprkit: it has {len(found)} parts named {name}")
    return found[0]


def _read(archive: ZipFile, file: Path, name: str) -> bytes:
    """A part that is text, read no further than any honest one is long."""
    with archive.open(_entry(archive, file, name)) as source:
        content = source.read(_LARGEST_TEXT + 1)
    if len(content) > _LARGEST_TEXT:
        raise FormatError(f"{file.name}: {name} unpacks to more than {_LARGEST_TEXT // 1024**2} MB; it was not read")
    return content


def _json(content: bytes, file: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as e:
        raise FormatError(f"{file.name}: {name} cannot be read: {e}") from e
    if not isinstance(found, dict):
        raise FormatError(f"{file.name}: {name} holds no table")
    return found


def _parts(about: dict[str, Any], file: Path) -> dict[str, dict[str, Any]]:
    if about.get("format") != FORMAT:
        raise FormatError(f"{file.name} is no bundle of iprkit")
    if about.get("version") != VERSION:
        raise FormatError(f"{file.name} is a bundle of version {about.get('version')}; update iprkit to read it")
    parts = about.get("parts")
    if not isinstance(parts, dict) or len(parts) > _MOST:
        raise FormatError(f"{file.name}: its manifest names no parts, or more than {_MOST}")
    for name, part in parts.items():
        honest = isinstance(part, dict) and isinstance(part.get("size"), int) and part["size"] >= 0
        if not honest or (name != ROWS and not _PART.fullmatch(name)):
            raise FormatError(f"{file.name}: its manifest names a part {name!r}, which no bundle has")
    return parts
