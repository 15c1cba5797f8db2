"""Codebooks in a REFI-QDA project: one tree, each codebook a folder in it, no name and no identity twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as Xml

from iprkit.codebook import Codebook, in_tree_order
from iprkit.formats.qdc import codes_element, guid_of
from iprkit.formats.refi import clean, guid


class Codes:
    """The code system of a project: ``xml``, and the identity of every code by codebook and key."""

    def __init__(self, books: Sequence[Codebook]) -> None:
        self._guids: dict[tuple[str, str], str] = {}
        self._names: set[str] = set()
        root = Xml.Element("Codes")
        for book in books:
            if book.codes:
                self._folder(root, _offered(book))
        Xml.indent(root, " ")
        inner = Xml.tostring(root, encoding="unicode") if len(root) else ""
        self.xml = f"<CodeBook>\n{inner}\n</CodeBook>\n" if inner else ""

    def guid(self, book: str, code: str) -> str:
        """The identity of a code; of one that is not there (it was settled that nothing applies) its codebook's."""
        return self._guids.get((book, code)) or folder_guid(book)

    def _folder(self, root: Xml.Element, book: Codebook) -> None:
        name = self._unique(book.title or book.name, book.name)
        folder = Xml.SubElement(root, "Code", {"guid": folder_guid(book.name), "name": name, "isCodable": "false"})
        Xml.SubElement(folder, "Description").text = f"Codebook: {book.name}, version {book.version}"
        elements = list(codes_element(book))
        folder.extend(elements)
        for code, one in zip(book.active, (e for top in elements for e in top.iter("Code")), strict=True):
            identity = guid_of(book, code)
            if identity in self._guids.values():
                identity = guid("code", book.name, code.key)
            self._guids[book.name, code.key] = identity
            one.set("guid", identity)
            one.set("name", self._unique(clean(one.get("name") or code.key), book.name))
            described = one.find("Description")
            if described is not None:
                described.text = clean(described.text or "")

    def _unique(self, name: str, book: str) -> str:
        """The name, with the codebook's behind it where another code has it: programs drop the second of two."""
        free, number = name, 2
        while free.casefold() in self._names:
            free = f"{name} ({book})" if number == 2 else f"{name} ({book} {number - 1})"
            number += 1
        self._names.add(free.casefold())
        return free


def folder_guid(book: str) -> str:
    """The identity of the folder that a codebook is."""
    return guid("codebook", book)


def _offered(book: Codebook) -> Codebook:
    """With retired codes that no other one stands for among the others: codings may have them."""
    codes = [
        replace(code, retired=False, shortcut=None, parent=_above(book, code.parent)) if code.retired else code
        for code in book.codes
        if not code.merged_into
    ]
    kept = {code.key for code in codes}
    listed = [replace(code, split_from=code.split_from if code.split_from in kept else None) for code in codes]
    return replace(book, codes=in_tree_order(listed))


def _above(book: Codebook, parent: str | None) -> str | None:
    """The nearest code above that stays."""
    while parent is not None and book.by_key[parent].merged_into:
        parent = book.by_key[parent].parent
    return parent
