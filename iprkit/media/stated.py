"""How long a file says it is, by its own header and not by a guess from its size, so that a recording whose end
got lost can be told from a short one."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer

from iprkit.media.container import clock_zero, file_head, sound_track

_GUESSED = (
    "aac",
    "ac3",
    "eac3",
    "dts",
    "truehd",
    "amr",
    "loas",
    "ogg",
)  # the reader reckons from bytes or the last page
_ASF_FILE = b"\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65"
_OPEN_END = 0xFFFFFF00  # sizes from here on mean that the writer did not know


def stated_ms(container: InputContainer, path: Path) -> int | None:
    """Where the sound ends on the file's clock if the header is right; None where the header does not tell.

    The sound track's own length counts before that of the whole file, whose film may be longer.
    """
    name = container.format.name
    if name in _GUESSED or (name == "mp3" and not _counts_frames(path)):
        return None
    stated = _asf_seconds(path) if name == "asf" else _track_end(container)
    if stated is None:
        return None
    compressed_wave = name == "wav" and not sound_track(container).codec_context.name.startswith("pcm_")
    size, whole = path.stat().st_size, None if compressed_wave else _stated_bytes(path)
    # Readers of uncompressed WAV and of AVI quietly shorten the stated length to what is there; undo it.
    return round(stated * 1000 * (Fraction(whole, size) if whole and whole > size else 1))


def says_track_length(container: InputContainer) -> bool:
    """Whether the length stated is the sound track's own rather than the whole file's."""
    track = sound_track(container)
    return track.duration is not None or "DURATION" in track.metadata


def _track_end(container: InputContainer) -> Fraction | None:
    """Seconds from the clock's zero."""
    track, zero = sound_track(container), clock_zero(container)
    if track.duration is not None and track.time_base is not None:
        return ((track.start_time or 0) + track.duration) * track.time_base - (zero if track.start_time else 0)
    hours, _, rest = track.metadata.get("DURATION", "").partition(":")
    minutes, _, seconds = rest.partition(":")
    if seconds:
        return int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds) - zero
    return Fraction(container.duration, 1_000_000) if container.duration else None


def _counts_frames(path: Path) -> bool:
    """Whether an MP3 carries the header that states how many frames it has."""
    head = file_head(path)
    skip = 0
    if head[:3] == b"ID3":
        skip = 10 + sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    with path.open("rb") as file:
        file.seek(skip)
        opening = file.read(4096)
    return any(mark in opening for mark in (b"Xing", b"Info", b"VBRI"))


def _stated_bytes(path: Path) -> int | None:
    """How large WAV and AVI files say they are."""
    head = file_head(path)
    size = int.from_bytes(head[4:8], "little")
    return size + 8 if head[:4] == b"RIFF" and size < _OPEN_END else None


def _asf_seconds(path: Path) -> Fraction | None:
    """How long WMA and WMV files say they last: the whole time of playing, less the lead given to the buffer."""
    with path.open("rb") as file:
        header = file.read(8192)
    at = header.find(_ASF_FILE)
    if at < 0 or at + 88 > len(header):
        return None
    playing, _, lead_ms = struct.unpack_from("<QQQ", header, at + 64)
    return Fraction(playing, 10_000_000) - Fraction(lead_ms, 1000) if playing else None
