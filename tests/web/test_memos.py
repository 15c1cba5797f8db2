"""Free notes with their place in a session."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iprkit.actions.memos import memos_of
from iprkit.actions.moments import Wanted, add_moment, delete_moments
from iprkit.database.connect import Study
from iprkit.database.recall_models import Memo
from iprkit.errors import NotFound
from iprkit.timeline import Span

from .conftest import Browser

SESSION = "D01-S01"


def note(study: Study, target: str, text: str, author: str = "lea") -> None:
    with study.change("noted", target) as db:
        db.add(Memo(target=target, text=text, author=author, created_at="2026-03-31T10:00:00.000Z"))


def test_notes_stand_where_what_they_are_on_stands(lea: Browser, coded: Study) -> None:
    moment = add_moment(coded, SESSION, Wanted(Span(200, 400), None, "on a moment"))
    note(coded, f"{SESSION}@0:00.1-0:00.3", "on a span")
    note(coded, SESSION, "on all of it")
    note(coded, f"{SESSION}-T001", "on what was said")
    found = {one["text"]: (one["target"], one["start_ms"]) for one in lea.get(f"/api/memos/{SESSION}")}
    assert found["on a moment"] == (moment.key, 200)
    assert found["on a span"][1] == 100
    assert found["on all of it"] == (SESSION, 0)
    assert found["on what was said"][0] == f"{SESSION}-T001"


def test_a_note_on_what_is_gone_has_no_place(coded: Study) -> None:
    moment = add_moment(coded, SESSION, Wanted(Span(200, 400), None, "on a moment"))
    note(coded, f"{SESSION}-T099", "on nothing")
    note(coded, "D01", "on the dyad")
    delete_moments(coded, [moment.key])
    assert memos_of(coded, SESSION) == []


def test_a_blind_coder_reads_no_note_of_another_coder(blind: Study) -> None:
    note(blind, f"{SESSION}-T001", "Ben thinks", "ben")
    note(blind, f"{SESSION}-T001", "Anna thinks", "anna")
    note(blind, f"{SESSION}-T001", "Lea asks", "lea")
    read = {one.text for one in memos_of(replace(blind, author="anna"), SESSION)}
    assert read == {"Anna thinks", "Lea asks"}


def test_an_unknown_session_is_told(coded: Study) -> None:
    with pytest.raises(NotFound):
        memos_of(coded, "D09-S01")
