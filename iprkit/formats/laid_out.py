"""A transcript as one running text, a line a segment with the speaker's name before it, and where each word stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from iprkit.formats.cues import one_line, prefix
from iprkit.timeline import Span
from iprkit.transcript import Transcript, Word

UNTIMED = "untimed"
"""The flag of segments whose times nobody measured: the text came without any, and was put on no recording yet."""


@dataclass(frozen=True)
class Line:
    """Where a segment stands in the text, its line end not counted, and when it is said."""

    start: int
    end: int
    span: Span


@dataclass(frozen=True)
class LaidOut:
    """The text with the place of every word (first character, one after the last), counted in code points."""

    text: str
    words: tuple[Word, ...]
    places: tuple[tuple[int, int], ...]
    lines: tuple[Line, ...]

    @cached_property
    def at(self) -> dict[str, int]:
        """Which word an id is."""
        return {word.id: number for number, word in enumerate(self.words)}

    def of_words(self, first: str, last: str) -> tuple[int, int] | None:
        """Where the words from one id to another stand; None where one of them is not there."""
        if first not in self.at or last not in self.at:
            return None
        return self.places[self.at[first]][0], self.places[self.at[last]][1]

    def of_span(self, span: Span) -> tuple[int, int] | None:
        """Where the words stand whose middle lies in a span; None where there are none."""
        inside = [number for number, word in enumerate(self.words) if word.span.middle_ms in span]
        return (self.places[inside[0]][0], self.places[inside[-1]][1]) if inside else None

    def sync_points(self) -> list[tuple[int, int]]:
        """Places in the text with their time, both rising: where segments begin, and end where a gap follows."""
        points: list[tuple[int, int]] = []
        for line, after in zip(self.lines, [*self.lines[1:], None], strict=True):
            self._add(points, line.start, line.span.start_ms)
            if after is None or after.span.start_ms > line.span.end_ms:
                self._add(points, line.end, line.span.end_ms)
        return points

    @staticmethod
    def _add(points: list[tuple[int, int]], place: int, ms: int) -> None:
        if not points or (place > points[-1][0] and ms >= points[-1][1]):
            points.append((place, ms))


def lay_out(transcript: Transcript) -> LaidOut:
    """The text of a transcript; names stand where a speaker is known, or words could be taken for a name."""
    voiced = any(segment.speaker is not None or prefix(segment.text)[0] for segment in transcript.segments)
    parts: list[str] = []
    words: list[Word] = []
    places: list[tuple[int, int]] = []
    lines: list[Line] = []
    at = 0
    for segment in transcript.segments:
        start = at
        head = f"{one_line(transcript.title(segment.speaker))}: " if voiced else ""
        at += len(head)
        said = [one_line(word.text) for word in segment.words]
        for word, text in zip(segment.words, said, strict=True):
            places.append((at, at + len(text)))
            words.append(word)
            at += len(text) + 1
        parts.append(f"{head}{' '.join(said)}\n")
        lines.append(Line(start, at - 1, segment.span))
    return LaidOut("".join(parts), tuple(words), tuple(places), tuple(lines))
