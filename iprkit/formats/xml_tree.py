"""XML from strangers as a tree without namespaces; document types and entities are refused unread."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from iprkit.errors import FormatError

DEEPEST = 200
"""Elements that may lie inside each other."""


def parsed_xml(data: bytes, file: str) -> Xml.Element:
    """The root of a file, with its namespace as an attribute of that name.

    Raises FormatError where it is no XML, cut off, or could harm.
    """
    try:
        root: Xml.Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as e:
        raise FormatError(f"{file} defines document types or entities, which could harm; it was not read") from e
    except Xml.ParseError as e:
        raise FormatError(f"{file} is not well-formed XML: {e}; it may be cut off") from e
    except (LookupError, ValueError) as e:
        raise FormatError(f"{file} is not XML in a known encoding: {e}") from e
    namespace = root.tag.partition("}")[0].removeprefix("{") if isinstance(root.tag, str) and "}" in root.tag else ""
    _strip(root, file)
    root.set("namespace", namespace)
    return root


def children(element: Xml.Element | None, *names: str) -> list[Xml.Element]:
    """The children of these names, all where none is given."""
    return [] if element is None else [child for child in element if not names or child.tag in names]


def child(element: Xml.Element | None, name: str) -> Xml.Element | None:
    """The first child of a name."""
    return None if element is None else element.find(name)


def text_of(element: Xml.Element | None) -> str:
    """An element's own text, empty where it is not there."""
    return (element.text or "") if element is not None else ""


def whole(element: Xml.Element, name: str, file: str) -> int:
    """An attribute that is a whole number. Raises FormatError naming the element."""
    said = (element.get(name) or "").strip()
    try:
        number = int(said)
    except ValueError as e:
        raise FormatError(f"{file}: {name} of a {element.tag} is {said!r}; expected a whole number") from e
    if abs(number) > 10**12:
        raise FormatError(f"{file}: {name} of a {element.tag} is {said}; no recording or text is so long")
    return number


def _strip(root: Xml.Element, file: str) -> None:
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        if depth > DEEPEST:
            raise FormatError(f"{file}: its elements are nested deeper than {DEEPEST} levels; it was not read")
        element.tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "comment"
        waiting += [(one, depth + 1) for one in element]
