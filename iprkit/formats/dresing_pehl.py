"""The simple transcript after Dresing and Pehl, as German-language interview studies print it.

Every turn is a paragraph of its own with a blank line after it and ends in the time at which it ends; silences of
three seconds and more stand as ``(...)``, before the words that end them. Listener signals are kept: which of them
is an answer only a person can tell. Keys, confidence and flags are lost.
"""

from __future__ import annotations

from typing import TextIO

from iprkit.formats.paragraphs import letters, marks_before, with_pauses
from iprkit.formats.stamps import hashed
from iprkit.language.pauses import pauses
from iprkit.transcript import Transcript, turns

PAUSE_MS = 3000


def write_dresing_pehl(transcript: Transcript, stream: TextIO) -> None:
    """One paragraph a turn; the stamps never run backwards, even where a turn ends inside a longer one."""
    letter = letters(transcript)
    marks = marks_before([pause for pause in pauses(transcript.words, PAUSE_MS) if pause.measured], "(...)")
    end_ms = 0
    for number, turn in enumerate(turns(transcript.segments)):
        end_ms = max(end_ms, turn.span.end_ms)
        text = with_pauses([word for segment in turn.segments for word in segment.words], marks)
        gap = "\n" if number else ""
        stream.write(f"{gap}{letter[turn.speaker]}: {text} {hashed(end_ms)}\n")
