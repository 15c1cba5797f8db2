"""The copies of pinned codebooks in the study's ``codebooks/`` folder, kept for people to read, edit and share.

The database is what counts; a copy that somebody edited by hand is never overwritten unseen.
"""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path

from sqlalchemy.orm import Session as Db

from iprkit.actions import codebook_library
from iprkit.actions.handed_out import handed_out
from iprkit.codebook import Codebook
from iprkit.database import codebook_queries, queries
from iprkit.database.codebooks import load_codebook
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.errors import Conflict, FormatError
from iprkit.formats.codebook_yaml import read_codebook_yaml, write_codebook_yaml

_MARK = "# A copy of the study's codebook ({0}). Edit it freely, then: iprkit codebook update {1} codebooks/{1}.yaml\n"


def refresh(study: Study, taken_in: str | None = None) -> None:
    """Bring every pinned codebook's copy up to what the study says, but for copies edited by hand.

    ``taken_in`` names a codebook whose copy was edited and has just been brought in.
    """
    folder = study.folder / "codebooks"
    if folder.resolve() == codebook_library.folder().resolve():
        return  # the toolkit's own folder is a study too; its library is not a copy
    with study.read() as db:
        books = [load_codebook(row) for row in codebook_queries.pinned_codebooks(db)]
        identity = _identity(db)
    with storing():
        folder.mkdir(mode=0o700, exist_ok=True)
    for book in books:
        place, content = place_of(study, book.name), _content(book, identity)
        found, known = _found(place), book.name == taken_in
        if found != content and (
            known or found is None or _is_ours(found, book.name, identity) or _says(found, place, book)
        ):
            with handed_out(place) as stream:
                stream.write(content)


def check_unedited(study: Study, db: Db, book: Codebook) -> None:
    """Before a codebook is changed: raises Conflict where its copy holds changes that the study does not know."""
    if _is_edited(study, book, _identity(db)):
        raise Conflict(edited_by_hand(book.name))


def edited(study: Study) -> list[str]:
    """The codebooks whose copies hold changes that the study does not know."""
    with study.read() as db:
        identity = _identity(db)
        books = [load_codebook(row) for row in codebook_queries.pinned_codebooks(db)]
    return [book.name for book in books if _is_edited(study, book, identity)]


def edited_by_hand(name: str) -> str:
    """What to say of such a copy."""
    return (
        f"codebooks/{name}.yaml was changed by hand; bring the changes in with: iprkit codebook update {name} "
        f"codebooks/{name}.yaml, or move the file away"
    )


def place_of(study: Study, name: str) -> Path:
    """Where the copy of a codebook lies."""
    return study.folder / "codebooks" / f"{name}.yaml"


def is_copy(study: Study, name: str, data: bytes) -> bool:
    """Whether a file is the copy of a codebook as it lies there now."""
    return _found(place_of(study, name)) == data


def _found(place: Path) -> bytes | None:
    with storing():
        return place.read_bytes() if place.is_file() else None


def _is_edited(study: Study, book: Codebook, identity: str) -> bool:
    place = place_of(study, book.name)
    if place.parent.resolve() == codebook_library.folder().resolve():
        return False
    found = _found(place)
    return found is not None and not _is_ours(found, book.name, identity) and not _says(found, place, book)


def _identity(db: Db) -> str:
    row = queries.the_study(db)
    return row.id if row else ""


def _content(book: Codebook, identity: str) -> bytes:
    stream = io.StringIO()
    write_codebook_yaml(book, stream)
    return _mark(stream.getvalue().encode(), book.name, identity) + stream.getvalue().encode()


def _mark(body: bytes, name: str, identity: str) -> bytes:
    return _MARK.format(sha256(identity.encode() + b"\n" + body).hexdigest()[:32], name).encode()


def _is_ours(content: bytes, name: str, identity: str) -> bool:
    """Whether this study wrote the copy and nobody changed a letter of it since."""
    head, _, body = content.partition(b"\n")
    return head + b"\n" == _mark(body, name, identity)


def _says(content: bytes, place: Path, book: Codebook) -> bool:
    """Whether a file, whoever wrote it, says what the codebook says."""
    try:
        return read_codebook_yaml(content, place.name).digest == book.digest
    except FormatError:
        return False
