"""The paired table in its four shapes, each read back by another program than wrote it where there is one."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import pytest
from docx import Document
from openpyxl import load_workbook

from iprkit.report.paired import PairedMoment, PairedTable, Quotation, Said
from iprkit.report.paired_docx import write_docx
from iprkit.report.paired_html import write_html
from iprkit.report.paired_text import side_by_side
from iprkit.report.paired_xlsx import write_xlsx
from iprkit.timeline import Span

MADE = datetime(2026, 3, 4, 12, 0)
FIRST = PairedMoment(
    key="D01-S03-M01",
    span=Span(39_700, 60_800),
    source="both",
    label="fine & <quiet>",
    memos=("Look at this again.",),
    excerpt=(
        Said("Therapist", "… after dinner, ten minutes, every day.", "D01-S03-T005"),
        Said("Client", "=1+1 is what I said.", "D01-S03-C005"),
    ),
    recalls={
        "client": (
            Quotation("D01-S03-client-K02", "I could feel myself disappear.", "What went on?"),
            Quotation("D01-S03-client-K03", "=HYPERLINK(\"x\") <script>alert('x')</script>"),
        ),
        "therapist": (Quotation("D01-S03-therapist-K01", "Here I feel relieved.\x0b"),),
    },
)
SECOND = PairedMoment("D01-S03-M02", Span(70_000, 80_000), "client", None, (), (), {"client": ()})
TABLE = PairedTable("D01-S03", ("client", "therapist"), (FIRST, SECOND), ("2 comments are left out.",))


def html() -> str:
    stream = io.StringIO()
    write_html(TABLE, stream)
    return stream.getvalue()


@pytest.mark.parametrize("width", [40, 100, 140])
def test_on_a_terminal_no_line_is_wider_than_asked_for(width: int) -> None:
    lines = list(side_by_side(TABLE, width))
    assert max(map(len, lines)) <= width


def test_on_a_terminal_session_client_and_therapist_stand_side_by_side() -> None:
    lines = list(side_by_side(TABLE, 100))
    assert lines[0] == "D01-S03-M01  0:39.7 to 1:00.8  client and therapist  fine & <quiet>"
    first = next(line for line in lines if "after dinner" in line)
    assert re.search(
        r"^Therapist: … after dinner.* \| I could feel myself disappear\. +\| Here I feel relieved\.", first
    )
    assert any("[D01-S03-client-K02]" in line for line in lines)
    assert lines[-1] == "2 comments are left out."


class _Reader(HTMLParser):
    """What a browser would show and load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loaded: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_loads_nothing_and_runs_nothing_that_somebody_said() -> None:
    reader = _Reader()
    reader.feed(html())
    assert reader.loaded == []
    assert "script" not in reader.tags
    assert "<script>alert('x')</script>" in reader.text


def test_the_page_holds_every_quotation_under_its_key() -> None:
    reader = _Reader()
    reader.feed(html())
    for key in ("D01-S03-client-K02", "D01-S03-client-K03", "D01-S03-therapist-K01", "D01-S03-T005", "D01-S03-M02"):
        assert key in reader.text
    assert "fine & <quiet>" in reader.text


def test_the_word_document_holds_moments_columns_and_keys() -> None:
    stream = io.BytesIO()
    write_docx(TABLE, stream, MADE)
    document = Document(io.BytesIO(stream.getvalue()))
    (grid,) = document.tables
    assert [cell.text for cell in grid.rows[0].cells] == ["Session", "Client's recall", "Therapist's recall"]
    assert grid.rows[1].cells[0].text.startswith("D01-S03-M01   0:39.7 to 1:00.8   client and therapist")
    session, client, therapist = (cell.text for cell in grid.rows[2].cells)
    assert "Therapist: … after dinner, ten minutes, every day.  D01-S03-T005" in session
    assert client.splitlines()[:2] == [
        "Interviewer: What went on?",
        "I could feel myself disappear.  D01-S03-client-K02",
    ]
    assert therapist == "Here I feel relieved.  D01-S03-therapist-K01"
    assert document.core_properties.created.replace(tzinfo=None) == MADE


def test_the_spreadsheet_has_a_row_a_moment_and_no_formula() -> None:
    stream = io.BytesIO()
    write_xlsx(TABLE, stream, MADE)
    sheet = load_workbook(io.BytesIO(stream.getvalue())).active
    heads = [cell.value for cell in sheet[1]]
    assert heads == [
        "moment", "start_ms", "end_ms", "source", "label", "memo", "codes", "session", "client", "client keys",
        "therapist", "therapist keys",
    ]  # fmt: skip
    row = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    assert (row["moment"], row["start_ms"], row["source"]) == ("D01-S03-M01", 39_700, "both")
    assert row["client keys"] == "D01-S03-client-K02, D01-S03-client-K03"
    assert {cell.data_type for line in sheet for cell in line} <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(stream.getvalue())) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_cell_that_begins_like_a_formula_is_what_somebody_said() -> None:
    table = PairedTable("D01-S03", ("client",), (PairedMoment("M", Span(0, 1), "client", "=2+2", (), (), {}),))
    stream = io.BytesIO()
    write_xlsx(table, stream, MADE)
    sheet = load_workbook(io.BytesIO(stream.getvalue())).active
    assert (sheet["E2"].value, sheet["E2"].data_type) == ("=2+2", "s")


def test_what_was_coded_stands_under_the_moments_head_in_every_form() -> None:
    moment = replace(TABLE.moments[0], codes=("warmth: anna 4, ben 3", "push: <ben>"))
    table = PairedTable("D01-S03", TABLE.perspectives, (moment,))
    page, document, book = io.StringIO(), io.BytesIO(), io.BytesIO()
    write_html(table, page)
    write_docx(table, document, MADE)
    write_xlsx(table, book, MADE)
    assert "Coded: warmth: anna 4, ben 3; push: &lt;ben&gt;" in page.getvalue()
    head = Document(document).tables[0].rows[1].cells[0].text
    assert "Coded: warmth: anna 4, ben 3; push: <ben>" in head
    assert load_workbook(book).active["G2"].value == "warmth: anna 4, ben 3\npush: <ben>"
    assert "  Coded: warmth: anna 4, ben 3; push: <ben>" in list(side_by_side(table))
