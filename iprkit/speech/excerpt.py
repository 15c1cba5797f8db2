"""A recording is heard in excerpts: cut in the longest pauses, long silences shortened before an engine listens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from iprkit.speech.activity import RATE
from iprkit.timeline import Span, gaps

TARGET_MS = 150_000  # long enough that cutting costs no accuracy, short enough that little is lost by a power cut
LEAST_MS = 60_000  # a shorter excerpt costs the engine context at both ends
SILENCE_MS = 3_000  # engines invent words in longer silence ...
KEPT_MS = 1_600  # ... and need about this much of it to notice that a turn has ended


@dataclass(frozen=True)
class Excerpt:
    """The sound of one stretch: ``samples`` mono at 16 kHz, ``span`` on the recording's clock.

    ``speech`` are the stretches with voice inside the span, ``unheard`` those that were silenced before (playback of
    another recording), both on the recording's clock.
    """

    samples: NDArray[np.float32]
    span: Span
    speech: tuple[Span, ...]
    unheard: tuple[Span, ...] = ()
    condensed: Condensed = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "condensed", condense(self))

    def clock_ms(self, seconds: float) -> int:
        """A time of the condensed sound, as engines give it, on the recording's clock."""
        ms = self.span.start_ms + self.condensed.original_ms(round(seconds * 1000))
        return min(max(ms, self.span.start_ms), self.span.end_ms)


@dataclass(frozen=True)
class Condensed:
    """An excerpt with the middle of long silences taken out.

    ``kept`` are the stretches that stayed, relative to the excerpt's start::

        excerpt    |== kept ==|  (left out)  |=== kept ===|
        condensed  |== kept ==|=== kept ===|
    """

    samples: NDArray[np.float32]
    kept: tuple[Span, ...]

    def original_ms(self, ms: int) -> int:
        """A time of the condensed sound as a time of the excerpt."""
        for span in self.kept:
            if ms <= span.duration_ms:
                return span.start_ms + ms
            ms -= span.duration_ms
        return self.kept[-1].end_ms


def condense(excerpt: Excerpt) -> Condensed:
    """Shorten every silence above `SILENCE_MS` to `KEPT_MS`, half of it on each side."""
    silences = gaps(excerpt.speech, excerpt.span)
    cuts = [Span(s.start_ms + KEPT_MS // 2, s.end_ms - KEPT_MS // 2) for s in silences if s.duration_ms > SILENCE_MS]
    kept = tuple(span.shift(-excerpt.span.start_ms) for span in gaps(cuts, excerpt.span))
    parts = [excerpt.samples[_samples(span.start_ms) : _samples(span.end_ms)] for span in kept]
    return Condensed(np.concatenate(parts) if parts else excerpt.samples[:0], kept or (Span(0, 0),))


def plan(speech: Sequence[Span], duration_ms: int, workers: int = 1) -> list[Span]:
    """Cut a recording into excerpts of about `TARGET_MS`, each cut in the middle of the longest pause near by.

    Short recordings are cut into as many as there are ``workers``, so that none stands idle.
    """
    target_ms = min(TARGET_MS, max(LEAST_MS, -(-duration_ms // max(1, workers))))
    pauses = [Span(a.end_ms, b.start_ms) for a, b in pairwise(speech) if a.end_ms < b.start_ms]
    cuts, at = [0], 0
    while duration_ms - at > target_ms * 5 // 4:
        near = Span(at + target_ms * 3 // 4, at + target_ms * 5 // 4)
        inside = [pause for pause in pauses if pause.middle_ms in near]
        at = max(inside, key=lambda p: p.duration_ms).middle_ms if inside else at + target_ms
        cuts.append(at)
    return [Span(a, b) for a, b in pairwise([*cuts, duration_ms])]


def _samples(ms: int) -> int:
    return ms * RATE // 1000
