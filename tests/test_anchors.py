from dataclasses import replace

import pytest

from iprkit.anchors import Ground, Marked, find, standing, units
from iprkit.errors import InvalidInput, NotFound
from iprkit.timeline import Span
from iprkit.transcript import Segment, Word


def segment(key: str, speaker: str, role: str, said: str, start_ms: int, first: int) -> Segment:
    words = tuple(
        Word(f"w{first + at:04d}", text, start_ms + 200 * at, start_ms + 200 * at + 200, speaker=speaker)
        for at, text in enumerate(said.split())
    )
    return Segment(key, speaker, words, role)


SEGMENTS = (
    segment("D01-S01-T001", "A", "therapist", "And then?", 0, 1),
    segment("D01-S01-C001", "B", "client", "I left.", 500, 3),
    segment("D01-S01-C002", "B", "client", "Thank you.", 1000, 5),
)
GROUND = Ground("D01-S01", 2000, SEGMENTS)


def later(by_ms: int) -> Ground:
    """The same words, realigned."""
    moved = [
        replace(s, words=tuple(replace(w, start_ms=w.start_ms + by_ms, end_ms=w.end_ms + by_ms) for w in s.words))
        for s in SEGMENTS
    ]
    return replace(GROUND, segments=tuple(moved))


def reworded(word: str, text: str) -> Ground:
    """One word corrected."""
    changed = [replace(s, words=tuple(replace(w, text=text) if w.id == word else w for w in s.words)) for s in SEGMENTS]
    return replace(GROUND, segments=tuple(changed))


def test_a_segment_stands_on_its_words() -> None:
    anchor = find("D01-S01-C001", GROUND)
    assert (anchor.span, anchor.words, anchor.quote) == (Span(500, 900), ("w0003", "w0004"), "I left.")


def test_a_turn_is_named_by_any_of_its_segments_and_known_by_the_first() -> None:
    anchor = find("D01-S01-C002-turn", GROUND)
    assert (anchor.target.key, anchor.quote) == ("D01-S01-C001-turn", "I left. Thank you.")


def test_a_window_holds_the_words_whose_middle_lies_in_it() -> None:
    assert find("D01-S01-W1s-01", GROUND).quote == "And then? I left."
    assert find("D01-S01-W1s-02", GROUND).quote == "Thank you."


def test_words_are_taken_from_the_first_to_the_last() -> None:
    assert find("D01-S01-w0002..w0003", GROUND).quote == "then? I"


@pytest.mark.parametrize("key", ["D01-S01-T009", "D01-S01-w0099", "D01-S01-W1s-03", "D01-S01-M01", "D01-S01-T009-turn"])
def test_what_is_not_there_is_named(key: str) -> None:
    with pytest.raises(NotFound, match="D01-S01"):
        find(key, GROUND)


def test_a_span_after_the_end_and_words_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(InvalidInput, match="lasts 0:02"):
        find("D01-S01@0:01-0:03", GROUND)
    with pytest.raises(InvalidInput, match="earlier word first"):
        find("D01-S01-w0003..w0002", GROUND)


@pytest.mark.parametrize("key", ["D01-S01-C001", "D01-S01-C001-turn", "D01-S01-w0003..w0004"])
def test_a_coding_follows_its_words_to_where_they_are_realigned(key: str) -> None:
    now, moved = standing(find(key, GROUND), later(70))
    assert (now.span.start_ms, moved) == (570, None)


@pytest.mark.parametrize("key", ["D01-S01-C001", "D01-S01-C001-turn", "D01-S01-w0003..w0004", "D01-S01-W1s-01"])
def test_a_coding_whose_words_changed_stays_as_it_was_coded_and_is_flagged(key: str) -> None:
    coded = find(key, GROUND)
    now, moved = standing(coded, reworded("w0004", "slept."))
    assert now == coded
    assert moved is not None
    assert "slept." in moved


def test_a_change_elsewhere_flags_nothing() -> None:
    assert standing(find("D01-S01-C001", GROUND), reworded("w0001", "So"))[1] is None


def test_a_coding_whose_words_are_gone_tells_what_is_said_at_its_time() -> None:
    heard_again = replace(GROUND, segments=(segment("D01-S01-C003", "B", "client", "We slept.", 500, 90),))
    now, moved = standing(find("D01-S01-w0003..w0004", GROUND), heard_again)
    assert now.span == Span(500, 900)
    assert moved == "D01-S01-w0003..w0004 is no longer there; at its time there is now: We slept."


def test_the_same_words_under_new_ids_are_flagged_too() -> None:
    heard_again = replace(GROUND, segments=(segment("D01-S01-C001", "B", "client", "I left.", 500, 90),))
    assert standing(find("D01-S01-C001", GROUND), heard_again)[1] == "the same words were heard again, under new ids"


def test_a_segment_that_was_merged_into_another_is_flagged_under_the_key_that_stands_for_it() -> None:
    merged = replace(SEGMENTS[1], words=SEGMENTS[1].words + SEGMENTS[2].words)
    ground = replace(GROUND, segments=(SEGMENTS[0], merged), former={"D01-S01-C002": "D01-S01-C001"})
    _, moved = standing(find("D01-S01-C002", GROUND), ground)
    assert moved == "there is now: I left. Thank you."


def test_a_window_that_grew_is_flagged() -> None:
    quiet = Ground("D01-S01", 2000)
    _, moved = standing(find("D01-S01-W1s-02", quiet), replace(quiet, duration_ms=2400))
    assert moved == "the window now lasts from 0:01.0 to 0:02.4"


def test_moments_and_comments_are_targets_where_they_are_known() -> None:
    ground = replace(
        GROUND,
        marked={
            "D01-S01-M01": Marked("moment", Span(500, 900)),
            "D01-S01-client-K01": Marked("comment", Span(0, 900), "I was afraid."),
        },
    )
    assert find("D01-S01-M01", ground).quote == "I left."
    comment = find("D01-S01-client-K01", ground)
    assert (comment.quote, comment.target.place, comment.words) == ("I was afraid.", "D01-S01", None)
    assert [one.target.key for one in units("comment", ground)] == ["D01-S01-client-K01"]


def test_every_segment_turn_and_window_is_a_unit() -> None:
    assert [one.target.key for one in units("turn", GROUND)] == ["D01-S01-T001-turn", "D01-S01-C001-turn"]
    assert len(list(units("segment", GROUND))) == 3
    assert [one.span.end_ms for one in units("window", GROUND, 800)] == [800, 1600, 2000]


def test_who_speaks_is_known_where_it_is_one() -> None:
    assert GROUND.role(find("D01-S01-C001", GROUND)) == "client"
    assert GROUND.role(find("D01-S01-w0002..w0003", GROUND)) is None
    assert GROUND.role(find("D01-S01-W1s-01", GROUND)) is None
