"""Text with time stamps for ATLAS.ti: a paragraph a turn, its start between hashes before the speaker's name.

Keys, words, confidence and flags are lost.
"""

from __future__ import annotations

from typing import TextIO

from iprkit.formats.cues import one_line
from iprkit.formats.stamps import dotted
from iprkit.transcript import Transcript, turns


def write_atlasti(transcript: Transcript, stream: TextIO) -> None:
    """Paragraphs in order of their start, to tenths of a second."""
    for number, turn in enumerate(turns(transcript.segments)):
        gap = "\n" if number else ""
        name = one_line(transcript.title(turn.speaker))
        stream.write(f"{gap}#{dotted(turn.span.start_ms, 1)}# {name}: {one_line(turn.text)}\n")
