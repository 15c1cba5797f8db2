"""What a blind coder is told does not depend on what another coded.

Every command runs as Ben in two copies of one study. They differ only in what Anna coded: nothing in the one, a good
deal in the other. Whatever Ben reads, and whatever files he gets, must be the same.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import click
import pytest
from click.testing import CliRunner, Result
from pyarrow import parquet

from iprkit.cli.main import main
from iprkit.cli.reference import commands
from iprkit.formats.studies import STUDY_WRITERS

T1, C1, C2 = "D01-S01-T001", "D01-S01-C001", "D01-S01-C002"
M1 = "D01-S01-M01"
SECRET = "never seen by ben"

BEN = [
    ("code", "add", T1, "push", "--memo", "of ben"),
    ("code", "add", C1, "warmth", "--rating", 2),
]
"""What Ben did in both studies, after Anna."""

ANNA = [
    ("code", "add", T1, "pull", "--memo", SECRET),
    ("code", "add", C1, "warmth", "--rating", 5, "--memo", SECRET),
    ("code", "add", C2, "push", "--memo", SECRET),
    ("code", "edit", "D01-S01-anna-0003", "--memo", f"{SECRET} twice"),
    ("code", "add", C2, "pull"),
    ("code", "remove", "D01-S01-anna-0004"),
    ("code", "add", C1, "pull", "--round", "notes", "--memo", SECRET),
]

TRIED = [
    *(("code", "list", *words) for words in (
        (), ("--json",), ("D01-S01",), (T1,), ("--coder", "anna"), ("--coder", "anna", "--json"), ("--code", "pull"),
        ("--codebook", "talk"), ("--round", "main"), ("--round", "notes"), ("--moved",), ("--moved", "--json"),
    )),
    ("code", "add", T1, "pull"), ("code", "add", T1, "pull", "--coder", "anna"), ("code", "add", C2, "push", "--json"),
    ("code", "add", C1, "pull", "--round", "notes"), ("code", "add", T1, "push"),
    *(("code", verb, f"D01-S01-anna-{n:04d}") for verb in ("edit", "remove") for n in (1, 2, 3, 4, 5, 9)),
    ("code", "edit", "D01-S01-anna-0001", "--memo", "x"), ("code", "edit", "D01-S01-ben-0001", "--code", "pull"),
    ("code", "edit", "D01-S01-ben-0001", "--target", C2), ("code", "remove", "D01-S01-ben-0002"),
    ("code", "import", "annas.csv"), ("code", "import", "annas.csv", "--coder", "anna"),
    ("code", "import", "annas.csv", "--update"), ("code", "import", "bens.csv"), ("code", "import", "bens.csv", "--json"),
    ("code", "sheet", "--assignment", "A01", "--coder", "anna", "-o", "out/s.csv"),
    ("code", "sheet", "--assignment", "A01", "--coder", "ben", "-o", "out/s.csv"),
    ("code", "sheet", "--assignment", "A01", "--coder", "ben", "-o", "out/s.xlsx"),
    ("code", "sheet", "--codebook", "talk", "--coder", "ben", "-o", "out/s.csv"),
    ("code", "sheet", "--codebook", "talk", "--coder", "anna", "-o", "out/s.csv"),
    ("coder", "list"), ("coder", "list", "--json"), ("coder", "add", "anna"), ("coder", "add", "Carla"),
    ("assign", "list"), ("assign", "show", "A01"), ("assign", "show", "A01", "--json"),
    ("assign", "submit", "A01", "--coder", "anna"), ("assign", "reveal", "A01", "--reason", "curious"),
    ("assign", "new", "--codebook", "talk", "--coder", "ben", "--sample", 2),
    ("assign", "new", "--codebook", "talk", "--coder", "ben", "--coder", "anna", "--sample", 2, "--json"),
    ("adjudicate",), ("adjudicate", "--json"), ("adjudicate", "--settled"), ("adjudicate", "--unsettled"),
    ("adjudicate", T1, "pull", "--reason", "x"), ("adjudicate", C2, "none", "--codebook", "talk", "--reason", "x"),
    ("agree",), ("agree", "--json"), ("agree", "--codebook", "talk"), ("agree", "--unit", "time"),
    ("agree", "--coders", "anna,ben"), ("agree", "--round", "notes"), ("agree", "--csv", "out/a.csv"),
    ("agree", "--docx", "out/a.docx"), ("agree", "--unit", "session", "--round", "main"),
    ("bundle", "export", "A01", "-o", "out/b.zip"), ("bundle", "export", "A01", "--coder", "anna", "-o", "out/b.zip"),
    ("bundle", "merge", "annas.zip"), ("bundle", "merge", "annas.zip", "--theirs", "--json"),
    *(("history", key) for key in (
        "D01", "D01-S01", T1, C1, C2, "A01", "talk", "anna", "ben", "D01-S01-anna-0001", "D01-S01-anna-0003",
        "D01-S01-ben-0001",
    )),
    ("history", "D01-S01", "--json"),
    ("undo",), ("undo", "--mine"), ("redo",), ("redo", "--mine"),
    ("codebook", "list"), ("codebook", "list", "--json"), ("codebook", "show", "talk"),
    ("codebook", "show", "talk", "--json"), ("codebook", "show", "talk", "pull", "--all"),
    ("codebook", "add", "talk"), ("codebook", "import", "annas.csv"), ("codebook", "new", "other"),
    ("codebook", "edit", "talk", "--title", "Talk"),
    ("codebook", "scale", "talk", "1-5", "--min", 1, "--max", 5), ("codebook", "update", "talk"),
    ("codebook", "export", "talk", "csv", "-o", "-"), ("codebook", "export", "talk", "qdc", "-o", "out/c.qdc"),
    ("codebook", "code", "add", "talk", "Third"), ("codebook", "code", "edit", "talk", "pull", "--name", "Draw"),
    ("codebook", "code", "move", "talk", "pull", "--after", "warmth"),
    ("codebook", "code", "merge", "talk", "pull", "--into", "push"),
    ("codebook", "code", "split", "talk", "pull", "Hard pull", "Soft pull"),
    ("codebook", "code", "retire", "talk", "pull"), ("codebook", "code", "retire", "talk", "pull", "--json"),
    ("status",), ("status", "--json"), ("check",), ("check", "--full", "--json"),
    ("transcript", "show", "D01-S01"), ("transcript", "show", "D01-S01", "--json"), ("transcript", "show", T1),
    ("export", "vtt", "D01-S01", "-o", "-"), ("export", "csv", "D01-S01", "-o", "-"), ("export",),
    *(("export", form, "D01-S01", "-o", f"out/e.{form}") for form in ("sheet", "sdis", "traminer", "r", "quotes")),
    ("report", "-o", "out/r.html"), ("report", "--for-the-team", "-o", "out/t.html"), ("report", "--methods"),
    ("report", "--figures", "-o", "out"), ("report", "--coreq", "-o", "out/c.md"),
    ("clip", T1, "-o", "out/c.wav"), ("dyad", "add", "D01"), ("session", "add", "D01", 1, "annas.csv"),
    ("recording", "add", "D01-S01", "annas.csv", "--beside"), ("recording", "start", "D01-S01", "camera2", "1500"),
    ("relink", "out"), ("transcribe", "D01-S01", "--engine", "scripted"),
    ("moments", "D01-S01"), ("moments", "D01-S01", "--json"), ("moments", "D01-S01", "--overlap", "--permutations", 9),
    *(("moments", "D01-S01", "-o", f"out/m{suffix}") for suffix in (".html", ".xlsx", ".docx")),
    ("moment", "add", "D01-S01", "--from", "0:00", "--to", "0:03"), ("moment", "edit", M1, "--label", "x"),
    ("moment", "merge", M1, "D01-S01-M02"), ("moment", "delete", M1), ("history", M1),
    ("recall", "show", "D01-S01"), ("recall", "grid"), ("recall", "grid", "--json"), ("recall", "edit", M1),
    ("recall", "add", "D01", 1, "annas.csv", "--participant", "client"), ("recall", "allow", "D01-S01", "--quote"),
    ("link",), ("link", "--json"), ("map", "show", "D01-S01"), ("map", "edit", "D01-S01", "--delete", 1),
    ("consent", "show", "D01"), ("consent", "set", "D01-S01", "--party", "client", "--scope", "quotation"),
    ("withdraw", "D01", "client"), ("withdraw", "D01", "client", "--yes"),
    *(("export", name, "-o", f"out/x{form.suffix}") for name, form in STUDY_WRITERS.items() if not form.each),
    *(("export", name, "D01-S01", "-o", f"out/x{form.suffix}") for name, form in STUDY_WRITERS.items() if form.each),
    ("report", "-o", "out/r.html"), ("report", "--for-the-team", "-o", "out/r.html"), ("report", "--methods"),
    ("report", "--coreq", "-o", "out/q.md"), ("report", "--figures", "--only", "codes", "-o", "out"),
    ("import", "annas.csv"), ("import", "bens.csv"),
    ("speakers", "D01-S01"), ("align", "D01-S01"), ("transcript", "correct", T1, "Thanks."),
]  # fmt: skip

ELSEWHERE = {
    "iprkit init", "iprkit backup", "iprkit restore", "iprkit doctor", "iprkit models list", "iprkit models fetch",
    "iprkit models verify", "iprkit demo", "iprkit open", "iprkit account add", "iprkit account list",
    "iprkit account password", "iprkit account remove",
}  # fmt: skip
"""Commands that ask the study nothing, or only of its files as a whole; the page of `open` has its own tests."""


@pytest.fixture
def pair(blind: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two copies of one study that differ in what Anna coded, each in a folder of its own with her files beside it."""
    quiet, busy = tmp_path / "quiet", tmp_path / "busy"
    for folder in (quiet, busy):
        folder.mkdir()
        shutil.copytree(blind, folder / "study")
        run(folder, "lea", "moment", "add", "D01-S01", "--from", "0:00", "--to", "0:02")
    for words in ANNA:
        run(busy, "anna", *words)
    for folder in (quiet, busy):
        run(folder, "anna", "assign", "submit", "A01")
    run(busy, "lea", "bundle", "export", "A01", "--coder", "anna", "-o", str(busy / "annas.zip"))
    for folder in (quiet, busy):
        for words in BEN:
            run(folder, "ben", *words)
        sheet = f"target,code,coder,memo\n{T1},pull,anna,{SECRET}\n{C2},push,anna,{SECRET} twice\n"
        (folder / "annas.csv").write_text(sheet, encoding="utf-8")
        (folder / "bens.csv").write_text(sheet.replace("anna", "ben"), encoding="utf-8")
        shutil.copy(busy / "annas.zip", folder / "annas.zip") if folder != busy else None
    return quiet, busy


def run(folder: Path, who: str, *words: object) -> Result:
    result = attempt(folder, who, *words)
    assert result.exit_code == 0, (words, result.output)
    return result


def attempt(folder: Path, who: str, *words: object) -> Result:
    here = [
        str(folder / str(word)) if re.fullmatch(r"(annas|bens)\.\w+|out(/.*)?", str(word)) else str(word)
        for word in words
    ]
    return CliRunner().invoke(main, ["-C", str(folder / "study"), "--as", who, *here])


def told(folder: Path, words: tuple[object, ...]) -> list[str]:
    """All that Ben gets to read from a command, in a fresh copy of the study, without the time of day and the folder."""
    fresh = folder.with_name(f"{folder.name}-tried")
    shutil.copytree(folder, fresh)
    (fresh / "out").mkdir()
    result = attempt(fresh, "ben", *words)
    assert result.exception is None or isinstance(result.exception, SystemExit), (words, result.exception)
    texts = [str(result.exit_code), result.stdout, result.stderr]
    for file in sorted((fresh / "out").iterdir()):
        texts += [file.name, *_content(file)]
    shutil.rmtree(fresh)
    return [_bare(text, fresh) for text in texts]


def _content(file: Path) -> Iterator[str]:
    if file.suffix in (".zip", ".xlsx", ".docx", ".qdpx"):
        with ZipFile(file) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", "replace")
    elif file.suffix == ".parquet":
        yield str(parquet.read_table(file).to_pylist())
    else:
        yield file.read_bytes().decode("utf-8", "replace")


def _bare(text: str, folder: Path) -> str:
    """Without what differs between any two runs: the time, the folder, ids made by chance, checksums over them."""
    text = text.replace(str(folder), "STUDY").replace(folder.name, "STUDY")
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)
    text = re.sub(r'"id": \d+', '"id": N', text)
    text = re.sub(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{32}\b", "ID", text)
    return re.sub(r'"size": \d+', '"size": N', text)


@pytest.mark.parametrize("part", range(3))
def test_what_ben_is_told_does_not_depend_on_what_anna_coded(pair: tuple[Path, Path], part: int) -> None:
    quiet, busy = pair
    for words in TRIED[part::3]:
        assert told(quiet, words) == told(busy, words), words


def test_neither_codes_memos_nor_keys_of_anna_are_told_by_the_commands_about_codings(pair: tuple[Path, Path]) -> None:
    _, busy = pair
    about = ("code", "assign", "adjudicate", "agree", "history", "undo")
    for words in [one for one in TRIED if one[0] in about and "annas.csv" not in one and "bens.csv" not in one][::4]:
        everything = "\n".join(told(busy, words))
        assert SECRET not in everything, words
        asked = " ".join(map(str, words))
        assert "-anna-" not in everything or "-anna-" in asked, words


def test_once_both_have_submitted_ben_sees_it_all(pair: tuple[Path, Path]) -> None:
    _, busy = pair
    run(busy, "ben", "assign", "submit", "A01")
    assert SECRET in run(busy, "ben", "code", "list", "--json").stdout
    assert "D01-S01-anna-0001" in run(busy, "ben", "history", "D01-S01").stdout


def test_every_command_is_tried_or_asks_nothing_of_codings() -> None:
    leaves = {name for name, command, _ in commands() if not isinstance(command, click.Group)}
    tried = {name for words in TRIED for name in leaves if f"{' '.join(map(str, words))} ".startswith(f"{name[7:]} ")}
    assert leaves - tried - ELSEWHERE == set()
