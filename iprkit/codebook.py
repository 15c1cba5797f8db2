"""Codebooks: categories with definitions, scales and units, in a versioned, ordered tree."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from iprkit.errors import InvalidCodebook, NotFound
from iprkit.scale import PRESENCE, Scale, whole
from iprkit.wording import tidy, tidy_line

UNITS = ("words", "segment", "turn", "thought_unit", "window", "silence", "moment", "comment", "span", "session")
"""What a code is applied to. A thought unit is marked by the coder as words or segments; a span is free."""

SPEAKERS = ("client", "therapist", "both")
PLACES = ("session", "recall", "moment")
DECISIONS = ("consensus", "majority", "mean")
SCORES = ("count", "proportion", "salience", "mean", "max")
STATISTICS = (
    "percent_agreement", "cohen_kappa", "weighted_kappa", "scott_pi", "fleiss_kappa", "brennan_prediger", "gwet_ac1",
    "gwet_ac2", "pabak", "krippendorff_alpha", "icc_1_1", "icc_2_1", "icc_3_1", "icc_1_k", "icc_2_k", "icc_3_k",
    "alpha_u", "time_unit_kappa", "event_kappa", "gamma",
)  # fmt: skip

DEEPEST = 20
"""Levels that a tree of codes may have."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COLOUR = re.compile(r"#[0-9A-F]{6}")
_GUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


@dataclass(frozen=True)
class Rules:
    """How codes are applied; None where the code above decides, then the codebook, then ``DEFAULTS``.

    ``unit`` is one of ``UNITS``; ``window_ms`` the length of a window, ``min_ms`` that of the shortest silence.
    ``speaker`` is whose talk is coded, ``applies_to`` where: in the session, a recall comment, a moment. ``scale`` is
    the name of one of the codebook's scales, or ``presence``. ``raters`` is how many should code it apart,
    ``decision`` how they settle, ``statistic`` how their agreement is best reported, ``scores`` what is counted.
    """

    unit: str | None = None
    window_ms: int | None = None
    min_ms: int | None = None
    speaker: str | None = None
    applies_to: tuple[str, ...] | None = None
    scale: str | None = None
    raters: int | None = None
    decision: str | None = None
    statistic: str | None = None
    scores: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        _among("unit", self.unit, UNITS)
        _among("speaker", self.speaker, SPEAKERS)
        _among("decision", self.decision, DECISIONS)
        _among("statistic", self.statistic, STATISTICS)
        _each_among("applies_to", self.applies_to, PLACES)
        _each_among("scores", self.scores, SCORES)
        for name, least in (("window_ms", 100), ("min_ms", 1), ("raters", 1)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise InvalidCodebook(f"{name} is {value}; expected at least {least}")
        for name, unit in (("window_ms", "window"), ("min_ms", "silence")):
            if getattr(self, name) is not None and self.unit not in (None, unit):
                raise InvalidCodebook(f"{name} goes with the unit {unit}, not with {self.unit}")

    def over(self, other: Rules) -> Rules:
        """These rules, and the other's where these say nothing; a length goes with its unit."""
        both: dict[str, Any] = {f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)}
        for name, unit in (("window_ms", "window"), ("min_ms", "silence")):
            if both["unit"] not in (None, unit):
                both[name] = None
        return Rules(**both)


@dataclass(frozen=True)
class Code:
    """One category.

    ``key`` is what coding sheets say, never changes and is unique in the codebook whatever its capitals; ``name`` is
    what people read. ``include`` says what counts, ``exclude`` what does not. ``parent`` is the key of the code
    above. A code that is not ``codable`` only groups others; with ``exclusive`` a unit gets at most one of those below.
    ``shortcut`` is a letter or digit to press. A ``retired`` code keeps its codings and is no longer offered;
    ``merged_into`` is the code that stands for it, ``split_from`` the one that this one was a part of. ``unverified``
    says what could not be checked against the source. ``guid`` is the code's identity in another program.
    """

    key: str
    name: str
    parent: str | None = None
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()
    codable: bool = True
    exclusive: bool = False
    rules: Rules = field(default_factory=Rules)
    colour: str | None = None
    shortcut: str | None = None
    notes: str = ""
    unverified: str = ""
    retired: bool = False
    merged_into: str | None = None
    split_from: str | None = None
    guid: str | None = None

    def __post_init__(self) -> None:
        if not self.key.isidentifier() or len(self.key) > 64:
            raise InvalidCodebook(
                f"{self.key!r} cannot be a code's key; use up to 64 letters, digits and _, a letter first", self.key
            )
        if not self.name or len(self.name) > 200 or self.name != tidy_line(self.name):
            raise InvalidCodebook(f"code {self.key} needs a name of one line, at most 200 characters", self.key)
        for text in (self.definition, self.include, self.exclude, self.notes, self.unverified, *self.examples):
            if text != tidy(text):
                raise InvalidCodebook(f"code {self.key} has control characters or blank ends in a text", self.key)
        self._check_marks()

    def _check_marks(self) -> None:
        if self.colour is not None and not _COLOUR.fullmatch(self.colour):
            raise InvalidCodebook(f"code {self.key}: {self.colour!r} is no colour; write one as #4477AA", self.key)
        if self.shortcut is not None and not (len(self.shortcut) == 1 and self.shortcut.isalnum()):
            raise InvalidCodebook(f"code {self.key}: {self.shortcut!r} is not one letter or digit to press", self.key)
        if self.guid is not None and not _GUID.fullmatch(self.guid):
            raise InvalidCodebook(f"code {self.key}: {self.guid!r} is no GUID", self.key)
        if self.merged_into and not self.retired:
            raise InvalidCodebook(f"code {self.key} is merged into {self.merged_into}, so it must be retired", self.key)


@dataclass(frozen=True)
class Codebook:
    """A named, versioned tree of codes, with where it comes from and who may use it.

    ``name`` is short (``3rs-2022``) and names its file. ``codes`` stand in the order of the tree, every code after the
    one above it: see ``in_tree_order``. With ``exclusive`` a unit gets at most one code; with ``exhaustive`` every
    unit gets one (a rating on every rated code). Raises InvalidCodebook where the parts contradict each other.
    """

    name: str
    version: str
    codes: tuple[Code, ...] = ()
    title: str = ""
    citation: str = ""
    rights: str = ""
    language: str = "en"
    rules: Rules = field(default_factory=Rules)
    scales: tuple[Scale, ...] = ()
    exclusive: bool = False
    exhaustive: bool = False
    notes: str = ""
    unverified: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.name) > 48:
            raise InvalidCodebook(f"{self.name!r} cannot name a codebook; use small letters, digits and single hyphens")
        for name in ("version", "title", "language"):
            if getattr(self, name) != tidy_line(getattr(self, name)):
                raise InvalidCodebook(f"codebook {self.name}: {name} must be one line")
        for text in (self.citation, self.rights, self.notes, self.unverified):
            if text != tidy(text):
                raise InvalidCodebook(f"codebook {self.name} has control characters or blank ends in a text")
        if not self.version:
            raise InvalidCodebook(f"codebook {self.name} needs a version")
        _check_unique(self)
        _check_tree(self)
        _check_rules(self)

    @cached_property
    def by_key(self) -> dict[str, Code]:
        return {code.key: code for code in self.codes}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that the codebook says."""
        text = json.dumps(plain(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def active(self) -> tuple[Code, ...]:
        """The codes that are offered, groups among them."""
        return tuple(code for code in self.codes if not code.retired)

    def code(self, said: str) -> Code:
        """The code of a key or a name, whatever its capitals. Raises NotFound with the nearest one."""
        folded = said.strip().casefold()
        found = next((code for code in self.codes if code.key.casefold() == folded), None)
        named = [code for code in self.codes if code.name.casefold() == folded]
        if found is None and len({code.retired for code in named}) > 1:
            named = [code for code in named if not code.retired]
        if found is None and len(named) > 1:
            keys = ", ".join(code.key for code in named)
            raise NotFound(f"{said!r} names several codes of {self.name}: {keys}; write the key")
        if found is None and not named:
            near = get_close_matches(said, [c.key for c in self.codes] + [c.name for c in self.codes], n=1)
            hint = f"did you mean {near[0]}?" if near else f"see them with: iprkit codebook show {self.name}"
            raise NotFound(f"codebook {self.name} has no code {said}; {hint}")
        return found or named[0]

    def standing(self, key: str) -> Code:
        """The code that stands for a key today: itself, or the one that it was merged into."""
        code = self.by_key[key]
        while code.merged_into:
            code = self.by_key[code.merged_into]
        return code

    def children(self, key: str | None) -> tuple[Code, ...]:
        """The codes directly below a key, those of the top for None, in order."""
        return tuple(code for code in self.codes if code.parent == key)

    def ancestors(self, key: str) -> Iterator[Code]:
        """The codes above a key, the nearest first."""
        parent = self.by_key[key].parent
        while parent:
            yield self.by_key[parent]
            parent = self.by_key[parent].parent

    def below(self, key: str) -> tuple[Code, ...]:
        """Every code under a key, at any depth, in order."""
        return tuple(code for code in self.codes if any(above.key == key for above in self.ancestors(code.key)))

    def applied(self, key: str) -> Rules:
        """The rules of a code with nothing left open."""
        rules = self.by_key[key].rules
        for above in self.ancestors(key):
            rules = rules.over(above.rules)
        return rules.over(self.rules).over(DEFAULTS)

    def scale(self, key: str) -> Scale | None:
        """The scale on which a code is rated, None where it is only present or absent."""
        name = self.applied(key).scale
        return next((scale for scale in self.scales if scale.name == name), None)

    def colour(self, key: str) -> str | None:
        """A code's colour, else that of the nearest code above it that has one."""
        lineage = [self.by_key[key], *self.ancestors(key)]
        return next((code.colour for code in lineage if code.colour), None)

    def rivals(self, key: str) -> frozenset[str]:
        """The codes that may not stand beside this one on the same unit and about the same person."""
        if self.exclusive:
            scope: Iterable[Code] = self.codes
        else:
            scope = [code for above in self.ancestors(key) if above.exclusive for code in self.below(above.key)]
        return frozenset(code.key for code in scope if code.codable and not code.retired) - {key}


def plain(book: Codebook) -> dict[str, Any]:
    """The codebook as lists and plain values, rules beside the other fields, None where something is left open."""
    scales, codes = [plain_scale(scale) for scale in book.scales], [plain_code(code) for code in book.codes]
    return _flat(book) | {"scales": scales, "codes": codes}


def plain_code(code: Code) -> dict[str, Any]:
    """One code in that shape."""
    return _flat(code) | {"examples": list(code.examples)}


def plain_scale(scale: Scale) -> dict[str, Any]:
    """One scale in that shape; whole numbers without a decimal point."""
    numbers = {f: whole(getattr(scale, f)) for f in ("min", "max", "step")}
    anchors = [{"value": whole(anchor.value), "text": anchor.text} for anchor in scale.anchors]
    least = None if scale.no_evidence is None else whole(scale.no_evidence)
    return {"name": scale.name, **numbers, "level": scale.level, "no_evidence": least, "anchors": anchors}


def rules_of(values: Mapping[str, Any]) -> Rules:
    """The rules among the values of a codebook or code in that shape."""
    said = [(f.name, values.get(f.name)) for f in fields(Rules)]
    found: dict[str, Any] = {name: tuple(rule) if isinstance(rule, list) else rule for name, rule in said}
    return Rules(**found)


def _flat(value: Code | Codebook) -> dict[str, Any]:
    own = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in ("rules", "codes", "scales")}
    rules = {f.name: getattr(value.rules, f.name) for f in fields(Rules)}
    return own | {name: list(rule) if isinstance(rule, tuple) else rule for name, rule in rules.items()}


def in_tree_order(codes: Iterable[Code]) -> tuple[Code, ...]:
    """Codes with every code directly followed by those below it; brothers and sisters keep the order given.

    Raises InvalidCodebook where a code lies under one that is not there, or under itself.
    """
    given = list(codes)
    below: dict[str | None, list[Code]] = {}
    for code in given:
        below.setdefault(code.parent, []).append(code)
    ordered: list[Code] = []
    waiting = below.pop(None, [])[::-1]
    while waiting:
        code = waiting.pop()
        ordered.append(code)
        waiting += below.pop(code.key, [])[::-1]
    if len(ordered) != len(given):
        keys = {code.key for code in given}
        lost = next(code for code in given if code not in ordered)
        why = "which is not there" if lost.parent not in keys else "which lies under itself"
        raise InvalidCodebook(f"code {lost.key} lies under {lost.parent}, {why}", lost.key)
    return tuple(ordered)


def _among(name: str, value: str | None, known: Sequence[str]) -> None:
    if value is not None and value not in known:
        near = get_close_matches(value, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"choose among {', '.join(known)}"
        raise InvalidCodebook(f"{name} is {value!r}; {hint}")


def _each_among(name: str, values: tuple[str, ...] | None, known: Sequence[str]) -> None:
    for value in values or ():
        _among(name, value, known)
    if values is not None and (not values or len(set(values)) < len(values)):
        raise InvalidCodebook(f"{name} needs at least one value, each once; choose among {', '.join(known)}")


def _check_unique(book: Codebook) -> None:
    for what, values in (
        ("key", [(code.key.casefold(), code.key) for code in book.codes]),
        ("shortcut", [(code.shortcut, code.key) for code in book.active if code.shortcut]),
        ("GUID", [(code.guid, code.key) for code in book.codes if code.guid]),
    ):
        first: dict[str | None, str] = {}
        for value, key in values:
            if value in first:
                raise InvalidCodebook(f"codes {first[value]} and {key} have the same {what}, {value}", key)
            first[value] = key
    names = [scale.name for scale in book.scales]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InvalidCodebook(f"codebook {book.name} has two scales named {twice}")


def _check_tree(book: Codebook) -> None:
    if in_tree_order(book.codes) != book.codes:
        raise InvalidCodebook(f"the codes of {book.name} are not in the order of their tree")
    for code in book.codes:
        for what, other in (("merged into", code.merged_into), ("split from", code.split_from)):
            if other is not None and (other not in book.by_key or other == code.key):
                raise InvalidCodebook(f"code {code.key} is {what} {other}, which is not there", code.key)
        if not code.retired and code.parent and book.by_key[code.parent].retired:
            raise InvalidCodebook(f"code {code.key} lies under {code.parent}, which is retired", code.key)
        if len(list(book.ancestors(code.key))) >= DEEPEST:
            raise InvalidCodebook(f"code {code.key} lies deeper than {DEEPEST} levels", code.key)
        _check_merged(book, code)


def _check_merged(book: Codebook, code: Code) -> None:
    seen, at = {code.key}, code
    while at.merged_into:
        at = book.by_key[at.merged_into]
        if at.key in seen:
            raise InvalidCodebook(f"code {code.key} is merged into itself by way of {at.key}", code.key)
        seen.add(at.key)


def _check_rules(book: Codebook) -> None:
    known = [PRESENCE, *(scale.name for scale in book.scales)]
    for said, key in [(book.rules.scale, None), *((code.rules.scale, code.key) for code in book.codes)]:
        if said is not None and said not in known:
            where = f"code {key}" if key else f"codebook {book.name}"
            raise InvalidCodebook(f"{where} is rated on {said}, a scale that is not there ({', '.join(known)})", key)
    for code in book.codes:
        rules = book.applied(code.key)
        if rules.unit == "window" and rules.window_ms is None:
            raise InvalidCodebook(f"code {code.key} is coded by window, but no window_ms says how long", code.key)
        if rules.unit == "silence" and rules.min_ms is None:
            raise InvalidCodebook(
                f"code {code.key} is coded by silence, but no min_ms says from which length", code.key
            )


DEFAULTS = Rules(
    unit="segment", speaker="both", applies_to=("session",), scale=PRESENCE, raters=2, decision="consensus",
    statistic="krippendorff_alpha", scores=("count",),
)  # fmt: skip
"""What holds where nobody said anything else."""
