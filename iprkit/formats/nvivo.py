"""NVivo's transcript rows, ready for its import: time span, content and speaker, parted by tabs, one row a turn.

NVivo counts in tenths of a second. Keys, words, confidence and flags are lost.
"""

from __future__ import annotations

from typing import TextIO

from iprkit.errors import FormatError
from iprkit.formats.cues import Cue, decided, one_line
from iprkit.formats.encodings import decoded
from iprkit.formats.stamps import cue_ms, dotted
from iprkit.transcript import Transcript, turns

HEAD = "Timespan\tContent"
_SPEAKER = "Speaker"


def write_nvivo(transcript: Transcript, stream: TextIO) -> None:
    """A header row, then the turns in order of their start."""
    stream.write(f"{HEAD}\t{_SPEAKER}\n")
    for turn in turns(transcript.segments):
        speaker = one_line(transcript.title(turn.speaker)) if turn.speaker is not None else ""
        span = f"{dotted(turn.span.start_ms, 1)}-{dotted(turn.span.end_ms, 1)}"
        stream.write(f"{span}\t{one_line(turn.text)}\t{speaker}\n")


def read_nvivo(data: str | bytes) -> list[Cue]:
    """The rows in the file's order; a row may begin without an end, and a column Speaker may be missing.

    Raises FormatError with the line's number.
    """
    head, *lines = decoded(data).split("\n")
    if not head.startswith(HEAD):
        raise FormatError(f"NVivo, line 1: expected the columns Timespan, Content, Speaker, found {head[:60]!r}")
    columns = head.split("\t")
    at = columns.index(_SPEAKER) if _SPEAKER in columns else None
    return [_cue(line.split("\t"), at, number) for number, line in enumerate(lines, start=2) if line.strip()]


def _cue(fields: list[str], speaker_at: int | None, number: int) -> Cue:
    start, _, end = fields[0].partition("-")
    start_ms = cue_ms(start)
    end_ms = cue_ms(end) if end.strip() else start_ms
    if len(fields) < 2 or start_ms is None or end_ms is None or end_ms < start_ms:
        raise FormatError(f"NVivo, line {number}: expected a time span, as in 0:01:02.5-0:01:08.0, and what was said")
    speaker = fields[speaker_at] if speaker_at is not None and speaker_at < len(fields) else None
    return Cue(start_ms, end_ms, one_line(fields[1]), decided(speaker and one_line(speaker)))
