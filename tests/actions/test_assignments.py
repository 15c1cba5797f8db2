from dataclasses import replace
from typing import Any

import pytest

from iprkit.actions import codebooks
from iprkit.actions.assignments import Plan, assign, list_assignments, reveal, show, submit
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding, edit_coding, list_codings, remove_coding
from iprkit.actions.history import history, redo, undo
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput, NotFound

PLAN = Plan("talk", ("anna", "ben"))
C1 = "D01-S01-C001"


def by(study: Study, name: str) -> Study:
    return replace(study, author=name)


def seen(study: Study, name: str) -> list[str]:
    return [one.coder for one in list_codings(by(study, name)).codings]


def test_an_assignment_holds_units_with_and_without_a_code(talk: Study) -> None:
    add_coding(by(talk, "anna"), Wish(C1, "push"))
    made = assign(talk, replace(PLAN, sample=2, by="none", round="drift-1", purpose="drift"))
    assert (made.key, made.round, made.purpose, made.blind) == ("A01", "drift-1", "drift", True)
    targets = [unit.target.key for unit in made.units]
    assert C1 in targets
    assert len(targets) == 2
    assert made.sample == "2 of 3 units (segment), drawn with seed 1 in proportion by whether anybody had coded them"


def test_the_same_seed_draws_the_same_units(talk: Study) -> None:
    first, second = (assign(talk, replace(PLAN, sample=1, seed=7)) for _ in range(2))
    assert [unit.target.key for unit in first.units] == [unit.target.key for unit in second.units]
    assert second.key == "A02"


def test_windows_state_the_rule_for_the_last_short_one(talk: Study) -> None:
    codebooks.edit_codebook(talk, "talk", {"unit": "window", "window_ms": 700})
    made = assign(talk, PLAN)
    assert [unit.target.key[-2:] for unit in made.units] == ["01", "02", "03"]
    assert made.sample.endswith("a shorter one belongs to the window before it")


def test_codings_of_assigned_units_go_to_its_round(talk: Study) -> None:
    assign(talk, replace(PLAN, round="drift-1"))
    assert add_coding(by(talk, "anna"), Wish(C1, "push")).round == "drift-1"
    assert add_coding(by(talk, "anna"), Wish(C1, "push", round="notes")).round == "notes"


def test_nobody_sees_anothers_codings_until_all_have_submitted(talk: Study) -> None:
    assign(talk, PLAN)
    for name in ("anna", "ben"):
        add_coding(by(talk, name), Wish(C1, "push"))
    assert (seen(talk, "anna"), seen(talk, "ben"), seen(talk, "lea")) == (["anna"], ["ben"], [])
    assert list_codings(talk).sealed == ("A01",)
    submit(by(talk, "anna"), "A01")
    assert (seen(talk, "anna"), seen(talk, "ben"), seen(talk, "lea")) == (["anna"], ["ben"], [])
    submit(by(talk, "ben"), "A01")
    assert seen(talk, "anna") == seen(talk, "ben") == seen(talk, "lea") == ["anna", "ben"]


def test_a_blind_coder_does_not_see_earlier_rounds_of_the_same_units_either(talk: Study) -> None:
    add_coding(by(talk, "anna"), Wish(C1, "push", round="training"))
    assign(talk, replace(PLAN, round="main"))
    assert seen(talk, "ben") == []
    assert seen(talk, "lea") == ["anna"]


def test_codings_on_other_units_stay_visible(talk: Study) -> None:
    made = assign(talk, replace(PLAN, sample=1))
    others = [key for key in ("D01-S01-T001", C1, "D01-S01-C002") if key != made.units[0].target.key]
    add_coding(by(talk, "anna"), Wish(others[0], "push"))
    assert seen(talk, "ben") == ["anna"]


def test_an_open_assignment_hides_nothing(talk: Study) -> None:
    assign(talk, replace(PLAN, blind=False))
    add_coding(by(talk, "anna"), Wish(C1, "push"))
    assert seen(talk, "ben") == ["anna"]


def test_progress_is_told_to_others_and_to_a_blind_coder_only_their_own(talk: Study) -> None:
    assign(talk, PLAN)
    add_coding(by(talk, "anna"), Wish(C1, "push"))
    assert [share.coded for share in show(talk, "A01").shares] == [1, 0]
    assert [share.coded for share in list_assignments(by(talk, "ben"))[0].shares] == [None, 0]


def test_whoever_asks_is_told_where_units_are_left_for_them_alone(talk: Study) -> None:
    assign(talk, PLAN)
    add_coding(by(talk, "anna"), Wish(C1, "push"))
    left = {name: dict(show(by(talk, name), "A01").left) for name in ("anna", "ben", "lea")}
    assert left == {"anna": {"D01-S01": 2}, "ben": {"D01-S01": 3}, "lea": {}}


def test_what_is_submitted_is_locked(talk: Study) -> None:
    assign(talk, PLAN)
    anna = by(talk, "anna")
    made = add_coding(anna, Wish(C1, "push"))
    submit(anna, "A01")
    for attempt in (
        lambda: add_coding(anna, Wish(C1, "pull")),
        lambda: edit_coding(anna, made.key, {"memo": "after all"}),
        lambda: remove_coding(anna, made.key),
        lambda: edit_coding(talk, made.key, {"memo": "after all"}),
    ):
        with pytest.raises((Conflict, NotFound)):
            attempt()
    with pytest.raises(Conflict, match="has submitted A01 already"):
        submit(anna, "A01")
    assert list_codings(anna).codings == (made,)
    assert add_coding(anna, Wish(C1, "pull", round="second look")).round == "second look"


def test_no_undo_changes_what_was_submitted(talk: Study) -> None:
    assign(talk, PLAN)
    anna = by(talk, "anna")
    made = add_coding(anna, Wish(C1, "push"))
    submit(anna, "A01")
    with pytest.raises(Conflict, match="A01 is submitted, so its codings stay as they are"):
        undo(anna)
    submit(by(talk, "ben"), "A01")
    with pytest.raises(Conflict, match="A01 is submitted"):
        undo(talk)
    assert list_codings(anna).codings == (made,)


def test_no_redo_brings_back_what_was_taken_away_before_submitting(talk: Study) -> None:
    assign(talk, PLAN)
    anna = by(talk, "anna")
    add_coding(anna, Wish(C1, "push"))
    undo(anna)
    submit(anna, "A01")
    with pytest.raises(Conflict, match="A01 is submitted"):
        redo(anna, mine=True)


def test_a_blind_coder_undoes_only_their_own_changes(talk: Study) -> None:
    assign(talk, PLAN)
    add_coding(by(talk, "ben"), Wish(C1, "push"))
    add_coding(by(talk, "anna"), Wish(C1, "pull"))
    assert undo(by(talk, "ben")).action == "undid: added coding D01-S01-ben-0001"
    assert [one.code for one in list_codings(by(talk, "anna")).codings] == ["pull"]
    with pytest.raises(Conflict, match="nothing to undo"):
        undo(by(talk, "ben"))


def test_the_history_tells_a_blind_coder_nothing_of_others(talk: Study) -> None:
    assign(talk, PLAN)
    made = add_coding(by(talk, "anna"), Wish(C1, "push"))
    edit_coding(by(talk, "anna"), made.key, {"memo": "hm"})
    before = [entry.action for entry in history(by(talk, "ben"), "D01-S01")]
    assert not any("anna" in action for action in before)
    with pytest.raises(NotFound):
        history(by(talk, "ben"), made.key)
    assert [entry.action for entry in history(by(talk, "anna"), made.key)][-1] == f"changed coding {made.key}"


def test_each_submits_their_own_part_and_a_researcher_any(talk: Study) -> None:
    assign(talk, PLAN)
    with pytest.raises(Conflict, match="ben submits only their own part"):
        submit(by(talk, "ben"), "A01", "anna")
    with pytest.raises(InvalidInput, match="lea is no coder"):
        submit(talk, "A01")
    assert [bool(share.submitted_at) for share in submit(talk, "A01", "anna").shares] == [True, False]
    with pytest.raises(NotFound, match="no assignment A09"):
        submit(talk, "A09", "anna")


def test_a_codebook_that_asks_for_a_code_on_every_unit_holds_up_an_unfinished_part(talk: Study) -> None:
    codebooks.edit_codebook(talk, "talk", {"exhaustive": True})
    assign(talk, PLAN)
    add_coding(by(talk, "anna"), Wish("D01-S01-T001", "push"))
    with pytest.raises(InvalidInput, match="2 of 3 have none; the first is D01-S01-C001"):
        submit(by(talk, "anna"), "A01")


def test_somebody_who_does_not_code_it_can_reveal_an_assignment_with_a_reason(talk: Study) -> None:
    assign(talk, PLAN)
    add_coding(by(talk, "anna"), Wish(C1, "push"))
    with pytest.raises(Conflict, match="ben codes A01 and cannot reveal it"):
        reveal(by(talk, "ben"), "A01", "curious")
    with pytest.raises(InvalidInput, match="say why"):
        reveal(talk, "A01", " ")
    assert reveal(talk, "A01", "ben left the study").open
    assert seen(talk, "ben") == ["anna"]
    assert history(talk, "A01")[-1].action == "revealed A01"
    with pytest.raises(Conflict, match="open to everybody already"):
        reveal(talk, "A01", "again")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"sample": 2, "share": 0.5}, "not both"),
        ({"share": 1.5}, "a share lies above 0"),
        ({"coders": ()}, "say who codes"),
        ({"unit": "window"}, "there is no window|says nothing|marked by the coder"),
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused(talk: Study, changes: dict[str, Any], why: str) -> None:
    with pytest.raises((InvalidInput, NotFound), match=why):
        assign(talk, replace(PLAN, **changes))


def test_nobody_is_assigned_twice(talk: Study) -> None:
    with pytest.raises(Conflict, match="named twice"):
        assign(talk, replace(PLAN, coders=("anna", "Anna")))
