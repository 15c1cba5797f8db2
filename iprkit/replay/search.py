"""Where a few seconds of the interview sound like a few seconds of the session: every place compared with every
other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from iprkit.progress import Listener, Step, silent
from iprkit.replay.prints import FPS, Floats, Print

Doubles = NDArray[np.float64]

_BLOCK = FPS // 2  # frames compared in one product; windows start every half second
_BLOCKS = 5
WINDOW = _BLOCK * _BLOCKS  # 2.5 s, so that a stretch of 3 s holds a whole window wherever it starts
_ROWS = 256  # windows at once: fewer make the product of matrices a third slower
_PART = 600 * FPS  # frames of the session at once: with 256 windows 12 MB, and an hour fits beside them
# Standard deviations above the likeness to all other places. Chance reaches 5 some hundred times when an hour is
# compared with an hour; true places lie above 8 (the lowest tenth, under the hardest conditions of
# benchmarks/link.py). What chance brings in here, the path throws out again.
_REMARKABLE = 5.0
_KEPT = 8  # the best places of one window; nothing is said eight times alike, a hum or a tone is everywhere
_FLAT = 0.5  # places with less variation than this share of the mean are not made to look like any other


@dataclass(frozen=True)
class Hits:
    """Places alike: the middle of the window on the interview's clock (``at``), how much later the session's clock
    is (``lag``), both in frames, and how far the likeness stands out (``height``, standard deviations); each of
    shape (n,), in order of ``at``."""

    at: Doubles
    lag: Doubles
    height: Doubles

    @classmethod
    def of(cls, parts: Sequence[Hits]) -> Hits:
        """The hits of all parts, put in order."""
        at, lag, height = (
            np.concatenate([np.zeros(0), *(getattr(part, name) for part in parts)]) for name in ("at", "lag", "height")
        )
        order = np.argsort(at, kind="stable")
        return cls(at[order], lag[order], height[order])

    def __getitem__(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> Hits:
        return Hits(self.at[chosen], self.lag[chosen], self.height[chosen])


def find_hits(session: Print, interview: Print, report: Listener = silent) -> Hits:
    """Every remarkable likeness of 2.5 s of the interview, taken each half second, to any 2.5 s of the session.

    The sum over a window of the products of two prints is the cross-correlation of both; done as products of
    matrices it takes a fifth of the time of Fourier transforms, which a short window makes dear.
    """
    whole = len(interview.frames) // _BLOCK * _BLOCK
    blocks = interview.frames[:whole].reshape(-1, _BLOCK * interview.frames.shape[1])
    starts = range(0, len(session.frames), _PART)
    found: list[Hits] = []
    for done, first in enumerate(starts):
        part = session.frames[first : first + _PART + WINDOW]
        found += (Hits(hits.at, hits.lag + first, hits.height) for hits in _compared(part, blocks))
        report(Step("", "comparing", done + 1, len(starts)))
    return Hits.of(found)


def _compared(part: Floats, blocks: Floats) -> Iterator[Hits]:
    """Hits of all windows in ``part``. A window's likeness to a place is the sum of its blocks' likenesses, each
    block compared half a second later than the one before::

        interview  |b0|b1|b2|b3|b4|
                    \\  \\  \\  \\  \\
        session    ..|b0|b1|b2|b3|b4|..
    """
    if len(part) < WINDOW + 2 or len(blocks) < _BLOCKS:
        return
    places = sliding_window_view(part, _BLOCK, axis=0).swapaxes(1, 2).reshape(-1, blocks.shape[1])
    width = len(part) - WINDOW + 1
    variation = _variation(part)
    for row in range(0, len(blocks) - _BLOCKS + 1, _ROWS):
        products = blocks[row : row + _ROWS + _BLOCKS - 1] @ places.T
        rows = len(products) - _BLOCKS + 1
        likeness = products[:rows, :width].copy()
        for k in range(1, _BLOCKS):
            likeness += products[k : k + rows, k * _BLOCK : k * _BLOCK + width]
        likeness /= variation
        yield _peaks(likeness, row)


def _variation(part: Floats) -> Floats:
    """How much there is to be like in each place: the root of the sum of squares over a window."""
    energy = np.cumsum(np.concatenate([[0.0], np.square(part, dtype=np.float64).sum(axis=1)]))
    variation = np.sqrt(np.maximum(energy[WINDOW:] - energy[:-WINDOW], 0))
    floored: Floats = np.maximum(variation, max(_FLAT * variation.mean(), 1e-6)).astype(np.float32)
    return floored


def _peaks(likeness: Floats, row: int) -> Hits:
    """The remarkable peaks in rows of likeness, shape (windows, places), the first row being window ``row``; their
    place to a fraction of a frame by the parabola through peak and neighbours."""
    mean, spread = likeness.mean(axis=1), np.maximum(likeness.std(axis=1), 1e-6)
    window, place = np.nonzero(likeness > (mean + _REMARKABLE * spread)[:, np.newaxis])
    inner = (place > 0) & (place < likeness.shape[1] - 1)
    window, place = window[inner], place[inner]
    before, peak, after = (likeness[window, place + step].astype(np.float64) for step in (-1, 0, 1))
    top = (peak > before) & (peak >= after)
    exact = place[top] + (before[top] - after[top]) / (2 * (before[top] - 2 * peak[top] + after[top]))
    window = window[top]
    start = (row + window) * _BLOCK
    hits = Hits(start + WINDOW / 2, exact - start, (peak[top] - mean[window]) / spread[window])
    return hits[_best(window, hits.height)]


def _best(window: NDArray[np.intp], height: Doubles) -> NDArray[np.intp]:
    """The numbers of the highest few hits of each window."""
    order = np.lexsort((-height, window))
    ranked = window[order]
    rank = np.arange(len(ranked)) - np.searchsorted(ranked, ranked)
    return order[rank < _KEPT]
