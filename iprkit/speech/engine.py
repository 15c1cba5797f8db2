"""What listens: one interface for every speech-to-text engine, and the door by which engines enter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Protocol

from iprkit.errors import EngineError
from iprkit.speech.excerpt import Excerpt
from iprkit.timeline import Span


@dataclass(frozen=True)
class Options:
    """How to listen, in Whisper's own words; what is not said keeps Whisper's default, save two.

    ``condition_on_previous_text`` is off: with it, one slip of the engine spreads through the session.
    ``temperature`` has no random fall-backs: the same recording gives the same words every time.
    ``threads`` 0 means all cores.
    """

    language: str | None = None
    task: str = "transcribe"
    device: str = "auto"
    compute_type: str = "default"
    beam_size: int = 5
    best_of: int = 5
    patience: float = 1.0
    length_penalty: float = 1.0
    temperature: tuple[float, ...] = (0.0,)
    initial_prompt: str | None = None
    condition_on_previous_text: bool = False
    compression_ratio_threshold: float = 2.4
    logprob_threshold: float = -1.0
    no_speech_threshold: float = 0.6
    suppress_tokens: str = "-1"
    threads: int = 0

    def settings(self) -> dict[str, Any]:
        """What changes the words, for the Run and for finding finished work again."""
        data = asdict(self) | {"temperature": list(self.temperature)}
        return {name: value for name, value in data.items() if name not in ("threads", "device")}


@dataclass(frozen=True)
class HeardWord:
    """A word as an engine gives it: times on the recording's clock, None where the engine has none.

    ``flags`` are the reasons to distrust it, ``speaker`` who said it where the engine knows. ``interpolated``: the
    times were guessed from the neighbours.
    """

    text: str
    start_ms: int | None
    end_ms: int | None
    confidence: float | None
    flags: tuple[str, ...] = ()
    speaker: str | None = None
    interpolated: bool = False


@dataclass(frozen=True)
class Piece:
    """A stretch of text with what the engine thinks of it.

    ``no_speech`` is its probability that nobody speaks, ``logprob`` the mean log probability of its tokens,
    ``compression`` how well the text compresses (high where it repeats itself). ``speaker`` only where an engine knows.
    """

    words: tuple[HeardWord, ...]
    span: Span
    logprob: float | None = None
    no_speech: float | None = None
    compression: float | None = None
    speaker: str | None = None


@dataclass(frozen=True)
class Weights:
    """A model on this disk: its name, where it is, its checksum and the languages it knows (empty: many)."""

    name: str
    path: Path
    sha256: str
    languages: tuple[str, ...] = field(default=())


class Engine(Protocol):
    """Speech to text. An engine is made once per run, for one model, and then asked excerpt by excerpt.

    ``parallel`` is how many excerpts it may be asked at a time, from as many threads. ``timed``: its times are final,
    no aligner touches them. One that chooses by the machine in what it calculates tells it as ``compute_type``.
    """

    name: str
    version: str
    parallel: int
    timed: bool

    def language(self, samples: Any) -> tuple[str, float]:
        """The language spoken in mono 16 kHz samples, with its probability."""
        ...

    def hear(self, excerpt: Excerpt, language: str) -> Sequence[Piece]:
        """The words of one excerpt, in order."""
        ...


class EngineMaker(Protocol):
    """What an entry point of the group ``iprkit.engines`` names: ``Maker(weights, options) -> Engine``.

    ``wants_models`` is the ``engine`` of the models that it reads (see `iprkit.speech.models`), None where it reads a
    file of its own that the person names with ``--model``. ``version`` is that of its engines.
    """

    wants_models: str | None
    version: str

    def __call__(self, weights: Weights, options: Options) -> Engine: ...


@contextmanager
def plain_words(engine: str) -> Iterator[None]:
    """Says what an engine cannot do, be it with these options, this sound or this machine, as an EngineError."""
    try:
        yield
    except (RuntimeError, ValueError, MemoryError) as error:
        raise EngineError(f"{engine} cannot listen: {error or 'no memory is left'}") from error


GROUP = "iprkit.engines"
PREFERRED = ("faster-whisper", "openai-whisper")  # the faster first: same weights, a third of the time on a CPU


def installed_engines() -> Mapping[str, EntryPoint]:
    """The engines that this installation has, by name."""
    return {point.name: point for point in entry_points(group=GROUP)}


def find_engine(name: str) -> tuple[str, EngineMaker]:
    """The engine of that name, or for ``auto`` the fastest that is installed. Raises EngineError."""
    known = installed_engines()
    if name == "auto":
        name = next((preferred for preferred in PREFERRED if preferred in known), name)
    if name not in known:
        raise EngineError(f"no engine {name!r} is installed; there is: {', '.join(sorted(known)) or 'none'}")
    try:
        maker: EngineMaker = known[name].load()
    except ImportError as error:
        raise EngineError(f"engine {name} cannot be started: {error}; try: iprkit doctor") from error
    return name, maker
