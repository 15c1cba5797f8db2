"""Times as transcripts write them, between the text: written in each program's own way, read in all of them.

Tenths are cut off, never rounded up, so that a jump to a stamp never lands inside the first word. While a text is
taken apart, a time found in it stands as one word of its own, its *mark*: a sign that nobody types, and milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_CLOCK = r"(?:(\d+)[:.])?(\d{1,3})[:.](\d{1,2})(?:[.,:-](\d{1,3}))?"
_CUE = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2})(?:[.,](\d+))?")
_MARKED = re.compile(rf"#{_CLOCK}#|\[{_CLOCK}\]|\{{{_CLOCK}\}}|\({_CLOCK}\)")
_BARE = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?(?=\s|$)")

MARK = "\ue000"


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


def marked(text: str) -> str:
    """The text with every time in ``[ ]``, ``{ }``, ``( )`` or ``# #`` as a mark.

    What may as well be a measured pause, ``(0.6)``, is left out: neither a time nor a word.

    >>> [mark_ms(word) for word in marked("[00:01:02] So (0.6) then. #00:01:04-5#").split()]
    [62000, None, None, 64500]
    """
    return " ".join(_MARKED.sub(_marked, text).split())


def with_bare_stamp(line: str) -> str | None:
    """The line with the time without brackets that opens it as a mark; None where none does.

    >>> without_marks(with_bare_stamp("0:12 And then?"))
    'And then?'
    """
    match = _BARE.match(line.strip())
    return f"{_mark(_clock_ms(match.groups()))}{line.strip()[match.end() :]}" if match else None


def mark_ms(word: str) -> int | None:
    """The time that a mark stands for, None for any other word."""
    return int(word[1:]) if word.startswith(MARK) else None


def without_marks(text: str) -> str:
    """The text less its marks."""
    return " ".join(word for word in text.split() if not word.startswith(MARK))


def _marked(match: re.Match[str]) -> str:
    parts = match.groups()
    is_time = ":" in match[0] or any(parts[::4])
    return f" {_mark(_clock_ms(parts))} " if is_time else " "


def _mark(ms: int) -> str:
    return f"{MARK}{ms}"


def _clock_ms(groups: Sequence[str | None]) -> int:
    """Hours, minutes, seconds and fraction, in the one form of several that matched."""
    first = next(at for at in range(0, len(groups), 4) if groups[at + 1] is not None)
    hours, minutes, seconds, fraction = (part or "0" for part in groups[first : first + 4])
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction[:3].ljust(3, "0"))


def _whole_seconds(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"
