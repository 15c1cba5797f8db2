"""A first draft for conversation analysis: measured pauses and overlaps in Jefferson's signs, for a person to finish.

Only what the words' times tell is marked: ``(.)`` for a silence under two tenths of a second (from one tenth on),
``(0.6)`` in tenths above, on a line of its own between speakers; ``[ ]`` around words said while the other speaks,
the second ``[`` under the first where the line leaves room. Nothing is said about stretching, pitch, loudness or
breath, and a header says so as long as the wording is an engine's. Silences next to words whose times were guessed
are not marked. Keys, times, confidence and flags are lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from iprkit.formats.cues import one_line
from iprkit.formats.paragraphs import Letters, letters
from iprkit.language.overlaps import overlapped
from iprkit.language.pauses import SpeechPause, pauses
from iprkit.timeline import Span
from iprkit.transcript import Segment, Transcript, Word

SHORTEST_MS = 100
MICRO_MS = 200
_NEAR = 6

Brackets = list[tuple[int, Span]]


@dataclass(frozen=True)
class _Line:
    """A printed line and the columns of its opening brackets, each with the time it spans."""

    speaker: str | None
    text: str
    brackets: Brackets


@dataclass(frozen=True)
class _Marks:
    """What the whole conversation's times tell: the pause before a word, the words said together."""

    pauses: dict[str, SpeechPause]
    together: frozenset[str]


def write_jefferson(transcript: Transcript, stream: TextIO) -> None:
    """One line a segment, the speaker's letter where a turn begins."""
    words = list(transcript.words)
    measured = [pause for pause in pauses(words, SHORTEST_MS) if pause.measured]
    marks = _Marks({pause.after.id: pause for pause in measured}, overlapped(words))
    stream.write(_header(transcript))
    for line in _lines(transcript, marks, letters(transcript)):
        stream.write(f"{line.text.rstrip()}\n")


def _header(transcript: Transcript) -> str:
    about = f"{transcript.key}, {transcript.language}; pauses and overlaps measured from word times"
    if transcript.style == "clean":
        about += "; wording smoothed by a speech engine and not checked by a person: not a verbatim transcript"
    return f"(({one_line(about)}.))\n\n"


def _lines(transcript: Transcript, marks: _Marks, letter: Letters) -> Iterator[_Line]:
    width = max(len(name) for name in letter.values()) + 3
    recent: list[_Line] = []
    for segment in transcript.segments:
        pause = marks.pauses.get(segment.words[0].id)
        if pause and not pause.within:
            yield _Line(None, " " * width + _length(pause), [])
        opens_turn = not recent or recent[-1].speaker != segment.speaker
        name = f"{letter[segment.speaker]}:" if opens_turn else ""
        line = _aligned(_line(segment, marks, name.ljust(width)), recent, width)
        recent = [*recent[-_NEAR:], line]
        yield line


def _line(segment: Segment, marks: _Marks, name: str) -> _Line:
    text, brackets, inside = name, Brackets(), False
    for word in segment.words:
        together = word.id in marks.together
        if inside and not together:
            text += "]"
        text += _before(word, segment, marks, text == name)
        if together and not inside:
            brackets.append((len(text), word.span))
            text += "["
        elif together:
            brackets[-1] = (brackets[-1][0], brackets[-1][1] | word.span)
        text += one_line(word.text)
        inside = together
    return _Line(segment.speaker, text + "]" * inside, brackets)


def _before(word: Word, segment: Segment, marks: _Marks, first: bool) -> str:
    """The blank before a word, or the pause; one between speakers has its own line."""
    pause = marks.pauses.get(word.id)
    gap = "" if first else " "
    if not pause or (word is segment.words[0] and not pause.within):
        return gap
    return f"{gap}{_length(pause)} "


def _aligned(line: _Line, recent: list[_Line], width: int) -> _Line:
    """The line moved right, so that its first bracket stands under the bracket it was spoken with."""
    if not line.brackets:
        return line
    column, span = line.brackets[0]
    partners = [
        other for above in recent if above.speaker != line.speaker for other, spoken in above.brackets if spoken & span
    ]
    by = max(0, partners[0] - column) if partners else 0
    text = line.text[:width] + " " * by + line.text[width:]
    return _Line(line.speaker, text, [(at + by, spoken) for at, spoken in line.brackets])


def _length(pause: SpeechPause) -> str:
    return "(.)" if pause.duration_ms < MICRO_MS else f"({(pause.duration_ms + 50) // 100 / 10:.1f})"
