"""faster-whisper: Whisper's weights on CTranslate2, several times faster than the reference on a CPU."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import faster_whisper
import numpy as np
from faster_whisper import WhisperModel

from iprkit.errors import EngineError
from iprkit.speech.engine import HeardWord, Options, Piece, Weights, plain_words
from iprkit.speech.excerpt import Excerpt
from iprkit.timeline import Span

_SMALL_BYTES = 600_000_000
"""Of the weights of Whisper's tiny, base and small; what is larger takes too much memory, and too long."""


class FasterWhisper:
    """The engine ``faster-whisper``. One core an excerpt: two excerpts side by side beat one on two cores by 1.7."""

    name = "faster-whisper"
    version = faster_whisper.__version__
    wants_models = "faster-whisper"
    timed = False

    def __init__(self, weights: Weights, options: Options) -> None:
        self.parallel = options.threads or os.cpu_count() or 1
        self._options = options
        try:
            self._model = WhisperModel(
                str(weights.path),
                device=options.device,
                compute_type=_chosen_type(options, weights.path),
                cpu_threads=1,
                num_workers=self.parallel,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(f"faster-whisper cannot read the model at {weights.path}: {error}") from error
        self.compute_type: str = self._model.model.compute_type

    def language(self, samples: np.ndarray[Any, Any]) -> tuple[str, float]:
        if not self._model.model.is_multilingual:
            return "en", 1.0
        with plain_words(self.name):
            code, probability, _ = self._model.detect_language(samples, language_detection_segments=4)
        return code, float(probability)

    def hear(self, excerpt: Excerpt, language: str) -> list[Piece]:
        with plain_words(self.name):
            return [_piece(segment, excerpt) for segment in self._segments(excerpt, language) if segment.words]

    def _segments(self, excerpt: Excerpt, language: str) -> Iterable[Any]:
        options = self._options
        segments, _ = self._model.transcribe(
            excerpt.condensed.samples,
            language=language,
            task=options.task,
            beam_size=options.beam_size,
            best_of=options.best_of,
            patience=options.patience,
            length_penalty=options.length_penalty,
            temperature=options.temperature,
            initial_prompt=options.initial_prompt,
            condition_on_previous_text=options.condition_on_previous_text,
            compression_ratio_threshold=options.compression_ratio_threshold,
            log_prob_threshold=options.logprob_threshold,
            no_speech_threshold=options.no_speech_threshold,
            suppress_tokens=[int(token) for token in options.suppress_tokens.split(",") if token],
            word_timestamps=True,
        )
        found: Iterable[Any] = segments
        return found


def compute_type(options: Options, processor: str, weights_bytes: int) -> str:
    """In what CTranslate2 calculates, where nobody said: eight bits on a processor, for they are the quickest.

    Not so with small weights on an AMD processor, where other routines do it, which lose words that the same weights
    hear elsewhere (``benchmarks/accuracy.py --compute-type int8``).

    >>> [compute_type(Options(), one, 145_000_000) for one in ("GenuineIntel", "AuthenticAMD")]
    ['int8', 'float32']
    >>> compute_type(Options(), "AuthenticAMD", 3_000_000_000), compute_type(Options(device="cuda"), "", 1)
    ('int8', 'default')
    """
    if options.compute_type != "default" or options.device not in ("auto", "cpu"):
        return options.compute_type
    return "float32" if "AuthenticAMD" in processor and weights_bytes <= _SMALL_BYTES else "int8"


def _chosen_type(options: Options, model: Path) -> str:
    if options.device == "auto" and _has_gpu():
        return options.compute_type
    return compute_type(options, _processor(), (model / "model.bin").stat().st_size)


def _processor() -> str:
    """Who made it, as far as the system tells."""
    told = Path("/proc/cpuinfo")
    return platform.processor() + (told.read_text(errors="replace")[:4_000] if told.is_file() else "")


def _has_gpu() -> bool:
    import ctranslate2

    return bool(ctranslate2.get_cuda_device_count())


def _piece(segment: Any, excerpt: Excerpt) -> Piece:
    words = tuple(
        HeardWord(
            word.word.strip(),
            excerpt.clock_ms(word.start),
            excerpt.clock_ms(word.end),
            round(float(word.probability), 4),
        )
        for word in segment.words
        if word.word.strip()
    )
    start, end = excerpt.clock_ms(segment.start), excerpt.clock_ms(segment.end)
    return Piece(
        words,
        Span(min(start, end), end),
        logprob=round(float(segment.avg_logprob), 4),
        no_speech=round(float(segment.no_speech_prob), 4),
        compression=round(float(segment.compression_ratio), 3),
    )
