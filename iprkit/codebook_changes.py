"""How a codebook changes while people work with it: codes added, reworded, moved, merged, split and retired.

No code is ever taken away, so that every coding keeps the code that it was made with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from iprkit.codebook import Code, Codebook, in_tree_order, plain_code
from iprkit.errors import Conflict, InvalidCodebook
from iprkit.wording import tidy_line


def key_of(name: str, taken: Iterable[str] = ()) -> str:
    """The key that a code's name suggests, numbered where it is taken already.

    >>> key_of("Émotion / affect split"), key_of("6 months"), key_of("Denial", ["denial"])
    ('emotion_affect_split', 'c_6_months', 'denial_2')
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    letters = unicodedata.normalize("NFKC", bare.lower())
    spelled = (
        re.sub("_+", "_", "".join(c if f"a{c}".isidentifier() else "_" for c in letters)).strip("_")[:48].strip("_")
    )
    key = spelled if spelled.isidentifier() else f"c_{spelled}".rstrip("_")
    used = {one.casefold() for one in taken}
    number, numbered = 1, key
    while numbered.casefold() in used:
        number += 1
        numbered = f"{key}_{number}"
    return numbered


def name_of(text: str) -> str:
    """The short name of a codebook that a title or a file's name suggests.

    >>> name_of("Rupture & Repair (v2)")
    'rupture-repair-v2'
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")[:48].strip("-") or "codebook"


def add_code(book: Codebook, code: Code, after: str | None = None) -> Codebook:
    """The codebook with one more code: last below its parent, or behind its sister ``after``.

    Raises Conflict where the key is taken, InvalidCodebook where the parent is unknown or retired.
    """
    taken = next((one.key for one in book.codes if one.key.casefold() == code.key.casefold()), None)
    if taken:
        raise Conflict(f"codebook {book.name} has a code {taken} already; choose another key")
    return _with(book, _placed([*book.codes], code, after))


def edit_code(book: Codebook, key: str, code: Code) -> Codebook:
    """The codebook with ``code`` in the place of the one of that key; key and place in the tree stay."""
    old = book.by_key[key]
    if (code.key, code.parent) != (old.key, old.parent):
        raise InvalidCodebook(f"code {key} keeps its key for good; merge it into a new one instead", key)
    return _with(book, [code if one.key == key else one for one in book.codes])


def move_code(book: Codebook, key: str, parent: str | None, after: str | None = None) -> Codebook:
    """The codebook with a code, and all below it, under ``parent`` (None: at the top), last or behind ``after``."""
    if parent is not None and (parent == key or any(above.key == key for above in book.ancestors(parent))):
        raise InvalidCodebook(f"code {key} cannot lie under itself", key)
    rest = [code for code in book.codes if code.key != key]
    return _with(book, _placed(rest, replace(book.by_key[key], parent=parent), after))


def merge_codes(book: Codebook, keys: Sequence[str], into: str) -> Codebook:
    """The codebook in which ``into`` stands for the codes ``keys``: these are retired, what lay below them moves.

    Raises InvalidCodebook where ``into`` is retired, a group, one of the merged or below one of them, or where
    ratings could not be carried over because the scales differ.
    """
    target = book.by_key[into]
    if target.retired or not target.codable:
        raise InvalidCodebook(f"nothing can be merged into {into}: it is {_why_not(target)}", into)
    for key in keys:
        if key == into or any(above.key == key for above in book.ancestors(into)):
            raise InvalidCodebook(f"code {key} cannot be merged into itself or into a code below it", key)
        if book.by_key[key].codable and book.scale(key) != book.scale(into):
            raise InvalidCodebook(
                f"{key} is rated on {book.applied(key).scale}, {into} on {book.applied(into).scale}: ratings would "
                f"not fit; give both the same scale first",
                key,
            )
    merged = set(keys)
    codes = [
        replace(code, retired=True, merged_into=into)
        if code.key in merged
        else replace(code, parent=into)
        if code.parent in merged and not code.retired
        else code
        for code in book.codes
    ]
    return _with(book, codes)


def split_code(book: Codebook, key: str, parts: Sequence[tuple[str, str]]) -> Codebook:
    """The codebook with new codes, ``(key, name)`` each, in the place of one that is retired.

    The parts take over everything but key, name, definition texts, shortcut and GUID; they are to be described next.
    Raises InvalidCodebook where the code is retired, or others lie below it.
    """
    whole = book.by_key[key]
    if whole.retired or not whole.codable:
        raise InvalidCodebook(f"code {key} cannot be split: it is {_why_not(whole)}", key)
    if any(not code.retired for code in book.below(key)):
        raise InvalidCodebook(f"code {key} cannot be split while others lie below it; move or retire them first", key)
    split, behind = book, key
    for part, name in parts:
        fresh = Code(
            part, name, whole.parent, exclusive=whole.exclusive, rules=whole.rules, colour=whole.colour, split_from=key
        )
        split, behind = add_code(split, fresh, behind), part
    return retire_code(split, key)


def retire_code(book: Codebook, key: str) -> Codebook:
    """The codebook in which a code, and all below it, is no longer offered."""
    gone = {key, *(code.key for code in book.below(key))}
    return _with(book, [replace(code, retired=True) if code.key in gone else code for code in book.codes])


def revive_code(book: Codebook, key: str) -> Codebook:
    """The codebook in which a retired or merged code is offered again. Raises InvalidCodebook under a retired one."""
    return _with(
        book, [replace(code, retired=False, merged_into=None) if code.key == key else code for code in book.codes]
    )


def brought_up_to(book: Codebook, newer: Codebook) -> Codebook:
    """``newer`` under the name of ``book``, and the codes and scales that only ``book`` has, as they are.

    Raises Conflict where a key is spelled with other capitals there.
    """
    theirs = {code.key.casefold(): code.key for code in newer.codes}
    for code in book.codes:
        if theirs.get(code.key.casefold(), code.key) != code.key:
            spelled = theirs[code.key.casefold()]
            raise Conflict(f"code {code.key} is spelled {spelled} there; keys never change: write it as here")
    ours = [code for code in book.codes if code.key not in newer.by_key]
    names = {scale.name for scale in newer.scales}
    scales = [*newer.scales, *(scale for scale in book.scales if scale.name not in names)]
    return replace(newer, name=book.name, scales=tuple(scales), codes=in_tree_order([*newer.codes, *ours]))


def differing_codes(before: Codebook, after: Codebook) -> list[str]:
    """The keys of codes that are there before and after, and say something else."""
    both = [code for code in before.codes if code.key in after.by_key]
    return [code.key for code in both if plain_code(code) != plain_code(after.by_key[code.key])]


def said_name(text: str) -> str:
    """A name as a person typed it, in one line. Raises InvalidCodebook where nothing is left."""
    name = tidy_line(text)
    if not name:
        raise InvalidCodebook(f"{text!r} cannot be a name; write at least one letter")
    return name


def _with(book: Codebook, codes: Iterable[Code]) -> Codebook:
    return replace(book, codes=in_tree_order(codes))


def _placed(codes: list[Code], code: Code, after: str | None) -> list[Code]:
    if after is None:
        return [*codes, code]
    at = next((index for index, one in enumerate(codes) if one.key == after), None)
    if at is None or codes[at].parent != code.parent:
        raise InvalidCodebook(f"code {code.key} cannot stand behind {after}, which does not lie beside it", code.key)
    return [*codes[: at + 1], code, *codes[at + 1 :]]


def _why_not(code: Code) -> str:
    return "retired" if code.retired else "a group that is not coded itself"
