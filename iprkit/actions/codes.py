"""Codes of a pinned codebook: added, reworded, moved, merged, split, retired; what codings that touches is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from iprkit.actions.codebooks import Changed, changing, touched
from iprkit.codebook import Code, Codebook, Rules
from iprkit.codebook_changes import (
    add_code,
    edit_code,
    key_of,
    merge_codes,
    move_code,
    retire_code,
    revive_code,
    said_name,
    split_code,
)
from iprkit.database.codebooks import change_codebook
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput
from iprkit.scale import scale_of
from iprkit.wording import tidy

_RULES = {f.name for f in fields(Rules)}
_TEXTS = ("definition", "include", "exclude", "notes")


def add(study: Study, book: str, name: str, values: Mapping[str, Any], after: str | None = None) -> Changed:
    """Add a code, last below its parent or behind ``after``.

    ``values`` are fields of Code and of its rules; ``parent`` and ``after`` may be keys or names, ``key`` is suggested
    by the name where it is left out. Raises NotFound, Conflict, InvalidCodebook.
    """

    def change(codebook: Codebook) -> tuple[Codebook, tuple[str, ...]]:
        parent = codebook.code(values["parent"]).key if values.get("parent") else None
        behind = codebook.code(after) if after else None
        if behind is not None and not values.get("parent"):
            parent = behind.parent
        key = values.get("key") or key_of(name, codebook.by_key)
        scaled, given = _with_scale(codebook, values)
        code = _with(Code(key, said_name(name), parent), given)
        return add_code(scaled, code, behind.key if behind else None), (key,)

    return _change(study, book, f"added code {name} to {book}", change)


def edit(study: Study, book: str, said: str, values: Mapping[str, Any]) -> Changed:
    """Change fields of a code or its rules; a rule of None is again what the code above says."""

    def change(codebook: Codebook) -> tuple[Codebook, tuple[str, ...]]:
        code = codebook.code(said)
        scaled, given = _with_scale(codebook, values)
        return edit_code(scaled, code.key, _with(code, given)), (code.key,)

    return _change(study, book, f"edited code {said} of {book}", change)


def move(study: Study, book: str, said: str, parent: str | None, after: str | None = None) -> Changed:
    """Put a code and all below it under another code, at the top (None), or behind the code ``after``."""

    def change(codebook: Codebook) -> tuple[Codebook, tuple[str, ...]]:
        code, behind = codebook.code(said), codebook.code(after) if after else None
        above = codebook.code(parent).key if parent else behind.parent if behind else None
        moved = move_code(codebook, code.key, above, behind.key if behind else None)
        return moved, (code.key, *(one.key for one in codebook.below(code.key)))

    return _change(study, book, f"moved code {said} of {book}", change)


def merge(study: Study, book: str, said: Sequence[str], into: str) -> Changed:
    """Let one code stand for others, which are retired; their codings stay and go by its name from now on."""

    def change(codebook: Codebook) -> tuple[Codebook, tuple[str, ...]]:
        keys = tuple(dict.fromkeys(codebook.code(one).key for one in said))
        return merge_codes(codebook, keys, codebook.code(into).key), keys

    return _change(study, book, f"merged {', '.join(said)} into {into} in {book}", change)


def split(study: Study, book: str, said: str, names: Sequence[str]) -> Changed:
    """Put several new codes in the place of one, which is retired; its codings stay with it until they are recoded."""
    if len({name.casefold() for name in names}) < 2:
        raise InvalidInput(f"splitting {said} needs the names of at least two new codes")

    def change(codebook: Codebook) -> tuple[Codebook, tuple[str, ...]]:
        code, taken = codebook.code(said), list(codebook.by_key)
        parts = []
        for name in names:
            parts.append((key_of(name, taken), said_name(name)))
            taken.append(parts[-1][0])
        return split_code(codebook, code.key, parts), (code.key, *(key for key, _ in parts))

    return _change(study, book, f"split {said} of {book} into {', '.join(names)}", change)


def retire(study: Study, book: str, said: str) -> Changed:
    """No longer offer a code and those below it; their codings stay."""

    def change(codebook: Codebook) -> tuple[Codebook, tuple[str, ...]]:
        key = codebook.code(said).key
        gone = (key, *(one.key for one in codebook.below(key) if not one.retired))
        return retire_code(codebook, key), gone

    return _change(study, book, f"retired code {said} of {book}", change)


def revive(study: Study, book: str, said: str) -> Changed:
    """Offer a retired or merged code again."""

    def change(codebook: Codebook) -> tuple[Codebook, tuple[str, ...]]:
        key = codebook.code(said).key
        return revive_code(codebook, key), (key,)

    return _change(study, book, f"took code {said} of {book} back into use", change)


def _change(
    study: Study, name: str, action: str, change: Callable[[Codebook], tuple[Codebook, tuple[str, ...]]]
) -> Changed:
    with changing(study, name, action) as (db, row, book):
        changed, keys = change(book)
        change_codebook(db, row, changed)
        return Changed(name, keys, touched(db, name, keys, study.author))


def _with(code: Code, values: Mapping[str, Any]) -> Code:
    own = {name: value for name, value in _tidied(values).items() if name not in (*_RULES, "key", "parent")}
    rules = {name: value for name, value in values.items() if name in _RULES}
    return replace(code, **own, rules=replace(code.rules, **rules))


def _tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """Texts as they are kept, whoever typed them: a name in one line, a colour in capitals."""
    said = dict(values) | {name: tidy(values[name]) for name in _TEXTS if name in values}
    if values.get("name"):
        said["name"] = said_name(values["name"])
    if values.get("colour"):
        said["colour"] = values["colour"].strip().upper()
    if "examples" in values:
        said["examples"] = tuple(text for one in values["examples"] if (text := tidy(one)))
    return said


def _with_scale(book: Codebook, values: Mapping[str, Any]) -> tuple[Codebook, dict[str, Any]]:
    """A range such as ``1-5`` in the place of a scale's name becomes a scale of that name, where there is none yet."""
    said = values.get("scale")
    ranged = scale_of(said) if said and said not in {scale.name for scale in book.scales} else None
    if ranged is None:
        return book, dict(values)
    known = ranged.name in {scale.name for scale in book.scales}
    with_it = book if known else replace(book, scales=(*book.scales, ranged))
    return with_it, dict(values) | {"scale": ranged.name}
