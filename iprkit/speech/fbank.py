"""The sound as voiceprints are taken of it: log mel energies, ten milliseconds a frame. Needs no PyTorch."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
FRAMES = 148  # of 10 ms: what a voiceprint is taken of
BINS = 80
_WINDOW, _HOP, _FFT = 400, 160, 512  # 25 ms every 10 ms, as the weights were trained


def fbank(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log mel energies as Kaldi computes them: shape (frames, 80), a frame every 10 ms.

    ``samples`` mono at 16 kHz. Fewer than 400 samples give no frame.
    """
    count = (len(samples) - _WINDOW) // _HOP + 1
    if count < 1:
        return np.zeros((0, BINS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP][:count].astype(np.float32)
    frames = frames - frames.mean(1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    power = np.abs(np.fft.rfft((frames - 0.97 * before) * _povey(), _FFT)) ** 2
    return np.asarray(np.log(np.maximum(power @ _mel().T, np.finfo(np.float32).eps)), np.float32)


@lru_cache
def _povey() -> NDArray[Any]:
    return np.asarray(np.hanning(_WINDOW) ** 0.85, np.float32)


@lru_cache
def _mel() -> NDArray[Any]:
    """Triangles of equal width on the mel scale from 20 Hz to 8 kHz, shape (80, 257)."""
    edges = np.linspace(_to_mel(20.0), _to_mel(RATE / 2), BINS + 2)
    at = _to_mel(np.arange(_FFT // 2 + 1) * RATE / _FFT)
    left, centre, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    up, down = (at - left) / (centre - left), (right - at) / (right - centre)
    return np.asarray(np.maximum(0, np.minimum(up, down)), np.float32)


def _to_mel(hertz: Any) -> Any:
    return 1127.0 * np.log1p(hertz / 700.0)
