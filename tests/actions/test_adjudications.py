from dataclasses import replace

import pytest

from iprkit.actions import codebooks
from iprkit.actions.adjudications import Verdict, adjudicate, differences, list_adjudications
from iprkit.actions.assignments import Plan, assign, submit
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding, list_codings
from iprkit.actions.history import undo
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput, NotFound

T1, C1 = "D01-S01-T001", "D01-S01-C001"


@pytest.fixture
def differing(talk: Study) -> Study:
    """Anna and Ben agree on the first segment; on the second Ben rates higher, and sees push in it."""
    for name, rating in (("anna", 2), ("ben", 4)):
        coder = replace(talk, author=name)
        add_coding(coder, Wish(T1, "pull"))
        add_coding(coder, Wish(C1, "warmth", rating=rating))
    add_coding(replace(talk, author="ben"), Wish(C1, "push"))
    return talk


def test_where_coders_differ_is_listed_with_what_each_said(differing: Study) -> None:
    (one,) = differences(differing)
    assert (one.anchor.target.key, one.anchor.quote) == (C1, "I left.")
    assert [(given.coder, given.codes) for given in one.given] == [
        ("anna", (("warmth", 2),)),
        ("ben", (("push", None), ("warmth", 4))),
    ]


def test_a_unit_that_only_one_coded_is_a_difference(differing: Study) -> None:
    add_coding(replace(differing, author="anna"), Wish("D01-S01-C002", "push"))
    assert [one.anchor.target.key for one in differences(differing)] == [C1, "D01-S01-C002"]


def test_what_is_settled_stands_apart_and_the_codings_stay(differing: Study) -> None:
    before = list_codings(differing).codings
    made = adjudicate(differing, Verdict(C1, "warmth", "her voice", rating=3))
    assert (made.code, made.rating, made.reason, made.decided_by) == ("warmth", 3, "her voice", "lea")
    assert list_codings(differing).codings == before
    assert list_adjudications(differing) == [made]
    assert differences(differing)[0].settled == (made.key,)
    undo(differing)
    assert list_adjudications(differing) == []


def test_without_a_reason_nothing_is_settled(differing: Study) -> None:
    with pytest.raises(InvalidInput, match="say why"):
        adjudicate(differing, Verdict(C1, "push", "  "))
    with pytest.raises(InvalidInput, match="needs a rating"):
        adjudicate(differing, Verdict(C1, "warmth", "her voice"))
    with pytest.raises(NotFound, match="nobody coded D01-S01-C002 with talk"):
        adjudicate(differing, Verdict("D01-S01-C002", "push", "why not"))


def test_it_can_be_settled_that_nothing_applies(differing: Study) -> None:
    with pytest.raises(InvalidInput, match="of which codebook"):
        adjudicate(differing, Verdict(C1, "none", "too faint"))
    assert adjudicate(differing, Verdict(C1, "none", "too faint", codebook="talk")).code == "none"
    with pytest.raises(Conflict, match="was settled as none by lea: too faint"):
        adjudicate(differing, Verdict(C1, "push", "after all"))


def test_what_is_settled_is_settled_anew_only_when_asked(differing: Study) -> None:
    first = adjudicate(differing, Verdict(C1, "warmth", "her voice", rating=3))
    with pytest.raises(Conflict, match="settle it anew with --again"):
        adjudicate(differing, Verdict(C1, "warmth", "on reflection", rating=4))
    again = adjudicate(differing, Verdict(C1, "warmth", "on reflection", rating=4), again=True)
    assert (again.key, again.rating) == (first.key, 4)
    adjudicate(differing, Verdict(C1, "push", "also"))
    assert len(list_adjudications(differing)) == 2


def test_of_an_exclusive_codebook_one_code_is_settled(differing: Study) -> None:
    codebooks.edit_codebook(differing, "talk", {"exclusive": True})
    adjudicate(differing, Verdict(C1, "push", "clear"))
    with pytest.raises(Conflict, match="was settled as push"):
        adjudicate(differing, Verdict(C1, "pull", "no, this"))


def test_a_blind_assignment_is_settled_once_all_have_submitted(talk: Study) -> None:
    assign(talk, Plan("talk", ("anna", "ben")))
    add_coding(replace(talk, author="anna"), Wish(C1, "push"))
    submit(talk, "A01", "anna")
    assert differences(talk) == []
    with pytest.raises(Conflict, match="is coded blind in A01"):
        adjudicate(talk, Verdict(C1, "push", "clear"))
    submit(talk, "A01", "ben")
    (one,) = differences(talk)
    assert [(given.coder, len(given.codes)) for given in one.given] == [("anna", 1), ("ben", 0)]


def test_coders_who_are_to_code_a_unit_blind_do_not_see_what_was_settled_there(differing: Study) -> None:
    adjudicate(differing, Verdict(C1, "warmth", "her voice", rating=3))
    assign(differing, Plan("talk", ("anna", "ben"), round="drift-1"))
    assert list_adjudications(replace(differing, author="ben")) == []
    assert len(list_adjudications(differing)) == 1
