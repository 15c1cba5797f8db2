"""The outline of a recording's sound, as a waveform is drawn from it: the lowest and highest sample of each bin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from iprkit.media.decode import RATE, stream
from iprkit.progress import Listener, Step, silent

FINEST = 100
"""Bins a second as they are computed; coarser outlines are made from these."""

Peaks = NDArray[np.int8]

_BIN = RATE // FINEST


def peaks_of(path: Path, report: Listener = silent) -> Peaks:
    """The outline of a whole recording: shape (bins, 2), lowest and highest of each hundredth of a second, -127 to 127.

    A last bin that is not full counts as a whole one. Raises what ``media.decode.stream`` raises.
    """
    parts = [_outline(block) for block in _whole_bins(path, report)]
    return np.concatenate(parts) if parts else np.zeros((0, 2), np.int8)


def coarser(peaks: Peaks, per_second: int) -> Peaks:
    """The same outline with fewer bins a second; ``FINEST`` must be a multiple of ``per_second``.

    >>> coarser(np.array([[-1, 5], [-9, 2], [0, 1]], np.int8), 50).tolist()
    [[-9, 5], [0, 1]]
    """
    times = FINEST // per_second
    if times == 1 or not len(peaks):
        return peaks
    starts = np.arange(0, len(peaks), times)
    low = np.minimum.reduceat(peaks[:, 0], starts)
    return np.stack([low, np.maximum.reduceat(peaks[:, 1], starts)], axis=1)


def _outline(samples: NDArray[np.float32]) -> Peaks:
    whole = -(-len(samples) // _BIN) * _BIN
    bins = np.pad(samples, (0, whole - len(samples)), mode="edge").reshape(-1, _BIN)
    both = np.stack([bins.min(axis=1), bins.max(axis=1)], axis=1)
    return np.asarray(np.rint(np.clip(both, -1, 1) * 127), np.int8)


def _whole_bins(path: Path, report: Listener) -> Iterator[NDArray[np.float32]]:
    """The sound in stretches of whole bins; only the last may end within one."""
    rest, heard = np.zeros(0, np.float32), 0
    for block in stream(path):
        joined = np.concatenate([rest, block[0]])
        cut = len(joined) // _BIN * _BIN
        heard += cut
        report(Step(path.name, "drawing the waveform", heard / RATE, 0))
        rest = joined[cut:]
        if cut:
            yield joined[:cut]
    if len(rest):
        yield rest
