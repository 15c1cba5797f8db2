"""A running text as another program keeps it, with or without times in it, made a transcript that knows where it stood.

Every line is one segment; where a third of the lines open with a name, that is who speaks. Between places with a known
time the words share it by their length. A text without any such place gets times at the pace of talk, and its segments
the flag ``untimed``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby, repeat

from iprkit.coding import Anchor, Coding, Target, span_key
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
class _Token:
    """A word where it stands in the text: in which line, and who is named at that line's beginning."""

    start: int
    end: int
    text: str
    line: int
    name: str | None


@dataclass(frozen=True)
class _Line:
    name: str | None
    at: int  # where what is said begins
    said: str


def place_text(text: str, key: str, points: Sequence[tuple[int, int]] = ()) -> Placed:
    """The transcript in a text; ``points`` are places in it with their time in ms, in any order."""
    stamps = [] if points else [(m.start(), ms) for m in _WORD.finditer(text) if (ms := _stamp(m[0])) is not None]
    rising = _rising(points or stamps)
    labels = Labels()
    tokens = [
        _Token(line.at + m.start(), line.at + m.end(), m[0], n, line.name)
        for n, line in enumerate(_lines(text))
        for m in _WORD.finditer(line.said)
        if not stamps or _stamp(m[0]) is None
    ]
    words = _timed(tokens, rising) if rising else _at_pace(tokens)
    segments = []
    for _, run in groupby(zip(tokens, words, strict=True), key=lambda one: one[0].line):
        said = list(run)
        label = labels.of(said[0][0].name) if said[0][0].name else None
        voiced = tuple(replace(word, speaker=label) for _, word in said)
        segments.append(Segment("", label, voiced, flags=() if rising else (UNTIMED,)))
    places = [(token.start, token.end) for token in tokens]
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
            found.append(_Line(decided(name[:_LONGEST_NAME]), at + len(raw) - len(rest), rest))
        else:
            found.append(_Line(found[-1].name if use and found else None, at, raw))
    return found


def _rising(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The points in order of the text, those whose time runs backwards left out."""
    kept: list[tuple[int, int]] = []
    for place, ms in sorted(points):
        if ms >= 0 and (not kept or (place > kept[-1][0] and ms >= kept[-1][1])):
            kept.append((place, ms))
    return kept


def _timed(tokens: Sequence[_Token], points: Sequence[tuple[int, int]]) -> list[Word]:
    """The words between two places with a time share it: first the lines by their length, then the words of each."""
    places, ids = [place for place, _ in points], _ids()
    words: list[Word] = []
    for passed, run in groupby(tokens, key=lambda token: bisect_right(places, token.start)):
        lines = [[token.text for token in line] for _, line in groupby(run, key=lambda token: token.line)]
        start_ms = points[passed - 1][1] if passed else 0
        end_ms = points[passed][1] if passed < len(points) else start_ms + PACE_MS * sum(map(len, lines))
        whole = Cue(start_ms, max(start_ms, end_ms), " ".join("".join(texts) for texts in lines))
        for texts, share in zip(lines, spread(whole, repeat("")), strict=True):
            words += spread(Cue(share.start_ms, share.end_ms, " ".join(texts)), ids)
    return words


def _at_pace(tokens: Sequence[_Token]) -> list[Word]:
    """Words that follow each other at the pace of talk, those of each line sharing its time by their length."""
    ids, words, clock_ms = _ids(), list[Word](), 0
    for _, run in groupby(tokens, key=lambda token: token.line):
        texts = [token.text for token in run]
        words += spread(Cue(clock_ms, clock_ms + PACE_MS * len(texts), " ".join(texts)), ids)
        clock_ms += PACE_MS * len(texts)
    return words


def _ids() -> Iterator[str]:
    return (f"w{number:04d}" for number in count(1))


def covering(words: Sequence[Word]) -> Span:
    """From the first word's start to where the last of them ends."""
    return Span(words[0].start_ms, max(word.end_ms for word in words))


def numbered(codings: Iterable[Coding]) -> list[Coding]:
    """Codings in order of time, keyed one after the other."""
    ordered = sorted(codings, key=_order)
    return [replace(coding, key=f"coding-{n}") for n, coding in enumerate(ordered, start=1)]


def _order(coding: Coding) -> tuple[object, ...]:
    span = coding.anchor.span
    return span.start_ms, span.end_ms, coding.coder, coding.codebook, coding.code, str(coding)


class Stretches:
    """Stretches of time of a conversation as anchors, each with the words whose middle lies in it."""

    def __init__(self, transcript: Transcript | None, key: str) -> None:
        self._key, words = key, list(transcript.words) if transcript else []
        self._words = words
        self._order = sorted(range(len(words)), key=lambda n: words[n].span.middle_ms)
        self._middles = [words[n].span.middle_ms for n in self._order]

    def on(self, span: Span) -> Anchor:
        """The anchor on a stretch; one of no length is made a millisecond long."""
        lasting = Span(span.start_ms, max(span.end_ms, span.start_ms + 1))
        first, after = bisect_left(self._middles, span.start_ms), bisect_left(self._middles, span.end_ms)
        inside = [self._words[n] for n in sorted(self._order[first:after])]
        ends = (inside[0].id, inside[-1].id) if inside else None
        quote = " ".join(word.text for word in inside)
        return Anchor(Target(span_key(self._key, lasting), "span", self._key), lasting, ends, quote)
