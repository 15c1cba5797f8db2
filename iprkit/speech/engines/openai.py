"""openai-whisper: the reference implementation, on PyTorch."""

from __future__ import annotations

import warnings
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
import whisper
from whisper.audio import N_FRAMES, log_mel_spectrogram, pad_or_trim

from iprkit.errors import EngineError
from iprkit.speech.engine import HeardWord, Options, Piece, Weights, plain_words
from iprkit.speech.excerpt import Excerpt
from iprkit.timeline import Span

_LONGEST = 30 * 16_000  # what the language is judged by: Whisper's own window


class OpenAIWhisper:
    """The engine ``openai-whisper``. One excerpt at a time, all cores on it."""

    name = "openai-whisper"
    version = whisper.__version__
    wants_models = "openai-whisper"
    parallel = 1
    timed = False

    def __init__(self, weights: Weights, options: Options) -> None:
        self._options = options
        self._device = "cpu" if options.device == "auto" and not torch.cuda.is_available() else options.device
        if self._device == "auto":
            self._device = "cuda"
        if options.threads:
            torch.set_num_threads(options.threads)
        try:
            self._model = whisper.load_model(str(weights.path), device=self._device)
        except (UnpicklingError, EOFError) as error:
            raise EngineError(f"openai-whisper cannot read the model at {weights.path}: it holds no weights") from error
        except (RuntimeError, ValueError, OSError, KeyError) as error:
            raise EngineError(f"openai-whisper cannot read the model at {weights.path}: {error}") from error
        heads = whisper._ALIGNMENT_HEADS.get(weights.name)
        if heads:
            self._model.set_alignment_heads(heads)

    def language(self, samples: np.ndarray[Any, Any]) -> tuple[str, float]:
        if not self._model.is_multilingual:
            return "en", 1.0
        mel = log_mel_spectrogram(pad_or_trim(samples, _LONGEST), n_mels=self._model.dims.n_mels)
        _, probabilities = self._model.detect_language(pad_or_trim(mel, N_FRAMES).to(self._device))
        code = max(probabilities, key=probabilities.get)
        return code, float(probabilities[code])

    def hear(self, excerpt: Excerpt, language: str) -> list[Piece]:
        options = self._options
        with plain_words(self.name), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="FP16 is not supported on CPU")
            warnings.filterwarnings("ignore", message="Failed to launch Triton kernels")
            result = self._model.transcribe(
                excerpt.condensed.samples,
                language=language,
                task=options.task,
                beam_size=options.beam_size if options.beam_size > 1 else None,
                best_of=options.best_of,
                patience=options.patience if options.beam_size > 1 else None,
                length_penalty=options.length_penalty,
                temperature=options.temperature,
                initial_prompt=options.initial_prompt,
                condition_on_previous_text=options.condition_on_previous_text,
                compression_ratio_threshold=options.compression_ratio_threshold,
                logprob_threshold=options.logprob_threshold,
                no_speech_threshold=options.no_speech_threshold,
                suppress_tokens=options.suppress_tokens,
                fp16=self._device != "cpu",
                word_timestamps=True,
                verbose=None,
            )
        return [_piece(segment, excerpt) for segment in result["segments"] if segment.get("words")]


def _piece(segment: dict[str, Any], excerpt: Excerpt) -> Piece:
    words = tuple(
        HeardWord(
            word["word"].strip(),
            excerpt.clock_ms(word["start"]),
            excerpt.clock_ms(word["end"]),
            round(float(word["probability"]), 4),
        )
        for word in segment["words"]
        if word["word"].strip()
    )
    start, end = excerpt.clock_ms(segment["start"]), excerpt.clock_ms(segment["end"])
    return Piece(
        words,
        Span(min(start, end), end),
        logprob=round(float(segment["avg_logprob"]), 4),
        no_speech=round(float(segment["no_speech_prob"]), 4),
        compression=round(float(segment["compression_ratio"]), 3),
    )
