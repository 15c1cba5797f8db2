"""Two versions of a text, matched word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprkit.language.edits import bare, compare, ends_sentence

few = st.lists(st.sampled_from(["I", "the", "a", "home", "went", "mm"]), max_size=30)


def edited(old: str, new: str) -> list[int | None]:
    return list(compare(old.split(), new.split()).heirs)


def test_what_stands_in_both_is_the_same_word() -> None:
    edit = compare(["and", "then", "she", "left"], ["and", "then", "she", "left"])
    assert (edit.heirs, edit.same, edit.removed) == ((0, 1, 2, 3), (True,) * 4, ())


def test_an_added_word_stands_for_none() -> None:
    assert edited("and she left", "and then she left") == [0, None, 1, 2]


def test_a_removed_word_is_named() -> None:
    edit = compare(["and", "then", "she", "left"], ["and", "she", "left"])
    assert (edit.heirs, edit.removed) == ((0, 2, 3), (1,))


def test_a_corrected_word_stands_for_the_one_it_replaces() -> None:
    edit = compare(["and", "then", "sheep", "left"], ["and", "then", "she", "left"])
    assert (edit.heirs, edit.same) == ((0, 1, 2, 3), (True, True, False, True))
    assert (edit.kept, edit.changed, edit.added) == (3, 1, 0)


def test_of_several_new_words_the_one_spelled_alike_stands_for_the_old_one() -> None:
    assert edited("we saw a psychologist there", "we saw my old psychologists there") == [0, 1, 2, None, 3, 4]
    assert edited("we saw psychologist there", "we saw my old psychologists there") == [0, 1, None, None, 2, 3]
    assert edited("we saw my old psychologists there", "we saw psychologist there") == [0, 1, 4, 5]


def test_a_whole_new_passage_keeps_the_order_of_the_old_one() -> None:
    old, new = [f"old{n}" for n in range(300)], [f"neu{n}" for n in range(100)]
    heirs = compare(old, new).heirs
    assert None not in heirs
    assert list(heirs) == sorted(set(heirs))


@given(few, few)
def test_every_old_word_is_stood_for_once_or_removed(old: list[str], new: list[str]) -> None:
    edit = compare(old, new)
    stood_for = [heir for heir in edit.heirs if heir is not None]
    assert stood_for == sorted(set(stood_for))
    assert sorted([*stood_for, *edit.removed]) == list(range(len(old)))
    assert all(old[heir] == word for heir, same, word in zip(edit.heirs, edit.same, new, strict=True) if same)


@given(few)
def test_nothing_changed_is_nothing_changed(text: list[str]) -> None:
    assert compare(text, text).kept == len(text)


@pytest.mark.parametrize("text", ["Don’t", "don't,", "DON‘T", "“don't”", "don`t!"])
def test_spelling_that_sounds_alike_is_the_same_word(text: str) -> None:
    assert bare(text) == "don't"


@pytest.mark.parametrize(("word", "ends"), [("home.", True), ("home?”", True), ("home…", True), ("home,", False)])
def test_a_sentence_ends_with_its_sign(word: str, ends: bool) -> None:
    assert ends_sentence(word) is ends
