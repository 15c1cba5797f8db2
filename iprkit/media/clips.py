"""Short stretches of a recording to listen to, to show or to hand on, with names and places silenced."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from functools import reduce
from pathlib import Path
from typing import BinaryIO

import numpy as np

from iprkit.errors import InvalidInput
from iprkit.media.container import open_container
from iprkit.media.track import Samples, Track
from iprkit.timeline import Span, clock

with warnings.catch_warnings():
    # pydub warns that it finds no ffmpeg program; it gets raw samples here and needs none.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment


def cut_clip(path: Path, span: Span) -> AudioSegment:
    """The sound of ``span`` at the recording's own sample rate and channels, in 16 bits.

    Shorter than the span where the recording ends within it. Raises InvalidInput where the recording ends before
    the span, and what ``media.container.open_container`` raises.
    """
    with open_container(path) as container:
        track = Track(container, near=True)
        first, end = (ms * track.rate // 1000 for ms in (span.start_ms, span.end_ms))
        sound = _gather(track, first, end)
        if span.duration_ms and not sound.shape[1]:
            raise InvalidInput(
                f"{path.name}: no sound at {clock(span.start_ms)}, the recording ends before. Give an earlier stretch."
            )
        return AudioSegment(data=_as_16_bit(sound), sample_width=2, frame_rate=track.rate, channels=track.channels)


def cut_across(stretches: Sequence[tuple[Path | None, Span]]) -> AudioSegment:
    """The sound of several stretches after one another, each of its recording's own clock; silent where there is none.

    Rate and channels are those of the richest recording. Raises InvalidInput where no stretch has a recording, and
    what ``cut_clip`` raises.
    """
    cut = [cut_clip(path, span) if path else None for path, span in stretches]
    heard = [clip for clip in cut if clip is not None]
    if not heard:
        raise InvalidInput("no recording ran in this stretch. Give another one.")
    rate = heard[0].frame_rate
    filled = (
        clip or AudioSegment.silent(span.duration_ms, rate) for clip, (_, span) in zip(cut, stretches, strict=True)
    )
    return reduce(AudioSegment.__add__, filled)


def silence(clip: AudioSegment, spans: Iterable[Span]) -> AudioSegment:
    """A copy of the clip with ``spans``, counted from the clip's own start, made silent on every channel.

    Nothing of what was said there is left in it, and everything else keeps its place.
    """
    data, width = bytearray(clip.raw_data or b""), clip.frame_width
    for span in spans:
        first = max(0, span.start_ms * clip.frame_rate // 1000) * width
        end = min(len(data), -(-span.end_ms * clip.frame_rate // 1000) * width)
        data[first:end] = bytes(max(0, end - first))
    return AudioSegment(
        data=bytes(data), sample_width=clip.sample_width, frame_rate=clip.frame_rate, channels=clip.channels
    )


def write_wav(clip: AudioSegment, file: BinaryIO) -> None:
    """Writes the clip as a WAV file that every program opens."""
    clip.export(file, format="wav")


def _gather(track: Track, first: int, end: int) -> Samples:
    parts: list[Samples] = [np.zeros((track.channels, 0), np.float32)]
    if end > first:
        for piece in track.pieces(first):
            parts.append(piece.samples[:, : max(0, end - piece.first)])
            if piece.end >= end:
                break
    return np.concatenate(parts, axis=1)


def _as_16_bit(sound: Samples) -> bytes:
    return np.clip(np.rint(sound.T * 32768), -32768, 32767).astype("<i2").tobytes()
