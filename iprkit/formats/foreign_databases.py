"""Studies that other programs keep in a database, opened to be read only: QualCoder's data.qda, Taguette's project."""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from iprkit.codebook import Codebook
from iprkit.codebook_changes import name_of
from iprkit.coding import Adjudication, Anchor, Coding
from iprkit.errors import FormatError, InvalidCodebook
from iprkit.exchange import Coder, Conversation, Exchange, Medium, Note
from iprkit.formats.described import Found, book_of
from iprkit.formats.qdpx_sources import KEY, coded, on_words
from iprkit.formats.taguette import in_lines, nested
from iprkit.formats.texts import Placed, Stretches, place_text
from iprkit.timeline import Span
from iprkit.wording import tidy, tidy_line

_BLOCKS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "pre", "blockquote")
_STEPS = 100_000_000  # of SQLite's machine; an honest file needs a thousandth
_NAMED = re.compile(r"Name: [^\n]*")  # all that QualCoder says of a transcript that came by a project
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")

Rows = list[dict[str, Any]]


def read_database(file: Path) -> Exchange:
    """The study in a database. Raises FormatError where it is no program's that is known here, or damaged."""
    with _opened(file) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if {"code_name", "code_text", "source"} <= tables:
            return _qualcoder(connection, tables, file.name)
        if {"projects", "highlights", "documents", "tags"} <= tables:
            return _taguette(connection, file.name)
    raise FormatError(f"{file.name} is a database of a program that iprkit does not read")


@dataclass(frozen=True)
class _Texts:
    """By the program's own number of a document: the text placed, and the key of its conversation."""

    placed: dict[Any, Placed]
    keys: dict[Any, str]
    media: dict[str, list[Medium]]


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            left = [_STEPS // 10_000]

            def tired() -> bool:
                left[0] -= 1
                return left[0] < 0

            connection.set_progress_handler(tired, 10_000)
            yield connection
    except (sqlite3.Error, OverflowError, UnicodeError) as e:
        raise FormatError(f"{file.name} is a damaged database: {e}; copy it again, or restore a backup") from e


def _rows(connection: sqlite3.Connection, table: str) -> Rows:
    found = connection.execute(f'SELECT * FROM "{table}"')
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def _qualcoder(connection: sqlite3.Connection, tables: set[str], file: str) -> Exchange:
    book, codes = _qualcoder_codes(_rows(connection, "code_name"), _rows(connection, "code_cat"), file)
    sources = {row["id"]: row for row in _rows(connection, "source")}
    placed, keys = dict[Any, Placed](), dict[Any, str]()
    media: dict[str, list[Medium]] = {}
    homes = _homes(sources)
    for identity, row in sources.items():
        home = homes[identity]
        keys.setdefault(home, _key(_said(sources[home], "name"), set(keys.values())))
        keys[identity] = keys[home]
        if _said(row, "fulltext").strip():
            placed[identity] = place_text(_said(row, "fulltext"), keys[identity])
        elif _is_recording(row):
            video = "video" in _said(row, "mediapath")[:6]
            media.setdefault(keys[identity], []).append(
                Medium(tidy_line(_said(row, "name")) or "recording", 0, video=video)
            )
    remarks: Counter[str] = Counter()
    codings = _qualcoder_codings(connection, (placed, keys, codes, book.name if book else ""), remarks)
    memos = [Note("", f"{_said(r, 'name')}\n\n{_said(r, 'jentry')}", _said(r, "owner"), _when(r))
             for r in _rows(connection, "journal")] if "journal" in tables else []  # fmt: skip
    memos += [Note(keys[i], said, _said(row, "owner"), _when(row)) for i, row in sources.items()
              if (said := tidy(_said(row, "memo"))) and not _NAMED.fullmatch(said)]  # fmt: skip
    if "code_image" in tables:
        remarks["codings of pictures are left out"] += len(_rows(connection, "code_image"))
    return _study(_About(Path(file).stem, "QualCoder", book), _Texts(placed, keys, media), codings, memos, remarks)


def _is_recording(row: dict[str, Any]) -> bool:
    return _said(row, "mediapath").startswith(("/audio", "/video", "audio:", "video:"))


def _homes(sources: Mapping[Any, dict[str, Any]]) -> dict[Any, Any]:
    """By source the one under whose name it goes: a transcript under its recording's, the same text under one name.

    A study that came to QualCoder by a project has each transcript twice: as a text and as that of the recording.
    """
    recordings = {_said(row, "name"): i for i, row in sources.items() if _is_recording(row)}
    heard = {row["av_text_id"]: i for i, row in sources.items() if row.get("av_text_id") in sources}
    texts: dict[str, list[Any]] = {}
    for i, row in sources.items():
        whose = re.sub(r"\.(txt|transcribed)$", "", _said(row, "name"))
        if not _is_recording(row) and whose in recordings and whose != _said(row, "name"):
            heard.setdefault(i, recordings[whose])
        if _said(row, "fulltext").strip():
            texts.setdefault(_said(row, "fulltext"), []).append(i)
    homes = {i: heard.get(i, i) for i in sources}
    for same in texts.values():
        keyed = next((i for i in same if KEY.match(tidy_line(_said(sources[i], "name")))), None)
        home = keyed if keyed is not None else next((heard[i] for i in same if i in heard), same[0])
        homes |= {one: home for i in same for one in (i, heard.get(i, i))}
    return homes


def _qualcoder_codes(names: Rows, groups: Rows, file: str) -> tuple[Codebook | None, dict[Any, str]]:
    """Categories become codes that only group, a code may lie under another one; by a code's number its key."""
    found: list[Found] = []
    places: dict[Any, int] = {}
    waiting = list(groups)
    while waiting:
        ready = [g for g in waiting if g.get("supercatid") is None or g["supercatid"] in places]
        if not ready:
            ready = [waiting[0] | {"supercatid": None}]
        for one in ready:
            places[one["catid"]] = len(found)
            found.append(Found(_name(one), _said(one, "memo"), places.get(one.get("supercatid")), codable=False))
        done = {one["catid"] for one in ready}
        waiting = [g for g in waiting if g["catid"] not in done]
    numbers = [(code["cid"], len(found) + n) for n, code in enumerate(names)]
    above, place = {code["cid"]: code.get("supercid") for code in names}, dict(numbers)
    for code in names:
        colour = _said(code, "color").upper()
        ours = colour if _COLOUR.fullmatch(colour) else None
        over = place.get(code.get("supercid")) if _ends(code["cid"], above) else None
        over = places.get(code.get("catid")) if over is None else over
        found.append(Found(_name(code), _said(code, "memo"), over, colour=ours))
    return _book(name_of(Path(file).stem), found, numbers, file)


def _ends(code: Any, above: Mapping[Any, Any]) -> bool:
    """Whether the codes above a code come to an end; in a damaged study they may run in a ring."""
    seen: set[Any] = set()
    while code is not None and code not in seen:
        seen.add(code)
        code = above.get(code)
    return code is None


def _qualcoder_codings(
    connection: sqlite3.Connection, known: tuple[dict[Any, Placed], dict[Any, str], dict[Any, str], str],
    remarks: Counter[str],
) -> Iterator[Coding | Adjudication]:  # fmt: skip
    placed, keys, codes, book = known
    for row in _rows(connection, "code_text"):
        text, code = placed.get(row["fid"]), codes.get(row["cid"])
        words = text.words_in(_number(row["pos0"]), _number(row["pos1"])) if text else ()
        if not words or code is None:
            remarks["codings stand on no words that are in the file"] += 1
            continue
        yield _coding(row, on_words(words, keys[row["fid"]]), book, code)
    grounds: dict[str, Stretches] = {}
    for row in _rows(connection, "code_av"):
        code, start_ms = codes.get(row["cid"]), max(0, _number(row["pos0"]))
        if code is None or row["id"] not in keys:
            remarks["codings stand on no recording that is in the file"] += 1
            continue
        span = Span(start_ms, max(start_ms + 1, _number(row["pos1"])))
        key = keys[row["id"]]
        if key not in grounds:
            grounds[key] = Stretches(next((p.transcript for i, p in placed.items() if keys[i] == key), None), key)
        yield _coding(row, grounds[key].on(span), book, code)


def _coding(row: dict[str, Any], anchor: Anchor, book: str, code: str) -> Coding | Adjudication:
    coder = tidy_line(_said(row, "owner")) or "unnamed"
    return coded(tidy(_said(row, "memo")), anchor, (book, code), coder, _when(row))


def _taguette(connection: sqlite3.Connection, file: str) -> Exchange:
    tags = _rows(connection, "tags")
    listed = nested([Found(tidy_line(_said(t, "path")) or "unnamed", in_lines(_said(t, "description"))) for t in tags])
    book, codes = _book(name_of(Path(file).stem), listed, [(t["id"], n) for n, t in enumerate(tags)], file)
    placed, keys, places = dict[Any, Placed](), dict[Any, str](), dict[Any, _Text]()
    for row in _rows(connection, "documents"):
        text = _Text()
        text.feed(_said(row, "contents"))
        text.close()
        keys[row["id"]] = _key(_said(row, "name"), set(keys.values()))
        places[row["id"]], placed[row["id"]] = text, place_text("".join(text.parts), keys[row["id"]])
    given: dict[Any, list[Any]] = {}
    for row in _rows(connection, "highlight_tags"):
        given.setdefault(row["highlight_id"], []).append(row["tag_id"])
    codings, remarks = list[Coding | Adjudication](), Counter[str]()
    for row in _rows(connection, "highlights"):
        whole = places.get(row["document_id"])
        if whole is None:
            continue
        ends = (whole.place(_number(row["start_offset"])), whole.place(_number(row["end_offset"])))
        words = placed[row["document_id"]].words_in(*ends)
        for tag in given.get(row["id"], []):
            if words and tag in codes and book:
                anchor = on_words(words, keys[row["document_id"]])
                codings.append(Coding("", book.name, codes[tag], "taguette", anchor))
            else:
                remarks["highlights stand on no words that are in the file"] += 1
    if codings:
        remarks["Taguette does not say who coded; the coder is called taguette"] += 1
    titles = [tidy_line(_said(row, "name")) for row in _rows(connection, "projects")]
    about = _About((titles or [Path(file).stem])[0], "Taguette", book)
    return _study(about, _Texts(placed, keys, {}), iter(codings), [], remarks)


class _Text(HTMLParser):
    """The text of a document with a line a block, and where in it a byte of the text without tags stands."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._bytes: list[int] = [0]
        self._chars: list[int] = [0]
        self._pieces: list[str] = [""]
        self._at, self._length = 0, 0

    def handle_data(self, data: str) -> None:
        self._bytes.append(self._at)
        self._chars.append(self._length)
        self._pieces.append(data)
        self.parts.append(data.replace("\n", " "))
        self._at += len(data.encode("utf-8", "replace"))
        self._length += len(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
            self._length += 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_endtag(tag)

    def place(self, byte: int) -> int:
        """The character at which a byte of the text begins."""
        piece = bisect_right(self._bytes, max(0, byte)) - 1
        inside = self._pieces[piece].encode("utf-8", "replace")[: byte - self._bytes[piece]]
        return self._chars[piece] + len(inside.decode("utf-8", "ignore"))


def _book(
    name: str, listed: list[Found], numbers: list[tuple[Any, int]], file: str
) -> tuple[Codebook | None, dict[Any, str]]:  # fmt: skip
    """The codebook, and by the program's own number of a code its key. ``numbers``: which place of the list it has."""
    if not listed:
        return None, {}
    marked = [replace(one, guid=f"{n:08X}-0000-4000-8000-000000000000") for n, one in enumerate(listed)]
    try:
        book = book_of(name, "", marked)
    except InvalidCodebook as e:
        raise FormatError(f"{file}: its codes cannot be a codebook: {e}") from e
    by_place = {int((code.guid or "0")[:8], 16): code.key for code in book.codes}
    bare = replace(book, codes=tuple(replace(code, guid=None) for code in book.codes))
    return bare, {number: by_place[place] for number, place in numbers if place in by_place}


@dataclass(frozen=True)
class _About:
    title: str
    origin: str
    book: Codebook | None


def _study(
    about: _About, texts: _Texts, found: Iterator[Coding | Adjudication], memos: list[Note], remarks: Counter[str]
) -> Exchange:  # fmt: skip
    keys, placed, media, book = texts.keys, texts.placed, texts.media, about.book
    by_key: dict[str, list[Coding]] = {}
    settled: dict[str, list[Adjudication]] = {}
    for one in found:
        if isinstance(one, Coding):
            by_key.setdefault(one.anchor.target.place, []).append(one)
        else:
            settled.setdefault(one.anchor.target.place, []).append(one)
    transcripts = {keys[i]: p.transcript for i, p in placed.items() if p.places}
    conversations = [
        Conversation(
            key, media=tuple(media.get(key, ())), transcript=transcripts.get(key),
            codings=tuple(replace(c, key=f"coding-{n}") for n, c in enumerate(by_key.get(key, []), start=1)),
            adjudications=tuple(replace(c, key=f"settled-{n}") for n, c in enumerate(settled.get(key, []), start=1)),
            memos=tuple(note for note in memos if note.target == key),
        )
        for key in dict.fromkeys(keys.values())
    ]  # fmt: skip
    coders = dict.fromkeys(c.coder for codings in by_key.values() for c in codings)
    return Exchange(
        about.title,
        tuple(conversations),
        codebooks=(book,) if book else (),
        coders=tuple(Coder(name) for name in coders),
        memos=tuple(note for note in memos if not note.target and note.text.strip()),
        origin=about.origin,
        remarks=tuple(f"{number} × {what}" if number > 1 else what for what, number in remarks.items() if number),
    )


def _key(name: str, taken: set[str]) -> str:
    said = tidy_line(name) or "source"
    found = KEY.match(said)
    bare = found[0] if found else re.sub(r"\.(txt|transcribed|docx?|rtf|odt)$", "", said)
    number, free = 2, bare
    while free in taken:
        free, number = f"{bare} ({number})", number + 1
    return free


def _name(row: dict[str, Any]) -> str:
    name = tidy_line(_said(row, "name")) or "unnamed"
    return name[:200]


def _said(row: dict[str, Any], column: str) -> str:
    value = row.get(column)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and abs(value) < 10**12 else 0


def _when(row: dict[str, Any]) -> str:
    """A time as ``2026-03-31T10:00:00Z``; empty where it is none."""
    found = re.match(r"(\d{4}-\d\d-\d\d)[ T_](\d\d:\d\d:\d\d)", _said(row, "date"))
    return f"{found[1]}T{found[2]}Z" if found else ""
