"""``iprkit align`` and ``iprkit transcript correct``, on a tone: what they print and how they end."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iprkit.cli import main

Cli = Callable[..., Result]


@pytest.fixture(autouse=True)
def _session(tmp_path: Path, cli: Cli, record: Callable[..., Path]) -> None:
    CliRunner().invoke(main, ["--as", "anna", "init", str(tmp_path / "study")])
    cli("dyad", "add", "D01")
    assert cli("session", "add", "D01", 3, record("a.wav", seconds=4)).exit_code == 0


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text("Terapeuta: ¿Cómo está usted?\nPaciente: Muy bien, gracias.\n", encoding="utf-8")
    return file


def test_what_became_of_the_words_is_printed(cli: Cli, text: Path) -> None:
    assert cli("align", "D01-S03", "--text", text, "--language", "es").stdout.splitlines()[:2] == [
        "D01-S03: 6 words in 2 segments, version 1 (checked)",
        "  put on the sound: 0, times guessed: 6",
    ]
    text.write_text("Terapeuta: ¿Y cómo está?\nPaciente: Muy bien, gracias.\n", encoding="utf-8")
    lines = cli("align", "D01-S03", "--text", text).stdout.splitlines()
    assert lines[1] == "  5 kept, 0 changed, 1 added, 1 removed"
    assert "  speakers: A Therapist, B Client" in lines


def test_a_text_that_nobody_says_here_is_reported_with_its_time_and_a_hint(cli: Cli, text: Path) -> None:
    """A tone is no speech."""
    told = cli("align", "D01-S03", "--text", text, "--language", "en").stdout
    assert "not found in the sound, 0:00.0 to 0:0" in told
    assert "is it another session's? take it back with: iprkit undo" in told


def test_losing_most_words_is_worth_a_question(cli: Cli, text: Path) -> None:
    cli("align", "D01-S03", "--text", text, "--language", "es")
    text.write_text("Terapeuta: Gracias.", encoding="utf-8")
    assert "most of the former words are gone" in cli("align", "D01-S03", "--text", text).stdout


def test_json_has_the_figures(cli: Cli, text: Path) -> None:
    told = json.loads(cli("align", "D01-S03", "--text", text, "--language", "es", "--style", "clean", "--json").stdout)
    assert {name: told[name] for name in ("key", "style", "words", "placed", "guessed", "first")} == {
        "key": "D01-S03", "style": "clean", "words": 6, "placed": 0, "guessed": 6, "first": True,
    }  # fmt: skip
    assert [speaker["role"] for speaker in told["speakers"]] == ["therapist", "client"]
    assert told["lost"][0].keys() == {"start_ms", "end_ms", "words", "text"}


def test_what_is_no_text_is_one_sentence_and_exit_1(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "talk.docx"
    file.write_bytes(b"PK\x03\x04 and so on")
    result = cli("align", "D01-S03", "--text", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1].startswith("Error: talk.docx: this is a zip archive")


def test_a_segment_is_corrected(cli: Cli, text: Path) -> None:
    cli("align", "D01-S03", "--text", text, "--language", "es")
    assert cli("transcript", "correct", "D01-S03-C001", "Muy mal, gracias.").stdout.splitlines() == [
        "D01-S03-C001  Muy mal, gracias.",
        "  2 kept, 1 changed, 0 added, 0 removed",
        "  put on the sound: 0, times guessed: 1",
    ]


def test_a_corrected_segment_in_json_has_the_contracts_shape(cli: Cli, text: Path) -> None:
    cli("align", "D01-S03", "--text", text, "--language", "es")
    told = json.loads(cli("transcript", "correct", "D01-S03-C001", "Muy mal, gracias.", "--json").stdout)
    shown = json.loads(cli("transcript", "show", "D01-S03-C001", "--json").stdout)
    assert told["segment"] == shown["segments"][0]
    assert told["changed"] == 1
