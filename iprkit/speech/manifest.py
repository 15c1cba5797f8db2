"""What stands in a model's folder: which files with which checksums, and where they came from."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from iprkit.errors import ModelDamaged, ModelMissing
from iprkit.progress import Listener, Step, silent
from iprkit.speech.catalogue import ModelFile

MANIFEST = "manifest.json"
_BLOCK = 4 << 20


@dataclass(frozen=True)
class Manifest:
    """Written when a model comes; what a later check compares with. The first file holds the weights.

    ``source`` says where it came from: packages, a hub's repository, a folder, or the model it was converted from.
    """

    name: str
    engine: str
    languages: tuple[str, ...]
    source: str
    files: tuple[ModelFile, ...]

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a model's folder, None where there is none. Raises ModelDamaged where it cannot be read."""
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = tuple(ModelFile(file["name"], file["sha256"], file["size_bytes"]) for file in data["files"])
        return Manifest(data["name"], data["engine"], tuple(data["languages"]), data["source"], files)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise ModelDamaged(f"{folder / MANIFEST} is not a manifest of iprkit's; fetch the model again") from error


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Put the manifest into a model's folder."""
    files = [{"name": f.name, "sha256": f.sha256, "size_bytes": f.size_bytes} for f in manifest.files]
    text = json.dumps(asdict(manifest) | {"files": files}, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def check_sizes(folder: Path, files: tuple[ModelFile, ...]) -> None:
    """The quick check. Raises ModelDamaged where a file is missing or has another size."""
    for file in files:
        place = folder / file.name
        if not place.is_file():
            raise ModelDamaged(f"{place} is missing")
        if place.stat().st_size != file.size_bytes:
            raise ModelDamaged(f"{place} has {place.stat().st_size} bytes, expected {file.size_bytes}")


def check_bytes(folder: Path, files: tuple[ModelFile, ...], subject: str, report: Listener = silent) -> None:
    """The full check: every byte is read. Raises ModelDamaged where a file is not the expected one."""
    check_sizes(folder, files)
    total, done = sum(file.size_bytes for file in files), 0
    for file in files:
        compare(folder / file.name, sha256(folder / file.name), file.sha256)
        done += file.size_bytes
        report(Step(subject, "checksum", done, total))


def compare(path: Path, found: str, expected: str) -> None:
    """Raises ModelDamaged where the checksum of ``path`` is another than expected."""
    if found != expected:
        raise ModelDamaged(f"{path} has the SHA-256 {found}, expected {expected}")


def sha256(path: Path) -> str:
    """The file's SHA-256 in lower-case hexadecimal. Raises ModelMissing where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise ModelMissing(f"the weights {path} cannot be read: {error.strerror}") from error
    return digest.hexdigest()


def noted_sha256(path: Path, notes: Path) -> str:
    """The same, read from the file ``notes`` while ``path`` keeps its size and time of change, else taken and noted.

    Where ``notes`` cannot be written, as in a folder shared for reading, the checksum is taken every time.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise ModelMissing(f"the weights {path} cannot be read: {error.strerror}") from error
    key, state = str(path.resolve()), [stat.st_size, stat.st_mtime_ns]
    known = _read_notes(notes)
    note = known.get(key)
    if isinstance(note, dict) and note.get("state") == state:
        return str(note["sha256"])
    found = sha256(path)
    with contextlib.suppress(OSError):
        _write_notes(notes, known | {key: {"state": state, "sha256": found}})
    return found


def _read_notes(notes: Path) -> dict[str, object]:
    try:
        known = json.loads(notes.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write_notes(notes: Path, known: dict[str, object]) -> None:
    there = {path: note for path, note in known.items() if Path(path).exists()}
    notes.parent.mkdir(parents=True, exist_ok=True)
    fresh = notes.with_name(f".{notes.name}.{os.getpid()}")
    fresh.write_text(json.dumps(there, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(notes)
