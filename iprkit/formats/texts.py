"""A running text as another program keeps it, with or without times in it, made a transcript that knows where it stood.

Every line is one segment; where a third of the lines open with a name, that is who speaks. Between places with a known
time the words share it by their length. A text without any such place gets times at the pace of talk, and its segments
the flag ``untimed``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby

from iprkit.formats.cues import Cue, decided, prefix, spread
from iprkit.formats.laid_out import UNTIMED
from iprkit.formats.stamps import mark_ms, marked
from iprkit.timeline import Span
from iprkit.transcript import Segment, Speaker, Transcript, Word

PACE_MS = 350
"""How long a word lasts where nothing says it."""

ROLES = ("therapist", "client", "interviewer", "observer")

_WORD = re.compile(r"\S+")
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Placed:
    """A transcript and, word by word, where in the text each stood (first character, one after the last)."""

    transcript: Transcript
    places: tuple[tuple[int, int], ...]

    def words_in(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that a stretch of the text touches."""
        words = tuple(self.transcript.words)
        first = bisect_right(self.places, start, key=lambda place: place[1])
        last = first
        while last < len(self.places) and self.places[last][0] < end:
            last += 1
        return words[first:last]


@dataclass(frozen=True)
class _Line:
    start: int
    name: str | None
    at: int  # where what is said begins
    said: str


def place_text(text: str, key: str, points: Sequence[tuple[int, int]] = ()) -> Placed:
    """The transcript in a text; ``points`` are places in it with their time in ms, in any order."""
    stamps = [] if points else [(m.start(), ms) for m in _WORD.finditer(text) if (ms := _stamp(m[0])) is not None]
    rising = _rising(points or stamps)
    lines = _lines(text)
    labels = Labels()
    ids = (f"w{number:04d}" for number in count(1))
    segments: list[Segment] = []
    places: list[tuple[int, int]] = []
    clock_ms = 0
    for line in lines:
        found = [
            (line.at + m.start(), line.at + m.end(), m[0])
            for m in _WORD.finditer(line.said)
            if not stamps or _stamp(m[0]) is None
        ]
        if not found:
            continue
        label = labels.of(line.name) if line.name else None
        if rising:
            words = tuple(_timed(found, line.start, rising, ids, label))
        else:
            words = spread(Cue(clock_ms, clock_ms + PACE_MS * len(found), " ".join(t for *_, t in found)), ids, label)
        clock_ms = words[-1].end_ms
        segments.append(Segment("", label, words, flags=() if rising else (UNTIMED,)))
        places += [(start, end) for start, end, _ in found]
    return Placed(made_transcript(key, segments, labels.speakers), tuple(places))


def made_transcript(
    key: str, segments: Sequence[Segment], speakers: Sequence[Speaker], language: str = ""
) -> Transcript:
    """A transcript of segments in the order given, keyed one after the other."""
    roles = {speaker.label: speaker.role for speaker in speakers}
    keyed = tuple(
        replace(segment, key=f"{key}-{number:03d}", role=roles.get(segment.speaker or ""))
        for number, segment in enumerate(segments, start=1)
    )
    last_ms = max((segment.end_ms for segment in segments), default=0)
    return Transcript(key, language, "", "", last_ms, keyed, tuple(speakers))


def _stamp(token: str) -> int | None:
    """The time that a token such as ``[00:01:02]`` or ``#00:01:02-3#`` is; None for a word."""
    if token[:1] not in "[#({":
        return None
    return mark_ms(marked(token).strip())


class Labels:
    """The labels of voices that a file knows by name: A, B, C, in the order in which they first speak."""

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The label of a name."""
        said = " ".join(name.split())
        if said not in self._labels:
            number = len(self._labels)
            self._labels[said] = chr(ord("A") + number) if number < 26 else f"S{number + 1}"
        return self._labels[said]

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Who they are: by role where the name is one, else by the name."""
        return tuple(_speaker(label, name) for name, label in self._labels.items())


def _speaker(label: str, name: str) -> Speaker:
    if name.casefold() in ROLES:
        return Speaker(label, name.casefold())
    if name == f"Speaker {label}":
        return Speaker(label)
    return Speaker(label, None, name)


def _lines(text: str) -> list[_Line]:
    """The lines with the names that open them, where a third of them do."""
    found: list[_Line] = []
    named = 0
    start = 0
    split: list[tuple[int, str, str | None, str]] = []
    for raw in text.split("\n"):
        name, rest = prefix(raw.strip("\ufeff")) if len(raw) else (None, raw)
        if raw.strip():
            named += name is not None
            split.append((start, raw, name, rest))
        start += len(raw) + 1
    use = bool(split) and 3 * named >= len(split)
    for at, raw, name, rest in split:
        if use and name is not None:
            found.append(_Line(at, decided(name[:_LONGEST_NAME]), at + len(raw) - len(rest), rest))
        else:
            found.append(_Line(at, found[-1].name if use and found else None, at, raw))
    return found


def _rising(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The points in order of the text, those whose time runs backwards left out."""
    kept: list[tuple[int, int]] = []
    for place, ms in sorted(points):
        if ms >= 0 and (not kept or (place > kept[-1][0] and ms >= kept[-1][1])):
            kept.append((place, ms))
    return kept


def _timed(
    found: Sequence[tuple[int, int, str]], line_start: int, points: Sequence[tuple[int, int]], ids: Iterator[str],
    label: str | None,
) -> Iterator[Word]:  # fmt: skip
    """Words between two places with a time share it; a name that opens the line takes none of it."""
    places = [place for place, _ in points]
    begun = bisect_right(places, line_start)
    runs = groupby(found, key=lambda one: max(begun, bisect_right(places, one[0])))
    for passed, run in runs:
        texts = [text for *_, text in run]
        start_ms = points[passed - 1][1] if passed else 0
        end_ms = points[passed][1] if passed < len(points) else start_ms + PACE_MS * len(texts)
        yield from spread(Cue(start_ms, max(start_ms, end_ms), " ".join(texts)), ids, label)


def covering(words: Sequence[Word]) -> Span:
    """From the first word's start to where the last of them ends."""
    return Span(words[0].start_ms, max(word.end_ms for word in words))
