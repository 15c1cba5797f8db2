from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from iprkit.actions.consents import set_consent
from iprkit.actions.moment_tables import export_table, table_of
from iprkit.actions.moments import Wanted, add_moment
from iprkit.actions.recalls import Permission, allow
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput
from iprkit.timeline import Span

SESSION = "D01-S03"
CLIENT, THERAPIST = f"{SESSION}-client", f"{SESSION}-therapist"
ALL = Permission(quote=True, show_other=True)


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def test_session_and_both_recalls_stand_beside_each_other(recalled: Study) -> None:
    second = table_of(recalled, SESSION).moments[1]
    assert [said.speaker for said in second.excerpt] == ["Client", "Therapist", "Client", "Therapist"]
    assert second.excerpt[1].text == (
        "Good. So after dinner, ten minutes, every day. And then you bring the form next time."
    )
    assert second.recalls["client"][0].text.startswith("Stop here, please.")
    assert second.recalls["therapist"][0].key == f"{THERAPIST}-K01"


def test_an_excerpt_that_ends_in_a_turn_says_so(recalled: Study) -> None:
    add_moment(recalled, SESSION, Wanted(Span(2_000, 6_000)))
    (said,) = table_of(recalled, SESSION).moments[0].excerpt
    assert said.text.startswith("… ")
    assert said.text.endswith(" …")


@pytest.mark.parametrize("suffix", [".docx", ".html", ".xlsx"])
def test_without_permission_nothing_is_written_and_the_comments_are_named(
    recalled: Study, tmp_path: Path, suffix: str
) -> None:
    to = tmp_path / f"appendix{suffix}"
    with pytest.raises(Conflict, match=r"D01-S03-client-K02.*\(to be quoted, to be shown to the other party\)"):
        export_table(recalled, SESSION, to)
    assert not to.exists()


@pytest.mark.parametrize("suffix", [".docx", ".html", ".xlsx"])
def test_with_every_permission_all_is_written(recalled: Study, tmp_path: Path, suffix: str) -> None:
    allow(recalled, [CLIENT, THERAPIST], ALL)
    assert export_table(recalled, SESSION, tmp_path / f"appendix{suffix}") == []
    assert (tmp_path / f"appendix{suffix}").stat().st_mode & 0o077 == 0


def test_a_comment_that_may_be_quoted_but_not_shown_is_lacking_the_one(recalled: Study, tmp_path: Path) -> None:
    allow(recalled, [CLIENT, THERAPIST], ALL)
    allow(recalled, [f"{CLIENT}-K04"], Permission(show_other=False))
    with pytest.raises(Conflict, match=r"lacking for D01-S03-client-K04 \(to be shown to the other party\)\. Note it"):
        export_table(recalled, SESSION, tmp_path / "appendix.html")


def test_what_is_left_out_is_told_in_the_table_and_its_words_are_nowhere_in_it(recalled: Study, tmp_path: Path) -> None:
    allow(recalled, [CLIENT], ALL)
    lacking = export_table(recalled, SESSION, tmp_path / "appendix.html", leave_out=True)
    page = text(tmp_path / "appendix.html")
    assert {one.key for one in lacking} == {f"{THERAPIST}-K0{n}" for n in range(1, 6)}
    assert "5 comments are left out" in page
    assert "relieved, honestly" not in page
    assert "disappear" in page
    assert f"{SESSION}-M03" not in page  # only the therapist had marked it


def test_comments_about_no_moment_need_no_permission(recalled: Study, tmp_path: Path) -> None:
    allow(recalled, [CLIENT, THERAPIST], ALL)
    allow(recalled, [f"{CLIENT}-K01"], Permission(quote=False))
    assert export_table(recalled, SESSION, tmp_path / "appendix.html") == []


def test_a_consent_that_excludes_quotation_counts_more_than_a_permission(recalled: Study, tmp_path: Path) -> None:
    allow(recalled, [CLIENT, THERAPIST], ALL)
    set_consent(recalled, CLIENT, ["analysis"])
    with pytest.raises(Conflict, match=r"\(by the consent for the recording\)"):
        export_table(recalled, SESSION, tmp_path / "appendix.xlsx")


def test_without_consent_to_quotation_the_sessions_words_are_left_out(recalled: Study, tmp_path: Path) -> None:
    allow(recalled, [CLIENT, THERAPIST], ALL)
    set_consent(recalled, SESSION, ["analysis"], "client")
    with pytest.raises(Conflict, match="the client's words in D01-S03"):
        export_table(recalled, SESSION, tmp_path / "appendix.xlsx")
    export_table(recalled, SESSION, tmp_path / "appendix.xlsx", leave_out=True)
    sheet = load_workbook(tmp_path / "appendix.xlsx").active
    assert {row[6].value for row in sheet.iter_rows(min_row=2, max_row=6)} == {None}
    assert any("did not consent to quotation" in str(row[0].value) for row in sheet.iter_rows())


def test_another_kind_of_file_is_refused(recalled: Study, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"appendix\.pdf: the table is written as \.docx, \.html, \.xlsx"):
        export_table(recalled, SESSION, tmp_path / "appendix.pdf")


def test_a_session_without_moments_is_an_empty_table(told: Study, tmp_path: Path) -> None:
    assert table_of(told, "D01-S01").moments == ()
    assert export_table(told, "D01-S01", tmp_path / "a.html") == []
