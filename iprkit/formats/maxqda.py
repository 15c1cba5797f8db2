"""Text with time stamps for MAXQDA and f4: a paragraph a turn, its start before the speaker's name, a blank line after.

The stamp touches the name, because the import takes it out and would leave a blank before the speaker. Keys, words,
confidence and flags are lost.
"""

from __future__ import annotations

from typing import TextIO

from iprkit.formats.cues import one_line
from iprkit.formats.stamps import hashed
from iprkit.transcript import Transcript, turns


def write_maxqda(transcript: Transcript, stream: TextIO) -> None:
    """Paragraphs in order of their start, so that the stamps rise."""
    for number, turn in enumerate(turns(transcript.segments)):
        gap = "\n" if number else ""
        name = one_line(transcript.title(turn.speaker))
        stream.write(f"{gap}{hashed(turn.span.start_ms)}{name}: {one_line(turn.text)}\n")
