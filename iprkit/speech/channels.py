"""Whose microphone is louder: who speaks when each person of the dyad has a channel of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iprkit.speech.activity import RATE
from iprkit.timeline import Span, merge

FRAME_MS = 20
_FLOOR_DB = -100.0
_LOUD = 95  # percentile of a channel's level that stands for its owner speaking: microphones are set differently
_AUDIBLE_DB = 30.0  # what lies further below a channel's loud speech is silence or the other's voice
_SLOPE_DB = 3.0  # a difference of three decibels makes e : 1
_CERTAIN = 6.0


@dataclass(frozen=True)
class Levels:
    """Level of two channels in decibels, shape (2, frames), a frame every `FRAME_MS` from ``start_ms``."""

    start_ms: int
    decibels: NDArray[np.float32]


def levels(samples: NDArray[np.float32], start_ms: int) -> Levels:
    """The levels of two-channel sound at 16 kHz, shape (2, n)."""
    step = RATE * FRAME_MS // 1000
    count = samples.shape[1] // step
    power = (samples[:2, : count * step].reshape(2, count, step) ** 2).mean(-1)
    return Levels(start_ms, np.maximum(10 * np.log10(power + 1e-12), _FLOOR_DB).astype(np.float32))


def join(parts: Sequence[Levels]) -> Levels:
    """Levels of neighbouring stretches as one; what lies between them is silence."""
    end = max((part.start_ms // FRAME_MS + part.decibels.shape[1] for part in parts), default=0)
    whole = np.full((2, end), _FLOOR_DB, np.float32)
    for part in parts:
        at = part.start_ms // FRAME_MS
        whole[:, at : at + part.decibels.shape[1]] = part.decibels
    return Levels(0, whole)


def evened(heard: Levels) -> Levels:
    """The levels relative to each channel's own loud speech, so that differently set microphones compare."""
    loud = np.percentile(heard.decibels, _LOUD, axis=1, keepdims=True) if heard.decibels.size else 0
    return Levels(heard.start_ms, heard.decibels - loud)


def log_odds(even: Levels, span: Span) -> float:
    """How much more likely the first channel's owner says what is in the span; louder frames count more."""
    part = _frames(even, span)
    if not part.size:
        return 0.0
    weight = 10 ** (part.max(0) / 20)
    difference = float((weight * (part[0] - part[1])).sum() / weight.sum())
    return float(np.clip(difference / _SLOPE_DB, -_CERTAIN, _CERTAIN))


def own_speech(even: Levels, speech: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """For each channel where its owner speaks, also while the other does.

    A channel's owner is heard where the channel is audible and louder than what leaks over from the other: the
    leak is the difference that the channel shows while only the other one speaks.
    """
    whole = np.zeros(even.decibels.shape[1], bool)
    for span in speech:
        whole[span.start_ms // FRAME_MS : span.end_ms // FRAME_MS] = True
    out = []
    for mine, other in ((0, 1), (1, 0)):
        own, far = even.decibels[mine], even.decibels[other]
        alone = (far > -_AUDIBLE_DB / 2) & (own < far)
        leak = float(np.median((own - far)[alone])) if alone.any() else -_AUDIBLE_DB
        active = whole & (own > -_AUDIBLE_DB) & (own - far > leak + 2 * _SLOPE_DB)
        out.append(_spans(active))
    return out[0], out[1]


def _frames(even: Levels, span: Span) -> NDArray[np.float32]:
    start = (span.start_ms - even.start_ms) // FRAME_MS
    end = max(start + 1, -(-(span.end_ms - even.start_ms) // FRAME_MS))
    return even.decibels[:, max(0, start) : end]


def _spans(active: NDArray[np.bool_]) -> list[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], active.astype(np.int8), [0]])))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    joined = merge((Span(a * FRAME_MS, b * FRAME_MS) for a, b in pairs), gap_ms=120)
    return [span for span in joined if span.duration_ms >= 160]
