"""NVivo's transcript rows, ready for its import: time span, content and speaker, parted by tabs, one row a turn.

NVivo counts in tenths of a second. Keys, words, confidence and flags are lost.
"""

from __future__ import annotations

from typing import TextIO

from iprkit.formats.cues import one_line
from iprkit.formats.stamps import dotted
from iprkit.transcript import Transcript, turns


def write_nvivo(transcript: Transcript, stream: TextIO) -> None:
    """A header row, then the turns in order of their start."""
    stream.write("Timespan\tContent\tSpeaker\n")
    for turn in turns(transcript.segments):
        speaker = one_line(transcript.title(turn.speaker)) if turn.speaker is not None else ""
        span = f"{dotted(turn.span.start_ms, 1)}-{dotted(turn.span.end_ms, 1)}"
        stream.write(f"{span}\t{one_line(turn.text)}\t{speaker}\n")
