from pathlib import Path

import pytest

from iprkit.errors import EngineError, FormatError
from iprkit.speech.engine import Options, Weights, find_engine, installed_engines
from iprkit.speech.engines.scripted import Scripted

BUILT_IN = {"faster-whisper", "openai-whisper", "scripted"}


def test_the_built_in_engines_enter_by_the_same_door_as_any_other() -> None:
    assert set(installed_engines()) >= BUILT_IN


def test_auto_is_the_fastest_that_is_installed() -> None:
    name, maker = find_engine("auto")
    assert (name, maker.wants_models) == ("faster-whisper", "faster-whisper")


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_an_engine_is_found_by_its_name(name: str) -> None:
    assert find_engine(name)[0] == name


def test_an_unknown_engine_is_refused_with_those_that_are_there() -> None:
    with pytest.raises(EngineError, match=r"no engine 'whisperx' is installed; there is: .*faster-whisper.*scripted"):
        find_engine("whisperx")


def test_how_fast_an_engine_works_is_no_setting_of_its_result() -> None:
    assert Options(threads=1, device="cpu").settings() == Options(threads=8, device="auto").settings()


@pytest.mark.parametrize(
    "other", [Options(beam_size=1), Options(language="no"), Options(initial_prompt="Anna"), Options(temperature=(0.2,))]
)
def test_what_changes_the_words_is_a_setting_of_the_result(other: Options) -> None:
    assert other.settings() != Options().settings()


def test_the_same_recording_gives_the_same_words_unless_somebody_asks_for_chance() -> None:
    assert Options().temperature == (0.0,)


@pytest.mark.parametrize("name", ["faster-whisper", "openai-whisper"])
def test_weights_that_an_engine_cannot_read_are_named(tmp_path: Path, name: str) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(b"nothing")
    _, maker = find_engine(name)
    with pytest.raises(EngineError, match=rf"{name} cannot read the model at "):
        maker(Weights("mine", tmp_path if name == "faster-whisper" else file, "0"), Options())


def test_what_is_no_transcript_cannot_be_replayed(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text('{"key": "D01-S03"}', encoding="utf-8")
    with pytest.raises(FormatError, match="language"):
        Scripted(Weights("notes", tmp_path / "notes.json", "0"), Options())
