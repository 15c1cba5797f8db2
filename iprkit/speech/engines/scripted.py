"""scripted: replays a transcript file instead of listening, for trying the workbench and testing without weights."""

from __future__ import annotations

from typing import Any

from iprkit.formats.native import read_native
from iprkit.speech.engine import HeardWord, Options, Piece, Weights
from iprkit.speech.excerpt import Excerpt
from iprkit.timeline import Span
from iprkit.transcript import Segment


class Scripted:
    """The engine ``scripted``: ``--engine scripted --model FILE.json``, a transcript in iprkit's own shape.

    Its words come out with the times, speakers and confidences that stand in the file, excerpt by excerpt.
    """

    name = "scripted"
    version = "1"
    wants_models = None
    parallel = 1
    timed = True

    def __init__(self, weights: Weights, options: Options) -> None:
        self._transcript = read_native(weights.path.read_bytes())

    def language(self, samples: Any) -> tuple[str, float]:
        return self._transcript.language, 1.0

    def hear(self, excerpt: Excerpt, language: str) -> list[Piece]:
        pieces = [_piece(segment, excerpt.span) for segment in self._transcript.segments]
        return [piece for piece in pieces if piece.words]


def _piece(segment: Segment, within: Span) -> Piece:
    said = [w for w in segment.words if w.span.middle_ms in within]
    words = tuple(HeardWord(w.text, w.start_ms, w.end_ms, w.confidence, interpolated=w.interpolated) for w in said)
    return Piece(words, segment.span, speaker=segment.speaker)
