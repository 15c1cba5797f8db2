"""A subtitle: a stretch of time, who speaks, and the text on screen, as WebVTT, SubRip and plain tables carry it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from iprkit.errors import FormatError
from iprkit.formats.stamps import cue_ms
from iprkit.timeline import Span
from iprkit.transcript import Segment, Transcript, Word

UNDECIDED = "Speaker ?"

_PREFIX = re.compile(r"(?:\[(?P<marked>[^\[\]\n]{1,60})\]|(?P<plain>\?|[^\W\d_][^:\[\]\n!?;\t]{0,59}\??))\s*:(?:\s+|$)")


@dataclass(frozen=True)
class Cue:
    """``speaker`` is the name as written, None where none stands; ``key`` what the file calls the cue."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        Span(self.start_ms, self.end_ms)


@dataclass(frozen=True)
class Block:
    """A cue as it lies in a file: its time, the line before it, the lines after it, and where it stands."""

    line: int
    heading: str
    start_ms: int
    end_ms: int
    body: tuple[str, ...]


def cues(transcript: Transcript) -> list[Cue]:
    """One cue a segment, named by its key, its speaker by the name to print, None where nobody decided."""
    return [_cue(transcript, segment) for segment in transcript.segments]


def voiced(found: Sequence[Cue]) -> list[Cue]:
    """Every cue with a speaker to print, ``Speaker ?`` where nobody decided; none at all where no cue has one.

    Without it ``Well: yes`` said by an unknown voice would be read back as said by one called Well.
    """
    known = any(cue.speaker for cue in found)
    return [replace(cue, speaker=cue.speaker or UNDECIDED) if known else cue for cue in found]


def blocks(lines: Sequence[str], kind: str) -> Iterator[Block]:
    """The cues of a subtitle file, found by their lines of time; see ``backward`` for those that end too early.

    Raises FormatError, with the line's number, for times that cannot be read.
    """
    at = [number for number, line in enumerate(lines) if "-->" in line]
    times = [_times(lines[number], number + 1, kind) for number in at]
    for index, number in enumerate(at):
        start_ms, end_ms = times[index]
        if end_ms < start_ms:
            end_ms = max(start_ms, times[index + 1][0] if index + 1 < len(at) else start_ms)
        has_heading = number > 0 and lines[number - 1].strip() != ""
        end = at[index + 1] if index + 1 < len(at) else len(lines)
        body = list(lines[number + 1 : end])
        if index + 1 < len(at) and body and body[-1].strip():
            body.pop()  # the next cue's own heading
        heading = lines[number - 1].strip() if has_heading else ""
        yield Block(number + 1, heading, start_ms, end_ms, tuple(line.strip() for line in body))


def backward(text: str) -> Iterator[str]:
    """A sentence for every cue that ends before it begins: it is read as lasting until the next begins.

    >>> list(backward("1\\n00:05,000 --> 00:02,000\\nHi"))
    ['line 2: the cue ends before it begins (00:05,000 --> 00:02,000); taken to last until the next one begins']
    """
    for number, line in enumerate(text.split("\n"), start=1):
        start_ms, end_ms = _pair(line) if "-->" in line else (None, None)
        if start_ms is not None and end_ms is not None and end_ms < start_ms:
            yield (
                f"line {number}: the cue ends before it begins ({line.strip()[:60]}); "
                "taken to last until the next one begins"
            )


def named(found: Sequence[Cue]) -> list[Cue]:
    """Cues whose text opens with ``Name:`` or ``[NAME]:`` told apart into speaker and text.

    Only where a third of the cues open so: in other files the words before a colon are speech.
    """
    split = [prefix(cue.text) for cue in found]
    if 3 * sum(name is not None for name, _ in split) < len(found):
        return list(found)
    return [
        replace(cue, speaker=decided(name), text=text) if name else cue
        for cue, (name, text) in zip(found, split, strict=True)
    ]


def prefix(text: str) -> tuple[str | None, str]:
    """A speaker's name that opens the text with a colon, and the rest.

    >>> prefix("T: And then?"), prefix("[SPEAKER_01]: Yes."), prefix("At 7:30.")
    (('T', 'And then?'), ('SPEAKER_01', 'Yes.'), (None, 'At 7:30.'))
    """
    match = _PREFIX.match(text)
    name = (match["marked"] or match["plain"]).strip() if match else ""
    if not match or len(name.split()) > 5:
        return None, text
    return name, text[match.end() :]


def spread(cue: Cue, ids: Iterator[str], speaker: str | None = None) -> tuple[Word, ...]:
    """The words of a cue, its time dealt out among them by their length and marked as guessed."""
    texts = cue.text.split()
    total = sum(len(text) for text in texts)
    edges, done = [cue.start_ms], 0
    for text in texts:
        done += len(text)
        edges.append(cue.start_ms + (cue.end_ms - cue.start_ms) * done // total)
    return tuple(
        Word(next(ids), text, edges[i], edges[i + 1], speaker=speaker, interpolated=True)
        for i, text in enumerate(texts)
    )


def one_line(text: str) -> str:
    """The text with every run of white space made one blank: a line break or tab would end a row."""
    return " ".join(text.split())


def decided(name: str | None) -> str | None:
    """A name as a file writes it, None for the signs that say nobody knows."""
    return None if name in (None, "", "?", UNDECIDED) else name


def _cue(transcript: Transcript, segment: Segment) -> Cue:
    speaker = None if segment.speaker is None else one_line(transcript.title(segment.speaker))
    return Cue(segment.start_ms, segment.end_ms, one_line(segment.text), speaker, segment.key)


def _times(line: str, number: int, kind: str) -> tuple[int, int]:
    start_ms, end_ms = _pair(line)
    if start_ms is None or end_ms is None:
        raise FormatError(f"{kind}, line {number}: {line.strip()!r} is no pair of times; expected 00:01:02.500 --> …")
    return start_ms, end_ms


def _pair(line: str) -> tuple[int | None, int | None]:
    left, _, right = line.partition("-->")
    return cue_ms(left), cue_ms((right.split() or [""])[0])
