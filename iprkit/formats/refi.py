"""What REFI-QDA's files share: identities that stay the same from export to export, and XML written piece by piece."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from iprkit.coding import ABOUT as PERSONS
from iprkit.coding import CERTAINTIES

PROJECT = "urn:QDA-XML:project:1.0"

_OURS = UUID("0c3b6f4e-52a7-5a6b-9d0f-6a1c3f2e7b90")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufddf\ufffe\uffff]")
_LABELS = {"Rating": "rating", "About": "about", "Certainty": "certainty", "Round": "round", "Settled": "settled"}
_LINE = re.compile(rf"({'|'.join(_LABELS)}): (.+)")


def guid(*parts: str) -> str:
    """The identity of a thing in every export: the same for the same parts."""
    return str(uuid5(_OURS, "/".join(parts))).upper()


def clean(text: str) -> str:
    r"""A text without what XML cannot hold, lines ended by ``\n``."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def element(tag: str, attributes: Mapping[str, object], *inner: str) -> str:
    """An element as text; attributes that are None are left out, ``inner`` is XML already."""
    said = "".join(f" {name}={quoteattr(clean(str(v)))}" for name, v in attributes.items() if v is not None)
    body = "".join(inner)
    return f"<{tag}{said}>{body}</{tag}>\n" if body else f"<{tag}{said}/>\n"


def text_element(tag: str, text: str) -> str:
    """An element that holds a text; nothing where the text is empty."""
    return f"<{tag}>{escape(clean(text))}</{tag}>\n" if text else ""


def wrapped(tag: str, inner: Sequence[str]) -> str:
    """A list of elements in its wrapper; nothing where there are none, because empty wrappers are not valid."""
    return f"<{tag}>\n{''.join(inner)}</{tag}>\n" if inner else ""


def told(memo: str, values: Mapping[str, str | None]) -> str:
    """A coding's memo, and below it what REFI-QDA has no place for, a line each: ``Rating: 3``."""
    named = {field: label for label, field in _LABELS.items()}
    lines = [f"{named[field]}: {' '.join(value.split())}" for field, value in values.items() if value]
    return "\n\n".join(part for part in (memo, "\n".join(lines)) if part)


def untold(text: str) -> tuple[str, dict[str, str]]:
    """The memo and the values of a text that ``told`` wrote; any other program's text is a memo as a whole.

    >>> untold(told("Strong.", {"rating": "3", "certainty": "high"}))
    ('Strong.', {'rating': '3', 'certainty': 'high'})
    """
    lines = text.rstrip().split("\n")
    values: dict[str, str] = {}
    while lines and (found := _LINE.fullmatch(lines[-1])) and _LABELS[found[1]] not in values:
        if not _can_be(_LABELS[found[1]], found[2]):
            break
        values[_LABELS[found[1]]] = found[2]
        lines.pop()
    return "\n".join(lines).strip(), dict(reversed(values.items()))


def _can_be(field: str, value: str) -> bool:
    if field == "rating":
        return re.fullmatch(r"-?\d+(\.\d+)?", value) is not None
    return value in {"about": PERSONS, "certainty": CERTAINTIES}.get(field, (value,))
