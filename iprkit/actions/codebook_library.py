"""The library: codebooks of published coding systems that come with iprkit, every word of them its own."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import iprkit
from iprkit.codebook import Codebook
from iprkit.errors import NotFound
from iprkit.formats.codebook_yaml import read_codebook_yaml
from iprkit.scale import PRESENCE
from iprkit.timeline import clock


def folder() -> Path:
    """Where the files lie: beside the modules where iprkit is installed, else at the top of its source."""
    package = Path(iprkit.__file__).parent
    installed = package / "library"
    return installed if installed.is_dir() else package.parent / "codebooks"


def names() -> list[str]:
    """The names of the library's codebooks."""
    return sorted(place.stem for place in folder().glob("*.yaml"))


def find(name: str) -> Codebook | None:
    """The library's codebook of a name, None where there is none."""
    place = folder() / f"{name}.yaml"
    return read_codebook_yaml(place.read_bytes(), place.name) if name in names() else None


def codebook(name: str) -> Codebook:
    """The library's codebook of a name. Raises NotFound with the nearest one."""
    found = find(name)
    if found is None:
        near = get_close_matches(name, names(), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "see them with: iprkit codebook list"
        raise NotFound(f"there is no codebook {name}; {hint}")
    return found


def everything() -> list[Codebook]:
    """All codebooks of the library, by name."""
    return [codebook(name) for name in names()]


def markdown_table() -> str:
    """The library as a table for the documentation: what is coded, on which scales, whose system it is."""
    heads = ("Codebook", "Title", "Codes", "Unit", "Scales", "Source", "Rights")
    rows = [heads, tuple("---" for _ in heads), *(_row(book) for book in everything())]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows) + "\n"


def units(book: Codebook) -> list[str]:
    """What the codes are applied to, the most frequent first, as people read it: ``window of 1:00.0``."""
    rules = [book.applied(code.key) for code in book.active if code.codable]
    said = []
    for rule in rules or [book.rules]:
        length = (
            f" of {clock(rule.window_ms)}" if rule.window_ms else f" from {clock(rule.min_ms)}" if rule.min_ms else ""
        )
        said.append(f"{(rule.unit or 'segment').replace('_', ' ')}{length}")
    return sorted(set(said), key=lambda one: (-said.count(one), one))


def scales(book: Codebook) -> list[str]:
    """How the codes are rated, in the order of the tree: ``presence``, ``salience 1-5``."""
    found = [book.scale(code.key) for code in book.active if code.codable]
    said = [
        PRESENCE if one is None else one.range if one.name == one.range else f"{one.name} {one.range}" for one in found
    ]
    return list(dict.fromkeys(said))


def _row(book: Codebook) -> tuple[str, ...]:
    texts = (" ".join(text.split()) for text in (book.citation, book.rights))
    coded = sum(code.codable for code in book.active)
    return (f"`{book.name}`", book.title, str(coded), "; ".join(units(book)), "; ".join(scales(book)), *texts)
