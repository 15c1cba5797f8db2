"""Putting known English words on their sound: forced alignment by PocketSphinx, whose model comes with the package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder

from iprkit.speech.activity import RATE
from iprkit.speech.pronunciation import guess, spoken
from iprkit.timeline import Span

FRAME_MS = 10
_free: list[Any] = []  # decoders that nobody uses just now


def place(samples: NDArray[np.float32], words: Sequence[str]) -> list[Span | None] | None:
    """Where each word is in mono 16 kHz samples, as spans from the first sample; None for a word without letters.

    None for the whole where the words cannot be placed in this sound.
    """
    with _decoder() as decoder:
        parts = [spoken(word, lambda text: decoder.lookup_word(text) is not None) for word in words]
        for part in {part for said in parts for part in said}:
            if decoder.lookup_word(part) is None:
                decoder.add_word(part, guess(part), True)
        found = _aligned(decoder, samples, [part for said in parts for part in said])
    return _by_word(found, parts) if found is not None else None


def as_pcm(samples: NDArray[np.float32]) -> bytes:
    """Samples as PocketSphinx takes them: 16 bits, little endian."""
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def _aligned(decoder: Any, samples: NDArray[np.float32], parts: list[str]) -> list[Span] | None:
    if not parts or len(samples) < RATE // 10:
        return None
    decoder.reinit_feat()  # forget the noise of what was placed before: times must not depend on the order of work
    try:
        decoder.set_align_text(" ".join(parts))
        decoder.start_utt()
        decoder.process_raw(as_pcm(samples), full_utt=True)
        decoder.end_utt()
        found = decoder.seg() or ()  # None where the sound ended before the text
        heard = [s for s in found if not s.word.startswith(("<", "[", "+"))]
    except RuntimeError:  # how PocketSphinx says that the text does not fit the sound
        return None
    end_ms = len(samples) * 1000 // RATE  # the last frame reaches past it
    spans = [Span(s.start_frame * FRAME_MS, min((s.end_frame + 1) * FRAME_MS, end_ms)) for s in heard]
    return spans if len(spans) == len(parts) else None


def _by_word(spans: Sequence[Span], parts: Sequence[Sequence[str]]) -> list[Span | None]:
    at, out = 0, []
    for said in parts:
        out.append(spans[at] | spans[at + len(said) - 1] if said else None)
        at += len(said)
    return out


@contextmanager
def _decoder() -> Iterator[Any]:
    """A decoder for one piece of work: it holds the state of the utterance in hand, and takes a while to begin."""
    try:
        decoder = _free.pop()
    except IndexError:
        # Beams this wide keep the right path in a reverberant room; the search for a better path through the lattice
        # gives the same times, takes quadratic time, and fails on one turn in seven there.
        decoder = Decoder(lm=None, loglevel="FATAL", beam=1e-150, wbeam=1e-120, pbeam=1e-150, bestpath=False)
    try:
        yield decoder
    finally:
        _free.append(decoder)
