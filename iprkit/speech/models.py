"""The weights on this disk: which models there are, whether they are whole, and which one to listen with.

Nothing is fetched here. A model that is missing gets a sentence with the command to type, see `iprkit.speech.fetch`.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from iprkit.errors import ModelDamaged, ModelError, ModelMissing
from iprkit.progress import Listener, silent
from iprkit.speech.catalogue import (
    CATALOGUE,
    FASTER,
    OPENAI,
    VOICE_MODEL,
    VOICES,
    ModelFile,
    fetch_command,
    find_known,
    is_plain_name,
    languages_of,
)
from iprkit.speech.engine import Weights
from iprkit.speech.manifest import (
    MANIFEST,
    check_bytes,
    check_sizes,
    compare,
    noted_sha256,
    read_manifest,
)

FOLDER_VARIABLE = "IPRKIT_MODELS"
WEIGHTS = "model.bin"  # faster-whisper's, in a folder with its vocabulary; other engines read one .pt file
AUTO = "auto"
_NOTES = "checksums.json"


@dataclass(frozen=True)
class Model:
    """A line of ``iprkit models list``: ``path`` is what the engine opens; ``languages`` empty: many.

    ``size_bytes`` is what it takes on the disk, or will. ``sha256`` is None for what is yet to be converted here.
    """

    name: str
    engine: str
    languages: tuple[str, ...]
    size_bytes: int
    sha256: str | None
    path: Path | None
    installed: bool


@dataclass(frozen=True)
class Checked:
    """The outcome of a full check; ``problem`` is None where every byte is the expected one."""

    name: str
    engine: str
    path: Path
    problem: str | None


def models_folder() -> Path:
    """Where the models are: ``IPRKIT_MODELS``, else the folder for such things of this account."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("iprkit") / "models"


def find_model(name: str, engine: str | None) -> Weights:
    """The weights of a model by its name or its path, checked quickly: sizes, and the checksum noted when last read.

    ``engine`` None: ``name`` is the path of a file that the engine reads as it is.
    Raises ModelMissing with the command to type, ModelDamaged where size or checksum differ.
    """
    if engine is None:
        return _file(Path(name).expanduser())
    folder = model_folder(name, engine)
    if folder.is_dir():
        return _checked(folder, name, engine)
    path = Path(name).expanduser()
    if find_known(name, engine) is None and path.exists():
        return _by_path(path, engine)
    raise ModelMissing(_missing(name, engine))


def voice_model() -> Weights:
    """The weights that tell voices apart. Raises ModelMissing with the command to type, ModelDamaged."""
    return find_model(VOICE_MODEL, VOICES)


def second_reader(first: Weights, engine: str, language: str) -> Weights | None:
    """A model whose mistakes differ from the first one's, or None where none helps.

    Measured on English dialogues: the multilingual base and tiny.en slip at different words, so what both hear can be
    trusted and where they differ a person should look. A bigger first model gained nothing by it.
    """
    if language != "en" or first.name not in ("base", "tiny") or "tiny.en" not in installed(engine):
        return None
    return find_model("tiny.en", engine)


def choose_model(name: str, engine: str, language: str | None) -> str:
    """``name`` itself, or for ``auto``: ``base.en`` where that is installed and the language English, else ``base``."""
    if name != AUTO:
        return name
    return "base.en" if language == "en" and "base.en" in installed(engine) else "base"


def installed(engine: str) -> list[str]:
    """The names of the models that are on this machine for an engine, sorted; whether they are whole is not asked."""
    return sorted(_name(folder) for folder in _folders(models_folder() / engine))


def list_models() -> list[Model]:
    """What iprkit knows and what else is installed, the known first."""
    known = [(model.name, model.engine) for model in CATALOGUE]
    here = [(name, engine) for engine in _engines() for name in installed(engine)]
    return [_listed(name, engine) for name, engine in dict.fromkeys(known + here)]


def verify_models(report: Listener = silent) -> list[Checked]:
    """Read every byte of every installed model and compare: with the catalogue, else with what was noted on arrival."""
    pairs = [(name, engine) for engine in _engines() for name in installed(engine)]
    return [verify_model(name, engine, report) for name, engine in pairs]


def verify_model(name: str, engine: str, report: Listener = silent) -> Checked:
    """The same for one installed model."""
    folder = model_folder(name, engine)
    try:
        files = _expected(folder, name, engine)
        if not files:
            raise ModelDamaged(f"{folder} has no manifest, so there is nothing to compare with; {_again(name, engine)}")
        check_bytes(folder, files, name, report)
    except ModelError as error:
        return Checked(name, engine, folder, str(error))
    return Checked(name, engine, folder, None)


def model_folder(name: str, engine: str) -> Path:
    """Where the model of that name is, or would be; the hub's ``owner/name`` becomes ``owner--name``.

    Always right below the engine's folder. Raises ModelMissing where ``engine`` cannot be an engine's name.
    """
    if not is_plain_name(engine):
        raise ModelMissing(f"{engine!r} is not the name of an engine; see: iprkit models list")
    stored = re.sub(r"[/\\:]", "--", name)
    return models_folder() / engine / (stored if is_plain_name(stored) else "--")


def weights_file(folder: Path) -> Path | None:
    """The file that holds the weights in a model's folder, or None."""
    if (folder / WEIGHTS).is_file():
        return folder / WEIGHTS
    return next(iter(sorted(folder.glob("*.pt"))), None)


def _checked(folder: Path, name: str, engine: str) -> Weights:
    try:
        files = _expected(folder, name, engine)
        check_sizes(folder, files)
        weights = _weights(folder, name)
        if files:
            compare(folder / files[0].name, weights.sha256, files[0].sha256)
    except ModelDamaged as error:
        raise ModelDamaged(f"the model {name} for {engine} is damaged: {error}; {_again(name, engine)}") from error
    return weights


def _expected(folder: Path, name: str, engine: str) -> tuple[ModelFile, ...]:
    """Pinned in the catalogue, else noted when the model came, else nothing."""
    known = find_known(name, engine)
    if known and known.files:
        return known.files
    manifest = read_manifest(folder)
    return manifest.files if manifest else ()


def _weights(folder: Path, name: str) -> Weights:
    file = weights_file(folder)
    if file is None:
        raise ModelDamaged(f"{folder} holds neither {WEIGHTS} nor a .pt file")
    path = folder if file.name == WEIGHTS else file
    return Weights(name, path, noted_sha256(file, models_folder() / _NOTES), _languages(folder, name))


def _languages(folder: Path, name: str) -> tuple[str, ...]:
    manifest = read_manifest(folder)
    return manifest.languages if manifest else languages_of(name)


def _by_path(path: Path, engine: str) -> Weights:
    """A folder or file that somebody named; where it came with a manifest, it must keep to it."""
    path = path.resolve()
    folder = path if path.is_dir() else path.parent
    if path.is_file() and path.name != WEIGHTS:
        _fits(path, engine)
        return Weights(path.stem, path, noted_sha256(path, models_folder() / _NOTES), languages_of(path.stem))
    manifest = read_manifest(folder)
    name = manifest.name if manifest else folder.name
    file = weights_file(folder)
    if file is None:
        raise ModelMissing(f"{folder} holds no weights: neither {WEIGHTS} nor a .pt file")
    _fits(file, engine)
    weights = _weights(folder, name)
    if manifest:
        check_sizes(folder, manifest.files)
        compare(file, weights.sha256, manifest.files[0].sha256)
    return weights


def _fits(file: Path, engine: str) -> None:
    if engine == FASTER and file.name != WEIGHTS:
        raise ModelMissing(f"{file} is not for {engine}, which reads a folder with {WEIGHTS}; try --engine {OPENAI}")
    if engine == OPENAI and file.suffix != ".pt":
        raise ModelMissing(f"{file} is not for {engine}, which reads a .pt file; try --engine {FASTER}")


def _file(path: Path) -> Weights:
    if not path.is_file():
        raise ModelMissing(f"there is no file {path}; name the one that the engine is to read with --model")
    return Weights(path.stem, path, noted_sha256(path, models_folder() / _NOTES))


def _missing(name: str, engine: str) -> str:
    what = f"the voice model {name}" if engine == VOICES else f"the model {name} for {engine}"
    sentence = f"{what} is not on this machine; type: {fetch_command(name, engine)}"
    other = next((e for e in (FASTER, OPENAI) if e != engine and name in installed(e)), None)
    return f"{sentence} ({other} has it here: --engine {other})" if other else sentence


def _again(name: str, engine: str) -> str:
    return f"type: {fetch_command(name, engine)}"


def _engines() -> list[str]:
    """The engines of the catalogue, then whatever else has a folder among the models."""
    known = dict.fromkeys(model.engine for model in CATALOGUE)
    return list(known | dict.fromkeys(folder.name for folder in _folders(models_folder())))


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(inner for inner in folder.iterdir() if inner.is_dir() and not inner.name.startswith("."))


def _name(folder: Path) -> str:
    return folder.name.replace("--", "/")


def _listed(name: str, engine: str) -> Model:
    known, folder = find_known(name, engine), model_folder(name, engine)
    try:
        files = _expected(folder, name, engine)
        check_sizes(folder, files)
        weights = _weights(folder, name)
    except ModelError:
        size = known.size_bytes if known else 0
        sha256 = known.files[0].sha256 if known and known.files else None
        return Model(name, engine, known.languages if known else languages_of(name), size, sha256, None, False)
    size = sum(file.stat().st_size for file in folder.iterdir() if file.name != MANIFEST)
    return Model(name, engine, weights.languages, size, weights.sha256, weights.path, True)
