"""Codings that a study which stays open remembers are always those that stand in it, whoever changed what."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from iprkit.actions import codes, history
from iprkit.actions.assignments import Plan, assign, submit
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import Sought, add_coding, edit_coding, list_codings, remove_coding
from iprkit.actions.comparison import compare
from iprkit.actions.corrections import correct
from iprkit.database.connect import Study
from iprkit.database.kept import Kept
from iprkit.errors import Conflict
from iprkit.web import told
from iprkit.web.shapes.codings import CodingShape


@pytest.fixture
def lasting(talk: Study) -> Study:
    """The study as a server holds it: what was read once is remembered."""
    return replace(talk, kept=Kept())


def read(study: Study) -> Any:
    """What the page is told of the session's codings."""
    return json.loads(told.codings(list_codings(study, Sought("D01-S01")).filed))


CHANGES: dict[str, Callable[[Study], object]] = {
    "a coding is given": lambda study: add_coding(study, Wish("D01-S01-C001", "pull", coder="ben")),
    "one is changed": lambda study: edit_coding(replace(study, author="anna"), "D01-S01-anna-0001", {"memo": "again"}),
    "one is taken back": lambda study: remove_coding(replace(study, author="ben"), "D01-S01-ben-0001"),
    "that is undone": history.undo,
    "its words are corrected": lambda study: correct(study, "D01-S01-T001", "And what then?"),
    "that is undone too": history.undo,
    "what was undone is done again": history.redo,
    "its code is merged into another": lambda study: codes.merge(study, "talk", ["push"], "pull"),
}


@pytest.mark.parametrize("elsewhere", [True, False], ids=["by another program", "by the server itself"])
def test_after_every_change_what_is_remembered_is_what_is_stored(talk: Study, lasting: Study, elsewhere: bool) -> None:
    add_coding(replace(talk, author="anna"), Wish("D01-S01-T001", "push"))
    seen = [read(lasting)]
    for name, change in CHANGES.items():
        change(replace(talk if elsewhere else lasting, numbers=[]))
        assert read(lasting) == read(talk), name
        assert read(lasting) != seen[-1], name
        seen.append(read(lasting))
    assert compare(lasting, "D01-S01", "talk") == compare(talk, "D01-S01", "talk")


def test_what_is_told_has_the_shape_that_is_promised(talk: Study) -> None:
    made = add_coding(replace(talk, author="anna"), Wish("D01-S01-T001", "warmth", rating=2.0, memo='"Ärger"\n'))
    (listed,) = read(talk)
    assert CodingShape.model_validate(listed).model_dump() == told.coding(made)


def test_what_is_hidden_stays_hidden_and_what_is_shown_is_shown_at_once(talk: Study, lasting: Study) -> None:
    anna, ben = (replace(lasting, author=name) for name in ("anna", "ben"))
    add_coding(replace(talk, author="ben"), Wish("D01-S01-T001", "push"))
    assert len(read(anna)) == 1
    assign(talk, Plan("talk", ("anna", "ben")))
    assert (read(anna), len(read(ben))) == ([], 1)
    for name in ("anna", "ben"):
        submit(replace(talk, author=name), "A01")
    assert len(read(anna)) == 1


def test_an_undo_that_is_refused_leaves_nothing_of_it_in_mind(talk: Study, lasting: Study) -> None:
    anna, ben = (replace(talk, author=name) for name in ("anna", "ben"))
    assign(talk, Plan("talk", ("anna", "ben")))
    add_coding(ben, Wish("D01-S01-C001", "pull"))
    add_coding(anna, Wish("D01-S01-C001", "push"))
    submit(anna, "A01")
    remembering = replace(lasting, author="anna")
    with pytest.raises(Conflict, match="A01 is submitted"):
        history.undo(remembering, mine=True)
    submit(ben, "A01")
    assert read(remembering) == read(anna)
    assert len(read(anna)) == 2
