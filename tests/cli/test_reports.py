import csv
import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Cli = Callable[..., Result]


def coded_by(cli: Cli, folder: Path, name: str, code: str) -> None:
    done = cli("--as", name, "code", "add", "D01-S01-T001", code, folder=folder)
    assert done.exit_code == 0, done.output


def test_a_blind_coder_finds_only_their_own_codings(blind: Path, cli: Cli, tmp_path: Path) -> None:
    coded_by(cli, blind, "anna", "push")
    coded_by(cli, blind, "ben", "pull")
    assert cli("export", "csv", "-o", tmp_path / "t.csv", folder=blind).exit_code == 0
    with (tmp_path / "t.csv").open(encoding="utf-8-sig") as stream:
        assert {row["coder"] for row in csv.DictReader(stream)} == {"anna"}


def test_a_blind_coders_report_and_figures_hold_only_their_own_codings(blind: Path, cli: Cli, tmp_path: Path) -> None:
    coded_by(cli, blind, "anna", "push")
    cli("report", "-o", tmp_path / "before.html", folder=blind)
    cli("report", "--figures", "-o", tmp_path / "before", folder=blind)
    coded_by(cli, blind, "ben", "pull")
    cli("report", "-o", tmp_path / "after.html", folder=blind)
    cli("report", "--figures", "-o", tmp_path / "after", folder=blind)
    assert (tmp_path / "after.html").read_bytes() == (tmp_path / "before.html").read_bytes()
    for file in (tmp_path / "before").iterdir():
        assert (tmp_path / "after" / file.name).read_bytes() == file.read_bytes()


def test_report_tells_which_files_it_wrote(blind: Path, cli: Cli, tmp_path: Path) -> None:
    said = cli("report", "--figures", "--only", "talk", "-o", tmp_path / "f", "--json", folder=blind)
    assert sorted(Path(place).name for place in json.loads(said.stdout)) == ["talk.csv", "talk.pdf", "talk.png", "talk.svg"]
    assert cli("report", folder=blind).stdout.strip().endswith("exports/study.report.html")
    assert "For you to write:" in cli("report", "--methods", folder=blind).stdout
    assert cli("report", "--coreq", "-o", tmp_path / "c.md", folder=blind).exit_code == 0
    assert "name a file that ends so" in cli("report", "--coreq", "-o", tmp_path / "c.txt", folder=blind).stderr
    assert cli("report", "--coreq", "--methods", folder=blind).exit_code == 2


def test_an_unknown_kind_of_figure_is_named(blind: Path, cli: Cli) -> None:
    assert cli("report", "--figures", "--only", "pie", folder=blind).exit_code == 2
