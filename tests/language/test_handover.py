from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from iprkit.language.handover import hand_over
from iprkit.transcript import Segment, Word


def segment(key: str, speaker: str | None, text: str, start_ms: int, flags: tuple[str, ...] = ()) -> Segment:
    """Words of 200 ms one after another; their ids are ``T1.0``, ``T1.1`` in the segment T1."""
    words = tuple(
        Word(f"{key}.{i}", one.removesuffix("(?)"), start_ms + 200 * i, start_ms + 200 * i + 200, 0.9, speaker,
             doubtful=one.endswith("(?)"))
        for i, one in enumerate(text.split())
    )  # fmt: skip
    return Segment(key, speaker, words, {"A": "therapist", "B": "client"}.get(speaker or ""), flags)


def said(segments: Sequence[Segment]) -> list[tuple[str | None, str]]:
    return [(one.speaker, one.text) for one in segments]


TALK = [
    segment("T1", "A", "And then? I'm", 0),
    segment("C1", "B", "fine.", 700),
    segment("T2", "A", "Good.", 2000),
]


def test_a_whole_segment_goes_to_the_other_speaker_as_it_is() -> None:
    after = hand_over(TALK, {"T2.0": "B"})
    assert said(after)[-1] == ("B", "Good.")
    assert after[-1].words[0].speaker == "B"


def test_segments_that_are_not_touched_stay_what_they_are() -> None:
    assert hand_over(TALK, {"T2.0": "B"})[:2] == TALK[:2]
    assert hand_over(TALK, {}) == TALK


def test_a_word_that_begins_the_others_sentence_is_joined_to_it() -> None:
    assert said(hand_over(TALK, {"T1.2": "B"})) == [("A", "And then?"), ("B", "I'm fine."), ("A", "Good.")]


def test_a_word_in_the_middle_parts_a_segment_in_three() -> None:
    after = hand_over([segment("T1", "A", "So you yes left him", 0)], {"T1.2": "B"})
    assert said(after) == [("A", "So you"), ("B", "yes"), ("A", "left him")]


def test_a_sentence_cut_in_three_by_a_wrong_speaker_becomes_one_again() -> None:
    parts = [segment("T1", "A", "And how", 0), segment("C1", "B", "is", 400), segment("T2", "A", "that?", 600)]
    assert said(hand_over(parts, {"C1.0": "A"})) == [("A", "And how is that?")]


def test_whole_sentences_are_not_joined() -> None:
    after = hand_over([segment("T1", "A", "And then?", 0), segment("C1", "B", "Nothing.", 400)], {"C1.0": "A"})
    assert said(after) == [("A", "And then?"), ("A", "Nothing.")]


def test_a_sentence_end_before_a_quotation_mark_is_one() -> None:
    after = hand_over([segment("T1", "A", 'He said "Go."', 0), segment("C1", "B", "Yes", 600)], {"C1.0": "A"})
    assert len(after) == 2


def test_a_long_pause_parts_also_an_open_sentence() -> None:
    after = hand_over([segment("T1", "A", "And", 0), segment("C1", "B", "then", 1700)], {"C1.0": "A"})
    assert len(after) == 2


def test_two_segments_of_one_speaker_that_were_apart_stay_apart() -> None:
    parts = [segment("T1", "A", "I was", 0), segment("T2", "A", "going to", 500)]
    assert len(hand_over(parts, {"T1.0": "B", "T1.1": "B", "T2.0": "B", "T2.1": "B"})) == 2


def test_what_was_said_into_the_others_sentence_goes_to_its_place_in_time() -> None:
    parts = [segment("T1", "A", "one two three four.", 0), segment("C1", "B", "mhm", 250)]
    (after,) = hand_over(parts, {"C1.0": "A"})
    assert after.text == "one two mhm three four."


def test_what_would_be_too_long_for_one_segment_is_not_joined() -> None:
    long = " ".join(["word"] * 39)
    parts = [segment("T1", "A", long, 0), segment("C1", "B", "and more words", 7800)]
    assert len(hand_over(parts, {f"C1.{i}": "A" for i in range(3)})) == 2


def test_words_that_a_person_decided_are_no_longer_doubtful_and_others_still_are() -> None:
    after = hand_over([segment("T1", "A", "Yes(?) no(?)", 0)], {"T1.0": "A"})
    assert [word.doubtful for one in after for word in one.words] == [False, True]


def test_both_parts_keep_the_flags_and_a_joined_segment_has_those_of_both() -> None:
    parts = [segment("T1", "A", "So I'm", 0, ("unsure",)), segment("C1", "B", "fine.", 400, ("no_voice",))]
    assert [one.flags for one in hand_over(parts, {"T1.1": "B"})] == [("unsure",), ("no_voice", "unsure")]


def test_an_undecided_segment_gets_a_speaker() -> None:
    assert said(hand_over([segment("X1", None, "Mhm.", 0)], {"X1.0": "B"})) == [("B", "Mhm.")]


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 5)), max_size=12), st.data())
def test_no_word_is_lost_or_doubled_and_each_has_the_speaker_of_its_segment(
    lengths: list[tuple[str, int]], data: st.DataObject
) -> None:
    before, at = [], 0
    for n, (speaker, count) in enumerate(lengths):
        before.append(segment(f"S{n}", speaker, " ".join(["so"] * count), at))
        at += 200 * count
    ids = [word.id for one in before for word in one.words]
    to = {one: data.draw(st.sampled_from("ABD")) for one in ids if data.draw(st.booleans())}
    after = hand_over(before, to)
    assert sorted(word.id for one in after for word in one.words) == sorted(ids)
    assert all(word.speaker == one.speaker for one in after for word in one.words)
    assert [word.start_ms for one in after for word in one.words] == sorted(range(0, at, 200))
    assert all(word.speaker == to[word.id] for one in after for word in one.words if word.id in to)
