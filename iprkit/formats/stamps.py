"""Times as transcripts write them, between the text: written in each program's own way, read in all of them.

Tenths are cut off, never rounded up, so that a jump to a stamp never lands inside the first word.
"""

from __future__ import annotations

import re

_CLOCK = r"(?:(\d+)[:.])?(\d{1,3})[:.](\d{1,2})(?:[.,:-](\d{1,3}))?"
_CUE = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2})(?:[.,](\d+))?")
_MARKED = re.compile(rf"#{_CLOCK}#|\[{_CLOCK}\]|\{{{_CLOCK}\}}|\({_CLOCK}\)")
_BARE = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?(?=\s|$)")


def dotted(ms: int, digits: int = 3) -> str:
    """``01:02:03.456``, as WebVTT has it; with one digit ``01:02:03.4``, as NVivo and ATLAS.ti have it.

    >>> dotted(3723456), dotted(3723456, digits=1)
    ('01:02:03.456', '01:02:03.4')
    """
    seconds, rest = divmod(ms, 1000)
    return f"{_whole_seconds(seconds)}.{rest:03d}"[: digits - 3 or None]


def comma(ms: int) -> str:
    """``01:02:03,456``, as SubRip has it."""
    return dotted(ms).replace(".", ",")


def hashed(ms: int) -> str:
    """``#01:02:03-4#``, as f4 and MAXQDA have it.

    >>> hashed(3723456)
    '#01:02:03-4#'
    """
    return f"#{_whole_seconds(ms // 1000)}-{ms % 1000 // 100}#"


def cue_ms(text: str) -> int | None:
    """Milliseconds of a subtitle's time, hours and fraction optional; None where the text is no time.

    >>> cue_ms("0:0:5.32"), cue_ms("00:02,000"), cue_ms("soon")
    (5320, 2000, None)
    """
    match = _CUE.fullmatch(text.strip())
    if not match:
        return None
    hours, minutes, seconds, fraction = match.groups(default="0")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction[:3].ljust(3, "0"))


def without_stamps(text: str) -> str:
    """The text less every time in ``[ ]``, ``{ }``, ``( )`` or ``# #``.

    >>> without_stamps("[00:01:02] So. #00:01:04-5#")
    'So.'
    """
    return " ".join(_MARKED.sub(" ", text).split())


def after_bare_stamp(line: str) -> str | None:
    """What follows a time without brackets that opens the line; None where none does.

    >>> after_bare_stamp("0:12 And then?")
    'And then?'
    """
    match = _BARE.match(line.strip())
    return line.strip()[match.end() :].strip() if match else None


def _whole_seconds(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"
