from dataclasses import replace
from typing import Any

import pytest

from iprkit.actions import codebooks, codes
from iprkit.actions.coders import add_coder, list_coders
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import Sought, add_coding, edit_coding, list_codings, remove_coding
from iprkit.actions.history import history, redo, undo
from iprkit.coding import Coding
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.transcripts import load_transcript, replace_segments, working_version
from iprkit.errors import Conflict, InvalidInput, NotFound

C1 = "D01-S01-C001"


def by(study: Study, name: str) -> Study:
    return replace(study, author=name)


def listed(study: Study, **sought: Any) -> list[tuple[str, str, str]]:
    found = list_codings(study, Sought(**sought)).codings
    return [(one.coder, one.code, one.anchor.target.key) for one in found]


def correct(study: Study, word: str, text: str) -> None:
    """Correct one word of the transcript."""
    with study.change("corrected", "D01-S01") as db:
        version = working_version(db, queries.conversation(db, "D01-S01"))
        segments = [
            replace(s, words=tuple(replace(w, text=text) if w.text == word else w for w in s.words))
            for s in load_transcript(db, "D01-S01").segments
        ]
        replace_segments(db, version, segments)


def test_a_coding_says_who_gave_what_to_which_words(talk: Study) -> None:
    made = add_coding(by(talk, "anna"), Wish(C1, "Warmth", rating=4, about="client", certainty="high", memo=" soft "))
    assert (made.key, made.code, made.coder, made.rating) == ("D01-S01-anna-0001", "warmth", "anna", 4)
    assert (made.anchor.quote, made.anchor.span.start_ms, made.memo) == ("I left.", 500, "soft")


def test_a_researcher_says_who_coded_and_a_coder_enters_their_own(talk: Study) -> None:
    assert add_coding(talk, Wish(C1, "push", coder="Anna")).coder == "anna"
    with pytest.raises(InvalidInput, match="lea is no coder of this study; say who coded"):
        add_coding(talk, Wish(C1, "push"))
    with pytest.raises(Conflict, match="ben enters codings in their own name only"):
        add_coding(by(talk, "ben"), Wish(C1, "push", coder="anna"))


def test_ratings_lie_on_the_codes_scale(talk: Study) -> None:
    anna = by(talk, "anna")
    for rating, told in ((None, "needs a rating, 1-5"), (6, "6 is not on the scale"), (2.5, "2.5 is not on")):
        with pytest.raises(InvalidInput, match=told):
            add_coding(anna, Wish(C1, "warmth", rating=rating))
    with pytest.raises(InvalidInput, match="takes no rating"):
        add_coding(anna, Wish(C1, "push", rating=1))


def test_the_codebooks_unit_is_kept(talk: Study) -> None:
    with pytest.raises(InvalidInput, match="coded by segment, and D01-S01-C001-turn is a turn"):
        add_coding(by(talk, "anna"), Wish(f"{C1}-turn", "push"))
    codebooks.edit_codebook(talk, "talk", {"unit": "window", "window_ms": 1000})
    with pytest.raises(InvalidInput, match="windows of 0:01.0, and D01-S01-W2s-01 is one of 0:02.0"):
        add_coding(by(talk, "anna"), Wish("D01-S01-W2s-01", "push"))
    assert add_coding(by(talk, "anna"), Wish("D01-S01-W1s-02", "push")).anchor.quote == "Thank you."


def test_a_code_for_the_therapists_talk_is_not_given_to_the_client(talk: Study) -> None:
    codes.edit(talk, "talk", "push", {"speaker": "therapist"})
    with pytest.raises(InvalidInput, match="push is for the talk of the therapist; D01-S01-C001 is the client's"):
        add_coding(by(talk, "anna"), Wish(C1, "push"))


def test_several_codes_stand_on_a_unit_unless_the_codebook_allows_one(talk: Study) -> None:
    anna = by(talk, "anna")
    for code in ("push", "pull"):
        add_coding(anna, Wish(C1, code))
    codebooks.edit_codebook(talk, "talk", {"exclusive": True})
    add_coding(anna, Wish("D01-S01-T001", "push"))
    with pytest.raises(Conflict, match="anna gave push to D01-S01-T001, and only one code of talk fits there"):
        add_coding(anna, Wish("D01-S01-T001", "pull"))
    add_coding(anna, Wish("D01-S01-T001", "pull", round="drift-1"))
    add_coding(by(talk, "ben"), Wish("D01-S01-T001", "pull"))


def test_the_same_coding_is_not_entered_twice(talk: Study) -> None:
    add_coding(by(talk, "anna"), Wish(C1, "push"))
    with pytest.raises(Conflict, match="there already: D01-S01-anna-0001"):
        add_coding(by(talk, "anna"), Wish(C1, "push"))


def test_a_coder_changes_and_removes_only_their_own(talk: Study) -> None:
    made = add_coding(by(talk, "anna"), Wish(C1, "warmth", rating=2))
    assert edit_coding(by(talk, "anna"), made.key, {"rating": 3.0, "memo": "softer"}).rating == 3
    with pytest.raises(Conflict, match="ben enters codings in their own name only"):
        edit_coding(by(talk, "ben"), made.key, {"rating": 1.0})
    with pytest.raises(Conflict, match="own name only"):
        remove_coding(by(talk, "ben"), made.key)
    remove_coding(by(talk, "anna"), made.key)
    assert listed(talk) == []


def test_a_changed_coding_is_checked_as_a_new_one(talk: Study) -> None:
    made = add_coding(by(talk, "anna"), Wish(C1, "warmth", rating=2))
    add_coding(by(talk, "anna"), Wish(C1, "push"))
    with pytest.raises(InvalidInput, match="not on the scale"):
        edit_coding(by(talk, "anna"), made.key, {"rating": 9.0})
    with pytest.raises(InvalidInput, match="takes no rating"):
        edit_coding(by(talk, "anna"), made.key, {"code": "pull"})
    with pytest.raises(Conflict, match="stands against that"):
        edit_coding(by(talk, "anna"), made.key, {"code": "push", "rating": None})
    assert listed(talk, code="warmth") == [("anna", "warmth", C1)]


def test_a_key_once_given_out_never_names_another_coding(talk: Study) -> None:
    anna = by(talk, "anna")
    add_coding(anna, Wish(C1, "push"))
    undo(anna)
    assert add_coding(anna, Wish(C1, "pull")).key == "D01-S01-anna-0002"


def test_codings_are_found_by_place_coder_code_and_round(talk: Study) -> None:
    add_coding(by(talk, "anna"), Wish(C1, "push"))
    add_coding(by(talk, "ben"), Wish("D01-S01-T001", "pull", round="training"))
    assert listed(talk, place="D01") == listed(talk, place="D01-S01") == listed(talk)
    assert listed(talk, place=C1) == listed(talk, coder="ANNA") == listed(talk, code="push") == [("anna", "push", C1)]
    assert listed(talk, place="D01-S01-W1s-01") == listed(talk)
    assert listed(talk, round="training") == [("ben", "pull", "D01-S01-T001")]
    with pytest.raises(NotFound):
        listed(talk, place="D01-S09")


def test_a_corrected_word_flags_the_codings_on_it_until_a_person_looked(talk: Study) -> None:
    anna = by(talk, "anna")
    made = add_coding(anna, Wish(C1, "push"))
    add_coding(anna, Wish("D01-S01-T001", "pull"))
    correct(talk, "left.", "slept.")
    moved = list_codings(talk, Sought(moved=True)).codings
    assert [(one.key, one.anchor.quote, one.moved) for one in moved] == [
        (made.key, "I left.", "there is now: I slept.")
    ]
    assert edit_coding(anna, made.key, {}, here=True).moved is None
    assert list_codings(talk, Sought(moved=True)).codings == ()


def test_a_merged_code_is_listed_under_the_name_that_stands_for_it(talk: Study) -> None:
    add_coding(by(talk, "anna"), Wish(C1, "push"))
    changed = codes.merge(talk, "talk", ["push"], "pull")
    assert changed.touched == {"coding": 1}
    found = list_codings(talk).codings[0]
    assert (found.code, found.coded_as) == ("pull", "push")
    with pytest.raises(InvalidInput, match="push of talk was merged into pull; give that one"):
        add_coding(by(talk, "anna"), Wish("D01-S01-T001", "push"))


def test_every_change_is_in_the_journal_under_the_codings_key_and_can_be_undone(talk: Study) -> None:
    anna = by(talk, "anna")
    made = add_coding(anna, Wish(C1, "push"))
    edit_coding(anna, made.key, {"memo": "why not"})
    remove_coding(anna, made.key)
    undo(anna)
    assert _only(talk).memo == "why not"
    undo(anna)
    assert _only(talk).memo == ""
    redo(anna)
    assert [entry.action for entry in history(talk, made.key)] == [
        "added coding D01-S01-anna-0001",
        "changed coding D01-S01-anna-0001",
        "removed coding D01-S01-anna-0001",
        "undid: removed coding D01-S01-anna-0001",
        "undid: changed coding D01-S01-anna-0001",
        "redid: changed coding D01-S01-anna-0001",
    ]


def test_coders_are_entered_once_by_a_name_that_is_no_role(talk: Study) -> None:
    assert [one.name for one in list_coders(talk)] == ["anna", "ben"]
    with pytest.raises(Conflict, match="a coder Anna already"):
        add_coder(talk, "Anna")
    for name in ("client", "anna maria", "a/b", ""):
        with pytest.raises(InvalidInput, match="cannot be a coder's name"):
            add_coder(talk, name)


def _only(study: Study) -> Coding:
    (found,) = list_codings(study).codings
    return found
