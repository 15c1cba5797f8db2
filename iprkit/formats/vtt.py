"""WebVTT: subtitles that a browser shows under the film, with a voice for every cue and the segment's key as its name.

A cue must last: a segment of no length is written one millisecond long. Words, confidence and flags are lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import TextIO

from iprkit.errors import FormatError
from iprkit.formats.cues import Block, Cue, blocks, cues, decided, named, one_line, voiced
from iprkit.formats.encodings import decoded
from iprkit.formats.stamps import dotted
from iprkit.transcript import Transcript

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^>]*>")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def write_vtt(transcript: Transcript, stream: TextIO) -> None:
    """One cue a segment."""
    stream.write(f"WEBVTT\n\nNOTE\n{_safe(transcript.key)}\n")
    stream.write(f"language: {_safe(transcript.language)}\nstyle: {_safe(transcript.style)}\n")
    for cue in voiced(cues(transcript)):
        end_ms = max(cue.end_ms, cue.start_ms + 1)
        voice = f"<v {_safe(cue.speaker)}>" if cue.speaker else ""
        stream.write(
            f"\n{_safe(cue.key or '')}\n{dotted(cue.start_ms)} --> {dotted(end_ms)}\n{voice}{_safe(cue.text)}\n"
        )


def read_vtt(data: str | bytes) -> list[Cue]:
    """The cues in the file's order; a cue in which two voices speak becomes two of the same time.

    Speakers are read from ``<v Name>``, in files without voices from ``Name:`` and ``[NAME]:``; other marks are
    dropped. Hours may be missing, digits too. Raises FormatError with the line's number.
    """
    lines = decoded(data).split("\n")
    if not lines[0].startswith("WEBVTT"):
        raise FormatError(f"WebVTT, line 1: expected the word WEBVTT, found {lines[0][:40]!r}")
    found = [cue for block in blocks(lines, "WebVTT") for cue in _voices(block)]
    return found if any(cue.speaker for cue in found) else named(found)


def _voices(block: Block) -> Iterator[Cue]:
    """What each voice says in a block; text outside any voice has no speaker."""
    end = next((at for at, line in enumerate(block.body) if not line), len(block.body))
    parts = _VOICE.split(one_line(" ".join(block.body[:end])))
    for name, text in [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]:
        plain = one_line(unescape(_TAG.sub("", text)))
        if plain:
            yield Cue(block.start_ms, block.end_ms, plain, _speaker(name), block.heading or None)


def _speaker(name: str) -> str | None:
    return decided(one_line(unescape(name)))


def _safe(text: str) -> str:
    return one_line(text).translate(_ENTITIES)
