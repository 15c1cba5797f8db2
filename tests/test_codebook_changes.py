from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iprkit.codebook import Code, Codebook, Rules
from iprkit.codebook_changes import (
    add_code,
    brought_up_to,
    edit_code,
    key_of,
    merge_codes,
    move_code,
    name_of,
    retire_code,
    revive_code,
    split_code,
)
from iprkit.errors import Conflict, InvalidCodebook
from iprkit.scale import Scale

BOOK = Codebook(
    "ruptures",
    "1",
    (
        Code("wd", "Withdrawal", codable=False),
        Code("denial", "Denial", "wd", definition="Waves it off.", colour="#4477AA", shortcut="d"),
        Code("minimal", "Minimal response", "wd"),
        Code("cf", "Confrontation"),
        Code("complaint", "Complaint", "cf", rules=Rules(scale="salience")),
    ),
    scales=(Scale("salience", 1, 5),),
)


def keys(book: Codebook) -> list[str]:
    return [code.key for code in book.codes]


def test_a_new_code_stands_last_below_its_parent() -> None:
    assert keys(add_code(BOOK, Code("split", "Split", "wd"))) == [
        "wd", "denial", "minimal", "split", "cf", "complaint",
    ]  # fmt: skip


def test_a_new_code_can_stand_behind_a_sister() -> None:
    assert keys(add_code(BOOK, Code("split", "Split", "wd"), after="denial"))[1:4] == ["denial", "split", "minimal"]


def test_a_key_is_given_once_whatever_its_capitals() -> None:
    with pytest.raises(Conflict, match="has a code denial already"):
        add_code(BOOK, Code("Denial", "Other"))


def test_a_code_cannot_stand_behind_one_that_lies_elsewhere() -> None:
    with pytest.raises(InvalidCodebook, match="does not lie beside it"):
        add_code(BOOK, Code("split", "Split", "wd"), after="complaint")


def test_a_moved_code_takes_along_what_lies_below_it() -> None:
    moved = move_code(BOOK, "wd", "cf")
    assert keys(moved) == ["cf", "complaint", "wd", "denial", "minimal"]
    assert moved.by_key["denial"].parent == "wd"


def test_a_code_can_be_moved_to_the_top() -> None:
    assert move_code(BOOK, "denial", None).by_key["denial"].parent is None


@pytest.mark.parametrize("parent", ["cf", "complaint"])
def test_a_code_cannot_be_moved_under_itself(parent: str) -> None:
    with pytest.raises(InvalidCodebook, match="cannot lie under itself"):
        move_code(BOOK, "cf", parent)


def test_a_merged_code_is_retired_and_the_other_stands_for_it() -> None:
    merged = merge_codes(BOOK, ["minimal"], "denial")
    assert merged.by_key["minimal"].retired
    assert merged.standing("minimal").key == "denial"
    assert [code.key for code in merged.active] == ["wd", "denial", "cf", "complaint"]


def test_what_lay_below_a_merged_code_lies_below_the_one_that_stands_for_it() -> None:
    rated = edit_code(BOOK, "complaint", replace(BOOK.by_key["complaint"], rules=Rules()))
    assert merge_codes(rated, ["cf"], "denial").by_key["complaint"].parent == "denial"


def test_codes_rated_on_different_scales_are_not_merged() -> None:
    with pytest.raises(InvalidCodebook, match="complaint is rated on salience, denial on presence"):
        merge_codes(BOOK, ["complaint"], "denial")


@pytest.mark.parametrize(("said", "into"), [("denial", "denial"), ("cf", "complaint")])
def test_a_code_is_not_merged_into_itself_or_into_one_below_it(said: str, into: str) -> None:
    with pytest.raises(InvalidCodebook, match="into itself or into a code below it"):
        merge_codes(BOOK, [said], into)


def test_nothing_is_merged_into_a_group() -> None:
    with pytest.raises(InvalidCodebook, match="it is a group"):
        merge_codes(BOOK, ["denial"], "wd")


def test_a_split_code_is_retired_and_its_parts_stand_in_its_place() -> None:
    parts = split_code(BOOK, "denial", [("denial_feeling", "Of a feeling"), ("denial_problem", "Of a problem")])
    assert keys(parts)[1:5] == ["denial", "denial_feeling", "denial_problem", "minimal"]
    assert parts.by_key["denial"].retired
    part = parts.by_key["denial_feeling"]
    assert (part.split_from, part.colour, part.definition, part.shortcut) == ("denial", "#4477AA", "", None)


def test_a_code_with_others_below_it_is_not_split() -> None:
    with pytest.raises(InvalidCodebook, match="while others lie below it"):
        split_code(BOOK, "cf", [("a", "A"), ("b", "B")])


def test_a_retired_code_takes_those_below_it_along_and_is_taken_back_alone() -> None:
    retired = retire_code(BOOK, "wd")
    assert [code.key for code in retired.active] == ["cf", "complaint"]
    assert [code.key for code in revive_code(retired, "wd").active] == ["wd", "cf", "complaint"]


def test_a_code_under_a_retired_one_is_not_taken_back() -> None:
    with pytest.raises(InvalidCodebook, match="lies under wd, which is retired"):
        revive_code(retire_code(BOOK, "wd"), "denial")


def test_a_code_keeps_its_key() -> None:
    with pytest.raises(InvalidCodebook, match="keeps its key for good"):
        edit_code(BOOK, "denial", Code("denying", "Denial", "wd"))


def test_a_newer_version_brings_its_codes_and_leaves_ours() -> None:
    newer = Codebook("ruptures", "2", (Code("denial", "Denial", definition="New."), Code("fresh", "Fresh")))
    both = brought_up_to(add_code(BOOK, Code("ours", "Ours")), newer)
    assert both.version == "2"
    assert both.by_key["denial"].definition == "New."
    assert {"fresh", "ours", "complaint"} <= set(both.by_key)
    assert both.scale("complaint") == BOOK.scale("complaint")


def test_a_newer_version_that_spells_a_key_otherwise_is_refused() -> None:
    with pytest.raises(Conflict, match="code denial is spelled Denial there"):
        brought_up_to(BOOK, Codebook("ruptures", "2", (Code("Denial", "Denial"),)))


@pytest.mark.parametrize(
    ("name", "key"),
    [("Émotion", "emotion"), ("Minimal response", "minimal_response"), ("感情", "感情"), ("!?", "c"), ("3 s", "c_3_s")],
)
def test_a_name_suggests_a_key(name: str, key: str) -> None:
    assert key_of(name) == key


def test_a_title_suggests_a_short_name() -> None:
    assert (name_of("Étude n° 3"), name_of("感情")) == ("etude-n-3", "codebook")


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=10), max_size=5))
def test_every_name_suggests_a_key_that_a_code_may_have(name: str, taken: list[str]) -> None:
    key = key_of(name, taken)
    assert Code(key, "A").key == key
    assert key.casefold() not in {one.casefold() for one in taken}
