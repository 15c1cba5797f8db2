"""Where somebody speaks: voice activity, measured before any word is looked for, so that pauses are real pauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iprkit.timeline import Span, merge

RATE = 16_000
_FRAME = 512  # samples a decision of Silero v6 is about: 32 ms
_CONTEXT = 64  # samples of the frame before that the model also wants
_FRAME_MS = _FRAME * 1000 // RATE

ON = 0.5  # Silero's own default: at this probability speech begins
OFF = 0.35  # and below this one it ends (default: 0.15 less)
MIN_PAUSE_MS = 200  # stops inside a word are shorter; the shortest pause conversation analysis notes
MIN_SPEECH_MS = 100  # clicks and taps are shorter than the shortest "mm"
PAD_MS = 60  # soft onsets (f, h, breath) precede the first sure frame by about two frames


def speech_spans(blocks: Iterable[NDArray[np.float32]]) -> list[Span]:
    """The stretches with speech, from mono 16 kHz blocks of any length, one after another.

    Silero v6 by way of faster-whisper's copy; its state is carried from block to block, so memory stays flat.
    Returns spans in milliseconds from the first sample.
    """
    probabilities = np.concatenate([np.zeros(0, np.float32), *_probabilities(blocks)])
    return spans_from(probabilities, _FRAME_MS)


def spans_from(probabilities: NDArray[np.float32], frame_ms: int) -> list[Span]:
    """Speech from frame probabilities by two thresholds (on at `ON`, off below `OFF`), then padding and merging."""
    spans: list[Span] = []
    start: int | None = None
    for frame, probability in enumerate(probabilities.tolist()):
        if start is None and probability >= ON:
            start = frame
        elif start is not None and probability < OFF:
            spans.append(Span(start * frame_ms, frame * frame_ms))
            start = None
    if start is not None:
        spans.append(Span(start * frame_ms, len(probabilities) * frame_ms))
    whole = Span(0, len(probabilities) * frame_ms)
    kept = [span for span in merge(spans, MIN_PAUSE_MS) if span.duration_ms >= MIN_SPEECH_MS]
    return merge(span.widen(PAD_MS, whole) for span in kept)


def _probabilities(blocks: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    state = [np.zeros((1, 1, 128), np.float32), np.zeros((1, 1, 128), np.float32)]
    before = np.zeros(_CONTEXT, np.float32)
    for frames in _frames(blocks):
        history = np.concatenate([before[None], frames[:-1, -_CONTEXT:]])
        before = frames[-1, -_CONTEXT:]
        output, *state = _session().run(
            None, {"input": np.concatenate([history, frames], axis=1), "h": state[0], "c": state[1]}
        )
        yield output.reshape(-1)


def _frames(blocks: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    rest = np.zeros(0, np.float32)
    for block in blocks:
        rest = np.concatenate([rest, block])
        whole = len(rest) // _FRAME * _FRAME
        if whole:
            yield rest[:whole].reshape(-1, _FRAME)
            rest = rest[whole:]
    if len(rest):
        yield np.pad(rest, (0, _FRAME - len(rest)))[None]


@lru_cache
def _session() -> Any:
    from faster_whisper.vad import get_vad_model

    return get_vad_model().session
