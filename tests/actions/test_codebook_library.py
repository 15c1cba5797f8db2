"""The library: every codebook is whole, in our own words, documented, and comes along where iprkit is installed."""

import subprocess
import sys
from io import StringIO
from pathlib import Path
from shutil import copytree, ignore_patterns
from zipfile import ZipFile

import pytest

from iprkit.actions import codebook_library as library
from iprkit.codebook import STATISTICS, Codebook
from iprkit.errors import NotFound
from iprkit.formats.codebook_yaml import read_codebook_yaml, write_codebook_yaml
from iprkit.formats.codebooks import CODEBOOK_WRITERS

TOP = Path(__file__).parents[2]
BOOKS = {book.name: book for book in library.everything()}


def test_the_systems_that_were_promised_are_there() -> None:
    assert set(BOOKS) == {
        "3rs-2015", "3rs-2022", "real-relationship", "working-alliance", "togetherness", "helpful-events",
        "client-reactions", "experiencing", "nepcs", "pics", "assimilation", "innovative-moments", "sasb",
        "helping-skills", "cis",
    }  # fmt: skip


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_a_codebook_is_named_like_its_file_and_written_as_iprkit_writes_it(book: Codebook) -> None:
    file = library.folder() / f"{book.name}.yaml"
    stream = StringIO(newline="")
    write_codebook_yaml(book, stream)
    assert file.read_bytes().decode() == stream.getvalue()


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_a_codebook_says_whose_system_it_is_and_that_the_words_are_ours(book: Codebook) -> None:
    assert book.title
    assert book.citation
    assert "iprkit" in book.rights
    assert book.notes


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_every_code_says_what_counts_what_does_not_and_gives_an_example(book: Codebook) -> None:
    for code in book.codes:
        if code.codable:
            assert code.definition and code.include and code.exclude and code.examples, code.key
            assert not code.definition.startswith(code.include), code.key


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_every_code_has_a_colour_and_every_scale_is_used_and_anchored(book: Codebook) -> None:
    rated = {book.applied(code.key).scale for code in book.codes if code.codable}
    for scale in book.scales:
        assert scale.name in rated
        assert {scale.min, scale.max} <= {anchor.value for anchor in scale.anchors}
    assert all(book.colour(code.key) for code in book.codes)
    assert all(book.applied(code.key).statistic in STATISTICS for code in book.codes)


def keys(name: str, group: str) -> list[str]:
    return [code.name for code in BOOKS[name].children(group)]


def test_3rs_2015_has_seven_and_seven_markers_ten_strategies_and_session_ratings_from_1_to_5() -> None:
    book = BOOKS["3rs-2015"]
    assert [len(book.children(group)) for group in ("withdrawal", "confrontation", "resolution")] == [7, 7, 10]
    assert book.applied("wd_denial").window_ms == 300_000
    assert {book.applied(code.key).unit for code in book.below("session_ratings")} == {"session"}
    ratings = [book.scale(code.key) for code in book.below("session_ratings") if code.codable]
    assert {(scale.min, scale.max) for scale in ratings if scale} == {(1, 5)}
    assert len(ratings) == 7 + 7 + 10 + 4


def test_3rs_2022_rates_four_targets_by_salience_and_marks_eight_forms_of_withdrawal_for_each_person() -> None:
    book = BOOKS["3rs-2022"]
    for target, speaker in (("WD_P", "client"), ("WD_T", "therapist"), ("CF_P", "client"), ("CF_T", "therapist")):
        scale = book.scale(target)
        assert scale is not None
        assert (scale.range, [anchor.value for anchor in scale.anchors]) == ("1-5", [1, 2, 3, 4, 5])
        assert book.applied(target).speaker == speaker
        assert not any(book.scale(code.key) for code in book.below(target))
    for target in ("WD_P", "WD_T"):
        assert sum(code.codable for code in book.below(target)) == 8
        assert [code.name for code in book.children(target)] == ["Shutting down", "Avoiding", "Masking experience"]


def test_the_real_relationship_is_two_sides_by_three_directions_by_two_valences() -> None:
    book = BOOKS["real-relationship"]
    assert sum(code.codable for code in book.codes) == 2 * 3 * 2


def test_the_working_alliance_starts_at_no_evidence() -> None:
    book = BOOKS["working-alliance"]
    scale = book.scale("goal")
    assert scale is not None
    assert (scale.range, scale.no_evidence) == ("1-7", 4)
    assert keys("working-alliance", "stretch") == ["Goal", "Task", "Bond"]


def test_helpful_events_are_rated_from_1_to_9_with_half_points() -> None:
    book = BOOKS["helpful-events"]
    scale = book.scale("helpfulness")
    assert scale is not None
    assert scale.range == "1-9/0.5"
    assert sum(code.codable for code in book.below("helpful")) == 8
    assert len(book.children("hindering")) == 6


def test_client_reactions_are_fourteen_and_seven() -> None:
    assert (len(keys("client-reactions", "positive")), len(keys("client-reactions", "negative"))) == (14, 7)


def test_experiencing_has_seven_stages_by_mode_and_peak() -> None:
    book = BOOKS["experiencing"]
    scale = book.scale("exp_mode")
    assert scale is not None and scale == book.scale("exp_peak")
    assert [anchor.value for anchor in scale.anchors] == [1, 2, 3, 4, 5, 6, 7]


def test_nepcs_gives_every_minute_exactly_one_of_ten_markers_or_none() -> None:
    book = BOOKS["nepcs"]
    assert [len(book.children(group)) for group in ("problem", "transition", "change")] == [4, 4, 2]
    assert book.applied("no_marker").window_ms == 60_000
    assert (book.exclusive, book.exhaustive) == (True, True)
    assert len(book.rivals("no_marker")) == 10


def test_pics_codes_silences_from_three_seconds() -> None:
    applied = BOOKS["pics"].applied("emotional")
    assert (applied.unit, applied.min_ms) == ("silence", 3000)


def test_apes_runs_from_0_to_7_with_decimals() -> None:
    scale = BOOKS["assimilation"].scale("apes")
    assert scale is not None and scale.holds(2.5)
    assert [anchor.value for anchor in scale.anchors] == [0, 1, 2, 3, 4, 5, 6, 7]


def test_sasb_is_three_surfaces_of_eight() -> None:
    assert [len(keys("sasb", surface)) for surface in ("other", "self", "introject")] == [8, 8, 8]


@pytest.mark.parametrize("name", ["3rs-2015", "3rs-2022", "cis", "helping-skills", "working-alliance", "togetherness"])
def test_what_was_not_verified_is_said(name: str) -> None:
    assert BOOKS[name].unverified


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="no codebook 3rs2022; did you mean 3rs-2022"):
        library.codebook("3rs2022")


def test_the_table_in_the_documentation_is_the_one_made_of_the_files() -> None:
    text = (TOP / "docs/codebooks.md").read_text(encoding="utf-8")
    assert library.markdown_table() in text


@pytest.mark.parametrize("name", CODEBOOK_WRITERS)
def test_the_documentation_says_what_each_format_loses(name: str) -> None:
    kind = CODEBOOK_WRITERS[name]
    row = f"| `{name}` | `{kind.suffix}` | {kind.purpose} | {kind.loses} |"
    assert row in (TOP / "docs/codebooks.md").read_text(encoding="utf-8")


def test_whoever_installs_iprkit_gets_the_library_and_the_page_of_the_workbench(tmp_path: Path) -> None:
    source = tmp_path / "source"
    copytree(TOP / "iprkit", source / "iprkit", ignore=ignore_patterns("__pycache__"))
    copytree(TOP / "codebooks", source / "codebooks")
    copytree(TOP / "workbench", source / "workbench", ignore=ignore_patterns("node_modules"))
    for name in ("setup.py", "setup.cfg", "pyproject.toml", "MANIFEST.in", "LICENSE"):
        (source / name).write_bytes((TOP / name).read_bytes())
    build = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    (wheel,) = (source / "dist").glob("*.whl")
    with ZipFile(wheel) as archive:
        files = [name for name in archive.namelist() if name.startswith("iprkit/library/")]
        names = {read_codebook_yaml(archive.read(name)).name for name in files}
        page = "iprkit/web/static/index.html" in archive.namelist()
    assert names == set(BOOKS)
    assert page
