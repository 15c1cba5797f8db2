"""Opening whatever file a camera, phone or recorder wrote, or saying in one sentence why it cannot be used."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from iprkit.errors import EmptyMedia, MediaError, NoAudio, NotMedia, TruncatedMedia

AGAIN = "Copy it again from the recorder"
_KNOWN_BEGINNINGS = (b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"0&\xb2u")
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


@contextmanager
def open_container(path: Path) -> Iterator[InputContainer]:
    """The opened file, which has a sound track that can be decoded.

    Raises MediaError where the file cannot be read at all, EmptyMedia at 0 bytes, TruncatedMedia where the end
    with the index is missing, NotMedia where there is neither film nor sound, NoAudio for a film without sound.
    """
    head = file_head(path)
    if not head:
        raise EmptyMedia(f"{path.name}: the file is empty (0 bytes). {AGAIN}.")
    try:
        # An absolute path is never taken for an address, and a playlist may name local files only.
        opened = av.open(os.fspath(path.absolute()), metadata_errors="ignore", options={"protocol_whitelist": "file"})
    except (av.FFmpegError, ValueError) as error:
        raise _why_closed(path, head, error) from error
    with opened:
        _check_tracks(opened, path)
        yield opened


def file_head(path: Path) -> bytes:
    """The first bytes of a file. Raises MediaError where it is missing, a folder, or not ours to read."""
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            raise MediaError(f"{path.name or path}: this is a folder. Give the recordings in it one by one.")
        if not stat.S_ISREG(path.stat().st_mode):
            raise MediaError(f"{path.name}: this is not a file but a device or a pipe. Give a file.")
        with path.open("rb") as file:
            return file.read(64)
    except FileNotFoundError as error:
        raise MediaError(f"{path.name}: there is no such file in {path.absolute().parent}. Check the name.") from error
    except PermissionError as error:
        raise MediaError(f"{path.name}: you may not read this file. Ask its owner for the right to read it.") from error
    except OSError as error:
        raise MediaError(f"{path.name}: it cannot be read ({error.strerror}). Check the path and the disk.") from error


def sound_track(container: InputContainer) -> AudioStream:
    """The track we listen to: the one marked as default, else the first."""
    tracks = _readable_tracks(container)
    return next((track for track in tracks if track.disposition & Disposition.default), tracks[0])


def film_track(container: InputContainer) -> VideoStream | None:
    """The moving picture, None where there is none; a cover picture is not a film."""
    films = (film for film in container.streams.video if not film.disposition & Disposition.attached_pic)
    return next(films, None)


def clock_zero(container: InputContainer) -> Fraction:
    """Where the file's clock starts, in seconds of its own time stamps: the start of its earliest track.

    Browsers and players take the same zero, so a time that somebody reads off the player is a time on our clock.
    """
    film = film_track(container)
    tracks = [*container.streams.audio, *([film] if film else [])]
    starts = [
        track.start_time * track.time_base
        for track in tracks
        if track.start_time is not None and track.time_base is not None
    ]
    return min(starts, default=Fraction(0))


def _readable_tracks(container: InputContainer) -> list[AudioStream]:
    return [track for track in container.streams.audio if track.codec_context is not None and track.channels]


def _check_tracks(container: InputContainer, path: Path) -> None:
    if _readable_tracks(container):
        return
    name = container.format.name
    picture = name.endswith("_pipe") or name.startswith("image2")
    if picture or not (container.streams.video or container.streams.audio):
        raise _not_media(path)
    if container.streams.audio:
        raise NoAudio(f"{path.name}: its sound is in a coding that cannot be read. Convert it to WAV or MP4.")
    raise NoAudio(f"{path.name}: this film has no sound track. Give the file with the sound.")


def _why_closed(path: Path, head: bytes, error: Exception) -> MediaError:
    wave = head[:4] == b"RIFF" and head[8:12] in (b"WAVE", b"AVI ", b"")
    if head[4:8] in _BOXES and not _index_complete(path):
        return TruncatedMedia(
            f"{path.name}: the file is cut off before its index, so nothing of it can be read. {AGAIN}; if that is "
            "the recorder's own file, the recorder's repair tool may write the index."
        )
    if wave or head[4:8] in _BOXES or head.startswith(_KNOWN_BEGINNINGS):
        reason = error.strerror if isinstance(error, av.FFmpegError) else error
        return TruncatedMedia(f"{path.name}: the file is cut off or damaged and cannot be opened ({reason}). {AGAIN}.")
    return _not_media(path)


def _not_media(path: Path) -> NotMedia:
    return NotMedia(f"{path.name}: this is neither film nor sound. Give a recording such as MP4, MOV, WAV, M4A or MP3.")


def _index_complete(path: Path) -> bool:
    """Whether the boxes of an MP4 or MOV file hold a whole ``moov``, the index of its samples."""
    size, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while at + 8 <= size:
            file.seek(at)
            head = file.read(16)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            if head[4:8] == b"moov":
                return at + length <= size
            if length < 8:
                return False
            at += length
    return False
