from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from iprkit.actions import codebooks, codes
from iprkit.actions.agreement import write_document, write_figures
from iprkit.actions.assignments import Plan, assign, submit
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.study_agreement import Comparison, agree_on_codings
from iprkit.agreement.method import Method
from iprkit.agreement.report import Report
from iprkit.agreement.result import Agreement
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput, NotFound

T1, C1, C2 = "D01-S01-T001", "D01-S01-C001", "D01-S01-C002"
PLAIN = Method(None)


def give(study: Study, coder: str, *given: tuple[str, str, float | None], round_name: str | None = None) -> None:
    for target, code, rating in given:
        add_coding(replace(study, author=coder), Wish(target, code, rating=rating, round=round_name))


def figure(report: Report, statistic: str, code: str | None = None) -> Agreement:
    return next(one for one in report.figures if (one.statistic, one.code) == (statistic, code))


@pytest.fixture
def coded(talk: Study) -> Study:
    """Three segments. Push: both on T1, only Ben on C1. Pull: only Anna on C1. Nothing on C2. Warmth of C2: 2 and 4."""
    give(talk, "anna", (T1, "push", None), (C1, "pull", None), (C2, "warmth", 2))
    give(talk, "ben", (T1, "push", None), (C1, "push", None), (C2, "warmth", 4))
    return talk


def test_units_without_a_code_count_and_chance_is_what_the_margins_say(coded: Study) -> None:
    report = agree_on_codings(coded, Comparison(), PLAIN)
    push = figure(report, "cohen_kappa", "push")
    # Anna has push on 1 of 3 segments, Ben on 2 of 3: observed 2/3, expected 1/3·2/3 + 2/3·1/3 = 4/9
    assert (push.n_units, push.unit, push.coders) == (3, "segment", ("anna", "ben"))
    assert push.observed == pytest.approx(2 / 3)
    assert push.expected == pytest.approx(4 / 9)
    assert push.value == pytest.approx((2 / 3 - 4 / 9) / (5 / 9))
    assert figure(report, "percent_agreement").value == pytest.approx(2 / 3)


def test_ratings_are_compared_on_their_scale_and_missing_ones_are_told(coded: Study) -> None:
    report = agree_on_codings(coded, Comparison(), PLAIN)
    assert figure(report, "percent_agreement", "warmth").n_units == 1
    assert figure(report, "krippendorff_alpha", "warmth").settings["level"] == "ordinal"
    assert "warmth: 4 ratings were not given and are left out" in report.notes


def test_a_rating_that_was_not_given_counts_as_no_evidence_where_the_scale_has_that(coded: Study) -> None:
    book = codebooks.show(coded, "talk").book
    codebooks.set_scale(coded, "talk", replace(book.scales[0], no_evidence=1.0))
    filled = agree_on_codings(coded, Comparison(), PLAIN)
    assert figure(filled, "percent_agreement", "warmth").n_units == 3
    assert figure(filled, "percent_agreement", "warmth").settings["unrated"] == "counted as 1, no evidence"
    left_out = agree_on_codings(coded, Comparison(fill=False), PLAIN)
    assert figure(left_out, "percent_agreement", "warmth").n_units == 1


def test_disagreements_have_time_and_words_and_confusions_the_codes(coded: Study) -> None:
    report = agree_on_codings(coded, Comparison(), PLAIN)
    told = [(one.unit, one.start_ms, one.quote, one.said) for one in report.disagreements]
    assert told == [
        (C1, 500, "I left.", ("pull", "push")),
        (C2, 1000, "Thank you.", ("warmth 2", "warmth 4")),
    ]
    assert [(one.first, one.second, one.count) for one in report.confusions] == [("pull", "push", 1)]


def test_along_time_the_ends_of_what_was_coded_are_compared(coded: Study) -> None:
    report = agree_on_codings(coded, Comparison(unit="time"), replace(PLAIN, tick_ms=100))
    push = figure(report, "percent_agreement", "push")
    # the session lasts 2 s; both have push on 0-0.4 s, only Ben on 0.5-0.9 s: 16 of 20 ticks are alike
    assert (push.n_units, push.value) == (20, 0.8)
    first = report.disagreements[0]
    assert (first.session, first.start_ms, first.end_ms, first.quote) == ("D01-S01", 500, 900, "I left.")
    assert any("only the presence is compared" in note for note in report.notes)


def test_another_unit_gathers_the_codings_that_lie_in_it(coded: Study) -> None:
    report = agree_on_codings(coded, Comparison(unit="turn"), PLAIN)
    pull = figure(report, "percent_agreement", "pull")
    assert (pull.n_units, pull.value) == (2, 0.5)
    with pytest.raises(InvalidInput, match="says nothing of windows"):
        agree_on_codings(coded, Comparison(unit="window"), PLAIN)


def test_an_exclusive_codebook_has_all_its_codes_as_categories(talk: Study) -> None:
    codebooks.edit_codebook(talk, "talk", {"exclusive": True})
    codes.retire(talk, "talk", "warmth")
    give(talk, "anna", (T1, "push", None), (C1, "push", None))
    give(talk, "ben", (T1, "push", None), (C1, "push", None))
    report = agree_on_codings(talk, Comparison(), PLAIN)
    assert figure(report, "brennan_prediger").expected == pytest.approx(1 / 3)  # no code, push, pull


def test_the_units_are_those_of_the_assignment_also_where_a_coder_found_nothing(talk: Study) -> None:
    assign(talk, Plan("talk", ("anna", "ben")))
    give(talk, "anna", (T1, "push", None))
    for name in ("anna", "ben"):
        submit(talk, "A01", name)
    report = agree_on_codings(talk, Comparison(), PLAIN)
    push = figure(report, "percent_agreement", "push")
    assert (push.n_units, push.value) == (3, pytest.approx(2 / 3))


def test_what_is_coded_blind_is_left_out_until_all_have_submitted(talk: Study) -> None:
    assign(talk, Plan("talk", ("anna", "ben")))
    give(talk, "anna", (T1, "push", None))
    give(talk, "ben", (T1, "push", None))
    submit(talk, "A01", "anna")
    for who in ("anna", "ben", "lea"):
        with pytest.raises(Conflict, match="A01 is coded blind with talk; agreement is told once all have submitted"):
            agree_on_codings(replace(talk, author=who), Comparison("talk"), PLAIN)


def test_rounds_are_not_mixed(coded: Study) -> None:
    give(coded, "anna", (T1, "pull", None), round_name="drift-1")
    give(coded, "ben", (T1, "pull", None), round_name="drift-1")
    with pytest.raises(InvalidInput, match="several rounds"):
        agree_on_codings(coded, Comparison(), PLAIN)
    report = agree_on_codings(coded, Comparison(round="drift-1"), PLAIN)
    assert figure(report, "percent_agreement", "pull").value == 1
    with pytest.raises(NotFound, match="drift-9"):
        agree_on_codings(coded, Comparison(round="drift-9"), PLAIN)


def test_agreement_takes_two_coders_and_a_codebook_with_codings(talk: Study) -> None:
    with pytest.raises(InvalidInput, match="say which codebook"):
        agree_on_codings(talk, Comparison(), PLAIN)
    give(talk, "anna", (T1, "push", None))
    with pytest.raises(InvalidInput, match="only anna coded with talk"):
        agree_on_codings(talk, Comparison(), PLAIN)
    give(talk, "ben", (T1, "push", None))
    with pytest.raises(NotFound, match="carla coded nothing"):
        agree_on_codings(talk, Comparison(coders=("anna", "carla")), PLAIN)


def test_intervals_draw_sessions(coded: Study, record: Callable[..., Path], transcribe: Callable[..., None]) -> None:
    add_session(coded, ("D01", 2), sources_of([record("b.wav", seconds=2, pitch=300)]))
    transcribe(coded, "D01-S02")
    for name in ("anna", "ben"):
        give(coded, name, ("D01-S02-T001", "push", None))
    push = figure(agree_on_codings(coded, Comparison(), Method()), "percent_agreement", "push")
    assert push.n_units == 6
    assert push.ci is not None
    assert "1000 draws of 2 sessions" in push.interval


def test_figures_and_the_whole_report_are_written_to_files(coded: Study, tmp_path: Path) -> None:
    from docx import Document

    report = agree_on_codings(coded, Comparison(), PLAIN)
    write_figures(report.figures, tmp_path / "a.csv")
    write_document(report, tmp_path / "a.docx")
    assert "cohen_kappa,talk,push" in (tmp_path / "a.csv").read_text(encoding="utf-8")
    document = Document(str(tmp_path / "a.docx"))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells[0][:3] == ["Statistic", "Code", "Value"]
    assert ["Cohen's κ", "push", ".400"] in [row[:3] for row in cells]
    assert any("I left." in cell.text for row in document.tables[-1].rows for cell in row.cells)
