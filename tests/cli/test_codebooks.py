import json
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iprkit.cli import main
from iprkit.formats.codebook_yaml import read_codebook_yaml

Cli = Callable[..., Result]


@pytest.fixture(autouse=True)
def _study(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--as", "anna", "init", str(tmp_path / "study"), "--title", "Ruptures"])
    assert result.exit_code == 0, result.output


def said(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_list_tells_what_is_pinned_and_what_there_is(cli: Cli) -> None:
    assert said(cli("codebook", "add", "pics")) == (
        "Pinned pics, version 1.0, 12 codes. Next: iprkit codebook show pics\n"
    )
    found = json.loads(said(cli("codebook", "list", "--json")))
    assert [(one["name"], one["pinned"]) for one in found][:2] == [("pics", True), ("3rs-2015", False)]
    assert "pinned" in said(cli("codebook", "list")).splitlines()[2]


def test_a_codebook_is_shown_as_a_tree_with_definitions_anchors_and_keys(cli: Cli) -> None:
    shown = said(cli("codebook", "show", "3rs-2022"))
    for part in (
        "in the library, not pinned here",
        "Rights: The system and its manual are ©",
        "Not verified: Families, forms",
        "Scale salience: 1-5, ordinal, 1 is no evidence\n   1  not there",
        "\n   3  somewhat there",
        "WD_P  Client withdrawal  [key 1, rated 1-5]",
        "  WD_P_shut  Shutting down  [group]",
        "      Does not count: Disagreement with reasons; not knowing.",
    ):
        assert part in shown


def test_one_code_is_shown_with_those_below_it(cli: Cli) -> None:
    shown = said(cli("codebook", "show", "pics", "Reflective", "--brief"))
    assert shown.split("\n")[:3] == [
        "  reflective  Reflective  [key 3]",
        "    reflective_high  Reflective, high  [key 4]",
        "    reflective_low  Reflective, low  [key 5]",
    ]


def test_a_codebook_in_json_says_what_applies_to_every_code(cli: Cli) -> None:
    found = json.loads(said(cli("codebook", "show", "nepcs", "--json")))
    assert (found["name"], found["version"], found["exclusive"], found["pinned"]) == ("nepcs", "1.0", True, False)
    code = next(one for one in found["codes"] if one["key"] == "empty")
    assert (code["parent"], code["unit"], code["applied"]["unit"], code["applied"]["window_ms"]) == (
        "problem", None, "window", 60_000,
    )  # fmt: skip
    assert "discovery" in code["applied"]["rivals"]


def test_an_own_codebook_from_the_first_code_to_the_last(cli: Cli, tmp_path: Path) -> None:
    assert "Began codebook chair-work." in said(cli("codebook", "new", "Chair work", "--unit", "turn"))
    code = ("codebook", "code")
    assert said(cli(*code, "add", "chair-work", "Critic", "--definition", "Judges.", "--example", "“You!”")) == (
        "Added critic to chair-work.\n"
    )
    said(cli(*code, "add", "chair-work", "Self", "--colour", "#4477aa", "--shortcut", "s", "--scale", "1-5"))
    said(cli(*code, "edit", "chair-work", "critic", "--include", "Insults.", "--scale", "1-5", "--window", "1:00",
             "--unit", "window"))  # fmt: skip
    said(cli(*code, "edit", "chair-work", "critic", "--inherit", "unit", "--inherit", "window_ms"))
    assert said(cli(*code, "split", "chair-work", "critic", "Harsh critic", "Worried critic")) == (
        "Split critic of chair-work into harsh_critic, worried_critic.\n"
    )
    assert said(cli(*code, "merge", "chair-work", "harsh_critic", "--into", "worried critic")) == (
        "Merged harsh_critic into worried critic in chair-work.\n"
    )
    said(cli(*code, "move", "chair-work", "self", "--under", "worried_critic"))
    assert said(cli(*code, "retire", "chair-work", "self")) == "Retired self of chair-work.\n"
    assert said(cli(*code, "retire", "chair-work", "self", "--back")) == "Took back into use: self of chair-work.\n"
    tree = said(cli("codebook", "show", "chair-work", "--brief", "--all")).split("\n\n")[1].splitlines()
    assert tree == [
        "critic  Critic  [rated 1-5, retired]",
        "harsh_critic  Harsh critic  [rated 1-5, merged into worried_critic, from critic]",
        "worried_critic  Worried critic  [rated 1-5, from critic]",
        "  self  Self  [key s, rated 1-5]",
    ]
    copy = read_codebook_yaml((tmp_path / "study/codebooks/chair-work.yaml").read_bytes())
    assert copy.by_key["critic"].examples == ("“You!”",)
    assert (copy.by_key["self"].colour, copy.applied("critic").unit) == ("#4477AA", "turn")


def test_scales_and_what_a_codebook_says_of_itself(cli: Cli) -> None:
    said(cli("codebook", "new", "chairs"))
    told = said(cli("codebook", "scale", "chairs", "heat", "--min", 0, "--max", 10, "--anchor", "10=boiling",
                    "--anchor", "0=cold", "--no-evidence", 0))  # fmt: skip
    assert told == "Scale heat of chairs runs 0-10, for 0 codes.\n"
    said(cli("codebook", "edit", "chairs", "--version", "2", "--exclusive", "--scale", "heat", "--raters", 3))
    found = json.loads(said(cli("codebook", "show", "chairs", "--json")))
    assert (found["version"], found["exclusive"], found["scale"], found["raters"]) == ("2", True, "heat", 3)
    assert found["scales"][0]["anchors"] == [{"value": 0, "text": "cold"}, {"value": 10, "text": "boiling"}]


def test_an_anchor_without_a_number_is_wrong_usage(cli: Cli) -> None:
    said(cli("codebook", "new", "chairs"))
    result = cli("codebook", "scale", "chairs", "heat", "--min", 0, "--max", 10, "--anchor", "boiling")
    assert (result.exit_code, "'boiling' is no anchor" in result.stderr) == (2, True)


def test_codebooks_go_out_and_come_in(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "cis.qdc"
    assert said(cli("codebook", "export", "cis", "qdc", "-o", file)) == f"{file}\n"
    assert "Imported ours, 7 codes." in said(cli("codebook", "import", file, "--name", "ours"))
    assert said(cli("codebook", "export", "ours", "-o", "-")).startswith("name: ours\n")
    assert "Loses" in said(cli("codebook", "export"))
    assert "Updated ours" in said(cli("codebook", "update", "ours", tmp_path / "study/codebooks/ours.yaml"))


def test_a_wrong_file_is_refused_with_name_and_line(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine\nversion: 1\ncodes:\n  - key: a\n    nmae: A\n")
    result = cli("codebook", "add", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: mine.yaml, line 5: did you mean name? (found 'nmae')\n"


def test_the_library_is_there_without_a_study(tmp_path: Path) -> None:
    with chdir(tmp_path):
        result = CliRunner(env={"IPRKIT_STUDY": None}).invoke(main, ["codebook", "show", "sasb", "--brief"])
    assert (result.exit_code, "o_affirm  Affirm" in result.stdout) == (0, True)


def test_a_study_that_was_named_and_is_not_there_is_refused(cli: Cli, tmp_path: Path) -> None:
    assert cli("codebook", "list", folder=tmp_path / "nowhere").exit_code == 1
