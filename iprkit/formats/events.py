"""Event lists of other programs as what travels between programs: behaviours as codes, their stretches as codings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from iprkit.codebook import Code, Codebook, Rules
from iprkit.codebook_changes import key_of, name_of
from iprkit.coding import ABOUT, Anchor, Coding, Target, span_key
from iprkit.errors import FormatError
from iprkit.exchange import Coder, Conversation, Exchange, Medium, Note
from iprkit.timeline import Span
from iprkit.wording import tidy, tidy_line

POINT_MS = 1
"""How long an event without length lasts here, where every coding covers some time."""

_LATEST_MS = 100 * 3_600_000


@dataclass(frozen=True)
class Event:
    """A behaviour from ``start_ms`` to ``end_ms`` of an observation; ``subject`` is whose it is, empty for nobody's."""

    observation: str
    code: str
    start_ms: int
    end_ms: int
    subject: str = ""
    coder: str = ""
    memo: str = ""
    line: int = 0
    """Where it stands in its file, 0 where that has no lines."""


@dataclass(frozen=True)
class Observed:
    """What a file says of an observation besides its events: its day, its recordings, and what is known by name."""

    date: str = ""
    media: tuple[Medium, ...] = ()
    known: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Behaviour:
    """A code as the other program describes it."""

    code: str
    description: str = ""
    group: str = ""


def exchange_of(
    events: Sequence[Event], program: str, file: str, behaviours: Iterable[Behaviour] = (), remarks: Sequence[str] = (),
    observed: Mapping[str, Observed] | None = None,
) -> Exchange:  # fmt: skip
    """The events as codings, a conversation for each observation, under a codebook named after the file.

    A subject that is a role (``client``) is the person whom the coding is about; another one stands in its memo. Raises
    FormatError where there is no event. Recordings are named only; independent variables become a memo.
    """
    if not events:
        raise FormatError(f"{file} has no events in it")
    names = {one.code: one for one in behaviours}
    for event in events:
        names.setdefault(event.code, Behaviour(event.code))
    book, keys = _codebook(list(names.values()), program, file)
    places = dict.fromkeys(event.observation for event in events)
    made = [(event, _coding(event, book.name, keys[event.code], program)) for event in events]
    said = list(remarks)
    points = sum(event.end_ms <= event.start_ms for event in events)
    if points:
        said.append(f"{points} events without length last {POINT_MS} ms here")
    for place in places:
        named = ", ".join(medium.name for medium in (observed or {}).get(place, Observed()).media)
        said += [f"{place} was coded on {named}; add it to its session: iprkit session add"] if named else []
    return Exchange(
        title=Path(file).stem,
        conversations=tuple(
            _conversation(place, [coding for event, coding in made if event.observation == place], observed or {})
            for place in places
        ),
        codebooks=(book,),
        coders=tuple(Coder(name) for name in dict.fromkeys(coding.coder for _, coding in made)),
        origin=program,
        remarks=tuple(said),
    )


def _conversation(place: str, codings: Sequence[Coding], observed: Mapping[str, Observed]) -> Conversation:
    about = observed.get(place, Observed())
    date = re.match(r"\d{4}-\d\d-\d\d(?!\d)", about.date)
    known = "\n".join(f"{name} = {value}" for name, value in about.known)
    return Conversation(
        place,
        date=date[0] if date else None,
        media=about.media,
        codings=tuple(codings),
        memos=(Note(place, known),) if known else (),
    )


def ms_of(seconds: float, where: str) -> int:
    """Seconds as whole milliseconds. Raises FormatError for a time before the beginning or beyond any session."""
    if not 0 <= seconds <= _LATEST_MS / 1000:
        raise FormatError(f"{where}: {seconds} s is no time of a session")
    return round(seconds * 1000)


def _codebook(behaviours: Sequence[Behaviour], program: str, file: str) -> tuple[Codebook, dict[str, str]]:
    keys: dict[str, str] = {}
    codes: list[Code] = []
    groups: dict[str, str] = {}
    for group in dict.fromkeys(one.group for one in behaviours if one.group):
        groups[group] = key_of(group, [code.key for code in codes])
        codes.append(Code(groups[group], _name(group), codable=False))
    for one in behaviours:
        keys[one.code] = key_of(one.code, [code.key for code in codes])
        code = Code(keys[one.code], _name(one.code), groups.get(one.group), tidy(one.description))
        codes.append(code)
    ordered = [code for code in codes if code.parent is None]
    ordered = [each for top in ordered for each in (top, *(code for code in codes if code.parent == top.key))]
    title = f"{Path(file).stem} ({program})"
    return Codebook(name_of(Path(file).stem), "1", tuple(ordered), tidy_line(title), rules=Rules(unit="span")), keys


def _name(text: str) -> str:
    return tidy_line(text)[:200] or "unnamed"


def _coding(event: Event, book: str, code: str, program: str) -> Coding:
    span = Span(event.start_ms, max(event.end_ms, event.start_ms + POINT_MS))
    about = event.subject.casefold() if event.subject.casefold() in ABOUT else None
    memo = [f"subject: {event.subject}"] if event.subject and about is None else []
    target = Target(span_key(event.observation, span), "span", event.observation)
    return Coding(
        key=f"line {event.line}" if event.line else "",
        codebook=book,
        code=code,
        coder=event.coder or program,
        anchor=Anchor(target, span),
        about=about,
        memo=tidy("\n".join([*memo, *([event.memo] if event.memo else [])])),
    )
