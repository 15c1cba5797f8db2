"""A file from another program, recognised by its content and read as what travels between programs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby
from pathlib import Path
from unicodedata import normalize

from iprkit.codebook import Codebook
from iprkit.codebook_changes import name_of
from iprkit.errors import FormatError
from iprkit.exchange import Conversation, Exchange
from iprkit.formats import boris, datavyu
from iprkit.formats.archive import opened
from iprkit.formats.chat_read import read_chat
from iprkit.formats.codebooks import read_codebook
from iprkit.formats.cues import Cue, backward, spread
from iprkit.formats.datavyu import is_spreadsheet, read_spreadsheet
from iprkit.formats.dialects import docx_text, page_text, read_dialect, read_noscribe
from iprkit.formats.eaf_read import read_eaf, read_ecv
from iprkit.formats.encodings import decoded
from iprkit.formats.foreign_databases import read_database
from iprkit.formats.laid_out import UNTIMED
from iprkit.formats.node import Node, parsed
from iprkit.formats.qdpx_read import read_qde, read_qdpx
from iprkit.formats.study_archive import MANIFEST
from iprkit.formats.textgrid import read_textgrid
from iprkit.formats.texts import PACE_MS, Labels, made_transcript
from iprkit.formats.told import Told, read_told
from iprkit.formats.xml_tree import parsed_xml
from iprkit.transcript import Segment, Transcript, Word

LARGEST = 512 * 1024 * 1024
"""Bytes; no transcript or project without media is larger."""

_SQLITE = b"SQLite format 3\0"
_ZIP = b"PK\x03\x04"
_RTF_PDF = {b"{\\rtf": "an RTF document; save it as .docx or plain text (UTF-8)", b"%PDF": "a PDF; save its text"}


@dataclass(frozen=True)
class Foreign:
    """What a file turned out to be, in words, and what is in it.

    ``untimed``: a text without times for its words, which an existing recording can give it.
    """

    what: str
    values: Exchange
    untimed: bool = False


def read_foreign(file: Path) -> Foreign:
    """What is in a file. Raises FormatError naming the file, what is wrong, and where."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        head = stream.read(4096)
    if not size:
        raise FormatError(f"{file.name} is empty")
    if head.startswith(_SQLITE):
        values = read_database(file)
        return Foreign(f"a study of {values.origin}", values)
    if head.startswith(_ZIP):
        return _of_archive(file)
    if size > LARGEST:
        raise FormatError(f"{file.name} is larger than any transcript ({size // 1024**2} MB); it was not read")
    return read_bytes(file.read_bytes(), file.name)


def words_in(file: Path) -> list[Told]:
    """The words of a transcript in a Word document, a page, or what ``read_told`` reads. Raises FormatError."""
    data = file.read_bytes()
    if data.startswith(_ZIP) and b"word/document.xml" in data:
        _check_word(file)
        return read_told(docx_text(data, file.name))
    text = decoded(data)
    return read_told(page_text(text) if _is_page(text) else text)


def read_bytes(data: bytes, file: str) -> Foreign:
    """The same of a file's bytes, where it is neither an archive nor a database."""
    for opening, what in _RTF_PDF.items():
        if data.startswith(opening):
            raise FormatError(f"{file} is {what} and try again")
    text = decoded(data)
    if _is_page(text):
        return _of_page(text, file)
    if text.lstrip().startswith("<"):
        return _of_xml(data, text, file)
    return _of_text(text, file)


def _is_page(text: str) -> bool:
    start = text.lstrip()[:2000].lower()
    return start.startswith("<") and ("<html" in start or start.startswith("<!doctype html"))


def _of_archive(file: Path) -> Foreign:
    with opened(file, file.name) as archive:
        names = [name.casefold() for name in archive.names]
    if "word/document.xml" in names:
        _check_word(file)
        return _of_told(docx_text(file.read_bytes(), file.name), file.name, "a Word document")
    if "xl/workbook.xml" in names:
        raise FormatError(
            f"{file.name} is a workbook; codings come in with: iprkit code import, codebooks: iprkit codebook import"
        )
    if any(name.endswith(".qde") for name in names):
        values = read_qdpx(file, file.name)
        return Foreign(f"a REFI-QDA project of {values.origin}", values)
    if MANIFEST.casefold() in names:
        raise FormatError(f"{file.name} holds a whole study; restore it: iprkit restore {file.name} DIR")
    with opened(file, file.name) as archive:
        if is_spreadsheet(archive):
            return Foreign("a spreadsheet of Datavyu", read_spreadsheet(archive, file.name))
    raise FormatError(f"{file.name} is an archive without a REFI-QDA project or Word document in it")


def _check_word(file: Path) -> None:
    """Raises FormatError where a document could harm, or unpacks to more than an honest one."""
    with opened(file, file.name) as archive:
        if archive.find("word/document.xml") is None:
            raise FormatError(f"{file.name} is an archive without a Word document in it")
        for part in archive.names:
            if b"<!DOCTYPE" in archive.read(part)[:4096]:
                raise FormatError(f"{file.name} defines document types, which no Word document needs; not read")


def _of_xml(data: bytes, text: str, file: str) -> Foreign:
    opening = text[:4000]
    if "<Project" in opening:
        values = read_qde(data, file)
        return Foreign(f"a REFI-QDA project of {values.origin}, without its texts", values)
    if "<CodeBook" in opening:
        book = _codebook(data, file)
        return Foreign("a REFI-QDA codebook", Exchange(book.title or book.name, codebooks=(book,)))
    if "<ANNOTATION_DOCUMENT" in opening:
        return Foreign("an annotation file of ELAN", read_eaf(data, file, _key(file)))
    if "<CV_RESOURCE" in opening:
        return Foreign("vocabularies of ELAN", read_ecv(data, file))
    root = parsed_xml(data, file)
    raise FormatError(f"{file} is XML of a kind that iprkit does not read ({root.tag})")


def _codebook(data: bytes, file: str) -> Codebook:
    stem = Path(file).stem
    return read_codebook(data, name_of(stem), stem, file)


def _of_page(text: str, file: str) -> Foreign:
    found = read_noscribe(text, _key(file))
    if found is not None:
        return Foreign("a transcript of noScribe", _alone(found, file))
    return _of_told(page_text(text), file, "a web page")


def _of_text(text: str, file: str) -> Foreign:
    if "ooTextFile" in text[:200]:
        return Foreign("a TextGrid of Praat", read_textgrid(text.encode(), file, _key(file)))
    if re.match(r"\s*(@Font:[^\n]*\n)?@(UTF8|Begin)", text):
        return Foreign("a CHAT transcript", read_chat(text.encode(), file, _key(file)))
    if boris.is_project(text):
        return Foreign("a project of BORIS", boris.read_project(text, file))
    if text.lstrip().startswith("{"):
        return _of_json(text, file)
    if datavyu.is_table(text):
        return Foreign("a table of Datavyu", datavyu.read_table(text, file))
    if boris.is_table(text):
        return Foreign("events of BORIS", boris.read_table(text, file))
    _refuse_table(text, file)
    if _is_codebook_table(text):
        book = _codebook(text.encode(), file)
        return Foreign("a codebook in a table", Exchange(book.title or book.name, codebooks=(book,)))
    for mark, what in (("WEBVTT", "WebVTT subtitles"), ("start\tend\ttext", "a table of Whisper's"),
                       ("Timespan\tContent", "rows of NVivo")):  # fmt: skip
        if text.lstrip().startswith(mark):
            return _of_told(text, file, what)
    return _of_told(text, file, "SubRip subtitles" if "-->" in text else "a text")


def _refuse_table(text: str, file: str) -> None:
    """Raises FormatError for tables that come in by another way."""
    head = text.lstrip("\ufeff \n").split("\n", 1)[0].strip().casefold().replace('"', "").replace(";", ",")
    cells = {cell.strip() for cell in re.split(r"[,\t]", head)}
    if {"id", "document", "content", "tag"} <= cells:
        raise FormatError(f"{file} lists highlights of Taguette without their places; export the project (.sqlite3)")
    if "code" in cells and cells & {"target", "start_ms"}:
        raise FormatError(f"{file} is a coding sheet; import it with: iprkit code import {file}")
    if {"key", "session", "speaker"} <= cells:
        raise FormatError(f"{file} is a table of a transcript; export the transcript as text, VTT, SRT or JSON")


def _is_codebook_table(text: str) -> bool:
    head = text.lstrip("\ufeff \n").split("\n", 1)[0].strip().casefold().replace('"', "")
    cells = [cell.strip() for cell in head.replace(";", ",").split(",")]
    return (
        len(cells) > 1 and cells[0] in ("tag", "name", "path", "code", "key") and "description" in head + "definition"
    )


def _of_json(text: str, file: str) -> Foreign:
    try:
        found = read_dialect(_json(text), _key(file))
    except FormatError as e:
        raise FormatError(f"{file}: {e}") from e
    if isinstance(found, str):
        return _of_told(found, file, "a transcript of oTranscribe")
    if found is not None:
        return Foreign("a transcript of a transcription service", _alone(found, file))
    return _of_told(text, file, "recognised speech in JSON")


def _json(text: str) -> Node:
    return parsed(text, "JSON transcript")


def _of_told(text: str, file: str, what: str) -> Foreign:
    try:
        told = read_told(text)
        remarks = tuple(f"{file}, {one}" for one in backward(text)) if "-->" in text else ()
        values = replace(_alone(transcript_of(told, _key(file)), file), remarks=remarks)
    except FormatError as e:
        raise FormatError(f"{file}: {e}") from e
    timed = any(word.start_ms is not None for word in told)
    return Foreign(what, values, untimed=not timed)


def transcript_of(told: Sequence[Told], key: str) -> Transcript:
    """A transcript of words as a file tells them: each turn a segment, words without a time between those with one.

    Where not one has a time, they follow at the pace of talk, and the segments bear the flag ``untimed``.
    """
    timed = any(word.start_ms is not None or word.end_ms is not None for word in told)
    labels, ids = Labels(), (f"w{number:04d}" for number in count(1))
    edges = _edges(told)
    segments = []
    for _, run in groupby(range(len(told)), key=lambda n: (told[n].turn, told[n].speaker)):
        words = [_word(told[n], edges[n], next(ids), labels) for n in run]
        segments.append(Segment("", words[0].speaker, tuple(words), flags=() if timed else (UNTIMED,)))
    return made_transcript(key, segments, labels.speakers)


def _word(word: Told, edges: tuple[int, int], identity: str, labels: Labels) -> Word:
    label = labels.of(word.speaker) if word.speaker else None
    return Word(identity, word.text, *edges, speaker=label, interpolated=not word.measured)


def _edges(told: Sequence[Told]) -> list[tuple[int, int]]:
    """Start and end of every word, those that nobody measured sharing the time between their neighbours."""
    starts: list[int | None] = [word.start_ms for word in told]
    edges: list[tuple[int, int]] = []
    at, last_ms = 0, 0
    while at < len(told):
        start = starts[at]
        start_ms = max(last_ms, start) if start is not None and not told[at].measured else start or last_ms
        stop = at
        while told[stop].end_ms is None and stop + 1 < len(told) and starts[stop + 1] is None:
            stop += 1
        run = told[at : stop + 1]
        known = run[-1].end_ms if run[-1].end_ms is not None else (starts[stop + 1] if stop + 1 < len(told) else None)
        end_ms = known if known is not None else start_ms + PACE_MS * len(run)
        cue = Cue(start_ms, max(start_ms, end_ms), " ".join("x" * max(1, len(word.text)) for word in run))
        edges += [(word.start_ms, word.end_ms) for word in spread(cue, (str(n) for n in count()))]
        last_ms, at = edges[-1][1], stop + 1
    return edges


def _alone(transcript: Transcript, file: str) -> Exchange:
    """One transcript as a study of one conversation."""
    return Exchange(Path(file).stem, conversations=(Conversation(_key(file), transcript=transcript),))


def _key(file: str) -> str:
    """The conversation's name until it gets a key of the study."""
    return normalize("NFC", file.split(".")[0] or file)
