import hashlib
import json
import os
from pathlib import Path

import pytest

from iprkit.errors import ModelDamaged, ModelMissing
from iprkit.progress import Step
from iprkit.speech.catalogue import ModelFile
from iprkit.speech.manifest import (
    MANIFEST,
    Manifest,
    check_bytes,
    check_sizes,
    noted_sha256,
    read_manifest,
    sha256,
    write_manifest,
)

WEIGHTS = b"numbers" * 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.bin").write_bytes(WEIGHTS)
    return tmp_path


def file(name: str = "model.bin", content: bytes = WEIGHTS) -> ModelFile:
    return ModelFile(name, hashlib.sha256(content).hexdigest(), len(content))


def test_a_manifest_is_read_as_it_was_written(folder: Path) -> None:
    manifest = Manifest("norsk", "faster-whisper", ("no", "nn"), "folder /media/usb", (file(), file("config.json")))
    write_manifest(manifest, folder)
    assert read_manifest(folder) == manifest
    assert manifest.size_bytes == 2 * len(WEIGHTS)


def test_a_folder_without_a_manifest_has_none(folder: Path) -> None:
    assert read_manifest(folder) is None
    assert read_manifest(folder / "nowhere") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "weights",
        '{"name": "x", "engine": "y", "languages": [], "source": "", "files": [{"name": "a"}]}',
    ],
)
def test_what_is_no_manifest_is_damaged(folder: Path, text: str) -> None:
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(ModelDamaged, match=r"manifest\.json is not a manifest of iprkit's"):
        read_manifest(folder)


@pytest.mark.parametrize("name", ["../../outside.txt", "/tmp/outside.txt", "inner/file"])
def test_a_manifest_that_leads_out_of_its_folder_is_refused(folder: Path, name: str) -> None:
    files = [{"name": name, "sha256": "0" * 64, "size_bytes": 1}]
    data = {"name": "x", "engine": "y", "languages": [], "source": "", "files": files}
    (folder / MANIFEST).write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ModelDamaged, match="is not a manifest"):
        read_manifest(folder)


def test_a_whole_model_passes_both_checks_and_progress_is_told(folder: Path) -> None:
    told: list[Step] = []
    check_sizes(folder, (file(),))
    check_bytes(folder, (file(),), "base", told.append)
    assert told == [Step("base", "checksum", len(WEIGHTS), len(WEIGHTS))]


def test_a_missing_file_is_named(folder: Path) -> None:
    with pytest.raises(ModelDamaged, match=r"config\.json is missing"):
        check_sizes(folder, (file(), file("config.json")))


def test_a_file_of_another_size_is_named_with_both_sizes(folder: Path) -> None:
    (folder / "model.bin").write_bytes(WEIGHTS[:-7])
    with pytest.raises(ModelDamaged, match=r"model\.bin has 6993 bytes, expected 7000"):
        check_sizes(folder, (file(),))


def test_a_single_changed_byte_is_found(folder: Path) -> None:
    (folder / "model.bin").write_bytes(b"N" + WEIGHTS[1:])
    check_sizes(folder, (file(),))
    with pytest.raises(ModelDamaged, match=r"model\.bin has the SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}"):
        check_bytes(folder, (file(),), "base")


def test_the_checksum_is_that_of_every_other_program(folder: Path) -> None:
    assert sha256(folder / "model.bin") == hashlib.sha256(WEIGHTS).hexdigest()


def test_weights_that_cannot_be_read_are_missing(folder: Path) -> None:
    with pytest.raises(ModelMissing, match="cannot be read"):
        sha256(folder / "gone.bin")
    with pytest.raises(ModelMissing, match="cannot be read"):
        noted_sha256(folder / "gone.bin", folder / "notes.json")


def test_a_checksum_is_taken_once_and_again_when_the_file_changes(folder: Path) -> None:
    weights, notes = folder / "model.bin", folder / "notes" / "checksums.json"
    assert noted_sha256(weights, notes) == sha256(weights)
    noted = json.loads(notes.read_text(encoding="utf-8"))
    noted[str(weights.resolve())]["sha256"] = "as noted"
    notes.write_text(json.dumps(noted), encoding="utf-8")
    assert noted_sha256(weights, notes) == "as noted"
    os.utime(weights, ns=(0, 0))
    assert noted_sha256(weights, notes) == sha256(weights)


@pytest.mark.parametrize("text", ["", "[1]", '{"x": 1'])
def test_spoilt_notes_are_taken_afresh(folder: Path, text: str) -> None:
    notes = folder / "checksums.json"
    notes.write_text(text, encoding="utf-8")
    assert noted_sha256(folder / "model.bin", notes) == sha256(folder / "model.bin")


def test_notes_that_cannot_be_written_do_not_matter(folder: Path) -> None:
    (folder / "notes").write_text("a file where the folder should be", encoding="utf-8")
    assert noted_sha256(folder / "model.bin", folder / "notes" / "checksums.json") == sha256(folder / "model.bin")


def test_what_is_gone_is_forgotten(folder: Path) -> None:
    notes, other = folder / "checksums.json", folder / "other.bin"
    other.write_bytes(b"x")
    noted_sha256(other, notes)
    other.unlink()
    noted_sha256(folder / "model.bin", notes)
    assert list(json.loads(notes.read_text(encoding="utf-8"))) == [str((folder / "model.bin").resolve())]
