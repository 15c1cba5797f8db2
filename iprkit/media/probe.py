"""What is in a recording before anybody works with it: its sound, its film, how long it really is, and whether
some of it is lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from iprkit.errors import EmptyMedia, TruncatedMedia
from iprkit.media.container import AGAIN, clock_zero, film_track, open_container, sound_track
from iprkit.media.stated import says_track_length, stated_ms
from iprkit.media.track import Track
from iprkit.progress import Listener, Step, silent
from iprkit.timeline import clock

_SLACK_MS = 500  # codecs round a file's end by less than this
_REPORT_MS = 10_000
_FRAMES, _REORDERED = 120, 16  # film frames looked at for their rate


@dataclass(frozen=True)
class MediaInfo:
    """What a recording holds. Times are on the file's clock, which starts with its earliest track.

    ``duration_ms``: where the sound ends; from ``probe`` as stated (0 where the file does not say), from
    ``inspect`` as decoded. ``stated_ms``: what the header says. ``audio_start_ms``: where the sound track begins;
    silence stands before it. ``fps`` and ``variable_fps`` describe the film's first seconds.

    Only ``inspect`` fills the last three: ``damaged_ms`` could not be decoded and is silence, ``gaps_ms`` the file
    itself left out and is silence, ``missing_ms`` is stated but cut off at the end.
    """

    container: str
    audio_codec: str
    channels: int
    layout: str
    sample_rate: int
    audio_tracks: int
    audio_start_ms: int
    duration_ms: int
    stated_ms: int | None
    video_codec: str | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    variable_fps: bool = False
    damaged_ms: int = 0
    gaps_ms: int = 0
    missing_ms: int = 0


def probe(path: Path) -> MediaInfo:
    """What the headers say, without decoding the sound.

    Raises MediaError, EmptyMedia, NotMedia, NoAudio, or TruncatedMedia where the file has no index.
    """
    with open_container(path) as container:
        return _described(container, path)


def inspect(path: Path, report: Listener = silent, allow_damaged: bool = False) -> MediaInfo:
    """What is really there, known by decoding all of the sound once; ``report`` hears milliseconds.

    ``allow_damaged`` takes the readable part of a recording that is cut off.

    Raises what ``probe`` raises, EmptyMedia where no sound comes out, and TruncatedMedia where the sound ends
    clearly before the stated end.
    """
    with open_container(path) as container:
        stated = _described(container, path)
        own_length = says_track_length(container)
    found = _listened(path, stated, report)
    missing = (found.stated_ms or 0) - found.duration_ms
    if missing > _SLACK_MS and (found.duration_ms == 0 or own_length or _breaks_off(path, found.stated_ms or 0)):
        found = replace(found, missing_ms=missing)
    if found.duration_ms == 0:
        raise _silent_file(path, found)
    if found.missing_ms and not allow_damaged:
        raise _cut_off(path, found)
    return found


def _described(container: InputContainer, path: Path) -> MediaInfo:
    track, film = sound_track(container), film_track(container)
    stated = stated_ms(container, path)
    info = MediaInfo(
        container=container.format.name,
        audio_codec=track.codec_context.name,
        channels=track.codec_context.layout.nb_channels,
        layout=track.codec_context.layout.name,
        sample_rate=track.codec_context.sample_rate,
        audio_tracks=len(container.streams.audio),
        audio_start_ms=_start_ms(container),
        duration_ms=stated or 0,
        stated_ms=stated,
    )
    return _with_film(info, container, film) if film else info


def _start_ms(container: InputContainer) -> int:
    track = sound_track(container)
    if track.start_time is None or track.time_base is None:
        return 0
    return round((track.start_time * track.time_base - clock_zero(container)) * 1000)


def _with_film(info: MediaInfo, container: InputContainer, film: VideoStream) -> MediaInfo:
    context = film.codec_context
    fps, variable = _frame_rate(container, film)
    return replace(
        info,
        video_codec=context.name if context else "unknown",
        width=context.width if context else None,
        height=context.height if context else None,
        fps=fps,
        variable_fps=variable,
    )


def _frame_rate(container: InputContainer, film: VideoStream) -> tuple[float | None, bool]:
    """Frames a second, and whether the time between frames differs by more than rounding."""
    try:
        packets = [packet for packet in islice(container.demux(film), _FRAMES) if packet.size]
    except av.FFmpegError:
        packets = []
    shown = [packet.pts for packet in packets if packet.pts is not None]
    stored = [packet.dts for packet in packets if packet.dts is not None]
    stamps = [float(stamp * (film.time_base or 1)) for stamp in sorted(shown if len(shown) == len(packets) else stored)]
    if len(packets) == _FRAMES:
        del stamps[-_REORDERED:]  # films store a frame after those it is made from: here some may still be to come
    steps = [after - before for before, after in pairwise(stamps) if after > before]
    if not steps:
        return (float(film.average_rate) if film.average_rate else None), False
    return round(len(steps) / sum(steps), 3), max(steps) > 1.5 * min(steps)


def _listened(path: Path, info: MediaInfo, report: Listener) -> MediaInfo:
    """``info`` with what decoding tells."""
    samples = {"sound": 0, "front": 0, "gap": 0, "damage": 0}
    end, told = 0, 0
    with open_container(path) as container:
        track = Track(container)
        for piece in track.pieces():
            samples[piece.origin] += piece.end - piece.first
            end = piece.end * 1000 // track.rate
            if end >= told + _REPORT_MS:
                told = end
                report(Step(path.name, "inspect", end, max(end, info.stated_ms or 0)))
    report(Step(path.name, "inspect", end, end))
    length = {origin: round(count * 1000 / track.rate) for origin, count in samples.items()}
    return replace(info, duration_ms=end if length["sound"] else 0, damaged_ms=length["damage"], gaps_ms=length["gap"])


def _breaks_off(path: Path, stated: int) -> bool:
    """Whether no track of the file reaches its stated end, rather than the sound only ending before the film."""
    last = 0.0
    with open_container(path) as container:
        zero = float(clock_zero(container))
        try:
            for packet in container.demux(container.streams.audio, container.streams.video):
                stamp = packet.pts if packet.pts is not None else packet.dts
                if stamp is not None:
                    last = max(last, float((stamp + (packet.duration or 0)) * packet.time_base) - zero)
        except av.FFmpegError:
            return True
    return stated - last * 1000 > _SLACK_MS


def _silent_file(path: Path, info: MediaInfo) -> EmptyMedia | TruncatedMedia:
    if info.missing_ms:
        said = clock(info.stated_ms or 0)
        return TruncatedMedia(f"{path.name}: it should last {said}, but none of its sound can be read. {AGAIN}.")
    return EmptyMedia(f"{path.name}: there is no sound in its sound track (0 samples). {AGAIN}.")


def _cut_off(path: Path, info: MediaInfo) -> TruncatedMedia:
    readable, said = clock(info.duration_ms), clock(info.stated_ms or 0)
    return TruncatedMedia(
        f"{path.name}: the recording is cut off: of the {said} that the file states only the first {readable} can "
        f"be read. {AGAIN}, or give --allow-damaged to take the readable part."
    )
