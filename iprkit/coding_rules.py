"""Whether a code may be given to a target, as the codebook has it: unit, whose talk, scale, one code or more."""

from __future__ import annotations

from collections.abc import Iterable

from iprkit.codebook import Codebook, Rules
from iprkit.coding import ABOUT, CERTAINTIES, Anchor, Coding, window_of
from iprkit.errors import InvalidInput
from iprkit.scale import Scale, number
from iprkit.timeline import clock

KINDS_OF_UNIT = {
    "words": ("words", "segment"),
    "segment": ("segment",),
    "turn": ("turn",),
    "thought_unit": ("words", "segment"),
    "window": ("window",),
    "silence": ("span",),
    "moment": ("moment",),
    "comment": ("comment",),
    "span": ("span", "words", "segment", "turn"),
    "session": ("session",),
}
"""Which kinds of target a unit of a codebook is marked as."""


def check(book: Codebook, key: str, anchor: Anchor, role: str | None, rating: float | None) -> None:
    """Raises InvalidInput where the code may not be given, naming what the codebook asks for.

    ``role`` is who speaks in the target, None where that is nobody or several.
    """
    code, rules = book.by_key[key], book.applied(key)
    if code.merged_into:
        raise InvalidInput(f"{key} of {book.name} was merged into {book.standing(key).key}; give that one")
    if code.retired or not code.codable:
        why = "is retired" if code.retired else "only groups the codes below it"
        raise InvalidInput(f"{key} of {book.name} {why}; see the others with: iprkit codebook show {book.name}")
    check_kind(book, key, anchor)
    if role in ("client", "therapist") and rules.speaker not in ("both", role):
        raise InvalidInput(f"{key} is for the talk of the {rules.speaker}; {anchor.target.key} is the {role}'s")
    check_rating(book, key, rating)


def check_kind(book: Codebook, key: str, anchor: Anchor) -> None:
    """Whether the target is of the codebook's unit. Raises InvalidInput."""
    rules, target = book.applied(key), anchor.target
    kinds = kinds_of(rules)
    if target.kind not in kinds:
        raise InvalidInput(
            f"{key} of {book.name} is coded by {' or '.join(kinds)}, and {target.key} is a {target.kind}; to code "
            f"otherwise: iprkit codebook edit {book.name} --unit {target.kind}"
        )
    if target.kind == "window" and rules.window_ms and window_of(target)[0] != rules.window_ms:
        length = clock(window_of(target)[0])
        raise InvalidInput(
            f"{book.name} is coded in windows of {clock(rules.window_ms)}, and {target.key} is one of {length}; "
            f"to change that: iprkit codebook edit {book.name} --unit window --window {length}"
        )
    if rules.unit == "silence" and rules.min_ms and anchor.span.duration_ms < rules.min_ms:
        raise InvalidInput(f"{key} is for silences from {clock(rules.min_ms)} on; {target.key} is shorter")


def check_rating(book: Codebook, key: str, rating: float | None) -> None:
    """Whether a rating is there where the code is rated, and on its scale. Raises InvalidInput."""
    scale = book.scale(key)
    if scale is None and rating is not None:
        raise InvalidInput(f"{key} of {book.name} is there or not there; it takes no rating ({number(rating)})")
    if scale is not None and rating is None:
        raise InvalidInput(f"{key} of {book.name} needs a rating, {_scale(scale)}")
    if scale is not None and rating is not None and not scale.holds(rating):
        raise InvalidInput(f"{number(rating)} is not on the scale of {key}: {_scale(scale)}")


def check_words(about: str | None, certainty: str | None) -> None:
    """Whether these are words that a coding takes. Raises InvalidInput naming them."""
    for name, said, known in (("about", about, ABOUT), ("certainty", certainty, CERTAINTIES)):
        if said is not None and said not in known:
            raise InvalidInput(f"{name} is {said!r}; choose among {', '.join(known)}")


def rival(book: Codebook, key: str, about: str | None, beside: Iterable[Coding]) -> Coding | None:
    """Of the codings of the same coder on the same target: the one that may not stand beside this code."""
    rivals = book.rivals(key)
    return next((one for one in beside if one.code in rivals and one.about == about), None)


def kinds_of(rules: Rules) -> tuple[str, ...]:
    """The kinds of target that a code with these rules is put on."""
    extra = [("moment", "moment"), ("recall", "comment")]
    also = tuple(kind for place, kind in extra if place in (rules.applies_to or ()))
    return tuple(dict.fromkeys((*KINDS_OF_UNIT[rules.unit or "segment"], *also)))


def _scale(scale: Scale) -> str:
    return scale.range if scale.name == scale.range else f"{scale.range} ({scale.name})"
