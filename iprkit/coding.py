"""What coders say of moments: who gave which code to which stretch, and where that stretch stands.

A target is named by a key: a session ``D01-S03``, a segment ``D01-S03-T012``, the turn that it lies in
``D01-S03-T012-turn``, words ``D01-S03-w0042..w0047``, a window ``D01-S03-W60s-03``, a free span
``D01-S03@2:07.5-2:12``, a moment ``D01-S03-M02``, a recall comment ``D01-S03-client-K04``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from iprkit.errors import InvalidInput
from iprkit.timeline import Span

KINDS = ("words", "segment", "turn", "moment", "window", "span", "comment", "session")
ABOUT = ("client", "therapist", "both", "relationship", "interviewer", "other")
CERTAINTIES = ("low", "medium", "high")
CODER_ROLES = ("coder", "trainee", "expert", "researcher")
PURPOSES = ("main", "training", "reliability", "drift")
"""What a round of coding is for."""

WINDOW_RULE = (
    "windows run from the session's beginning; a rest at the end of half a window or more is a window of its own, "
    "a shorter one belongs to the window before it"
)
"""The rule for the last short window, as reports state it."""

NO_CODE = "none"
"""In place of a code: the adjudicators settled that nothing applies."""

_TURN = "-turn"
_WINDOW = re.compile(r"(?P<place>.+)-W(?P<length>[1-9]\d*)(?P<unit>ms|s)-(?P<number>\d{2,})")
_WORDS = re.compile(r"(?P<place>.+)-(?P<first>w\d+)(?:\.\.(?P<last>w\d+))?")
_SPAN = re.compile(r"(?P<place>[^@]+)@(?P<start>[\d:.]+)-(?P<end>[\d:.]+)")
_SEGMENT = re.compile(r"(?P<place>.+)-[^-]*[^-0-9][0-9]{3,}")
_MARK = re.compile(r"(?P<place>.+)-(?P<letter>[MK])\d+")
_CLOCK = re.compile(
    r"(?:(?P<hours>\d{1,3}):(?=\d\d:))?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)(?:\.(?P<rest>\d{1,3}))?"
)


@dataclass(frozen=True)
class Target:
    """What a code is put on: its key, its kind (one of ``KINDS``), and the session or recall interview it lies in."""

    key: str
    kind: str
    place: str


@dataclass(frozen=True)
class Anchor:
    """Where a target stands: its time, its first and last word, and what was said.

    ``span`` is on the clock of ``target.place``, of a recall comment on that of the session that it is about.
    ``words`` are ids; None where nobody speaks, or nothing is transcribed.
    """

    target: Target
    span: Span
    words: tuple[str, str] | None = None
    quote: str = ""


@dataclass(frozen=True)
class Coding:
    """One coder's use of one code on one target.

    ``rating`` lies on the code's scale, ``about`` is one of ``ABOUT``, ``certainty`` one of ``CERTAINTIES``. ``code``
    is the key of the code that stands for it today; ``coded_as`` the one it was made with, where they differ.
    ``moved`` says why a person should look where it stands, None where its words are as they were.
    """

    key: str
    codebook: str
    code: str
    coder: str
    anchor: Anchor
    rating: float | None = None
    about: str | None = None
    certainty: str | None = None
    memo: str = ""
    round: str | None = None
    made_at: str = ""
    coded_as: str | None = None
    moved: str | None = None


@dataclass(frozen=True)
class Share:
    """One coder's part of an assignment. ``coded`` counts the units with a code, None where one may not know."""

    coder: str
    submitted_at: str | None
    coded: int | None


@dataclass(frozen=True)
class Assignment:
    """What coders are asked to code, apart from each other where it is ``blind``.

    It is ``open`` to everybody once all have submitted, or where somebody revealed it before. ``left`` are the units
    that the one who asks has still to code, counted by session or interview.
    """

    key: str
    codebook: str
    round: str
    purpose: str
    blind: bool
    open: bool
    unit: str
    units: tuple[Anchor, ...]
    shares: tuple[Share, ...]
    sample: str
    made_at: str
    revealed: str | None = None
    left: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Adjudication:
    """What was settled about a target: the code (``none``: nothing applies), by whom and why. Codings stay."""

    key: str
    codebook: str
    code: str
    anchor: Anchor
    rating: float | None
    about: str | None
    round: str | None
    reason: str
    decided_by: str
    decided_at: str


def read_target(text: str) -> tuple[Target, Span | None]:
    """The target that a text names, and its span where it names one. Raises InvalidInput.

    Letters and digits tell a segment from a moment only together with the session: see ``iprkit.anchors.find``.

    >>> read_target("D01-S03@2:07.5-2:12")
    (Target(key='D01-S03@2:07.500-2:12.000', kind='span', place='D01-S03'), Span(start_ms=127500, end_ms=132000))
    >>> read_target("D01-S03-T012-turn")[0].kind, read_target("D01-S03-M02")[0].kind
    ('turn', 'moment')
    """
    said = text.strip()
    if found := _SPAN.fullmatch(said):
        span = _span(said, _ms(said, found["start"]), _ms(said, found["end"]))
        return Target(span_key(found["place"], span), "span", found["place"]), span
    if found := _WINDOW.fullmatch(said):
        return Target(said, "window", found["place"]), None
    if said.endswith(_TURN) and (found := _SEGMENT.fullmatch(said.removesuffix(_TURN))):
        return Target(said, "turn", found["place"]), None
    if found := _WORDS.fullmatch(said):
        return Target(words_key(found["place"], found["first"], found["last"]), "words", found["place"]), None
    if found := _SEGMENT.fullmatch(said):
        return Target(said, "segment", found["place"]), None
    if found := _MARK.fullmatch(said):
        return Target(said, {"M": "moment", "K": "comment"}[found["letter"]], found["place"]), None
    return Target(said, "session", said), None


def segment_of_turn(target: Target) -> str:
    """The key of the segment by which a turn is named."""
    return target.key.removesuffix(_TURN)


def turn_key(segment: str) -> str:
    """The key of the turn that begins with a segment."""
    return f"{segment}{_TURN}"


def words_of(target: Target) -> tuple[str, str]:
    """The first and the last word's id of a target made of words."""
    found = _WORDS.fullmatch(target.key)
    if found is None:
        raise InvalidInput(f"{target.key} names no words; write them as D01-S03-w0042..w0047")
    return found["first"], found["last"] or found["first"]


def words_key(place: str, first: str, last: str | None = None) -> str:
    """The key of words from ``first`` to ``last``."""
    return f"{place}-{first}" if last in (None, first) else f"{place}-{first}..{last}"


def span_key(place: str, span: Span) -> str:
    """The key of a free span, exact to the millisecond."""
    return f"{place}@{exact_clock(span.start_ms)}-{exact_clock(span.end_ms)}"


def window_of(target: Target) -> tuple[int, int]:
    """A window's length in ms and its number, the first being 1."""
    found = _WINDOW.fullmatch(target.key)
    if found is None:
        raise InvalidInput(f"{target.key} names no window; write it as D01-S03-W60s-03, the third of one minute")
    return int(found["length"]) * (1000 if found["unit"] == "s" else 1), int(found["number"])


def window_key(place: str, window_ms: int, number: int) -> str:
    """The key of a window.

    >>> window_key("D01-S03", 60_000, 3)
    'D01-S03-W60s-03'
    """
    length = f"{window_ms // 1000}s" if window_ms % 1000 == 0 else f"{window_ms}ms"
    return f"{place}-W{length}-{number:02d}"


def windows(duration_ms: int, window_ms: int) -> Iterator[Span]:
    """The windows of a session, after ``WINDOW_RULE``; one where the session is shorter than that.

    >>> [span.end_ms for span in windows(175_000, 60_000)], [span.end_ms for span in windows(140_000, 60_000)]
    ([60000, 120000, 175000], [60000, 140000])
    """
    full, rest = divmod(duration_ms, window_ms)
    count = max(1, full + (2 * rest >= window_ms)) if duration_ms else 0
    for number in range(count):
        end_ms = duration_ms if number == count - 1 else (number + 1) * window_ms
        yield Span(number * window_ms, end_ms)


def exact_clock(ms: int) -> str:
    """A time to the millisecond: ``2:07.500``, ``1:02:03.000``."""
    minutes, rest = divmod(ms, 60_000)
    seconds = f"{rest // 1000:02d}.{rest % 1000:03d}"
    hours, left = divmod(minutes, 60)
    return f"{hours}:{left:02d}:{seconds}" if hours else f"{left}:{seconds}"


def to_json(coding: Coding) -> dict[str, object]:
    """The data contract's shape of ``code list``."""
    anchor = coding.anchor
    return {
        "key": coding.key,
        "codebook": coding.codebook,
        "code": coding.code,
        "coded_as": coding.coded_as,
        "coder": coding.coder,
        "target": anchor.target.key,
        "kind": anchor.target.kind,
        "start_ms": anchor.span.start_ms,
        "end_ms": anchor.span.end_ms,
        "rating": coding.rating,
        "about": coding.about,
        "certainty": coding.certainty,
        "memo": coding.memo,
        "round": coding.round,
        "quote": anchor.quote,
        "moved": coding.moved,
    }


def _span(text: str, start_ms: int, end_ms: int) -> Span:
    if end_ms <= start_ms:
        raise InvalidInput(f"{text} ends where it begins or before; write the earlier time first")
    return Span(start_ms, end_ms)


def _ms(text: str, said: str) -> int:
    found = _CLOCK.fullmatch(said)
    if found is None:
        raise InvalidInput(f"{text}: {said!r} is no time; write a span as D01-S03@2:07.5-2:12")
    minutes = int(found["hours"] or 0) * 60 + int(found["minutes"])
    return (minutes * 60 + int(found["seconds"])) * 1000 + int((found["rest"] or "").ljust(3, "0"))
