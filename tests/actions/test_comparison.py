"""Coders side by side along a session: stretches of agreement and of difference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iprkit.actions.assignments import Plan, assign
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding
from iprkit.actions.comparison import compare, stretches
from iprkit.actions.search import search
from iprkit.coding import Anchor, Coding, Target
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput
from iprkit.timeline import Span


def coding(coder: str, code: str, start_ms: int, end_ms: int, rating: float | None = None) -> Coding:
    anchor = Anchor(Target(f"X@{start_ms}-{end_ms}", "span", "X"), Span(start_ms, end_ms))
    return Coding(f"{coder}{start_ms}", "talk", code, coder, anchor, rating)


def test_what_both_say_is_agreement_and_the_rest_is_difference() -> None:
    found = stretches([coding("anna", "push", 0, 3000), coding("ben", "push", 1000, 5000)], ("anna", "ben"))
    assert [(one.span.start_ms, one.span.end_ms, one.agree) for one in found] == [
        (0, 1000, False), (1000, 3000, True), (3000, 5000, False),
    ]  # fmt: skip


def test_the_same_code_with_another_rating_is_a_difference() -> None:
    found = stretches([coding("anna", "warmth", 0, 1000, 2), coding("ben", "warmth", 0, 1000, 3)], ("anna", "ben"))
    assert [one.agree for one in found] == [False]


def test_time_that_nobody_coded_is_no_stretch() -> None:
    found = stretches([coding("anna", "push", 0, 1000), coding("ben", "pull", 2000, 3000)], ("anna", "ben"))
    assert [one.span.start_ms for one in found] == [0, 2000]


def test_a_session_that_is_coded_blind_is_not_compared_yet(talk: Study) -> None:
    assign(talk, Plan("talk", ("anna", "ben")))
    with pytest.raises(Conflict, match="coded blind in A01"):
        compare(talk, "D01-S01", "talk")


def test_coders_of_a_session_are_compared_by_target_and_along_time(talk: Study) -> None:
    for coder, code in (("anna", "push"), ("ben", "pull")):
        add_coding(replace(talk, author=coder), Wish("D01-S01-T001", code))
    found = compare(talk, "D01-S01", "talk")
    assert found.coders == ("anna", "ben")
    assert [one.anchor.target.key for one in found.differences] == ["D01-S01-T001"]
    assert not found.stretches[0].agree


def test_words_are_found_in_what_was_said_and_in_memos(talk: Study) -> None:
    add_coding(replace(talk, author="anna"), Wish("D01-S01-T001", "push", memo="Left alone?"))
    assert [(hit.kind, hit.key) for hit in search(talk, "LEFT")] == [
        ("segment", "D01-S01-C001"), ("coding", "D01-S01-anna-0001"),
    ]  # fmt: skip
    with pytest.raises(InvalidInput, match="at least two letters"):
        search(talk, " x ")


def test_a_sign_that_means_something_to_databases_is_searched_as_it_is(talk: Study) -> None:
    assert search(talk, "%%") == []
    assert search(talk, "__") == []
