"""Listening for a text that is known: PocketSphinx hears a long English recording with nothing but its words in mind.

Forced alignment wants every word of the text to be in the sound, and gets lost for good where one is not. So a long
recording is heard first, excerpt by excerpt, by a recogniser whose language model is made of the text itself. What it
hears and the text are then matched; where they agree for several words on end, these words have their times (after
Moreno, Joerg, Van Thong & Glickman 1998, A recursive algorithm for the forced alignment of very long audio segments).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import local
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder
from pocketsphinx.lm import ArpaBoLM

from iprkit.language.edits import longest_rising
from iprkit.speech.pronunciation import guess, spoken
from iprkit.speech.sphinx import FRAME_MS, as_pcm
from iprkit.timeline import Span

AGREED = 3  # as many parts of words on end, heard as the text has them, are no chance
_BACK_OFF = 0.2  # the chance that the speakers leave the text after any word
_NAME = "text"
_threads = local()


@dataclass(frozen=True)
class Part:
    """A dictionary word that was heard, on the clock of the sound."""

    text: str
    span: Span

    def shift(self, by_ms: int) -> Part:
        return Part(self.text, self.span.shift(by_ms))


class Expected:
    """A listener for one text, given as its words. It holds the state of the sound in hand: one a thread."""

    def __init__(self, words: Sequence[str]) -> None:
        self._decoder = _decoder()
        self.parts = [spoken(word, self._knows) for word in words]
        said = [part for parts in self.parts for part in parts]
        for part in sorted({part for part in said if not self._knows(part)}):
            self._decoder.add_word(part, guess(part), True)
        self._deaf = not said
        if said:
            self._learn(said)

    def hear(self, samples: NDArray[np.float32]) -> list[Part]:
        """What is heard in mono 16 kHz samples, in order."""
        if self._deaf or not len(samples):
            return []
        self._decoder.reinit_feat()  # forget the noise of what was heard before
        self._decoder.start_utt()
        self._decoder.process_raw(as_pcm(samples), full_utt=True)
        self._decoder.end_utt()
        found = [s for s in self._decoder.seg() or () if not s.word.startswith(("<", "[", "+"))]
        return [Part(_plain(s.word), Span(s.start_frame * FRAME_MS, (s.end_frame + 1) * FRAME_MS)) for s in found]

    def _knows(self, part: str) -> bool:
        return self._decoder.lookup_word(part) is not None

    def _learn(self, said: Sequence[str]) -> None:
        """The decoder reads language models from files only; this one is gone before anything is heard."""
        model = ArpaBoLM(text=f"<s> {' '.join(said)} </s>", discount_mass=_BACK_OFF)
        model.compute()
        with TemporaryDirectory() as folder:
            file = Path(folder) / "text.arpa"
            with file.open("w", encoding="utf-8") as stream:
                model.write(stream)
            self._decoder.add_lm_file(_NAME, str(file))
        self._decoder.activate_search(_NAME)


def agreed(parts: Sequence[Sequence[str]], heard: Sequence[Part]) -> list[Span | None]:
    """For each word, given as its dictionary words, where it was heard; None where text and sound do not agree.

    They agree on the most runs of `AGREED` parts that can be had in the order of both.
    """
    owner = [word for word, said in enumerate(parts) for _ in said]
    text = [part for said in parts for part in said]
    found: list[Span | None] = [None] * len(text)
    last, last_there = -1, -1
    for at, there in _common_runs(text, [part.text for part in heard]):
        for n in range(AGREED):
            if at + n > last and there + n > last_there:
                last, last_there = at + n, there + n
                found[last] = heard[last_there].span
    return _by_word(found, owner, len(parts))


def _common_runs(text: Sequence[str], heard: Sequence[str]) -> list[tuple[int, int]]:
    """Where runs of `AGREED` stand in both, rising in both, as many as can be."""
    places: dict[tuple[str, ...], list[int]] = {}
    for there in range(len(heard) - AGREED, -1, -1):
        places.setdefault(tuple(heard[there : there + AGREED]), []).append(there)
    pairs = [
        (at, there) for at in range(len(text) - AGREED + 1) for there in places.get(tuple(text[at : at + AGREED]), ())
    ]
    return [pairs[place] for place in longest_rising([there for _, there in pairs])]


def _by_word(found: Sequence[Span | None], owner: Sequence[int], count: int) -> list[Span | None]:
    """The span of each word all of whose parts were found."""
    out: list[Span | None] = [None] * count
    missing = {word for word, span in zip(owner, found, strict=True) if span is None}
    for word, span in zip(owner, found, strict=True):
        if span is not None and word not in missing:
            before = out[word]
            out[word] = span if before is None else before | span
    return out


def _plain(word: str) -> str:
    """A word without the number of its pronunciation, ``the(2)``."""
    return word.partition("(")[0]


def _decoder() -> Any:
    if not hasattr(_threads, "listener"):
        _threads.listener = Decoder(lm=None, loglevel="FATAL", lw=9.5, fwdflat=False, bestpath=False)
    return _threads.listener
