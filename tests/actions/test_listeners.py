import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iprkit.actions.listeners import Listeners, Request
from iprkit.errors import InvalidInput, ModelMissing
from iprkit.speech.catalogue import FASTER, ModelFile
from iprkit.speech.engine import Options
from iprkit.speech.manifest import Manifest, write_manifest

Talks = Callable[..., Any]


@pytest.fixture
def replayer(record_talk: Talks) -> Callable[..., Listeners]:
    """Listeners that replay, with the given words of a request."""
    talked = record_talk()

    def make(**words: Any) -> Listeners:
        return Listeners(Request("scripted", str(talked.script), **words))

    return make


def put(models: Path, name: str) -> None:
    """Something that stands for an installed model."""
    folder = models / FASTER / name
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights")
    noted = ModelFile("model.bin", hashlib.sha256(b"weights").hexdigest(), 7)
    write_manifest(Manifest(name, FASTER, (), "by hand", (noted,)), folder)


def test_replaying_needs_no_weights_at_all(models: Path, replayer: Callable[..., Listeners]) -> None:
    listeners = replayer()
    ears = listeners.ears("en", by_channel=False)
    assert (listeners.name, ears.engine.name, ears.second, ears.voiceprints) == ("scripted", "scripted", None, None)


def test_replaying_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"engine scripted replays a transcript; name its file: --model FILE\.json"):
        Listeners(Request("scripted"))


def test_voices_are_told_apart_only_with_the_voice_model(models: Path) -> None:
    put(models, "norsk")
    with pytest.raises(ModelMissing, match="the voice model campplus is not on this machine"):
        Listeners(Request(FASTER, "norsk"))


def test_where_one_person_speaks_no_voice_model_is_needed(models: Path) -> None:
    put(models, "norsk")
    assert Listeners(Request(FASTER, "norsk", speakers="one")).weights.name == "norsk"


def test_work_is_found_again_by_the_same_settings(replayer: Callable[..., Listeners]) -> None:
    assert replayer().settings(by_channel=False) == replayer(again=True).settings(by_channel=False)
    faster = replayer(options=Options(threads=3, device="cpu"))
    assert replayer().settings(by_channel=False) == faster.settings(by_channel=False)


@pytest.mark.parametrize(
    "other", [{"options": Options(beam_size=1)}, {"speakers": "one"}, {"second": "none"}], ids=lambda o: next(iter(o))
)
def test_and_not_by_others(replayer: Callable[..., Listeners], other: dict[str, Any]) -> None:
    assert replayer().settings(by_channel=False) != replayer(**other).settings(by_channel=False)


def test_nor_where_channels_say_who_speaks(replayer: Callable[..., Listeners]) -> None:
    assert replayer().settings(by_channel=False) != replayer().settings(by_channel=True)


def test_nor_by_other_weights_of_the_same_name(record_talk: Talks) -> None:
    talked = record_talk()
    before = Listeners(Request("scripted", str(talked.script))).settings(by_channel=False)
    talked.script.write_text(talked.script.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert Listeners(Request("scripted", str(talked.script))).settings(by_channel=False) != before


@pytest.mark.weights
def test_english_is_looked_at_a_second_time_by_the_small_english_model() -> None:
    listeners = Listeners(Request(FASTER, "base"))
    assert listeners.settings(by_channel=False)["second_model"] is not None
    assert listeners.ears("en", by_channel=True).second is not None
    assert listeners.ears("es", by_channel=True).second is None


@pytest.mark.weights
def test_unless_nobody_wants_it() -> None:
    listeners = Listeners(Request(FASTER, "base", second="none"))
    assert listeners.settings(by_channel=False)["second_model"] is None
    assert listeners.ears("en", by_channel=True).second is None
