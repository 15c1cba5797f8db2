import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from iprkit.cli import main
from iprkit.database import queries
from iprkit.database.connect import open_study

Cli = Callable[..., Result]
Talks = Callable[..., Any]


@pytest.fixture(autouse=True)
def _study(tmp_path: Path, cli: Cli) -> None:
    assert CliRunner().invoke(main, ["--as", "anna", "init", str(tmp_path / "study")]).exit_code == 0
    assert cli("dyad", "add", "D01", "--therapist", "T01", "--client", "C01").exit_code == 0


@pytest.fixture
def talked(cli: Cli, record_talk: Talks) -> Any:
    """Sessions D01-S03 and D01-S04 with a recording each."""
    made = record_talk()
    assert cli("session", "add", "D01", 3, made.file).exit_code == 0
    assert cli("session", "add", "D01", 4, record_talk("b.wav", pause_ms=2_500).file).exit_code == 0
    return made


def settings_of(tmp_path: Path, key: str) -> dict[str, Any]:
    with open_study(tmp_path / "study") as study, study.read() as db:
        version = queries.newest_transcript(db, queries.conversation(db, key).id)
        assert version is not None
        assert version.run is not None
        return version.run.settings


def test_every_session_is_transcribed_and_the_next_step_told(cli: Cli, talked: Any) -> None:
    result = cli("transcribe", "--engine", "scripted", "--model", talked.script)
    assert result.exit_code == 0
    told = r"D01-S0\d: \d+ words in \d+ segments, scripted talk\.wav, en\n  speech 0:1\d\.\d"
    assert len(re.findall(told, result.stdout)) == 2
    assert "who is who? iprkit speakers D01-S03" in result.stdout
    assert "D01-S03 transcribing 100 %" in result.stderr
    assert "Nothing to do" in cli("transcribe", "--engine", "scripted", "--model", talked.script).stdout


def test_named_sessions_only(cli: Cli, talked: Any) -> None:
    result = cli("transcribe", "D01-S04", "--engine", "scripted", "--model", talked.script, "--json")
    assert [done["key"] for done in json.loads(result.stdout)] == ["D01-S04"]


def test_the_answer_in_json_is_what_was_done(cli: Cli, talked: Any) -> None:
    (done,) = json.loads(
        cli("transcribe", "D01-S03", "--engine", "scripted", "--model", talked.script, "--json").stdout
    )
    assert (done["error"], done["already"], done["language"], done["engine"]) == (None, False, "en", "scripted")
    assert done["words"] == sum(len(turn.text.split()) for turn in talked.turns)
    assert done["speech_ms"] > done["unheard_ms"] >= 0


def test_nothing_is_done_twice_unless_somebody_wants_it(cli: Cli, talked: Any) -> None:
    words = ("transcribe", "D01-S03", "--engine", "scripted", "--model", talked.script)
    cli(*words)
    assert "D01-S03: already done with this sound and these settings" in cli(*words).stdout
    assert "words in" in cli(*words, "--again").stdout
    assert cli("transcript", "show", "D01-S03").stdout.splitlines()[0].endswith("version 2 (raw)")


@pytest.mark.parametrize("spelling", [str, lambda option: option.replace("-", "_")], ids=["dash", "underscore"])
def test_options_are_whispers_own_spelt_either_way(
    cli: Cli, talked: Any, tmp_path: Path, spelling: Callable[[str], str]
) -> None:
    options = {
        "initial-prompt": "Anna",
        "beam-size": "3",
        "best-of": "2",
        "length-penalty": "0.9",
        "compression-ratio-threshold": "2.2",
        "logprob-threshold": "-0.9",
        "no-speech-threshold": "0.5",
        "condition-on-previous-text": "True",
        "temperature": "0,0.2",
        "suppress-tokens": "-1,50",
        "compute-type": "float32",
    }
    words = [word for option, value in options.items() for word in (f"--{spelling(option)}", value)]
    result = cli("transcribe", "D01-S03", "--engine", "scripted", "--model", talked.script, *words)
    assert result.exit_code == 0, result.output
    stored = settings_of(tmp_path, "D01-S03")
    assert (stored["initial_prompt"], stored["beam_size"], stored["temperature"]) == ("Anna", 3, [0.0, 0.2])
    assert (stored["condition_on_previous_text"], stored["suppress_tokens"]) == (True, "-1,50")
    assert (stored["no_speech_threshold"], stored["compute_type"]) == (0.5, "float32")


def test_the_keys_of_sessions_keep_their_own_spelling(cli: Cli, talked: Any) -> None:
    result = cli("transcribe", "D01_S03", "--engine", "scripted", "--model", talked.script)
    assert (result.exit_code, "there is no session D01_S03" in result.stderr) == (1, True)


def test_a_model_file_with_underscores_in_its_name_is_found(cli: Cli, talked: Any) -> None:
    named = talked.script.rename(talked.script.with_name("as_told_by_hand.json"))
    assert cli("transcribe", "D01-S03", "--engine", "scripted", "--model", named).exit_code == 0


def test_an_unknown_engine_is_refused_with_the_known_ones(cli: Cli, talked: Any) -> None:
    result = cli("transcribe", "--engine", "whisperx")
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.search(r"^Error: no engine 'whisperx' is installed; there is: .*scripted", result.stderr, re.MULTILINE)


def test_an_unknown_session_is_refused_with_the_nearest(cli: Cli, talked: Any) -> None:
    result = cli("transcribe", "D01-S33", "--engine", "scripted", "--model", talked.script)
    assert (result.exit_code, "did you mean D01-S03?" in result.stderr) == (1, True)


def test_a_missing_model_is_one_sentence_with_the_command_to_type(cli: Cli, talked: Any, models: Path) -> None:
    result = cli("transcribe")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: the model base for faster-whisper is not on this machine; type: iprkit models fetch base\n"
    )


def test_one_failing_recording_does_not_stop_the_others_and_is_listed_at_the_end(
    cli: Cli, talked: Any, tmp_path: Path
) -> None:
    (tmp_path / "study/recordings/d01-s03.wav").unlink()
    result = cli("transcribe", "--engine", "scripted", "--model", talked.script)
    assert result.exit_code == 1
    assert "D01-S04: " in result.stdout
    assert result.stderr.endswith(
        "Error: 1 of 2 could not be transcribed, the others are done:\n"
        "  D01-S03: d01-s03.wav is not in its place; find it with: iprkit relink DIR\n"
    )


def test_in_json_a_failure_is_told_on_both_streams(cli: Cli, talked: Any, tmp_path: Path) -> None:
    (tmp_path / "study/recordings/d01-s03.wav").unlink()
    result = cli("transcribe", "--engine", "scripted", "--model", talked.script, "--json")
    assert result.exit_code == 1
    first, second = json.loads(result.stdout)
    assert ("not in its place" in first["error"], second["error"]) == (True, None)


@pytest.mark.parametrize(
    "words",
    [
        ("--temperature", "warm"),
        ("--temperature", "0,,1"),
        ("--beam-size", "0"),
        ("--jobs", "-1"),
        ("--task", "sing"),
        ("--speakers", "three"),
        ("--condition-on-previous-text", "perhaps"),
        ("--vad_filter", "True"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(cli: Cli, talked: Any, words: tuple[str, str]) -> None:
    assert cli("transcribe", *words).exit_code == 2


def test_what_a_person_should_look_at_is_told_and_shown(
    cli: Cli, record: Callable[..., Path], record_talk: Talks
) -> None:
    told = record_talk()
    cli("session", "add", "D01", 5, record("hum.wav", seconds=20, pitch=50))
    result = cli("transcribe", "--engine", "scripted", "--model", told.script)
    assert re.search(
        r"to look at: \d+ suspect segments, 0 words .*iprkit transcript show D01-S05 --flagged", result.stdout
    )
    assert "<< nobody speaks here" in cli("transcript", "show", "D01-S05", "--flagged").stdout


def test_a_study_without_recordings_has_nothing_to_transcribe(cli: Cli) -> None:
    result = cli("transcribe")
    assert (result.exit_code, "Nothing to do" in result.stdout) == (0, True)


@pytest.mark.weights
def test_a_language_that_the_model_does_not_hear_is_refused(cli: Cli, talked: Any) -> None:
    result = cli("transcribe", "--model", "tiny.en", "--language", "no")
    assert result.exit_code == 1
    assert result.stderr == "Error: the model tiny.en hears only en, not no; try: --model base\n"


@pytest.mark.weights
def test_a_language_that_nobody_speaks_is_one_sentence(cli: Cli, talked: Any) -> None:
    result = cli("transcribe", "D01-S03", "--language", "klingon")
    assert result.exit_code == 1
    assert "D01-S03: faster-whisper cannot listen: 'klingon' is not a valid language code" in result.stderr
