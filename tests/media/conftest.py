"""Recordings written for one test each: short bursts of a tone at known times, in whatever container and codec."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

CLICKS = (500, 1250, 2700)
RATE = 16_000


@dataclass(frozen=True)
class Kind:
    """One way in which recordings come: file ending, audio codec, sample rate, film codec or None."""

    ending: str
    codec: str
    rate: int = 48_000
    film: str | None = None
    layout: str = "stereo"


@pytest.fixture
def kind() -> type[Kind]:
    return Kind


@pytest.fixture
def bursts() -> Callable[..., np.ndarray]:
    """``bursts(rate, clicks per channel, duration_ms)``: 20 ms of a 1 kHz tone at each time, silence between."""

    def build(rate: int, channels: tuple[tuple[int, ...], ...], duration_ms: int = 4000) -> np.ndarray:
        sound = np.zeros((len(channels), duration_ms * rate // 1000), np.float32)
        tone = (0.8 * np.sin(2 * np.pi * 1000 * np.arange(rate // 50) / rate)).astype(np.float32)
        for row, clicks in zip(sound, channels, strict=True):
            for click in clicks:
                at = click * rate // 1000
                row[at : at + len(tone)] = tone[: len(row) - at]
        return sound

    return build


@pytest.fixture
def onsets() -> Callable[[np.ndarray], list[float]]:
    """``onsets(one channel at 16 kHz)``: the milliseconds at which bursts begin."""

    def find(channel: np.ndarray) -> list[float]:
        loud = np.flatnonzero(np.abs(channel) > 0.2 * np.abs(channel).max())
        starts = loud[np.concatenate(([True], np.diff(loud) > RATE // 10))]
        return [float(start) * 1000 / RATE for start in starts]

    return find


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., Path]:
    """``record(kind, sound)`` writes a recording.

    ``late_ms``: the sound starts that much after the film. ``hole``: the two times in ms between which no sound is
    stored. ``frames``: the times in ms of the film's frames. ``film_ms``: how long the film is.
    """

    def write(
        kind: Kind,
        sound: np.ndarray,
        late_ms: int = 0,
        hole: tuple[int, int] = (0, 0),
        frames: list[int] | None = None,
        name: str = "session",
        options: dict[str, str] | None = None,
    ) -> Path:
        path = tmp_path / f"{name}.{kind.ending}"
        length = sound.shape[1] * 1000 // kind.rate + late_ms
        with av.open(str(path), "w", options=options or {}) as container:
            film = _film_stream(container, kind.film, frames is not None) if kind.film else None
            voice = _sound_stream(container, kind)
            if film:
                _write_film(container, film, frames or list(range(0, length, 100)), frames is not None)
            _write_sound(container, voice, kind, sound, late_ms, hole)
        return path

    return write


@pytest.fixture
def damage() -> Callable[[Path, int, int], None]:
    """``damage(path, start_ms, end_ms)`` overwrites the stored sound between two times with bytes of no meaning."""

    def overwrite(path: Path, start_ms: int, end_ms: int) -> None:
        with av.open(str(path)) as container:
            spots = [(p.pos, p.size) for p in container.demux(audio=0) if p.size and start_ms <= _ms(p) < end_ms]
        data = bytearray(path.read_bytes())
        for at, size in spots:
            data[at + 12 : at + size] = b"\xff" * (size - 12)
        path.write_bytes(data)

    return overwrite


def _ms(packet):
    return packet.pts * packet.time_base * 1000


def _film_stream(container, codec, variable):
    film = container.add_stream(codec, rate=1000 if variable else 10)
    film.width, film.height, film.pix_fmt = 64, 48, "yuv420p"
    if codec == "libx264":
        film.codec_context.options = {"tune": "zerolatency", "preset": "ultrafast"}
    return film


def _write_film(container, film, frames, variable):
    for number, ms in enumerate(frames):
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 7 % 255, np.uint8), format="rgb24")
        frame.pts, frame.time_base = (ms, Fraction(1, 1000)) if variable else (ms // 100, Fraction(1, 10))
        container.mux(film.encode(frame))
    container.mux(film.encode(None))


def _sound_stream(container, kind):
    voice = container.add_stream(kind.codec, rate=kind.rate)
    voice.layout = kind.layout
    if kind.codec == "wmav2":
        voice.bit_rate = 128_000
    if kind.codec == "vorbis":
        voice.codec_context.options = {"strict": "experimental"}
    voice.codec_context.open()
    return voice


def _write_sound(container, voice, kind, sound, late_ms, hole):
    context = voice.codec_context
    packed = np.ascontiguousarray(sound.T).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=kind.layout)
    frame.sample_rate = kind.rate
    cut = av.AudioResampler(
        format=context.format.name, layout=kind.layout, rate=kind.rate, frame_size=context.frame_size or 1024
    )
    at = late_ms * kind.rate // 1000
    for part in [*cut.resample(frame), *cut.resample(None)]:
        part.pts, part.time_base = at, Fraction(1, kind.rate)
        if not hole[0] <= at * 1000 // kind.rate < hole[1]:
            container.mux(voice.encode(part))
        at += part.samples
    container.mux(voice.encode(None))
