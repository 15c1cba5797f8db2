"""What a recording looks like to a comparison that minds neither loudspeaker, room, level nor noise: twenty times a
second, how the spectrum of its sound departs from that of the seconds around."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

Floats = NDArray[np.float32]

RATE = 16_000  # samples a second of the sound that comes in
FPS = 20  # frames a second: a lag is found to some ms between them, twice as many gain nothing
MS = 1000 // FPS  # a frame

_HOP = RATE // FPS
# 128 ms, long enough to part the harmonics of a voice, which rooms and noise leave in place. With 64 ms a stretch of
# 2.6 s stands out a quarter less; 192 and 256 ms add nothing but blur at the borders.
_WINDOW = 2048
_BANDS = 96  # on the mel scale; 64 stand out a sixth less, 128 a tenth more for a third more work
_LOWEST_HZ, _HIGHEST_HZ = 150, 5500  # what small loudspeakers give
# The mean spectrum of 3 s is taken off: it holds the loudspeaker, the room and the level. That of 0.8 s holds much
# of the speech as well and costs a fifth of the likeness; 6 s are no better.
_SURROUNDINGS = 3 * FPS + 1
_SILENCE = 1e-12  # power (full scale is 1) below any recorder; keeps the logarithm of digital silence finite
_ROUNDING = 1e-4  # directions with less than this share of the largest variance hold nothing worth making louder
_LOUD = 2.0  # standard deviations from which a departure counts less and less: one click or voice tells only so much
_CHUNK = 512  # frames transformed at once, 26 s: 4 MB


@dataclass(frozen=True)
class Print:
    """``frames`` has shape (n, 96): frame ``k`` is about the sound at ``k * 50`` ms; its numbers have mean 0, lie
    between -1 and 1 and are uncorrelated. ``level`` has shape (n,): how loud it is there, in dB of full scale. ``size``
    has shape (n,): the length of each frame, 1 being usual for the recording."""

    frames: Floats
    level: Floats
    size: Floats


def take_print(blocks: Iterable[Floats]) -> Print:
    """The print of mono sound at 16 kHz, given in blocks of shape (n,) or (1, n) of any lengths."""
    parts = [_spectra(chunk) for chunk in _chunks(blocks)]
    if not parts:
        return Print(np.zeros((0, _BANDS), np.float32), np.zeros(0, np.float32), np.zeros(0, np.float32))
    spectra = np.concatenate(parts)
    level = 10 * np.log10(np.exp(spectra).mean(axis=1))
    departures = spectra - uniform_filter1d(spectra, _SURROUNDINGS, axis=0)
    frames = np.tanh(_whitened(departures) / np.float32(_LOUD))
    energy = np.square(frames).sum(axis=1)
    return Print(frames, level, np.sqrt(energy / max(energy.mean(), np.float32(_SILENCE))))


def _chunks(blocks: Iterable[Floats]) -> Iterator[Floats]:
    """The sound in overlapping stretches that each give whole frames, half a window of silence before and after."""
    edge = np.zeros(_WINDOW // 2, np.float32)
    enough = (_CHUNK - 1) * _HOP + _WINDOW
    held = edge
    for block in chain(blocks, [edge]):
        held = np.concatenate([held, block.reshape(-1)])
        while len(held) >= enough:
            yield held[:enough]
            held = held[_CHUNK * _HOP :]
    if len(held) >= _WINDOW:
        yield held


def _spectra(sound: Floats) -> Floats:
    """Log power in each band, shape (frames, 96)."""
    windows = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::_HOP]
    power = np.abs(np.fft.rfft(windows * _TAPER, axis=1)).astype(np.float32) ** 2
    spectra: Floats = np.log(power @ _MEL + np.float32(_SILENCE))
    return spectra


def _whitened(departures: Floats) -> Floats:
    """Every direction of variation made equally large, turned as little as can be (the symmetric root of Mahalanobis;
    Kessy, Lewin & Strimmer 2018): what all bands do together, louder and softer, else drowns what tells places apart.
    """
    centred = departures - departures.mean(axis=0)
    spread, directions = np.linalg.eigh(centred.T @ centred / np.float32(len(centred)))
    evened = directions / np.sqrt(np.maximum(spread, 0) + _ROUNDING * max(spread[-1], np.float32(_SILENCE)))
    white: Floats = centred @ evened @ directions.T
    return white


def _mel_bands() -> Floats:
    """Triangular bands, shape (bins, 96), each of sum 1; mel = 2595 lg(1 + f / 700) (O'Shaughnessy 1987)."""
    ends = 2595 * np.log10(1 + np.array([_LOWEST_HZ, _HIGHEST_HZ]) / 700)
    corners = 700 * (10 ** (np.linspace(ends[0], ends[1], _BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(_WINDOW, 1 / RATE)[:, np.newaxis]
    low, middle, high = corners[:-2], corners[1:-1], corners[2:]
    bands = np.clip(np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)), 0, None)
    even: Floats = (bands / bands.sum(axis=0)).astype(np.float32)
    return even


_TAPER = (np.hanning(_WINDOW) / np.hanning(_WINDOW).sum()).astype(np.float32)
_MEL = _mel_bands()
