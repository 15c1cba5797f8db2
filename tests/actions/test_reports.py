import csv
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from docx import Document

from iprkit.actions.figures import Sketch, pictures_of, write_figures
from iprkit.actions.moments import Wanted, edit_moment
from iprkit.actions.reports import FOR_THE_TEAM, Reported, methods_text, write_coreq, write_report
from iprkit.actions.study_facts import facts_of
from iprkit.actions.withdrawals import withdraw
from iprkit.database.connect import Study
from iprkit.errors import NotFound
from iprkit.report.coreq import FOR_YOU, coreq
from iprkit.report.figures import PARTS, Grid, Talk, TimeLine
from iprkit.timeline import Span

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Which elements and attributes a page has, and whether every element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(study: Study, to: Path, **wanted: bool) -> str:
    return write_report(study, Reported((), **wanted), to / "r.html").read_text(encoding="utf-8")


def test_the_report_asks_nothing_of_any_network_and_is_well_formed(coded: Study, tmp_path: Path) -> None:
    text = page(coded, tmp_path, for_team=True)
    found = Page(text)
    assert found.open == []
    assert not set(found.tags) & {"script", "link", "iframe", "object", "embed", "form", "img"}
    links = [value for name, value in found.attributes if name in ("href", "src", "xlink:href", "action", "srcset")]
    assert links and all(value.startswith("#") for value in links)
    assert "http://" not in text and "https://" not in text
    assert not re.search(r"@import|url\((?!#)", text)
    assert "default-src 'none'" in text


def test_every_link_of_the_report_leads_somewhere_and_no_id_stands_twice(coded: Study, tmp_path: Path) -> None:
    found = Page(page(coded, tmp_path))
    ids = [value for name, value in found.attributes if name == "id"]
    assert len(set(ids)) == len(ids)
    for name, value in found.attributes:
        if name == "href":
            assert value[1:] in ids
        if name == "aria-labelledby":
            assert value in ids


def test_the_report_can_be_read_without_seeing_it(coded: Study, tmp_path: Path) -> None:
    found = Page(page(coded, tmp_path))
    assert found.tags.count("h1") == 1
    assert {"main", "nav", "caption", "figcaption"} <= set(found.tags)
    assert found.tags.count("th") == sum(name == "scope" for name, _ in found.attributes)
    assert ("role", "img") in found.attributes
    assert ("lang", "en") in found.attributes


def test_what_people_wrote_is_no_markup(coded: Study, tmp_path: Path) -> None:
    edit_moment(coded, "D01-S03-M01", Wanted(label="<script>alert(1)</script>"))
    text = page(coded, tmp_path, for_team=True)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_what_nobody_permitted_to_be_shown_is_for_the_team_alone(coded: Study, tmp_path: Path) -> None:
    picture = next(p for p in pictures_of(coded, Sketch()).values() if isinstance(p, TimeLine))
    keys = [bar.key for lane in picture.lanes if lane.kind == "recall" for bar in lane.bars]
    assert keys
    outside, inside = page(coded, tmp_path), page(coded, tmp_path, for_team=True)
    said = [f'<span class="key">{key}</span>' for key in keys]
    assert not any(one in outside for one in said)
    assert any(one in inside for one in said)
    assert "lack a permission" in outside
    assert FOR_THE_TEAM in inside and FOR_THE_TEAM not in outside


def test_what_was_withdrawn_is_in_no_report_and_no_figure(coded: Study, tmp_path: Path) -> None:
    withdraw(coded, "D01", "client")
    text = page(coded, tmp_path, for_team=True)
    assert "D01-S03-client-K" not in text
    assert "is not shown" in text
    for file in write_figures(coded, Sketch(kinds=(".svg",)), tmp_path / "f"):
        assert "D01-S03-client-K" not in file.read_text(encoding="utf-8")


def test_the_same_study_makes_the_same_report(coded: Study, tmp_path: Path) -> None:
    assert page(coded, tmp_path) == page(coded, tmp_path)


def test_beside_each_figure_lies_the_data_that_it_shows(coded: Study, tmp_path: Path) -> None:
    written = write_figures(coded, Sketch(), tmp_path / "f")
    pictures = pictures_of(coded, Sketch())
    assert sorted(file.name for file in written) == sorted(
        f"{name}{kind}" for name in pictures for kind in (".svg", ".png", ".pdf", ".csv")
    )
    for name, picture in pictures.items():
        with (tmp_path / "f" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            assert list(csv.reader(stream)) == picture.table
    assert {file.stat().st_mode & 0o077 for file in written} == {0}


def test_codes_that_share_time_are_counted_once_a_pair(coded: Study) -> None:
    together = next(p for name, p in pictures_of(coded, Sketch()).items() if name == "together-talk")
    assert isinstance(together, Grid)
    cell = {(row, column): value for row, column, _, value in together.table[1:]}
    assert cell["Push", "Push"] == "3"
    assert cell["Pull", "Warmth"] == cell["Warmth", "Pull"] == "1"
    assert cell["Push", "Pull"] == "0"  # anna's and ben's codings of one segment are no pair


def test_codes_are_counted_as_a_mean_over_the_coders_of_a_session(coded: Study) -> None:
    grid = next(p for name, p in pictures_of(coded, Sketch()).items() if name == "codes-talk")
    assert isinstance(grid, Grid)
    assert [(row[0], row[3]) for row in grid.table[1:]] == [
        ("Push", "1.5"), ("Pull", "0.5"), ("Warmth", "0.5"), ("Rift", "0.5"),
    ]  # fmt: skip


def test_talk_and_silence_add_up_to_the_session(coded: Study) -> None:
    talk = next(p for p in pictures_of(coded, Sketch()).values() if isinstance(p, Talk))
    shares = talk.sessions[0]
    assert shares.duration_ms == 174_567  # as long as the film
    assert min(shares.parts) >= 0
    assert shares.parts[PARTS.index("therapist")] > 0 < shares.parts[PARTS.index("client")]
    line = next(p for p in pictures_of(coded, Sketch()).values() if isinstance(p, TimeLine))
    quiet = [bar.span for lane in line.lanes if lane.kind == "silence" for bar in lane.bars]
    assert all(one.duration_ms >= 3_000 for one in quiet)
    assert shares.parts[PARTS.index("silences")] == sum(one.duration_ms for one in quiet)


def test_a_window_cuts_the_time_line_and_must_lie_in_the_session(coded: Study) -> None:
    cut = pictures_of(coded, Sketch(which=("timeline",), window=Span(30_000, 60_000)))["D01-S03-timeline"]
    assert isinstance(cut, TimeLine)
    assert cut.window == Span(30_000, 60_000)
    assert all(bar.span & cut.window for lane in cut.lanes for bar in lane.bars)
    with pytest.raises(Exception, match="outside of every session"):
        pictures_of(coded, Sketch(which=("timeline",), window=Span(900_000, 960_000)))


def test_nothing_to_draw_says_what_to_do(study: Study) -> None:
    with pytest.raises(NotFound):
        write_figures(study, Sketch())


def test_the_methods_say_what_the_runs_say_and_invent_nothing(coded: Study) -> None:
    said = methods_text(coded)
    facts = facts_of(coded)
    assert "1 recording (en) was transcribed by scripted 1 with the model told" in said
    assert "No word of these transcripts was changed by a person." in said
    assert f"{sum(n for _, n in facts.linked.comments)} comments" in said
    assert "taken from the log of a player" in said
    assert "2 coders coded with talk" in said
    assert "1 of 1 sessions" not in said  # the session has its date
    assert "The delay of 1 recall interviews is not known: a date is missing." in said
    assert "Those with both dates known (1) took place 1 day after the session" in said
    assert "ethics committee" in said.partition("For you to write:")[2]
    assert "κ" in said or "α" in said or "AC1" in said or "agreement is not known" in said


def test_the_coreq_sheet_has_its_32_items_and_leaves_to_the_author_what_nobody_noted(coded: Study, tmp_path: Path) -> None:
    items = coreq(facts_of(coded))
    assert [one.number for one in items] == list(range(1, 33))
    assert items[0].answer == FOR_YOU
    assert items[11].answer == "1 dyads (1 client, 1 therapist); 1 sessions; 2 recall interviews"
    for suffix in (".docx", ".md", ".csv"):
        write_coreq(coded, (), tmp_path / f"c{suffix}")
    tables = Document(str(tmp_path / "c.docx")).tables
    assert sum(len(table.rows) - 1 for table in tables) == 32
    assert "Tong A, Sainsbury P, Craig J" in (tmp_path / "c.md").read_text(encoding="utf-8")
    assert len((tmp_path / "c.csv").read_text(encoding="utf-8").splitlines()) == 33
    first = (tmp_path / "c.docx").read_bytes()
    write_coreq(coded, (), tmp_path / "c.docx")
    assert (tmp_path / "c.docx").read_bytes() == first
    assert zipfile.ZipFile(tmp_path / "c.docx").testzip() is None
