"""Whose voice is heard where: voiceprints of short windows along the words, and the two clusters that they form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from iprkit.speech.engine import HeardWord
from iprkit.speech.excerpt import Excerpt
from iprkit.speech.fbank import FRAMES, fbank
from iprkit.timeline import Span

Voiceprinter = Callable[[list[NDArray[np.float32]]], NDArray[np.float32]]  # `iprkit.speech.voiceprint.Voiceprints`

WINDOW_MS = FRAMES * 10  # shorter windows tell voices apart less well, longer ones mix two people
STEP_MS = 1_000
_RUN_PAUSE_MS = 150  # who pauses this long may hand over
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！")
_SURE_MS = 900  # windows from this length on shape the clusters
_ROUNDS = 50


@dataclass(frozen=True)
class VoiceWindow:
    """A stretch of sound and the unit vector of the voice in it, shape (192,)."""

    span: Span
    vector: NDArray[np.float32]


@dataclass(frozen=True)
class Voices:
    """Two voices: their unit centres, shape (2, 192), and what turns a difference of cosines into log odds."""

    centres: NDArray[np.float64]
    scale: float
    middle: float

    def log_odds(self, window: VoiceWindow) -> float:
        """How much more likely the first voice is than the second, as a natural logarithm; less sure where short."""
        similarity = self.centres @ window.vector
        shortness = min(1.0, window.span.duration_ms / WINDOW_MS) ** 0.5
        return float(self.scale * shortness * (similarity[0] - similarity[1] - self.middle))


def voice_windows(words: Sequence[HeardWord], excerpt: Excerpt, voiceprints: Voiceprinter) -> list[VoiceWindow]:
    """Windows along the words: runs between pauses and sentence ends, long runs in steps of `STEP_MS`."""
    spans = [window for run in _runs(words) for window in _windows(run)]
    features = fbank(excerpt.samples)
    frames = [_frames(span, excerpt.span, len(features)) for span in spans]
    kept = [(span, features[a:b]) for span, (a, b) in zip(spans, frames, strict=True) if b > a]
    vectors = voiceprints([window for _, window in kept])
    return [VoiceWindow(span, vector) for (span, _), vector in zip(kept, vectors, strict=True)]


def tell_apart(windows: Sequence[VoiceWindow]) -> Voices | None:
    """The two voices in the windows, by spherical k-means from the split along the first principal axis.

    None where there are fewer than two windows. Deterministic.
    """
    if len(windows) < 2:
        return None
    long = [window for window in windows if window.span.duration_ms >= _SURE_MS]
    used = long if len(long) >= 4 else list(windows)
    x = np.array([window.vector for window in used], np.float64)
    weights = np.array([min(window.span.duration_ms, WINDOW_MS) for window in used], np.float64)
    first = np.linalg.svd(x - x.mean(0), full_matrices=False)[2][0]
    side = (x - x.mean(0)) @ first > 0
    for _ in range(_ROUNDS):
        centres = np.stack([_unit(weights[part] @ x[part]) for part in (side, ~side)])
        margin = x @ (centres[0] - centres[1])
        if (margin > 0).all() or (margin <= 0).all() or ((margin > 0) == side).all():
            break
        side = margin > 0
    return _calibrated(centres, x)


def known_voices(first: NDArray[np.float64], second: NDArray[np.float64], windows: Sequence[VoiceWindow]) -> Voices:
    """Voices from stored profiles, calibrated on what is heard now."""
    return _calibrated(np.stack([_unit(first), _unit(second)]), np.array([w.vector for w in windows], np.float64))


def _calibrated(centres: NDArray[np.float64], x: NDArray[np.float64]) -> Voices:
    """Log odds of two normal distributions with the spread that both sides have together."""
    margin = x @ (centres[0] - centres[1])
    sides = [margin[margin > 0], margin[margin <= 0]]
    if min(map(len, sides)) < 2:
        return Voices(centres, 10.0, 0.0)
    means = [float(side.mean()) for side in sides]
    variance = float(np.mean([side.var() for side in sides])) + 1e-4
    return Voices(centres, (means[0] - means[1]) / variance, sum(means) / 2)


def _runs(words: Sequence[HeardWord]) -> list[Span]:
    """Stretches that one person most likely said in one go."""
    out: list[list[HeardWord]] = []
    for before, word in pairwise([None, *words]):
        assert word is not None
        fresh = before is None or before.text.endswith(_SENTENCE_ENDS) or _gap(before, word) >= _RUN_PAUSE_MS
        if fresh:
            out.append([])
        out[-1].append(word)
    return [_span(run[0]) | _span(run[-1]) for run in out]


def _windows(run: Span) -> list[Span]:
    if run.duration_ms <= WINDOW_MS * 5 // 4:
        return [run]
    count = -(-(run.duration_ms - WINDOW_MS) // STEP_MS) + 1
    starts = np.linspace(run.start_ms, run.end_ms - WINDOW_MS, count).round().astype(int).tolist()
    return [Span(start, start + WINDOW_MS) for start in starts]


def _frames(span: Span, within: Span, count: int) -> tuple[int, int]:
    start = (span.start_ms - within.start_ms) // 10
    end = max(start + 1, (span.end_ms - within.start_ms) // 10 - 2)
    return min(start, count), min(end, count)


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def _span(word: HeardWord) -> Span:
    assert word.start_ms is not None and word.end_ms is not None
    return Span(word.start_ms, max(word.start_ms, word.end_ms))


def _gap(before: HeardWord, word: HeardWord) -> int:
    return _span(word).start_ms - _span(before).end_ms
