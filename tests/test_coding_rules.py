from dataclasses import replace

import pytest

from iprkit.codebook import Code, Codebook, Rules
from iprkit.coding import Anchor, Coding, Target
from iprkit.coding_rules import check, check_words, rival
from iprkit.errors import InvalidInput
from iprkit.scale import Scale
from iprkit.timeline import Span

SEGMENT = Anchor(Target("D01-S01-T001", "segment", "D01-S01"), Span(0, 2_000), ("w1", "w2"), "well then")
WINDOW = Anchor(Target("D01-S01-W60s-01", "window", "D01-S01"), Span(0, 60_000))
SILENCE = Anchor(Target("D01-S01@0:02-0:04", "span", "D01-S01"), Span(2_000, 4_000))
BOOK = Codebook(
    "talk",
    "1",
    (
        Code("group", "Group", codable=False),
        Code("push", "Push", rules=Rules(speaker="therapist")),
        Code("warmth", "Warmth", rules=Rules(scale="1-5")),
        Code("gone", "Gone", retired="not used"),
        Code("minute", "Minute", rules=Rules(unit="window", window_ms=60_000)),
        Code("quiet", "Quiet", rules=Rules(unit="silence", min_ms=3_000)),
        Code("talk", "Talk", rules=Rules(applies_to=("session", "moment", "recall"))),
    ),
    rules=Rules(unit="segment"),
    scales=(Scale("1-5", 1, 5),),
)


def anchor(kind: str, key: str) -> Anchor:
    return replace(SEGMENT, target=Target(key, kind, "D01-S01"))


@pytest.mark.parametrize(
    ("key", "at", "role", "rating", "said"),
    [
        ("group", SEGMENT, None, None, "only groups the codes below it"),
        ("gone", SEGMENT, None, None, "is retired"),
        ("push", SEGMENT, "client", None, "is for the talk of the therapist; D01-S01-T001 is the client's"),
        ("push", SEGMENT, None, 3, r"takes no rating \(3\)"),
        ("push", WINDOW, None, None, "is coded by segment, and D01-S01-W60s-01 is a window"),
        ("warmth", SEGMENT, None, None, "needs a rating, 1-5$"),
        ("warmth", SEGMENT, None, 6, "6 is not on the scale"),
        ("minute", anchor("window", "D01-S01-W30s-01"), None, None, "windows of 1:00.0, and .* is one of 0:30.0"),
        ("quiet", SILENCE, None, None, "silences from 0:03.0 on; .* is shorter"),
    ],
)
def test_a_code_that_may_not_be_given_says_what_the_codebook_asks_for(
    key: str, at: Anchor, role: str | None, rating: float | None, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        check(BOOK, key, at, role, rating)


@pytest.mark.parametrize(
    ("key", "at", "role", "rating"),
    [
        ("push", SEGMENT, "therapist", None),
        ("push", SEGMENT, None, None),
        ("warmth", SEGMENT, "client", 1),
        ("minute", WINDOW, None, None),
        ("quiet", replace(SILENCE, span=Span(2_000, 5_000)), None, None),
        ("talk", anchor("moment", "D01-S01-M01"), None, None),
        ("talk", anchor("comment", "D01-S01-client-K01"), None, None),
    ],
)
def test_a_code_that_fits_is_given(key: str, at: Anchor, role: str | None, rating: float | None) -> None:
    check(BOOK, key, at, role, rating)


def test_only_words_that_a_coding_knows_are_taken() -> None:
    check_words("client", "high")
    check_words(None, None)
    with pytest.raises(InvalidInput, match="about is 'mother'; choose among client"):
        check_words("mother", None)
    with pytest.raises(InvalidInput, match="certainty is '90%'; choose among low"):
        check_words(None, "90%")


def test_where_one_code_excludes_the_others_the_one_that_stands_is_found_for_the_same_person() -> None:
    book = replace(BOOK, exclusive=True)
    there = Coding("K1", "talk", "warmth", "anna", SEGMENT, rating=2, about="client")
    assert rival(book, "push", "client", [there]) == there
    assert rival(book, "push", "therapist", [there]) is None
    assert rival(book, "warmth", "client", [there]) is None
    assert rival(BOOK, "push", "client", [there]) is None
