"""Plain text: one paragraph a turn, led by the speaker's name. Read back from any typist's file, word for word.

Times, keys, confidence and flags are lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import TextIO

from iprkit.formats.cues import Cue, decided, one_line, prefix
from iprkit.formats.encodings import decoded
from iprkit.formats.srt import read_srt
from iprkit.formats.stamps import MARK, mark_ms, marked, with_bare_stamp, without_marks
from iprkit.formats.vtt import read_vtt
from iprkit.transcript import Transcript, turns

_COMMENT = re.compile(r"\(\([^()]*\)\)")
_PAUSE = re.compile(r"\((?:\.{1,10}|…|-{1,3}|\d{1,3}(?:[.,]\d)?)\)")

_HEAD = re.compile(r"([^\W\d_][^:\[\]\n!?;.]{0,40}?)\s+((?:\d{1,2}:)?\d{1,2}:\d{2})")

Turns = list[tuple[str | None, str]]


def write_plain(transcript: Transcript, stream: TextIO) -> None:
    """One paragraph a turn; no names where nobody decided a speaker."""
    voiced = any(segment.speaker is not None for segment in transcript.segments)
    for turn in turns(transcript.segments):
        name = f"{one_line(transcript.title(turn.speaker))}: " if voiced else ""
        stream.write(f"{name}{one_line(turn.text)}\n")


def read_plain(data: str | bytes) -> Turns:
    """Who says what, in order: ``("T", "And then?")``, None where the text names nobody.

    Turns open with ``Name:``, or with a line of name and time, else every paragraph is one (every line, where no line
    is blank). Times, measured pauses ``(...)`` and a typist's remarks in double brackets are dropped: they are no
    words. Subtitles pasted as text are read as subtitles. Raises FormatError for what is no text.
    """
    text = decoded(data)
    if "-->" in text:
        return _merged(read_vtt(text) if text.startswith("WEBVTT") else read_srt(text))
    found = [(name, without_marks(text)) for name, text in marked_turns(text)]
    return [(name, text) for name, text in found if text]


def marked_turns(text: str) -> Turns:
    """As ``read_plain`` of a decoded text without subtitles, the times in their places as marks (see `stamps`)."""
    lines = _with_bare_stamps(_COMMENT.sub(" ", text.replace(MARK, "")).split("\n"))
    spoken = _carried(_headed([one_line(_PAUSE.sub(" ", marked(line))) for line in lines]))
    found = _by_name(spoken) if _names_speakers(spoken) else _by_paragraph(spoken)
    return [(decided(name), text) for name, text in found if text]


def _with_bare_stamps(lines: Sequence[str]) -> list[str]:
    """Lines with the times that open them as marks, if a third open so; a single ``7:30`` is somebody's word."""
    stamped = [with_bare_stamp(line) for line in lines]
    filled = sum(bool(line.strip()) for line in lines)
    many = sum(text is not None for text in stamped)
    if many < 2 or 3 * many < filled:
        return list(lines)
    return [line if text is None else text for line, text in zip(lines, stamped, strict=True)]


def _headed(lines: Sequence[str]) -> list[str]:
    """Lines of nothing but a name and a time, ``Anna 0:03``, if there are several, as ``Anna:`` and the mark."""
    heads = [_HEAD.fullmatch(line) for line in lines]
    many = sum(head is not None for head in heads)
    if many < 2 or 4 * many < sum(map(bool, lines)):
        return list(lines)
    return [
        line if head is None else marked(f"{head[1]}: [{head[2]}]") for line, head in zip(lines, heads, strict=True)
    ]


def _carried(lines: Sequence[str]) -> list[str]:
    """Lines of nothing but times put at the head of the next line that has words."""
    out, waiting = [], ""
    for line in lines:
        if line and not without_marks(line):
            waiting = one_line(f"{waiting} {line}")
            continue
        out.append(one_line(f"{waiting} {line}") if line else line)
        waiting = "" if line else waiting
    return [*out, waiting]


def _names_speakers(lines: Sequence[str]) -> bool:
    """A third of the paragraphs open with a name, or a letter that opens at least two."""
    names = [name for line in lines if (name := _led(line)[0])]
    paragraphs = sum(bool(text) for _, text in _by_paragraph(lines))
    return bool(names) and (3 * len(names) >= paragraphs or len(set(names)) <= len(names) // 2)


def _by_name(lines: Sequence[str]) -> Turns:
    found: Turns = []
    for line in lines:
        name, text = _led(line)
        if name or not found:
            found.append((name, text))
        else:
            found[-1] = (found[-1][0], one_line(f"{found[-1][1]} {text}"))
    return found


def _led(line: str) -> tuple[str | None, str]:
    """The name that opens a line, whatever marks stand around it, and the rest with these marks before it."""
    name, rest = prefix(without_marks(line))
    if name is None:
        return None, line
    skipped = len(without_marks(line).split()) - len(rest.split())
    kept = []
    for word in line.split():
        if mark_ms(word) is None and skipped:
            skipped -= 1
        else:
            kept.append(word)
    return name, " ".join(kept)


def _by_paragraph(lines: Sequence[str]) -> Turns:
    inner = "\n".join(lines).strip().split("\n")
    if "" not in inner:
        return [(None, line) for line in inner]
    return [(None, " ".join(run)) for filled, run in groupby(inner, key=bool) if filled]


def _merged(cues: Sequence[Cue]) -> Turns:
    runs = groupby(cues, key=lambda cue: cue.speaker)
    return [(speaker, " ".join(cue.text for cue in run)) for speaker, run in runs]
