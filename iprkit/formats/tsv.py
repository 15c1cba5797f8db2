"""Whisper's own table: start and end in milliseconds and the text, tab-separated, with the speaker in a fourth column.

Keys, words, confidence and flags are lost.
"""

from __future__ import annotations

from typing import TextIO

from iprkit.errors import FormatError
from iprkit.formats.cues import Cue, cues, decided
from iprkit.formats.encodings import decoded
from iprkit.transcript import Transcript

_COLUMNS = ["start", "end", "text", "speaker"]


def write_tsv(transcript: Transcript, stream: TextIO) -> None:
    """One row a segment."""
    stream.write("\t".join(_COLUMNS) + "\n")
    for cue in cues(transcript):
        stream.write(f"{cue.start_ms}\t{cue.end_ms}\t{cue.text}\t{cue.speaker or ''}\n")


def read_tsv(data: str | bytes) -> list[Cue]:
    """The rows in the file's order, with or without speakers. Raises FormatError with the line's number."""
    head, *lines = decoded(data).split("\n")
    if head.split("\t")[:3] != _COLUMNS[:3]:
        raise FormatError(f"TSV, line 1: expected the columns start, end, text, found {head[:60]!r}")
    return [_cue(line, number) for number, line in enumerate(lines, start=2) if line.strip()]


def _cue(line: str, number: int) -> Cue:
    fields = line.split("\t")
    try:
        start_ms, end_ms, text = int(fields[0]), int(fields[1]), fields[2].strip()
        return Cue(start_ms, end_ms, text, decided(fields[3].strip()) if len(fields) > 3 else None)
    except (ValueError, IndexError) as e:
        raise FormatError(f"TSV, line {number}: expected start and end in milliseconds and a text ({e})") from e
