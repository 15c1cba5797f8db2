"""A REFI-QDA project of any program read as a study: liberal in what it takes, and saying what it left out.

Programs differ from the standard and from each other: other names inside the archive, older namespaces, byte order
marks, positions counted in UTF-16, tags that are not well formed. What is known of them is put right here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree as Xml

from iprkit.codebook import Codebook
from iprkit.codebook_changes import name_of
from iprkit.errors import FormatError, InvalidCodebook
from iprkit.exchange import Coder, Exchange, Note, Person, Together
from iprkit.formats.archive import Archive, opened
from iprkit.formats.described import Found, book_of
from iprkit.formats.encodings import decoded
from iprkit.formats.qdc import listed_codes
from iprkit.formats.qdpx import MEMBER_OF
from iprkit.formats.qdpx_codes import folder_guid
from iprkit.formats.qdpx_selections import SETTLED
from iprkit.formats.qdpx_sources import Project, Said, Users, read_sources
from iprkit.formats.xml_tree import child, children, parsed_xml, text_of
from iprkit.wording import tidy, tidy_line

_BROKEN = re.compile(rb"</(Audio|Video)'Selection>")
_BOOK = re.compile(r"Codebook: (?P<name>[a-z0-9-]+), version (?P<version>[^\n]+)")
_PSEUDONYM = re.compile(r"[A-Z]{1,4}[0-9]{1,4}")
_KNOWN = re.compile(r"(urn:QDA-XML:project:(0[:.]\d+|1[.:]0))?")
_LOST = {"Sets": "sets", "Graphs": "graphs"}
_LONGEST_NAME = 200

LARGEST_RECORDING = 2 * 1024**3
"""Bytes; the standard keeps no larger file inside a project."""


def read_qdpx(source: Path | BinaryIO, file: str) -> Exchange:
    """The study in a project. Raises FormatError where it is none, damaged, or made to harm."""
    with opened(source, file) as archive:
        inner = next((name for name in archive.names if "/" not in name and name.casefold().endswith(".qde")), None)
        if inner is None:
            raise FormatError(f"{file} holds no project (*.qde), so it is no REFI-QDA project")
        return read_qde(archive.read(inner), file, _texts(archive, file))


def unpack_recording(source: Path, inside: str, to: BinaryIO) -> bool:
    """Write a recording of a project to a stream; False where it is not in the file. Raises FormatError."""
    with opened(source, source.name) as archive:
        part = archive.find(f"sources/{inside}")
        if part is None:
            return False
        archive.copy(part, to, LARGEST_RECORDING)
    return True


def read_qde(data: bytes, file: str, texts: Callable[[str], str | None] = lambda path: None) -> Exchange:
    """The same of a project's XML alone; ``texts`` gives the text of a path, None where it is not there."""
    repaired = _BROKEN.sub(rb"</\1Selection>", data)
    root = parsed_xml(repaired, file)
    if root.tag != "Project":
        raise FormatError(f"{file} is no REFI-QDA project: it opens with {root.tag}, expected Project")
    remarks = Counter({"tags that were not well formed were put right": len(_BROKEN.findall(data))})
    if not _KNOWN.fullmatch(root.get("namespace") or ""):
        remarks[f"the file is of a version that is not known here ({(root.get('namespace') or 'none')[:60]})"] += 1
    users = Users({u.get("guid", "").upper(): u.get("name") or "unnamed" for u in children(child(root, "Users"))})
    books, codes = _codebooks(root, file)
    notes = {n.get("guid", "").upper(): _note(n, texts, users) for n in children(child(root, "Notes"))}
    project = Project(file, users, codes, notes, _links(root), texts, remarks, origin=root.get("origin") or "")
    conversations, by_source = read_sources(root, project)
    people, told, members = _cases(root, by_source)
    for wrapper, what in _LOST.items():
        remarks[f"{what} are not taken over"] += len(children(child(root, wrapper)))
    used = {ref.get("targetGUID", "").upper() for ref in root.iter("NoteRef")} | set(project.links)
    study = [_study_note(note) for key, note in notes.items() if key not in used and note.text]
    study += [Note("", notes[key].text, notes[key].by, notes[key].at) for key in _refs(root) if key in notes]
    dyads = {one.dyad: None for one in conversations if one.dyad}
    return Exchange(
        title=tidy_line(root.get("name") or ""),
        conversations=conversations,
        people=people,
        dyads=tuple(Together(key, members.get(key, ())) for key in dyads),
        codebooks=books,
        coders=_coders(conversations_codings=[c.coder for one in conversations for c in one.codings]),
        memos=tuple(study) + told,
        written_at=root.get("creationDateTime") or "1970-01-01T00:00:00Z",
        by=users.names.get((root.get("creatingUserGUID") or "").upper(), ""),
        origin=root.get("origin") or "another program",
        remarks=tuple(f"{number} × {what}" if number > 1 else what for what, number in remarks.items() if number),
    )


def _texts(archive: Archive, file: str) -> Callable[[str], str | None]:
    """How the text of ``internal://NAME`` is found, whatever the capitals of the folder."""

    def find(path: str) -> str | None:
        name = path.removeprefix("internal://").lstrip("/")
        part = archive.find(f"sources/{name}") or archive.find(name)
        if part is None:
            return None
        data = archive.read(part)
        return data.decode("utf-8", "replace") if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else decoded(data)

    return find


def _codebooks(root: Xml.Element, file: str) -> tuple[tuple[Codebook, ...], dict[str, tuple[str, str]]]:
    """The codebooks, and by the GUID of a code its codebook and key."""
    tree = child(child(root, "CodeBook"), "Codes")
    loose, books, guids = Xml.Element("Codes"), list[Codebook](), dict[str, tuple[str, str]]()
    for top in children(tree, "Code"):
        own = _BOOK.fullmatch(text_of(child(top, "Description")).strip())
        if own and (top.get("guid") or "").upper() == folder_guid(own["name"]):
            inner = Xml.Element("Codes")
            inner.extend(children(top, "Code"))
            books.append(_book(inner, own["name"], own["version"], top.get("name") or own["name"], file, guids))
        else:
            loose.append(top)
    if len(loose):
        title = root.get("name") or Path(file).stem
        taken = {book.name for book in books}
        name = _free(_named(title), taken)
        books.append(_book(loose, name, "1", title, file, guids))
    return tuple(books), guids


def _book(
    codes: Xml.Element, name: str, version: str, title: str, file: str, guids: dict[str, tuple[str, str]]
) -> Codebook:  # fmt: skip
    listed = [_named_code(found) for found in listed_codes(codes)]
    try:
        book = book_of(name, "" if title == name else title, listed)
        book = replace(book, version=tidy_line(version) or "1")
    except InvalidCodebook as e:
        raise FormatError(f"{file}: its codes cannot be a codebook: {e}") from e
    guids.update({code.guid: (name, code.key) for code in book.codes if code.guid})
    return book


def _named_code(found: Found) -> Found:
    name = tidy_line(found.name) or "unnamed"
    return replace(found, name=name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…")


def _named(title: str) -> str:
    try:
        return name_of(title)
    except InvalidCodebook:
        return "imported"


def _free(name: str, taken: set[str]) -> str:
    return next(n for n in (name, *(f"{name}-{i}" for i in range(2, 1000))) if n not in taken)


def _note(element: Xml.Element, texts: Callable[[str], str | None], users: Users) -> Said:
    path, content = element.get("plainTextPath"), text_of(child(element, "PlainTextContent"))
    text = (texts(path) or "") if path else content
    text = text or text_of(child(element, "Description"))
    at = element.get("creationDateTime") or element.get("modifiedDateTime") or ""
    return Said(tidy(text), users.of(element), at, tidy_line(element.get("name") or ""))


def _study_note(note: Said) -> Note:
    """A note that stands on nothing: of a participant or dyad where its name says so, else on the study."""
    target = re.sub(r" \(\d+\)$", "", note.name.removeprefix("Memo on "))
    if note.name.startswith("Memo on ") and _PSEUDONYM.fullmatch(target):
        return Note(target, note.text, note.by, note.at)
    opening = "" if note.name.startswith("Memo on ") or not note.name else f"{note.name}\n\n"
    return Note("", f"{opening}{note.text}", note.by, note.at)


def _refs(element: Xml.Element) -> list[str]:
    return [ref.get("targetGUID", "").upper() for ref in children(element, "NoteRef")]


def _links(root: Xml.Element) -> dict[str, list[str]]:
    """By the GUID of what a link begins at: where it leads."""
    found: dict[str, list[str]] = {}
    for link in children(child(root, "Links"), "Link"):
        found.setdefault((link.get("originGUID") or "").upper(), []).append((link.get("targetGUID") or "").upper())
    return found


def _cases(
    root: Xml.Element, by_source: dict[str, str]
) -> tuple[tuple[Person, ...], tuple[Note, ...], dict[str, tuple[str, ...]]]:  # fmt: skip
    """Participants, as notes what other cases say (about a source where a nameless case is of one), and dyads."""
    names = {v.get("guid", "").upper(): v.get("name") or "" for v in children(child(root, "Variables"))}
    people, told, members = dict[str, Person](), list[Note](), dict[str, tuple[str, ...]]()
    for case in children(child(root, "Cases"), "Case"):
        name = tidy_line(case.get("name") or "")
        said = dict(_values(case, names))
        if _PSEUDONYM.fullmatch(name):
            role, dyad = said.pop("Role", "other").lower(), said.pop(MEMBER_OF, "") or said.pop("Dyad", "")
            members[dyad] = (*members.get(dyad, ()), name)
            people[name] = Person(name, role, tuple(sorted(said.items())))
        elif said:
            sources = [by_source[g] for ref in children(case, "SourceRef") if (g := _target(ref)) in by_source]
            lines = "\n".join(f"{variable} = {value}" for variable, value in said.items())
            told.append(Note(sources[0] if sources and not name else "", f"{f'{name}: ' if name else ''}{lines}"))
    return tuple(people.values()), tuple(told), members


def _values(element: Xml.Element, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    for value in children(element, "VariableValue"):
        name = names.get(_target(child(value, "VariableRef")), "")
        said = next((text_of(one) for one in value if one.tag.endswith("Value")), "")
        if name and said.strip():
            yield name, tidy_line(said)


def _target(ref: Xml.Element | None) -> str:
    return (ref.get("targetGUID") or "").upper() if ref is not None else ""


def _coders(conversations_codings: list[str]) -> tuple[Coder, ...]:
    return tuple(Coder(name) for name in dict.fromkeys(conversations_codings) if name != SETTLED)
