"""SubRip: the subtitles that every player and cutting program opens, each line led by the speaker's name.

Keys, words, confidence and flags are lost.
"""

from __future__ import annotations

import re
from typing import TextIO

from iprkit.errors import FormatError
from iprkit.formats.cues import Block, Cue, blocks, cues, named, one_line, voiced
from iprkit.formats.encodings import decoded
from iprkit.formats.stamps import comma
from iprkit.transcript import Transcript

_PAIR = re.compile(r"<([biu]|font)(?:\s[^>]*)?>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_STRAY = re.compile(r"</(?:[biu]|font)\s*>|\{\\[^}]*\}", re.IGNORECASE)


def write_srt(transcript: Transcript, stream: TextIO) -> None:
    """One numbered cue a segment."""
    for number, cue in enumerate(voiced(cues(transcript)), start=1):
        name = f"{cue.speaker}: " if cue.speaker else ""
        gap = "\n" if number > 1 else ""
        stream.write(f"{gap}{number}\n{comma(cue.start_ms)} --> {comma(cue.end_ms)}\n{name}{cue.text}\n")


def read_srt(data: str | bytes) -> list[Cue]:
    """The cues in the file's order, speakers from ``Name:`` or ``[NAME]:`` where a third of the cues name one.

    Raises FormatError with the line's number, or where the text holds no cue at all.
    """
    lines = decoded(data).split("\n")
    found = [cue for block in blocks(lines, "SubRip") if (cue := _cue(block)).text]
    if not found and any(line.strip() for line in lines):
        raise FormatError(
            "SubRip, line 1: no cue in the whole file; expected lines such as 00:00:01,000 --> 00:00:02,500"
        )
    return named(found)


def _cue(block: Block) -> Cue:
    return Cue(block.start_ms, block.end_ms, one_line(_without_marks(" ".join(block.body))), key=block.heading or None)


def _without_marks(text: str) -> str:
    """The text without its formatting. A mark that nothing closes may have been said, and stays.

    >>> _without_marks("{\\\\an8}<i>I <b>left</b>.</i> a <b c"), _without_marks("<b>")
    ('I left. a <b c', '<b>')
    """
    found = 1
    while found:
        text, found = _PAIR.subn(r"\2", text)
    return _STRAY.sub("", text)
