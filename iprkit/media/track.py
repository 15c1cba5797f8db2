"""The sound of one recording laid on its clock: whatever the file leaves out or cannot give back is silence, so
that a word at 12:40 is at 12:40 however badly the recorder wrote the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from typing import Literal

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from numpy.typing import NDArray

from iprkit.media.container import clock_zero, film_track, sound_track

Samples = NDArray[np.float32]
Origin = Literal["sound", "front", "gap", "damage"]

_JITTER_MS = 40  # time stamps rounded by a container or written by a phone's clock; below this, sound is continuous
_FAULTS = 20  # reading errors in a row after which the rest of a file counts as lost
_PREROLL_S = 2  # decoders of compressed sound need a run-up before they give back the same samples
_SEEK_S = 30  # a jump shorter than this is decoded through
_BACK_S, _AHEAD_S = 10, 6 * 3600  # a step of the time stamps beyond these is a new count, not a hole
_CHUNK_S = 5
_LOSSLESS = ("pcm_", "flac", "alac")
_TRUE_STAMPS = ("mov,mp4", "matroska", "wav", "flac", "ogg")


@dataclass(frozen=True)
class Piece:
    """Neighbouring samples, float32 of shape (channels, n), at the track's own rate.

    ``first`` is the place of the first one on the clock. ``origin``: decoded sound, or silence before the
    sound track starts, in a gap that the file itself has, or for what could not be decoded.
    """

    first: int
    samples: Samples
    origin: Origin = "sound"

    @property
    def end(self) -> int:
        return self.first + int(self.samples.shape[1])

    def since(self, first: int) -> Piece:
        """The part from the place ``first`` on."""
        late = max(0, first - self.first)
        return replace(self, first=self.first + late, samples=self.samples[:, late:]) if late else self


class Track:
    """The sound of an opened file, read forwards once.

    ::

        file      video |-----------------------------|
                  audio       |--------|   hole  |----|
        track     |...........|========|.........|====|      . silence   = decoded sound
                  0  the clock's zero is the start of the earliest track

    ``near``: seeks may land where time stamps say so; without it the samples are those of an unbroken reading
    to the last bit, and only lossless sound, which allows it, is sought at all.
    """

    def __init__(self, container: InputContainer, near: bool = False) -> None:
        self._container = container
        self._stream = sound_track(container)
        context = self._stream.codec_context
        self.rate: int = context.sample_rate
        self.channels: int = context.layout.nb_channels
        self.layout: str = context.layout.name
        self.ordered = all(channel.name != "NONE" for channel in context.layout.channels)
        self._tick = Fraction(self._stream.time_base or Fraction(1, self.rate))
        exact = context.name.startswith(_LOSSLESS) and (1 / (self._tick * self.rate)).denominator == 1
        self._seekable = exact or (near and container.format.name.startswith(_TRUE_STAMPS))
        self._jitter = 0 if exact else self.rate * _JITTER_MS // 1000
        self._zero = clock_zero(container)
        self._at: int | None = 0
        self._running: Iterator[Piece] = self._pieces(opening=True)
        film = film_track(container)
        if film:
            film.discard = Discard.all

    def pieces(self, first: int = 0) -> Iterator[Piece]:
        """The sound from the place ``first`` on, without a hole; never backwards of what was given before."""
        if self._seekable and first - (self._at or 0) > _SEEK_S * self.rate:
            self._jump(first)
        for piece in self._running:
            if piece.end > first:
                yield piece.since(first)

    def _jump(self, first: int) -> None:
        """Seeks ahead; where the file does not allow it, starts over from its beginning."""
        self._at = None
        try:
            self._seek(self._zero + Fraction(first, self.rate) - _PREROLL_S)
            self._running = self._pieces(opening=False)
            arrived = next(self._running, None)
        except av.FFmpegError:
            arrived = None
        if arrived is not None and arrived.first <= first:
            self._running = chain((arrived,), self._running)
            return
        self._seek(self._zero - _PREROLL_S)
        self._at = 0
        self._running = self._pieces(opening=True)

    def _seek(self, seconds: Fraction) -> None:
        self._container.seek(int(seconds / self._tick), stream=self._stream)

    def _pieces(self, opening: bool) -> Iterator[Piece]:
        strict = opening  # the start of the sound is taken as stated, and so is the end of a damaged stretch
        origin: Origin = "front" if opening else "gap"
        for frame in self._frames():
            if frame is None:
                strict, origin = True, "damage"
                continue
            samples = self._as_float(frame)
            at, lead = self._lead(frame, strict)
            for length in _chunks(lead, _CHUNK_S * self.rate):
                yield Piece(at, np.zeros((self.channels, length), np.float32), origin)
                at += length
            piece = Piece(at, samples[:, max(0, -lead) :])
            self._at = piece.end
            yield piece
            strict, origin = False, "gap"

    def _lead(self, frame: AudioFrame, strict: bool) -> tuple[int, int]:
        """Where the track stands, and by how many samples the frame's time stamp is ahead of that."""
        if frame.pts is None:
            return self._at or 0, 0
        stated = round((frame.pts * (frame.time_base or self._tick) - self._zero) * self.rate)
        if self._at is None:
            return stated, 0
        lead = stated - self._at
        if not -_BACK_S * self.rate <= lead <= _AHEAD_S * self.rate:
            self._zero += Fraction(lead, self.rate)
            return self._at, 0
        continuous = abs(lead) <= self._jitter and not strict
        return self._at, 0 if continuous else lead

    def _frames(self) -> Iterator[AudioFrame | None]:
        """Decoded frames in order, None where something could not be read or decoded."""
        faults = 0
        while faults < _FAULTS:
            try:
                for packet in self._container.demux(self._stream):
                    faults = 0
                    yield from _decode(packet)
                return
            except av.FFmpegError:
                faults += 1
            yield None

    def _as_float(self, frame: AudioFrame) -> Samples:
        if frame.sample_rate != self.rate or frame.layout.nb_channels != self.channels:
            frame = self._as_stated(frame)
        raw = frame.to_ndarray()
        samples = (raw if frame.format.is_planar else raw.reshape(-1, self.channels).T).astype(np.float32, copy=False)
        if raw.dtype.kind == "u":
            samples = samples - np.float32(128)
        full = np.float32(1 if raw.dtype.kind == "f" else 2 ** (8 * raw.dtype.itemsize - 1))
        return samples / full

    def _as_stated(self, frame: AudioFrame) -> AudioFrame:
        """A frame that changed its rate or channels in mid-file, brought back to what the file began with."""
        pts, tick = frame.pts, frame.time_base
        converter = AudioResampler(format="flt", layout=self.layout, rate=self.rate)
        parts = [part.to_ndarray() for part in [*converter.resample(frame), *converter.resample(None)]]
        packed: Samples = np.concatenate(parts, axis=1, dtype=np.float32)
        whole = AudioFrame.from_ndarray(packed, format="flt", layout=self.layout)
        whole.sample_rate, whole.pts, whole.time_base = self.rate, pts, tick
        return whole


def _decode(packet: Packet[AudioStream]) -> list[AudioFrame] | list[None]:
    try:
        return packet.decode()
    except av.error.EOFError:
        return []
    except av.FFmpegError:
        return [None]


def _chunks(length: int, size: int) -> Iterator[int]:
    """``length`` cut into parts of at most ``size``; nothing where it is not above 0."""
    while length > 0:
        yield min(length, size)
        length -= size
