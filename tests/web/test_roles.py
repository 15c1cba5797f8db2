"""Each person's part in a study holds whatever way they try: it is looked at where rows are changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from iprkit.actions import codes, dyads, history
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding, list_codings
from iprkit.actions.corrections import correct
from iprkit.actions.roles import as_person
from iprkit.actions.speakers import name_speakers
from iprkit.database.connect import Study
from iprkit.errors import NotAllowed

from .conftest import Browser

Others = Callable[[str, str], Browser]


@pytest.mark.parametrize("role", ["coder", "reader"])
def test_only_researchers_change_what_is_no_coding(coded: Study, role: str) -> None:
    anna = as_person(coded, "anna", role)
    for change in (
        lambda: correct(anna, "D01-S01-T001", "And now?"),
        lambda: name_speakers(anna, "D01-S01", {}, {"A": "Dr. T"}),
        lambda: dyads.add_dyad(anna, "D02", {"client": ["C02"]}),
        lambda: codes.retire(anna, "talk", "Push"),
    ):
        with pytest.raises(NotAllowed, match=f"anna takes part in this study as {role}"):
            change()


def test_a_reader_gives_no_code(coded: Study) -> None:
    with pytest.raises(NotAllowed):
        add_coding(as_person(coded, "anna", "reader"), Wish("D01-S01-T001", "Push"))
    assert list_codings(coded).codings == ()


def test_a_coder_codes_in_no_name_but_their_own(coded: Study, others: Others) -> None:
    anna = others("anna", "coder")
    made = anna.done("POST", "/api/codings", {"target": "D01-S01-T001", "code": "Push"})
    assert made["coding"]["coder"] == "anna"
    as_ben = anna.send("POST", "/api/codings", {"target": "D01-S01-C001", "code": "Push", "coder": "ben"})
    assert as_ben.status_code == 409
    ben = others("ben", "coder")
    assert ben.send("DELETE", f"/api/codings/{made['coding']['key']}").status_code == 409


def test_a_coder_undoes_only_what_they_did(coded: Study, others: Others) -> None:
    anna, lea = others("anna", "coder"), others("lea", "researcher")
    anna.done("POST", "/api/codings", {"target": "D01-S01-T001", "code": "Push"})
    lea.done("PATCH", "/api/transcripts/D01-S01/segments/D01-S01-C001", {"text": "I went."})
    undone = anna.done("POST", "/api/undo", {"mine": False})
    assert "added coding" in undone["event"]["what"]
    assert anna.send("POST", "/api/undo", {"mine": False}).status_code == 409


def test_a_role_that_was_taken_away_does_not_undo_what_it_did(coded: Study) -> None:
    anna = replace(coded, author="anna")
    name_speakers(anna, "D01-S01", {}, {"A": "Dr. T"})
    with pytest.raises(NotAllowed):
        history.undo(as_person(coded, "anna", "coder"), mine=True)


def test_whoever_is_no_coder_of_the_study_cannot_take_part_as_one(coded: Study) -> None:
    with pytest.raises(NotAllowed, match="iprkit coder add eve"):
        as_person(coded, "eve", "coder")


@pytest.mark.parametrize("role", ["coder", "reader"])
def test_long_work_uploads_and_rooms_are_the_researchers(coded: Study, others: Others, role: str) -> None:
    anna = others("anna", role)
    tried = [
        anna.send("POST", "/api/jobs", {"step": "transcribe", "key": "D01-S01"}),
        anna.send("POST", "/api/recordings?key=D01-S01&name=a.wav", content=b"RIFF"),
        anna.send("POST", "/api/rooms", {"session": "D01-S01", "participant": "client"}),
    ]
    assert [answer.status_code for answer in tried] == [403, 403, 403]


def test_what_one_may_do_is_told_beforehand(others: Others) -> None:
    assert others("anna", "reader").get("/api/me")["can"] == ["read"]
    assert "code" in others("anna", "coder").get("/api/me")["can"]
    assert "transcribe" not in others("anna", "coder").get("/api/me")["can"]
