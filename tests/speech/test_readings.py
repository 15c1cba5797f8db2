from typing import Any

import pytest

from iprkit.speech.engine import HeardWord
from iprkit.speech.readings import ALONE, DOUBT, PHANTOM, SURER, Look, bare, doubtful, settle
from iprkit.timeline import Span

SURE, UNSURE = 0.95, DOUBT - 0.05
WHOLE = Span(0, 100_000)


def reading(text: str, start_ms: int = 0, **unsure: float) -> list[HeardWord]:
    """A word a second; all are sure but those named with their confidence."""
    said = enumerate(text.split())
    return [HeardWord(w, start_ms + n * 1000, start_ms + n * 1000 + 800, unsure.get(bare(w), SURE)) for n, w in said]


def settled(words: list[HeardWord], *looks: Look) -> str:
    return " ".join(word.text for word in settle(words, looks))


def test_unsure_words_are_named_the_most_doubtful_first() -> None:
    assert doubtful(reading("I was on the bus", was=0.3, bus=0.1)) == [4, 1]


def test_a_word_without_a_confidence_is_not_doubted() -> None:
    assert doubtful([HeardWord("Yes.", 0, 500, None)]) == []


def test_what_two_of_three_readings_share_is_taken() -> None:
    first = reading("I bought a new coat", coat=UNSURE)
    look = Look(WHOLE, again=reading("I bought a new boat", boat=UNSURE), other=reading("I bought a new boat"))
    assert settled(first, look) == "I bought a new boat"


def test_the_first_reading_stays_where_the_other_model_agrees_with_it() -> None:
    first = reading("I bought a new coat", coat=UNSURE)
    look = Look(WHOLE, again=reading("I bought a new boat"), other=reading("I bought a new coat", coat=0.1))
    assert settled(first, look) == "I bought a new coat"


def test_where_all_three_differ_the_surest_is_taken() -> None:
    first = reading("a coat", coat=UNSURE)
    look = Look(WHOLE, again=reading("a boat", boat=0.5), other=reading("a goat", goat=0.9))
    assert settled(first, look) == "a goat"


@pytest.mark.parametrize(("surer_by", "taken"), [(SURER - 0.05, "a coat"), (SURER + 0.05, "a boat")])
def test_of_two_readings_the_second_wins_only_where_it_is_clearly_surer(surer_by: float, taken: str) -> None:
    first, mean = reading("a coat", coat=0.2), 0.2
    look = Look(WHOLE, again=reading("a boat", boat=mean + surer_by))
    assert settled(first, look) == taken


def test_of_two_readings_what_was_sure_at_first_stays() -> None:
    first = reading("a coat", coat=DOUBT + 0.1)
    assert settled(first, Look(WHOLE, again=reading("a boat", boat=1.0))) == "a coat"


def test_a_word_that_hardly_anything_speaks_for_and_nobody_else_hears_is_left_out() -> None:
    first = reading("I see thank", thank=PHANTOM - 0.05)
    assert settled(first, Look(WHOLE, again=reading("I see"))) == "I see"


def test_a_word_that_the_first_reading_missed_is_put_in_where_both_others_hear_it() -> None:
    first = reading("and then I left", then=UNSURE)
    both = reading("and then yes I left")
    assert settled(first, Look(WHOLE, both, both)) == "and then yes I left"


def test_case_punctuation_and_apostrophes_are_no_difference() -> None:
    first = reading("Don’t, know", know=UNSURE)
    assert settled(first, Look(WHOLE, reading("don't know."), reading("dont Know"))) == "Don’t, know"


def test_what_lies_outside_the_place_that_was_heard_again_stays() -> None:
    first = reading("one two three four five", three=UNSURE)
    look = Look(Span(2_000, 3_000), again=reading("tree", 2_000), other=reading("tree", 2_000))
    assert settled(first, look) == "one two tree four five"


def test_several_places_are_settled_at_a_time_in_whatever_order_they_were_heard() -> None:
    first = reading("one two three four five", two=UNSURE, four=UNSURE)
    looks = [
        Look(Span(at, at + 1_000), reading(word, at), reading(word, at)) for at, word in ((3_000, "for"), (1_000, "to"))
    ]
    assert settled(first, *looks) == "one to three for five"


def test_a_place_without_a_word_can_gain_one() -> None:
    first = [*reading("well"), *reading("so", 9_000)]
    look = Look(Span(3_000, 5_000), again=reading("yes", 3_500), other=reading("yes", 3_500))
    assert settled(first, look) == "well yes so"


@pytest.mark.parametrize(
    "others", [{}, {"other": []}, {"other": "thanks"}], ids=["no other", "other silent", "other differs"]
)
def test_what_only_one_reading_hears_and_hardly_is_not_put_in(others: dict[str, Any]) -> None:
    """Over a laugh or a sigh engines invent words."""
    first = [*reading("well"), *reading("so", 9_000)]
    other = {name: reading(said, 3_500, thanks=ALONE - 0.1) if said else [] for name, said in others.items()}
    look = Look(Span(3_000, 5_000), again=reading("bye", 3_500, bye=ALONE - 0.1), **other)
    assert settled(first, look) == "well so"


def test_a_word_that_seemed_to_last_ends_where_the_next_begins() -> None:
    first = [HeardWord("ask", 1_000, 6_000, SURE), *reading("so", 6_000)]
    look = Look(Span(0, 9_000), reading("asks so", 1_000), reading("ask so", 1_000), timed_anew=True)
    assert [(w.text, w.start_ms, w.end_ms) for w in settle(first, [look])] == [
        ("ask", 1_000, 2_000),
        ("so", 2_000, 2_800),
    ]


def test_nothing_heard_at_all_stays_nothing() -> None:
    assert settle([], []) == []


@pytest.mark.parametrize(
    ("text", "expected"), [("Yes.", "yes"), ("mm-hm", "mmhm"), ("Straße!", "strasse"), ("…", "…"), ("'cause", "cause")]
)
def test_words_are_compared_as_two_writers_would_agree_on_them(text: str, expected: str) -> None:
    assert bare(text) == expected
