"""What listens, chosen once for a whole run: engine, model, second ear, voices."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iprkit.errors import InvalidInput
from iprkit.speech import models
from iprkit.speech.engine import Engine, Options, Weights, find_engine
from iprkit.speech.hearing import Ears
from iprkit.speech.voices import Voiceprinter

METHOD = 5  # raised when the same engine and settings would no longer give the same transcript


@dataclass(frozen=True)
class Request:
    """What a person asks of a transcription.

    ``speakers``: ``two`` or ``one``. ``second``: ``auto`` or ``none``. ``again``: also where it is done already.
    """

    engine: str = "auto"
    model: str = "auto"
    options: Options = field(default_factory=Options)
    speakers: str = "two"
    second: str = "auto"
    again: bool = False


class Listeners:
    """The engine of a request with its weights; loaded when first used, then kept for all recordings.

    Raises EngineError, ModelMissing, ModelDamaged and InvalidInput when made, before any work is begun.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.name, self._maker = find_engine(request.engine)
        self.weights = self._weights()
        self._voices = models.voice_model() if request.speakers == "two" and self._maker.wants_models else None

    def load(self) -> None:
        """Begins to load the engine, beside other work; for whoever knows that it will be needed."""
        _ = self._loading

    @property
    def engine(self) -> Engine:
        return self._loading.result()

    @property
    def calculated(self) -> dict[str, str]:
        """In what the engine calculates here, where it tells; work finished on another machine is found anyway."""
        told = getattr(self.engine, "compute_type", None)
        return {} if told is None else {"compute_type": told}

    @cached_property
    def _loading(self) -> Future[Engine]:
        beside = ThreadPoolExecutor(1)
        try:
            return beside.submit(self._maker, self.weights, self.request.options)
        finally:
            beside.shutdown(wait=False)

    def ears(self, language: str, by_channel: bool) -> Ears:
        """What hears a recording in this language."""
        second = self._second(language)
        shared = self.engine.parallel > 1
        voiceprints = _Voices(self._voices.path, shared) if self._voices and not by_channel else None
        return Ears(
            self.engine,
            self.weights.name,
            language,
            self._maker(second, self.request.options) if second else None,
            voiceprints,
            by_channel,
        )

    def settings(self, by_channel: bool) -> dict[str, Any]:
        """All that the words depend on besides the sound; finished work is found again by it."""
        voices = None if by_channel or self._voices is None else self._voices.sha256
        return {
            "method": METHOD,
            "engine": [self.name, self._maker.version],
            "model": [self.weights.name, self.weights.sha256],
            "second": self.request.second,
            "second_model": getattr(self._second(self.request.options.language or "en"), "sha256", None),
            "speakers": "channel" if by_channel else self.request.speakers,
            "voices": voices,
            **self.request.options.settings(),
        }

    def _second(self, language: str) -> Weights | None:
        if self.request.second == "none" or not self._maker.wants_models:
            return None
        return models.second_reader(self.weights, self._maker.wants_models, language)

    def _weights(self) -> Weights:
        wants, name = self._maker.wants_models, self.request.model
        if wants:
            language = self.request.options.language
            weights = models.find_model(models.choose_model(name, wants, language), wants)
            if language and weights.languages and language not in weights.languages:
                only = ", ".join(weights.languages)
                raise InvalidInput(f"the model {weights.name} hears only {only}, not {language}; try: --model base")
            return weights
        if name == models.AUTO:
            raise InvalidInput(f"engine {self.name} replays a transcript; name its file: --model FILE.json")
        return models.find_model(name, None)


class _Voices:
    """Voiceprints, loaded when the first voice is to be told: PyTorch takes a second, and meanwhile others listen."""

    def __init__(self, weights: Path, shared: bool) -> None:
        self._weights, self._shared = weights, shared
        self._lock = Lock()
        self._loaded: Voiceprinter | None = None

    def __call__(self, windows: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        with self._lock:
            if self._loaded is None:
                from iprkit.speech.voiceprint import Voiceprints

                self._loaded = Voiceprints(self._weights, self._shared)
        return self._loaded(windows)
