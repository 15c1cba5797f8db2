"""The spreadsheet: comma-separated rows for R, SPSS, Excel or pandas, one row a segment or one row a word."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

from iprkit.transcript import Segment, Transcript, Word

_SEGMENTS = ["key", "session", "speaker", "role", "start_ms", "end_ms", "duration_ms", "text", "confidence", "flags"]
_WORDS = [
    "id",
    "segment",
    "session",
    "speaker",
    "role",
    "start_ms",
    "end_ms",
    "duration_ms",
    "text",
    "confidence",
    "interpolated",
    "doubtful",
]


def write_table(transcript: Transcript, stream: TextIO) -> None:
    """One row a segment, its flags parted by ``|``; an empty field is a value nobody knows."""
    rows = (_segment_row(transcript, segment) for segment in transcript.segments)
    _write(stream, _SEGMENTS, rows)


def write_word_table(transcript: Transcript, stream: TextIO) -> None:
    """One row a word, with the segment it belongs to; 1 for yes, 0 for no."""
    rows = (_word_row(transcript, segment, word) for segment in transcript.segments for word in segment.words)
    _write(stream, _WORDS, rows)


def _write(stream: TextIO, columns: list[str], rows: Iterator[list[object]]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)


def _segment_row(transcript: Transcript, segment: Segment) -> list[object]:
    voice = [transcript.title(segment.speaker) if segment.speaker else None, segment.role]
    time = [segment.start_ms, segment.end_ms, segment.span.duration_ms]
    return [segment.key, transcript.key, *voice, *time, segment.text, segment.confidence, "|".join(segment.flags)]


def _word_row(transcript: Transcript, segment: Segment, word: Word) -> list[object]:
    voice = [transcript.title(word.speaker) if word.speaker else None, segment.role]
    time = [word.start_ms, word.end_ms, word.span.duration_ms]
    marks = [int(word.interpolated), int(word.doubtful)]
    return [word.id, segment.key, transcript.key, *voice, *time, word.text, word.confidence, *marks]
