"""What a code says, written as one text for programs that keep a single description or memo, and read back from it.

The definition comes first, then paragraphs that open with ``Counts:``, ``Does not count:``, ``Example:``, ``Scale:``,
``Note:``, ``Not verified:`` and ``Key:``. Any other program's text is a definition as a whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from iprkit.codebook import Code, Codebook, in_tree_order
from iprkit.codebook_changes import key_of
from iprkit.errors import InvalidCodebook
from iprkit.scale import PRESENCE, Anchor, Scale, number
from iprkit.wording import tidy, tidy_line

_LABELS = {"Counts": "include", "Does not count": "exclude", "Note": "notes", "Not verified": "unverified"}
_OPENING = re.compile(r"^(Counts|Does not count|Example|Scale|Note|Not verified|Key):(?: |$)", re.MULTILINE)
_SCALE = re.compile(
    r"(?P<name>[^\n]+), (?P<min>\S+) to (?P<max>\S+) in steps of (?P<step>\S+), (?P<level>ordinal|interval|ratio)"
    r"(?:, (?P<no_evidence>\S+) is no evidence)?(?P<anchors>(?:\n-?[\d.]+ = [^\n]+)*)"
)


@dataclass(frozen=True)
class Found:
    """A code as another program holds it: its place in a list by number, ``parent`` the number of the one above."""

    name: str
    description: str = ""
    parent: int | None = None
    codable: bool = True
    colour: str | None = None
    guid: str | None = None


def described(book: Codebook, code: Code, name: str | None = None) -> str:
    """Everything that the code says as one text.

    ``name`` is the name under which the other program knows it; the key is told where that name does not suggest it.
    """
    scale = book.scale(code.key) if code.codable else None
    parts = [code.definition]
    parts += [f"{label}: {getattr(code, field)}" for label, field in _LABELS.items() if getattr(code, field)]
    parts += [f"Example: {example}" for example in code.examples]
    parts += [f"Scale: {_scale_text(scale)}"] if scale else []
    parts += [f"Key: {code.key}"] if code.key != key_of(name or code.name) else []
    return "\n\n".join(part for part in parts if part)


def unique_names(book: Codebook) -> dict[str, str]:
    """A name for every offered code's key, no two alike whatever their capitals, as other programs want them.

    A name that occurs twice gets that of the code above before it, and the key behind it where that is not enough.
    """
    counts = Counter(code.name.casefold() for code in book.active)
    names: dict[str, str] = {}
    taken = {name for name, count in counts.items() if count == 1}
    for code in book.active:
        name = code.name
        if counts[name.casefold()] > 1:
            above = f"{book.by_key[code.parent].name}: {name}" if code.parent else name
            name = next(n for n in (above, f"{name} ({code.key})", code.key) if n.casefold() not in taken)
            taken.add(name.casefold())
        names[code.key] = name
    return names


def book_of(name: str, title: str, found: Iterable[Found], notes: str = "") -> Codebook:
    """The codebook of what another program holds, keys suggested by the names; version 1.

    Raises InvalidCodebook where a name is empty or too long.
    """
    listed = list(found)
    codes: list[Code] = []
    scales: dict[str, Scale] = {}
    keys: list[str] = []
    for one in listed:
        if not tidy_line(one.name):
            raise InvalidCodebook(f"code number {len(codes) + 1} has no name")
        code, scale = _code(one, keys)
        if scale is not None:
            code = replace(code, rules=replace(code.rules, scale=_shared(scales, scale)))
        keys.append(code.key)
        codes.append(code)
    placed = [
        replace(c, parent=None if f.parent is None else keys[f.parent]) for c, f in zip(codes, listed, strict=True)
    ]
    told = _presence_told(in_tree_order(placed))
    return Codebook(name, "1", told, title=tidy_line(title), scales=tuple(scales.values()), notes=tidy(notes))


def _presence_told(codes: tuple[Code, ...]) -> tuple[Code, ...]:
    """A code without a scale below a rated one is present or absent, and does not take over the scale."""
    rated = {code.key for code in codes if code.rules.scale}
    unrated = {code.key for code in codes if code.parent in rated and not code.rules.scale}
    return tuple(replace(c, rules=replace(c.rules, scale=PRESENCE)) if c.key in unrated else c for c in codes)


def _code(found: Found, taken: list[str]) -> tuple[Code, Scale | None]:
    name, text = tidy_line(found.name), tidy(found.description)
    labelled = _parts(text)
    suggested = next((key for label, key in labelled if label == "Key" and key.isidentifier()), None)
    free = suggested and suggested.casefold() not in {key.casefold() for key in taken}
    fields: dict[str, Any] = {field: _under(label, labelled) for label, field in _LABELS.items()}
    scale = next((_scale(t) for label, t in labelled if label == "Scale"), None)
    unread = [f"Scale: {t}" for label, t in labelled if label == "Scale" and scale is None]
    fields["notes"] = "\n\n".join(part for part in (fields["notes"], *unread) if part)
    code = Code(
        suggested if free and suggested else key_of(name, taken),
        name,
        definition=_under("", labelled),
        examples=tuple(t for label, t in labelled if label == "Example" and t),
        codable=found.codable,
        colour=found.colour,
        guid=found.guid,
        **fields,
    )
    return code, scale


def _under(label: str, labelled: list[tuple[str, str]]) -> str:
    return "\n\n".join(text for found, text in labelled if found == label and text)


def _parts(text: str) -> list[tuple[str, str]]:
    """Label and text of every paragraph that opens with one, the definition first under no label."""
    openings = list(_OPENING.finditer(text))
    ends = [opening.start() for opening in openings] + [len(text)]
    parts = [("", text[: ends[0]].strip())]
    return parts + [
        (opening[1], text[opening.end() : end].strip()) for opening, end in zip(openings, ends[1:], strict=True)
    ]


def _shared(scales: dict[str, Scale], scale: Scale) -> str:
    """The name under which the codebook has this scale; another scale of the same name makes it a numbered one."""
    name, n = scale.name, 1
    while name in scales and replace(scales[name], name=scale.name) != scale:
        n += 1
        name = f"{scale.name} {n}"
    scales[name] = replace(scale, name=name)
    return name


def _scale_text(scale: Scale) -> str:
    head = f"{scale.name}, {number(scale.min)} to {number(scale.max)} in steps of {number(scale.step)}, {scale.level}"
    if scale.no_evidence is not None:
        head += f", {number(scale.no_evidence)} is no evidence"
    return "\n".join([head, *(f"{number(a.value)} = {tidy_line(a.text)}" for a in scale.anchors)])


def _scale(text: str) -> Scale | None:
    found = _SCALE.fullmatch(text)
    if found is None:
        return None
    anchors = [line.split(" = ", 1) for line in found["anchors"].split("\n") if line]
    try:
        return Scale(
            found["name"],
            float(found["min"]),
            float(found["max"]),
            float(found["step"]),
            found["level"],
            tuple(Anchor(float(value), meaning) for value, meaning in anchors),
            float(found["no_evidence"]) if found["no_evidence"] else None,
        )
    except (ValueError, InvalidCodebook):
        return None
