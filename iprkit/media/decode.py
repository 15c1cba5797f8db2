"""The sound of a recording as the speech engines want it, 16 000 samples a second, a few seconds at a time, so
that a session of any length fits in the memory of a small laptop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import gcd
from pathlib import Path
from typing import Literal

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from iprkit.media.container import open_container
from iprkit.media.track import Samples, Track
from iprkit.timeline import Span

RATE = 16_000  # samples a second of everything given out here

Channels = Literal["mix", "all"]

_BLOCK_S = 4
_RUN_UP = RATE // 10  # the resampler's filter must be full of real sound before its samples count
_SKIP = 30 * RATE  # a hole between two spans that is worth jumping over


def stream(path: Path, start_ms: int = 0, channels: Channels = "mix") -> Iterator[Samples]:
    """The sound from ``start_ms`` of the file's clock to its end, in blocks of a few seconds.

    Each block is float32 of shape (channels, n), between -1 and 1, at 16 kHz, without a hole: sample ``k`` of the
    whole is at ``k / 16`` ms. ``mix`` gives one channel (the mean of stereo; the usual centre-weighted downmix of
    5.1), ``all`` every channel of the file in its own order.

    Raises what ``media.container.open_container`` raises.
    """
    with open_container(path) as container:
        for _, block in _blocks(Track(container), start_ms * RATE // 1000, channels):
            yield block


def read(path: Path, spans: Iterable[Span], channels: Channels = "mix") -> Iterator[Samples]:
    """The samples of each span, the spans in order of their start, in one passage through the file.

    A span gives float32 of shape (channels, its duration x 16); shorter, down to (channels, 0), where it reaches
    past the end of the sound. Spans may overlap. The samples are bit for bit those of ``stream``.

    Raises what ``media.container.open_container`` raises, and ValueError where a span starts before the last one.
    """
    with open_container(path) as container:
        track = Track(container)
        width = 1 if channels == "mix" else track.channels
        window = _Window(track, channels, width)
        for span in spans:
            yield window.take(span.start_ms * RATE // 1000, span.end_ms * RATE // 1000)


class _Window:
    """The stretch of sound in memory, moved forwards over a track."""

    def __init__(self, track: Track, channels: Channels, width: int) -> None:
        self._track = track
        self._channels = channels
        self._taken = 0
        self._first = 0
        self._held: Samples = np.zeros((width, 0), np.float32)
        self._blocks = _blocks(track, 0, channels)

    def take(self, first: int, end: int) -> Samples:
        if first < self._taken:
            raise ValueError(f"span starts at {first * 1000 // RATE} ms, before the one read last")
        self._taken = first
        if first - _RUN_UP - self._end > _SKIP:
            self._first, self._held = first, self._held[:, :0]
            self._blocks = _blocks(self._track, first, self._channels)
        self._drop(first)
        parts = [self._held]
        while self._first + sum(part.shape[1] for part in parts) < end:
            _, block = next(self._blocks, (0, None))
            if block is None:
                break
            parts.append(block)
        self._held = np.concatenate(parts, axis=1)
        self._drop(first)
        return self._held[:, max(0, first - self._first) : max(0, end - self._first)].copy()

    @property
    def _end(self) -> int:
        return self._first + int(self._held.shape[1])

    def _drop(self, first: int) -> None:
        """Forgets what lies before ``first``."""
        gone = min(max(0, first - self._first), self._held.shape[1])
        self._held, self._first = self._held[:, gone:], self._first + gone


def _blocks(track: Track, first: int, channels: Channels) -> Iterator[tuple[int, Samples]]:
    """16 kHz blocks from the place ``first`` on, each with its own place.

    The resampler starts at a place that is a whole sample at both rates, some way ahead of ``first``; from there
    on it gives the same samples as one that ran from the beginning.
    """
    step, out_step = track.rate // gcd(track.rate, RATE), RATE // gcd(track.rate, RATE)
    begin = max(0, first - _RUN_UP) // out_step
    at, resampler = begin * out_step, _Resampler(track, channels)
    for sound in _batches(track, begin * step):
        block = resampler.feed(sound)
        late = min(max(0, first - at), block.shape[1])
        if late < block.shape[1]:
            yield at + late, block[:, late:]
        at += block.shape[1]


def _batches(track: Track, first: int) -> Iterator[Samples | None]:
    """The track's samples in runs of a few seconds; None at its end."""
    held: list[Samples] = []
    begin = first
    for piece in track.pieces(first):
        held.append(piece.samples)
        if piece.end - begin >= _BLOCK_S * track.rate:
            yield np.concatenate(held, axis=1)
            held, begin = [], piece.end
    if held:
        yield np.concatenate(held, axis=1)
    yield None


class _Resampler:
    """From the track's rate to 16 kHz, mixed or each channel by itself."""

    def __init__(self, track: Track, channels: Channels) -> None:
        self._rate = track.rate
        self._mean = channels == "mix" and (track.channels <= 2 or not track.ordered)
        surround = channels == "mix" and not self._mean
        self._layout = track.layout if surround else "mono"
        lanes = track.channels if channels == "all" else 1
        # The largest sum of weights is 1: a mix never clips.
        self._lanes = [
            AudioResampler(format="flt", layout="mono", rate=RATE, options={"rematrix_maxval": "1.0"})
            for _ in range(lanes)
        ]

    def feed(self, sound: Samples | None) -> Samples:
        """What comes out for ``sound``, shape (channels, n); for None, what is still inside."""
        if sound is None:
            return np.stack([_joined(lane.resample(None)) for lane in self._lanes])
        if self._mean:
            sound = sound.mean(axis=0, keepdims=True, dtype=np.float32)
        if len(self._lanes) == 1:
            return _joined(self._lanes[0].resample(self._frame(sound)))[np.newaxis]
        rows = zip(self._lanes, sound, strict=True)
        return np.stack([_joined(lane.resample(self._frame(row[np.newaxis]))) for lane, row in rows])

    def _frame(self, sound: Samples) -> AudioFrame:
        packed = np.ascontiguousarray(sound.T).reshape(1, -1)
        frame = AudioFrame.from_ndarray(packed, format="flt", layout=self._layout)
        frame.sample_rate = self._rate
        return frame


def _joined(frames: list[AudioFrame]) -> Samples:
    """The one channel of mono frames."""
    parts = [frame.to_ndarray()[0] for frame in frames]
    return np.concatenate(parts, dtype=np.float32) if parts else np.zeros(0, np.float32)
