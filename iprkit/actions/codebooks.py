"""Codebooks: chosen from the library or brought along, pinned to the study, changed, shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session as Db

from iprkit.actions import codebook_copies, codebook_library
from iprkit.actions.handed_out import handed_out
from iprkit.actions.roles import need_researcher
from iprkit.codebook import Codebook, Rules
from iprkit.codebook_changes import brought_up_to, differing_codes, name_of
from iprkit.database import codebook_queries
from iprkit.database.blindness import seen_uses
from iprkit.database.codebook_models import CodebookRow
from iprkit.database.codebooks import change_codebook, codebook_row, load_codebook, pin_codebook
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.errors import InvalidInput, NotFound
from iprkit.formats.codebook_yaml import read_codebook_yaml
from iprkit.formats.codebooks import CODEBOOK_WRITERS, CodebookFormat, read_codebook
from iprkit.scale import Scale
from iprkit.wording import tidy, tidy_line

OWN = "own"
"""The origin of a codebook that was begun in the study."""

LARGEST = 20_000_000
"""Bytes; no codebook is larger."""

_LINES = ("title", "version", "language")
_TEXTS = ("citation", "rights", "notes", "unverified")


@dataclass(frozen=True)
class Listed:
    """A codebook of the library or the study. ``version`` is the pinned one, or the library's where none is pinned."""

    name: str
    title: str
    version: str
    pinned: bool
    changed: bool
    library_version: str | None
    codes: int
    units: tuple[str, ...]
    scales: tuple[str, ...]
    digest: str


@dataclass(frozen=True)
class Shown:
    """A codebook as a whole. ``uses`` counts by code's key what points to it, ``changed`` is since it was pinned."""

    book: Codebook
    pinned: bool
    changed: bool
    origin: str
    uses: codebook_queries.Uses


@dataclass(frozen=True)
class Changed:
    """What a change did: to which codes, and how many rows of which kind (codings) those codes touch."""

    codebook: str
    codes: tuple[str, ...]
    touched: dict[str, int]


def list_codebooks(study: Study | None) -> list[Listed]:
    """The library and, before it, what the study pinned; only the library where there is no study."""
    library = {book.name: book for book in codebook_library.everything()}
    pinned: list[Listed] = []
    if study is not None:
        with study.read() as db:
            rows = codebook_queries.pinned_codebooks(db)
            pinned = [_listed(load_codebook(row), row, library.get(row.name)) for row in rows]
    names = {one.name for one in pinned}
    return pinned + [_listed(book, None, book) for book in library.values() if book.name not in names]


def show(study: Study | None, name: str) -> Shown:
    """The study's codebook of a name, else the library's. Raises NotFound."""
    if study is not None:
        with study.read() as db:
            row = codebook_queries.find_codebook(db, name)
            if row is not None:
                book = load_codebook(row)
                uses = seen_uses(db, name, study.author)
                return Shown(book, True, _is_changed(book, row), row.origin, uses)
            names = [one.name for one in codebook_queries.pinned_codebooks(db)]
        if codebook_library.find(name) is None and names:
            raise NotFound(f"there is no codebook {name}; this study has {', '.join(names)}")
    return Shown(codebook_library.codebook(name), False, False, "library", {})


def add_codebook(study: Study, what: str, name: str | None = None) -> Codebook:
    """Pin a codebook of the library, or the one in a file.

    ``name`` gives it another name in this study. Raises NotFound where ``what`` is neither, FormatError, Conflict
    where the study has a codebook of that name.
    """
    if codebook_library.find(what) is None and Path(what).is_file():
        return import_codebook(study, Path(what), name)
    book = codebook_library.codebook(what)
    return _pin(study, replace(book, name=name or book.name), "library")


def pin_of_library(study: Study, name: str) -> Codebook:
    """Pin a codebook of the library, never a file. Raises NotFound, Conflict."""
    return _pin(study, codebook_library.codebook(name), "library")


def import_codebook(study: Study, file: Path, name: str | None = None) -> Codebook:
    """Pin the codebook in a file of any format, under its own name, the file's, or ``name``.

    Raises InvalidInput where there is no such file, FormatError, Conflict.
    """
    return _take_in(study, _bytes(file), file.name, name)


def import_uploaded(study: Study, data: bytes, file: str, name: str | None = None) -> Codebook:
    """The same with a file that a page sent: ``file`` is only what the person calls it.

    Raises NotAllowed before anything is read, FormatError, Conflict.
    """
    need_researcher(study, "bring codebooks in")
    return _take_in(study, data, _called(file), name_of(name) if name else None)


def new_codebook(study: Study, name: str, values: Mapping[str, Any]) -> Codebook:
    """Begin an own codebook without codes. ``values`` are fields of Codebook and of its rules. Raises Conflict."""
    short = name_of(name)
    book = _with(Codebook(short, "1", title=tidy_line(name) if name != short else ""), values)
    return _pin(study, book, OWN)


def edit_codebook(study: Study, name: str, values: Mapping[str, Any]) -> Changed:
    """Change what a pinned codebook says of itself: fields of Codebook and of its rules. Raises NotFound, Conflict."""
    with changing(study, name, f"edited codebook {name}") as (db, row, book):
        change_codebook(db, row, _with(book, values))
        return _changed(db, book, (), study.author)


def set_scale(study: Study, name: str, scale: Scale) -> Changed:
    """Give a pinned codebook a scale, in the place of the one of that name. Names the codes that are rated on it."""
    with changing(study, name, f"set scale {scale.name} of codebook {name}") as (db, row, book):
        known = [one.name for one in book.scales]
        scales = [scale if one.name == scale.name else one for one in book.scales]
        changed = replace(book, scales=(*scales, *(() if scale.name in known else (scale,))))
        change_codebook(db, row, changed)
        rated = [code.key for code in changed.active if code.codable and changed.scale(code.key) == scale]
        return _changed(db, changed, tuple(rated), study.author)


def update_codebook(study: Study, name: str, file: Path | None = None) -> Changed:
    """Bring a pinned codebook to what a YAML file says, or to the library's version.

    Codes are recognised by their keys. Codes that only the study has stay as they are. Names the codes that say
    something else now or are new. Raises NotFound, FormatError, Conflict.
    """
    if file is None:
        return _bring_up_to(study, name, codebook_library.codebook(name), "library")
    data = _bytes(file)
    return _bring_up_to(study, name, read_codebook_yaml(data, file.name), f"file {file.name}", data)


def update_uploaded(study: Study, name: str, data: bytes, file: str) -> Changed:
    """The same with a YAML file that a page sent. Raises NotAllowed before anything is read, NotFound, FormatError."""
    need_researcher(study, "bring codebooks in")
    said = _called(file)
    return _bring_up_to(study, name, read_codebook_yaml(data, said), f"file {said}", data)


def export_codebook(study: Study | None, name: str, form: CodebookFormat, to: Path | None = None) -> Path:
    """Write a codebook of the study or the library in a format, into ``exports/`` or to ``to``. Returns the file.

    Raises NotFound, InvalidInput where neither a study nor ``to`` says where to, FormatError, StorageFull.
    """
    book = show(study, name).book
    place = to / f"{name}{form.suffix}" if to is not None and to.is_dir() else to
    if place is None:
        if study is None:
            raise InvalidInput("say where to write the codebook, with -o FILE, or name the study with -C DIR")
        with storing():
            (study.folder / "exports").mkdir(mode=0o700, exist_ok=True)
        place = study.folder / "exports" / f"{name}{form.suffix}"
    with handed_out(place) as stream:
        form.write(book, stream)
    return place


def export_codebook_to(study: Study | None, name: str, form: CodebookFormat, stream: BinaryIO) -> None:
    """Write a codebook to a stream. Raises NotFound, FormatError."""
    form.write(show(study, name).book, stream)


def codebook_format(name: str) -> CodebookFormat:
    """The format of a name. Raises InvalidInput naming them all."""
    if name not in CODEBOOK_WRITERS:
        raise InvalidInput(f"there is no codebook format {name}; choose among {', '.join(CODEBOOK_WRITERS)}")
    return CODEBOOK_WRITERS[name]


@contextmanager
def changing(study: Study, name: str, action: str) -> Iterator[tuple[Db, CodebookRow, Codebook]]:
    """One journaled change of a pinned codebook, its copy in ``codebooks/`` brought up to date afterwards.

    Raises NotFound, Conflict where the copy was edited by hand and nobody brought that in.
    """
    with study.change(action, name) as db:
        row = codebook_row(db, name)
        book = load_codebook(row)
        codebook_copies.check_unedited(study, db, book)
        yield db, row, book
    codebook_copies.refresh(study)


def touched(db: Db, name: str, keys: tuple[str, ...], asker: str) -> dict[str, int]:
    """How many rows of every kind point to these codes, as far as the asker may know."""
    uses = seen_uses(db, name, asker)
    kinds = sorted({kind for key in keys for kind in uses.get(key, {})})
    return {kind: sum(uses.get(key, {}).get(kind, 0) for key in keys) for kind in kinds}


def _changed(db: Db, book: Codebook, keys: tuple[str, ...], asker: str) -> Changed:
    return Changed(book.name, keys, touched(db, book.name, keys, asker))


def _pin(study: Study, book: Codebook, origin: str) -> Codebook:
    with study.change(f"pinned codebook {book.name} {book.version}", book.name) as db:
        pin_codebook(db, book, origin)
    codebook_copies.refresh(study)
    return book


def _take_in(study: Study, data: bytes, file: str, name: str | None) -> Codebook:
    stem = file.partition(".")[0]
    book = read_codebook(data, name or name_of(stem), stem, file)
    return _pin(study, replace(book, name=name or book.name), f"file {file}")


def _bring_up_to(study: Study, name: str, newer: Codebook, origin: str, data: bytes | None = None) -> Changed:
    """``data`` is the file that ``newer`` was read from: it may be the study's own copy, edited by hand."""
    with study.change(f"updated codebook {name} to version {newer.version}", name) as db:
        row = codebook_row(db, name)
        book = load_codebook(row)
        from_copy = data is not None and codebook_copies.is_copy(study, name, data)
        if not from_copy:
            codebook_copies.check_unedited(study, db, book)
        after = brought_up_to(book, newer)
        change_codebook(db, row, after)
        row.origin, row.origin_digest = origin, replace(newer, name=name).digest
        fresh = [code.key for code in after.codes if code.key not in book.by_key]
        changed = _changed(db, after, (*differing_codes(book, after), *fresh), study.author)
    codebook_copies.refresh(study, taken_in=name if from_copy else None)
    return changed


def _called(file: str) -> str:
    """What a file that a page sent is called, without any folder.

    >>> _called("C:/fakepath/talk.yaml"), _called("../../talk.qdc"), _called("/")
    ('talk.yaml', 'talk.qdc', 'the file')
    """
    return tidy_line(file.replace("\\", "/").rpartition("/")[2]) or "the file"


def _bytes(place: Path) -> bytes:
    if not place.is_file():
        raise InvalidInput(f"there is no file {place}")
    size = place.stat().st_size
    if size > LARGEST:
        raise InvalidInput(f"{place} has {size // 1_000_000} MB and cannot be a codebook")
    return place.read_bytes()


def _with(book: Codebook, values: Mapping[str, Any]) -> Codebook:
    """The codebook with some fields, or rules, replaced."""
    rules = {f.name for f in fields(Rules)}
    own = {name: value for name, value in values.items() if name not in rules}
    own |= {name: tidy_line(own[name]) for name in _LINES if name in own}
    own |= {name: tidy(own[name]) for name in _TEXTS if name in own}
    changed = replace(book.rules, **{name: value for name, value in values.items() if name in rules})
    return replace(book, **own, rules=changed)


def _is_changed(book: Codebook, row: CodebookRow) -> bool:
    """Whether a codebook that came from elsewhere says something else in this study."""
    return row.origin != OWN and book.digest != row.origin_digest


def _listed(book: Codebook, row: CodebookRow | None, library: Codebook | None) -> Listed:
    return Listed(
        name=book.name,
        title=book.title,
        version=book.version,
        pinned=row is not None,
        changed=row is not None and _is_changed(book, row),
        library_version=library.version if library else None,
        codes=sum(code.codable for code in book.active),
        units=tuple(codebook_library.units(book)),
        scales=tuple(codebook_library.scales(book)),
        digest=book.digest,
    )
