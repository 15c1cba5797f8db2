"""BORIS and Datavyu: the same events in all their shapes, and a sentence for what breaks."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iprkit.errors import FormatError
from iprkit.exchange import Exchange
from iprkit.formats import boris, datavyu
from iprkit.formats.archive import opened
from iprkit.formats.foreign import read_bytes, read_foreign

HERE = Path(__file__).parent / "events"

SPREADSHEET = """#4
gaze (MATRIX,true,)-where|NOMINAL,how|NOMINAL
00:00:01:800,00:00:08:125,(floor,"up, left")
door (MATRIX,true,)-code01|NOMINAL
00:00:32:825,00:00:32:825,()
"""


def spreadsheet(to: Path, text: str = SPREADSHEET) -> Path:
    with zipfile.ZipFile(to / "s.opf", "w") as archive:
        archive.writestr("db", text)
        archive.writestr("project", "--- !project\nversion: 5\n")
    return to / "s.opf"


def told(values: Exchange, place: str) -> list[tuple[str, int, int, str | None]]:
    one = next(one for one in values.conversations if one.key == place)
    names = {code.key: code.name for book in values.codebooks for code in book.codes}
    return [(names[c.code], c.anchor.span.start_ms, c.anchor.span.end_ms, c.about) for c in one.codings]


EVENTS = [("looks away", 1_800, 8_125, "client"), ("door", 32_825, 32_826, None)]


@pytest.mark.parametrize("name", ["boris-aggregated.tsv", "boris-tabular.tsv", "project.boris"])
def test_boris_says_the_same_in_all_its_files(name: str) -> None:
    values = read_foreign(HERE / name).values
    assert told(values, "D01-S03") == EVENTS
    assert "at the floor" in next(c.memo for one in values.conversations for c in one.codings)


@pytest.mark.parametrize("name", ["boris-aggregated.tsv", "boris-tabular.tsv", "project.boris"])
def test_boris_brings_what_it_says_of_an_observation(name: str) -> None:
    values = read_foreign(HERE / name).values
    one = next(one for one in values.conversations if one.key == "D01-S03")
    assert one.date == "2026-03-04"
    assert (one.media[0].name, one.media[0].duration_ms, one.media[0].view) == ("d01-s03.mp4", 174_558, "main")
    assert [(note.target, note.text) for note in one.memos] == [("D01-S03", "description = third session\nroom = lab")]
    assert any("was coded on d01-s03.mp4" in remark for remark in values.remarks)


def test_a_project_of_boris_brings_its_behaviours_with_description_and_category() -> None:
    book = read_foreign(HERE / "project.boris").values.codebooks[0]
    assert [(code.name, code.parent, code.codable) for code in book.codes] == [
        ("Gaze", None, False), ("looks away", "gaze", True), ("door", None, True),
    ]  # fmt: skip
    assert book.by_key["looks_away"].definition == "eyes off the other"


def test_a_state_that_never_ends_is_left_out_and_told() -> None:
    values = read_foreign(HERE / "project.boris").values
    assert told(values, "never ends") == [("door", 3_000, 3_001, None)]
    assert "never ends: looks away begins at 2000 ms and never ends; left out" in values.remarks
    assert "2 events without length last 1 ms here" in values.remarks


def test_decimal_commas_semicolons_and_windows_line_ends_are_read() -> None:
    text = (HERE / "boris-aggregated.tsv").read_text(encoding="utf-8")
    other = text.replace(".", ",").replace("\t", ";").replace("\n", "\r\n")
    data = b"\xff\xfe" + other.encode("utf-16-le")
    assert told(boris.read_table(data, "x.csv"), "D01-S03") == EVENTS


def test_datavyu_says_the_same_as_spreadsheet_and_as_table(tmp_path: Path) -> None:
    table = read_foreign(HERE / "datavyu.csv").values
    assert told(table, "datavyu")[0] == ("gaze", 1_800, 8_125, None)
    sheet = read_foreign(spreadsheet(tmp_path)).values
    assert told(sheet, "s") == [("gaze", 1_800, 8_125, None), ("door", 32_825, 32_826, None)]
    memos = [c.memo for one in sheet.conversations for c in one.codings]
    assert memos == ["where: floor; how: up, left", ""]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1.800", "soon", "line 2: start (s) is 'soon'"),
        ("8.125", "0.500", "line 2: the event ends at 500 ms, before its start at 1800 ms"),
        ("looks away", "", "line 2: the cell behavior is empty"),
        ("1.800", "-3", "line 2: -3.0 s is no time of a session"),
        ("1.800", "9e99", "is no time of a session"),
        ("1.800", "nan", "is no time of a session"),
    ],
)
def test_a_row_that_breaks_is_named(old: str, new: str, said: str) -> None:
    text = (HERE / "boris-aggregated.tsv").read_text(encoding="utf-8").replace(old, new, 1)
    with pytest.raises(FormatError) as refused:
        read_bytes(text.encode(), "b.tsv")
    assert said in str(refused.value)
    assert str(refused.value).startswith("b.tsv")


def test_a_file_without_events_says_so() -> None:
    text = (HERE / "boris-aggregated.tsv").read_text(encoding="utf-8").split("\n")[0]
    with pytest.raises(FormatError, match="has no events in it"):
        boris.read_table(text, "b.tsv")


def test_a_cell_before_any_column_is_named(tmp_path: Path) -> None:
    file = spreadsheet(tmp_path, "#4\n00:00:01:800,00:00:08:125,(x)\n")
    with opened(file, "s.opf") as archive, pytest.raises(FormatError, match=r"s\.opf, line 2: a cell before any column"):
        datavyu.read_spreadsheet(archive, "s.opf")


@pytest.mark.parametrize("name", ["boris-aggregated.tsv", "boris-tabular.tsv", "project.boris", "datavyu.csv"])
@settings(max_examples=200, deadline=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_changed_in_a_file_it_is_read_or_refused(name: str, data: st.DataObject) -> None:
    text = bytearray((HERE / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    reader = {"datavyu.csv": datavyu.read_table, "project.boris": lambda d, f: boris.read_project(d.decode("latin-1"), f)}
    try:
        reader.get(name, boris.read_table)(bytes(text), name)
    except FormatError as e:
        assert str(e)


def test_a_large_table_is_read_in_time() -> None:
    head, row = (HERE / "boris-aggregated.tsv").read_text(encoding="utf-8").split("\n")[:2]
    values = boris.read_table("\n".join([head, *[row] * 20_000]), "b.tsv")
    assert sum(len(one.codings) for one in values.conversations) == 20_000
