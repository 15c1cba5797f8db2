"""The REFI-QDA codebook (.qdc), which NVivo, ATLAS.ti, MAXQDA, QualCoder and others read and write.

It holds names, descriptions, colours and the tree. Everything else that a code says stands in its description; the
codebook's own fields, units and rules and retired codes are lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO
from uuid import UUID, uuid5
from xml.etree import ElementTree as Xml

from iprkit.codebook import Code, Codebook
from iprkit.errors import FormatError, InvalidCodebook
from iprkit.formats.described import Found, book_of, described, unique_names
from iprkit.formats.taguette import nested
from iprkit.formats.xml_tree import child, parsed_xml
from iprkit.wording import tidy_line

NAMESPACE = "urn:QDA-XML:codebook:1.0"

_OURS = UUID("0c3b6f4e-52a7-5a6b-9d0f-6a1c3f2e7b90")
_GUID = re.compile(r"\{?([0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})\}?")
_COLOUR = re.compile(r"#?(?:([0-9A-F]{6})(?:[0-9A-F]{2})?|([0-9A-F])([0-9A-F])([0-9A-F]))")
_DEEPEST = 60


def write_qdc(book: Codebook, stream: BinaryIO) -> None:
    """The codes that are offered; the same bytes for the same codebook, valid against the published schema."""
    if not book.active:
        raise FormatError(f"codebook {book.name} has no codes; a .qdc needs at least one")
    root = Xml.Element("CodeBook", xmlns=NAMESPACE, origin="iprkit")
    root.append(codes_element(book))
    Xml.indent(root, " ")
    stream.write(b'<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="utf-8") + b"\n")


def codes_element(book: Codebook) -> Xml.Element:
    """``<Codes>`` with the tree of the codes that are offered, as REFI-QDA codebooks and projects have it."""
    names, root = unique_names(book), Xml.Element("Codes")
    elements: dict[str | None, Xml.Element] = {None: root}
    for code in book.active:
        marks = {"guid": guid_of(book, code), "name": names[code.key], "isCodable": "true" if code.codable else "false"}
        colour = book.colour(code.key)
        element = Xml.SubElement(elements[code.parent], "Code", marks | ({"color": colour} if colour else {}))
        text = described(book, code, names[code.key])
        if text:
            Xml.SubElement(element, "Description").text = text
        elements[code.key] = element
    return root


def guid_of(book: Codebook, code: Code) -> str:
    """The identity of a code in other programs: the one it came with, else always the same for its key."""
    return code.guid or str(uuid5(_OURS, f"{book.name}/{code.key}")).upper()


def read_qdc(data: bytes, name: str, title: str = "", file: str = "the codebook") -> Codebook:
    """The codebook of a .qdc, liberal in what it takes: older namespaces, braces round GUIDs, colours with alpha.

    Sets of codes, which iprkit has not, are told in the notes. Raises FormatError where it is no such file, or one
    that could harm: document types and entities are refused unread.
    """
    root = _root(data, file)
    codes = child(root, "Codes")
    origin = root.get("origin") or ""
    listed = [] if codes is None else list(_codes(codes, None, _Counter()))
    if not listed:
        raise FormatError(f"{file}: no codes in it")
    if origin.startswith("Taguette"):
        listed = nested(listed)
    notes = [f"Read from a REFI-QDA codebook{f' of {origin}' if origin else ''}.", *_sets(root, listed)]
    try:
        return book_of(name, title, _without_repeats(listed), "\n".join(notes))
    except InvalidCodebook as e:
        raise FormatError(f"{file}: {e}") from e


def listed_codes(codes: Xml.Element) -> list[Found]:
    """The codes of ``<Codes>`` in the order of their tree, a GUID that stands twice left out the second time."""
    return list(_without_repeats(list(_codes(codes, None, _Counter()))))


def _root(data: bytes, file: str) -> Xml.Element:
    root = parsed_xml(data, file)
    if root.tag != "CodeBook":
        raise FormatError(f"{file} is no REFI-QDA codebook: it opens with {root.tag}, expected CodeBook")
    return root


@dataclass
class _Counter:
    """How many codes were read."""

    n: int = 0


def _codes(parent: Xml.Element, above: int | None, counter: _Counter, depth: int = 0) -> Iterator[Found]:
    if depth > _DEEPEST:
        raise FormatError("the codes are nested too deep")
    for element in parent:
        if element.tag != "Code":
            continue
        number = counter.n
        counter.n += 1
        description = child(element, "Description")
        yield Found(
            element.get("name") or "",
            (description.text if description is not None else element.get("description")) or "",
            above,
            (element.get("isCodable") or "true").strip().lower() not in ("false", "0"),
            _colour(element.get("color")),
            _guid(element.get("guid")),
        )
        yield from _codes(element, number, counter, depth + 1)


def _sets(root: Xml.Element, listed: list[Found]) -> list[str]:
    sets = child(root, "Sets")
    names = {found.guid: tidy_line(found.name) for found in listed}
    told = []
    for element in sets if sets is not None else ():
        guids = [_guid(member.get("guid")) for member in element if member.tag == "MemberCode"]
        told.append(f"Set {element.get('name')!r}: {', '.join(names.get(guid, '?') for guid in guids)}")
    return told


def _without_repeats(listed: list[Found]) -> Iterator[Found]:
    """A GUID that stands twice identifies nothing."""
    seen = set[str]()
    for found in listed:
        yield replace(found, guid=None) if found.guid in seen else found
        seen.add(found.guid or "")


def _guid(text: str | None) -> str | None:
    found = _GUID.fullmatch((text or "").strip().upper())
    return found[1] if found else None


def _colour(text: str | None) -> str | None:
    found = _COLOUR.fullmatch((text or "").strip().upper())
    if found is None:
        return None
    return f"#{found[1]}" if found[1] else "#" + "".join(2 * digit for digit in found.groups()[1:])
