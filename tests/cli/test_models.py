import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iprkit.cli import main

Run = Callable[..., Result]


@pytest.fixture
def weights(models: Path) -> Run:
    """Runs ``iprkit models …`` with an empty models folder."""

    def run(*words: object) -> Result:
        return CliRunner().invoke(main, ["models", *map(str, words)])

    return run


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    """A folder from another machine with a model in it."""
    folder = tmp_path / "usb" / "norsk"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights")
    return folder.parent


def test_the_list_in_json_has_the_data_contracts_shape(weights: Run) -> None:
    listed = json.loads(weights("list", "--json").stdout)
    assert all(
        set(model) == {"name", "engine", "languages", "size_bytes", "sha256", "path", "installed"} for model in listed
    )
    assert {(m["name"], m["engine"]) for m in listed} >= {("base", "faster-whisper"), ("tiny.en", "openai-whisper")}
    assert not any(model["installed"] for model in listed)


def test_the_list_for_people_tells_how_to_get_what_is_missing(weights: Run) -> None:
    assert "no; type: iprkit models fetch base --engine openai-whisper" in weights("list").stdout


def test_a_model_comes_from_a_folder_is_listed_and_whole(weights: Run, models: Path, usb: Path) -> None:
    place = models / "faster-whisper" / "norsk"
    assert weights("fetch", "norsk", "--from", usb).stdout == f"norsk for faster-whisper is in: {place}\n"
    assert weights("fetch", "norsk", "--from", usb).stdout == f"norsk for faster-whisper is there already: {place}\n"
    (norsk,) = (model for model in json.loads(weights("list", "--json").stdout) if model["name"] == "norsk")
    assert (norsk["installed"], norsk["path"]) == (True, str(place))
    verified = weights("verify")
    assert (verified.exit_code, verified.stdout) == (0, "whole    norsk for faster-whisper\n")


def test_a_damaged_model_is_exit_1_and_says_what_to_type(weights: Run, models: Path, usb: Path) -> None:
    weights("fetch", "norsk", "--from", usb)
    (models / "faster-whisper/norsk/model.bin").write_bytes(b"Weights")
    verified = weights("verify")
    assert verified.exit_code == 1
    assert verified.stdout.startswith("damaged  norsk for faster-whisper: ")
    (told,) = json.loads(weights("verify", "--json").stdout)
    assert "has the SHA-256" in told["problem"]


def test_without_any_model_there_is_nothing_to_verify(weights: Run) -> None:
    verified = weights("verify")
    assert (verified.exit_code, verified.stdout) == (0, "No model is installed; type: iprkit models fetch\n")


def test_what_cannot_be_fetched_is_one_sentence_and_exit_1(weights: Run, usb: Path) -> None:
    result = weights("fetch", "svensk", "--from", usb)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert "does not hold the model svensk" in result.stderr


def test_of_several_models_those_that_can_be_had_are_fetched(weights: Run, usb: Path) -> None:
    result = weights("fetch", "norsk", "svensk", "dansk", "--from", usb)
    assert result.exit_code == 1
    here = [model["name"] for model in json.loads(weights("list", "--json").stdout) if model["installed"]]
    assert here == ["norsk"]
    assert result.stderr.count("does not hold the model") == 2
