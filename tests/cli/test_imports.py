"""``iprkit import`` and ``iprkit export`` say what they understood, where it went, and what does not come along."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from iprkit.database.connect import Study

Cli = Callable[..., Result]
SAMPLES = Path(__file__).parents[1] / "formats/samples"


def test_an_import_says_what_the_file_is_and_where_its_parts_went(study: Study, cli: Cli) -> None:
    done = cli("import", SAMPLES / "refi/qualcoder_3.8.2_export.qdpx")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("qualcoder_3.8.2_export.qdpx is a REFI-QDA project of QualCoder 3.8.2: ")
    assert "  Session 01.wav -> D01-S01\n" in done.stdout
    assert "tags that were not well formed were put right" in done.stderr


def test_an_import_answers_in_json(study: Study, cli: Cli) -> None:
    (one,) = json.loads(cli("import", SAMPLES / "ours/session01.cha", "--session", "D02-S07", "--json").stdout)
    assert one["what"] == "a CHAT transcript" and one["places"]["session01"] == "D02-S07"
    assert one["counts"]["segments"] == 2


def test_a_file_that_cannot_be_meant_is_refused_with_its_name(study: Study, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    done = cli("import", tmp_path / "a.pdf")
    assert done.exit_code == 1 and "a.pdf is a PDF" in done.stderr
    assert cli("import", tmp_path / "none.txt").exit_code == 1


def test_what_was_imported_is_exported_undone_and_redone(study: Study, cli: Cli) -> None:
    cli("import", SAMPLES / "ours/refi_full.qdpx")
    done = cli("export", "qdpx")
    assert done.stdout.endswith("exports/study.qdpx\n")
    assert "undid: imported refi_full.qdpx" in cli("undo").output
    assert cli("export", "qdpx").exit_code == 1
    assert cli("redo").exit_code == 0 and cli("export", "qdpx").exit_code == 0


def test_an_export_tells_what_the_format_drops_for_this_study(study: Study, cli: Cli) -> None:
    cli("import", SAMPLES / "ours/refi_full.qdpx")
    done = cli("export", "textgrid", "D01-S01")
    assert done.stdout.endswith("exports/D01-S01.TextGrid\n")
    assert done.stderr.startswith("not carried: ") and "coding memos" in done.stderr


def test_the_list_of_formats_names_those_of_whole_studies(cli: Cli) -> None:
    listed = {one["name"]: one["loses"] for one in json.loads(cli("export", "--json").stdout)}
    assert {"qdpx", "eaf", "textgrid", "cha", "vtt"} <= set(listed)
    assert "map pieces" in listed["qdpx"]
