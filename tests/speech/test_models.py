"""Models on a disk that are a few bytes long: finding, refusing, listing and checking them does not need real ones."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from iprkit.errors import ModelDamaged, ModelMissing
from iprkit.speech.catalogue import FASTER, OPENAI, VOICES, ModelFile
from iprkit.speech.engine import Weights
from iprkit.speech.manifest import Manifest, write_manifest
from iprkit.speech.models import (
    choose_model,
    find_model,
    installed,
    list_models,
    model_folder,
    models_folder,
    second_reader,
    verify_models,
    voice_model,
)

CONTENT = b"weights of a small model"


def put(folder: Path, name: str, languages: tuple[str, ...] = (), file: str = "model.bin") -> Path:
    """A model with a manifest."""
    folder.mkdir(parents=True)
    (folder / file).write_bytes(CONTENT)
    noted = ModelFile(file, hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    write_manifest(Manifest(name, FASTER, languages, "folder /media/usb", (noted,)), folder)
    return folder


@pytest.mark.parametrize(
    ("name", "engine", "command"),
    [
        ("base", FASTER, "iprkit models fetch base"),
        ("base", OPENAI, "iprkit models fetch base --engine openai-whisper"),
        ("large-v3", FASTER, "iprkit models fetch large-v3 --from hub"),
    ],
)
def test_a_missing_model_is_told_with_the_command_to_type(models: Path, name: str, engine: str, command: str) -> None:
    with pytest.raises(ModelMissing) as told:
        find_model(name, engine)
    assert str(told.value) == f"the model {name} for {engine} is not on this machine; type: {command}"


def test_a_missing_voice_model_too(models: Path) -> None:
    with pytest.raises(ModelMissing, match=r"the voice model campplus is not .*; type: iprkit models fetch campplus"):
        voice_model()


def test_where_another_engine_has_the_model_that_is_said(models: Path) -> None:
    put(models / FASTER / "small", "small")
    with pytest.raises(ModelMissing, match=r"\(faster-whisper has it here: --engine faster-whisper\)"):
        find_model("small", OPENAI)


def test_a_model_is_found_by_its_name(models: Path) -> None:
    folder = put(models / FASTER / "norsk", "norsk", ("no",))
    assert find_model("norsk", FASTER) == Weights("norsk", folder, hashlib.sha256(CONTENT).hexdigest(), ("no",))


def test_a_model_from_the_hub_is_found_by_owner_and_name(models: Path) -> None:
    folder = put(models / FASTER / "NbAiLab--nb-whisper", "NbAiLab/nb-whisper")
    assert find_model("NbAiLab/nb-whisper", FASTER).path == folder
    assert installed(FASTER) == ["NbAiLab/nb-whisper"]


@pytest.mark.parametrize("content", [CONTENT[:-1], b"W" + CONTENT[1:]])
def test_weights_with_other_bytes_are_damaged_and_the_way_out_is_told(models: Path, content: bytes) -> None:
    folder = put(models / FASTER / "norsk", "norsk")
    (folder / "model.bin").write_bytes(content)
    with pytest.raises(
        ModelDamaged, match=r"^the model norsk for faster-whisper is damaged: .*; type: iprkit models fe"
    ):
        find_model("norsk", FASTER)


def test_a_known_model_must_have_the_known_bytes_whatever_its_manifest_says(models: Path) -> None:
    put(models / FASTER / "base", "base")
    with pytest.raises(ModelDamaged, match=r"model\.bin has 24 bytes, expected 145217532; type: iprkit models fetch"):
        find_model("base", FASTER)


def test_a_folder_that_lost_its_weights_is_damaged(models: Path) -> None:
    (put(models / FASTER / "norsk", "norsk") / "model.bin").unlink()
    with pytest.raises(ModelDamaged, match="is missing"):
        find_model("norsk", FASTER)


@pytest.mark.parametrize("named", ["folder", "file"])
def test_a_model_may_be_anywhere_and_is_named_by_its_path(models: Path, tmp_path: Path, named: str) -> None:
    folder = put(tmp_path / "lab" / "norsk", "norsk", ("no",))
    weights = find_model(str(folder if named == "folder" else folder / "model.bin"), FASTER)
    assert (weights.name, weights.path, weights.languages) == ("norsk", folder, ("no",))


def test_a_model_in_the_current_folder_is_named_by_a_dot(models: Path, tmp_path: Path) -> None:
    folder, before = put(tmp_path / "norsk", "norsk"), Path.cwd()
    os.chdir(folder)
    try:
        assert find_model(".", FASTER).path == folder
    finally:
        os.chdir(before)


def test_a_model_named_by_its_path_must_keep_to_its_manifest(models: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / "norsk", "norsk")
    (folder / "model.bin").write_bytes(b"W" + CONTENT[1:])
    with pytest.raises(ModelDamaged, match="has the SHA-256"):
        find_model(str(folder), FASTER)


def test_a_model_without_a_manifest_may_be_named_by_its_path(models: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.en.pt").write_bytes(CONTENT)
    weights = find_model(str(tmp_path / "mine.en.pt"), OPENAI)
    assert (weights.name, weights.languages) == ("mine.en", ("en",))
    assert weights.sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_a_folder_without_weights_is_named(models: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"holds no weights: neither model\.bin nor a \.pt file"):
        find_model(str(tmp_path), FASTER)


@pytest.mark.parametrize(("file", "engine", "other"), [("model.bin", OPENAI, FASTER), ("base.pt", FASTER, OPENAI)])
def test_weights_of_the_other_engine_are_refused_with_its_name(
    models: Path, tmp_path: Path, file: str, engine: str, other: str
) -> None:
    folder = put(tmp_path / "lab", "norsk", file=file)
    with pytest.raises(ModelMissing, match=f"is not for {engine}, .*; try --engine {other}"):
        find_model(str(folder), engine)


@pytest.mark.parametrize("name", ["..", "../..", "../../outside", "a/../../b"])
def test_no_name_of_a_model_leads_out_of_the_models_folder(models: Path, name: str) -> None:
    assert model_folder(name, FASTER).parent == models / FASTER
    assert model_folder(name, FASTER).name not in ("..", ".")


@pytest.mark.parametrize("engine", ["..", "../outside", ""])
def test_no_name_of_an_engine_does_either(models: Path, engine: str) -> None:
    with pytest.raises(ModelMissing, match="is not the name of an engine"):
        model_folder("base", engine)


def test_an_engine_that_replays_a_file_gets_that_file(models: Path, tmp_path: Path) -> None:
    (tmp_path / "told.json").write_bytes(CONTENT)
    assert find_model(str(tmp_path / "told.json"), None).path == tmp_path / "told.json"
    with pytest.raises(ModelMissing, match=r"there is no file .*gone.json; name the one"):
        find_model(str(tmp_path / "gone.json"), None)


def test_auto_is_base_and_the_english_base_where_it_is_installed_for_english(models: Path) -> None:
    assert choose_model("auto", FASTER, "en") == "base"
    put(models / FASTER / "base.en", "base.en", ("en",))
    assert choose_model("auto", FASTER, "en") == "base.en"
    assert choose_model("auto", FASTER, "no") == "base"
    assert choose_model("auto", FASTER, None) == "base"
    assert choose_model("small", FASTER, "en") == "small"


def test_without_a_second_model_nothing_looks_again(models: Path) -> None:
    base = Weights("base", Path("base"), "0")
    assert second_reader(base, FASTER, "en") is None
    assert second_reader(base, FASTER, "no") is None


def test_the_list_tells_what_is_here_and_what_is_not(models: Path) -> None:
    folder = put(models / FASTER / "norsk", "norsk", ("no",))
    listed = {(model.name, model.engine): model for model in list_models()}
    norsk, base, converted = listed["norsk", FASTER], listed["base", FASTER], listed["base", OPENAI]
    assert (norsk.installed, norsk.path, norsk.languages, norsk.size_bytes) == (True, folder, ("no",), len(CONTENT))
    assert (base.installed, base.path, len(base.sha256 or "")) == (False, None, 64)
    assert (converted.installed, converted.sha256) == (False, None)
    assert ("campplus", VOICES) in listed


def test_a_damaged_model_is_listed_as_not_here(models: Path) -> None:
    put(models / FASTER / "base", "base")
    (base,) = (model for model in list_models() if (model.name, model.engine) == ("base", FASTER))
    assert (base.installed, base.path) == (False, None)


def test_verify_reads_every_byte_of_every_installed_model(models: Path) -> None:
    whole, spoilt = put(models / FASTER / "whole", "whole"), put(models / FASTER / "spoilt", "spoilt")
    find_model("spoilt", FASTER)
    stat = (spoilt / "model.bin").stat()
    (spoilt / "model.bin").write_bytes(b"W" + CONTENT[1:])
    os.utime(spoilt / "model.bin", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    checked = {one.path: one.problem for one in verify_models()}
    assert checked[whole] is None
    assert "has the SHA-256" in (checked[spoilt] or "")


def test_what_came_without_a_manifest_cannot_be_verified(models: Path) -> None:
    (models / FASTER / "mine").mkdir(parents=True)
    (models / FASTER / "mine" / "model.bin").write_bytes(CONTENT)
    (checked,) = verify_models()
    assert "has no manifest, so there is nothing to compare with" in (checked.problem or "")


def test_an_unfinished_download_is_no_model(models: Path) -> None:
    (models / FASTER / ".fetching-x").mkdir(parents=True)
    assert installed(FASTER) == []


def test_the_models_folder_is_the_one_that_is_named(models: Path) -> None:
    assert models_folder() == models


def test_a_models_folder_for_reading_only_is_enough(models: Path) -> None:
    put(models / FASTER / "norsk", "norsk")
    (models / "checksums.json").mkdir()  # nothing can be noted there
    assert find_model("norsk", FASTER).sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_a_spoilt_manifest_is_damage_not_a_crash(models: Path) -> None:
    folder = put(models / FASTER / "norsk", "norsk")
    (folder / "manifest.json").write_text(json.dumps({"files": 3}), encoding="utf-8")
    with pytest.raises(ModelDamaged, match="is not a manifest"):
        find_model("norsk", FASTER)
