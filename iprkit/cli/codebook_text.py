"""A codebook as people read it at a terminal: the tree with definitions, anchors and keys."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator

from iprkit.actions.codebooks import Changed, Shown
from iprkit.codebook import Code, Codebook, Rules
from iprkit.scale import Scale, number
from iprkit.timeline import clock

_PARTS = (
    ("", "definition"),
    ("Counts: ", "include"),
    ("Does not count: ", "exclude"),
    ("Note: ", "notes"),
    ("Not verified: ", "unverified"),
)


def lines_of(shown: Shown, only: str | None = None, brief: bool = False, retired: bool = False) -> Iterator[str]:
    """The codebook, or ``only`` one code with those below it; ``brief`` without texts, with ``retired`` codes too."""
    book = shown.book
    if only is None:
        yield from _head(shown, brief)
        chosen = set(book.by_key)
    else:
        key = book.code(only).key
        chosen = {key, *(code.key for code in book.below(key))}
        retired = retired or book.by_key[key].retired
    for code in book.codes:
        if code.key in chosen and (retired or not code.retired):
            yield from _code(shown, code, brief)


def said_touched(changed: Changed) -> str:
    """``; 12 codings point to it``, nothing where there are none."""
    kinds = [f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in changed.touched.items()]
    return f"; pointed to by {', '.join(kinds)}" if kinds else ""


def _head(shown: Shown, brief: bool) -> Iterator[str]:
    book = shown.book
    state = f", pinned here ({shown.origin})" if shown.pinned else ", in the library, not pinned here"
    yield f"{book.name}  {book.title}"
    yield f"version {book.version}{' and changed since' if shown.changed else ''}{state}, digest {book.digest[:12]}"
    if not brief:
        for label, text in (("Source", book.citation), ("Rights", book.rights), ("Note", book.notes),
                            ("Not verified", book.unverified)):  # fmt: skip
            yield from _wrapped(f"{label}: {text}", "") if text else ()
        kinds = [word for word, is_so in (("exclusive", book.exclusive), ("exhaustive", book.exhaustive)) if is_so]
        applied = [*_rules(book.rules), *kinds]
        yield from _wrapped(f"Applied: {', '.join(applied)}", "") if applied else ()
    for scale in book.scales:
        yield from _scale(scale, brief)
    yield ""


def _scale(scale: Scale, brief: bool) -> Iterator[str]:
    least = f", {number(scale.no_evidence)} is no evidence" if scale.no_evidence is not None else ""
    name = "" if scale.name == scale.range else f"{scale.name}: "
    yield f"Scale {name}{scale.range}, {scale.level}{least}"
    if not brief:
        for anchor in scale.anchors:
            yield from _wrapped(anchor.text, "      ", f"{number(anchor.value):>4}  ")


def _code(shown: Shown, code: Code, brief: bool) -> Iterator[str]:
    book, indent = shown.book, "  " * len(list(shown.book.ancestors(code.key)))
    yield f"{indent}{code.key}  {code.name}{_marks(shown, code)}"
    if brief:
        return
    rules = ", ".join(_rules(code.rules))
    if rules:
        yield f"{indent}    ({rules})"
    texts = [f"{label}{getattr(code, field)}" for label, field in _PARTS if getattr(code, field)]
    for text in [*texts, *(f"Example: {example}" for example in code.examples)]:
        yield from _wrapped(text, f"{indent}    ")
    if not _is_last(book, code):
        yield ""


def _marks(shown: Shown, code: Code) -> str:
    book = shown.book
    scale = book.scale(code.key) if code.codable else None
    uses = [f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in shown.uses.get(code.key, {}).items()]
    marks = [
        f"key {code.shortcut}" if code.shortcut else "",
        "" if code.codable else "group",
        "one of these" if code.exclusive else "",
        f"rated {scale.range}" if scale else "",
        f"merged into {code.merged_into}" if code.merged_into else "retired" if code.retired else "",
        f"from {code.split_from}" if code.split_from else "",
        *uses,
    ]
    told = ", ".join(mark for mark in marks if mark)
    return f"  [{told}]" if told else ""


def _rules(rules: Rules) -> list[str]:
    length = (
        f" of {clock(rules.window_ms)}" if rules.window_ms else f" from {clock(rules.min_ms)}" if rules.min_ms else ""
    )
    told = [
        f"{rules.unit.replace('_', ' ')}{length}" if rules.unit else length.strip(),
        f"{rules.speaker}" if rules.speaker else "",
        f"in {' or '.join(rules.applies_to)}" if rules.applies_to else "",
        f"scale {rules.scale}" if rules.scale else "",
        f"{rules.raters} raters" if rules.raters else "",
        f"settled by {rules.decision}" if rules.decision else "",
        rules.statistic or "",
        " and ".join(rules.scores or ()),
    ]
    return [one for one in told if one]


def _is_last(book: Codebook, code: Code) -> bool:
    return code is book.codes[-1]


def _wrapped(text: str, indent: str, head: str | None = None) -> Iterator[str]:
    """Lines of a readable width, the first one opened by ``head`` in place of the indent."""
    width = min(110, max(40, shutil.get_terminal_size((100, 24)).columns))
    first = indent if head is None else head
    for line in text.split("\n"):
        yield from textwrap.wrap(line, width, initial_indent=first, subsequent_indent=indent) or [""]
        first = indent
