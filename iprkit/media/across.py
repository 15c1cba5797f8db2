"""The sound of a conversation that lies in several recordings one after another, on the conversation's own clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from iprkit.media.decode import RATE, read
from iprkit.media.track import Samples
from iprkit.timeline import Span


@dataclass(frozen=True)
class Placed:
    """A recording and when it ran, on the conversation's clock."""

    file: Path
    span: Span


def read_across(recordings: Sequence[Placed], spans: Sequence[Span]) -> Iterator[Samples]:
    """Mono samples of each span, float32 of shape (its duration x 16,), silent where no recording ran.

    The spans stand in order of their start; every recording is passed through once. Raises what ``decode.read`` does.
    """
    sounds = [read(one.file, _own(one, spans)) for one in recordings]
    for span in spans:
        whole = np.zeros(_samples(span.duration_ms), np.float32)
        for one, sound in zip(recordings, sounds, strict=True):
            shared = one.span & span
            if shared is not None:
                part, at = next(sound)[0], _samples(shared.start_ms - span.start_ms)
                whole[at : at + len(part)] = part
        yield whole


def _own(one: Placed, spans: Sequence[Span]) -> list[Span]:
    """What of the spans lies in a recording, on its own clock."""
    return [shared.shift(-one.span.start_ms) for span in spans if (shared := span & one.span)]


def _samples(ms: int) -> int:
    return ms * RATE // 1000
