"""scripted: replays a transcript file instead of listening, for trying the workbench and testing without weights."""

from __future__ import annotations

from typing import Any

from iprkit.formats.native import read_native
from iprkit.speech.engine import HeardWord, Options, Piece, Weights
from iprkit.speech.excerpt import Excerpt
from iprkit.transcript import Segment


class Scripted:
    """The engine ``scripted``: ``--engine scripted --model FILE.json``, a transcript in iprkit's own shape.

    Its words come out with the times, speakers and confidences that stand in the file, excerpt by excerpt.
    """

    name = "scripted"
    version = "1"
    wants_models = None
    parallel = 1

    def __init__(self, weights: Weights, options: Options) -> None:
        self._transcript = read_native(weights.path.read_bytes())

    def language(self, samples: Any) -> tuple[str, float]:
        return self._transcript.language, 1.0

    def hear(self, excerpt: Excerpt, language: str) -> list[Piece]:
        return [_piece(s) for s in self._transcript.segments if s.span.middle_ms in excerpt.span]


def _piece(segment: Segment) -> Piece:
    words = tuple(HeardWord(w.text, w.start_ms, w.end_ms, w.confidence) for w in segment.words)
    return Piece(words, segment.span, speaker=segment.speaker)
