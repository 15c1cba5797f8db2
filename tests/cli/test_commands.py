import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iprkit import __version__
from iprkit.cli import main
from iprkit.cli.registry import COMMANDS, load

Cli = Callable[..., Result]
Recorder = Callable[..., Path]


@pytest.fixture(autouse=True)
def _study(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--as", "anna", "init", str(tmp_path / "study"), "--title", "Ruptures"])
    assert result.exit_code == 0, result.output


@pytest.fixture
def session(cli: Cli, record: Recorder) -> None:
    assert cli("dyad", "add", "D01", "--therapist", "T01", "--client", "C01").exit_code == 0
    assert cli("session", "add", "D01", 3, record("a.wav", seconds=2), "--date", "2026-03-04").exit_code == 0


def test_status_in_json_is_the_studys_state(cli: Cli, session: None) -> None:
    state = json.loads(cli("status", "--json").stdout)
    assert state["title"] == "Ruptures"
    assert state["dyads"][0]["members"] == [{"key": "T01", "role": "therapist"}, {"key": "C01", "role": "client"}]
    assert state["dyads"][0]["sessions"][0]["key"] == "D01-S03"


def test_status_for_people_is_a_table(cli: Cli, session: None) -> None:
    assert re.search(r"D01 +T01 C01 +D01-S03 +2026-03-04 +1 +0:02.0 +none", cli("status").stdout)


def test_an_empty_study_says_what_comes_next(cli: Cli) -> None:
    assert "iprkit dyad add" in cli("status").stdout


def test_the_answer_goes_to_stdout_and_progress_to_stderr(cli: Cli, record: Recorder) -> None:
    cli("dyad", "add", "D01")
    result = cli("session", "add", "D01", 3, record("a.wav"))
    assert result.stdout == "Added D01-S03. Next: iprkit transcribe D01-S03\n"
    assert "a.wav checksum 100 %" in result.stderr


def test_an_error_is_one_sentence_on_stderr_and_exit_1(cli: Cli, record: Recorder) -> None:
    result = cli("session", "add", "D09", 3, record("a.wav"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: there is no dyad D09 in this study; try: iprkit dyad add D09\n"


def test_wrong_usage_is_exit_2(cli: Cli) -> None:
    assert cli("session", "add", "D01").exit_code == 2


def test_an_unknown_command_is_exit_2(cli: Cli) -> None:
    assert cli("dance").exit_code == 2


def test_a_folder_without_a_study_is_exit_1(cli: Cli, tmp_path: Path) -> None:
    result = cli("status", folder=tmp_path)
    assert (result.exit_code, "there is no study" in result.stderr) == (1, True)


def test_verbose_tells_where_an_error_came_from(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--verbose", "-C", str(tmp_path), "status"])
    assert "Traceback" in result.stderr


def test_dashes_and_underscores_mean_the_same(cli: Cli, session: None, record: Recorder) -> None:
    file = record("b.wav", pitch=300)
    assert cli("session", "add", "D01", 4, file, "--allow_damaged").exit_code == 0


def test_undo_redo_and_history(cli: Cli, session: None) -> None:
    assert cli("undo").stdout == "undid: added session D01-S03\n"
    assert cli("redo").stdout == "redid: added session D01-S03\n"
    told = json.loads(cli("history", "D01", "--json").stdout)
    assert [entry["kind"] for entry in told] == ["change", "change", "undo", "redo"]
    assert {entry["author"] for entry in told} == {"anna"}


def test_check_is_exit_0_on_a_whole_study(cli: Cli, session: None) -> None:
    result = cli("check", "--full")
    assert (result.exit_code, result.stdout) == (0, "Nothing is wrong.\n")


def test_check_is_exit_1_where_something_is_wrong(cli: Cli, session: None, tmp_path: Path) -> None:
    (tmp_path / "study/recordings/d01-s03.wav").unlink()
    result = cli("check", "--json")
    assert result.exit_code == 1
    assert [finding["subject"] for finding in json.loads(result.stdout)] == ["D01-S03"]


def test_relink_tells_where_a_recording_is_now(cli: Cli, session: None, tmp_path: Path) -> None:
    (tmp_path / "study/recordings/d01-s03.wav").rename(tmp_path / "study/recordings/other.wav")
    result = cli("relink", tmp_path)
    assert result.stdout == "D01-S03: recordings/d01-s03.wav is now recordings/other.wav\n"
    assert cli("check").exit_code == 0


def test_backup_and_restore(cli: Cli, session: None) -> None:
    copy = cli("backup").stdout.strip()
    cli("undo")
    assert cli("restore", copy).exit_code == 0
    assert "D01-S03" in cli("status").stdout


def test_doctor_answers_without_a_study(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["doctor", "--json"])
    assert json.loads(result.stdout)["cores"] >= 1


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(main, ["--version"]).stdout == f"iprkit, version {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_listed_command_is_there_under_the_line_that_help_shows(name: str) -> None:
    command = load(name)
    assert (command.name, command.short_help) == (name, COMMANDS[name].summary)


def test_help_loads_neither_the_database_nor_any_engine() -> None:
    source = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from iprkit.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "print(sorted({'sqlalchemy', 'av', 'torch', 'spacy', 'numpy', 'rich'} & set(sys.modules)))\n"
    )
    told = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
