"""The measures of the benchmarks, on examples that can be checked by hand."""

from pathlib import Path

import pytest

from benchmarks import scores
from benchmarks.references import SaidTurn, read_rttm, read_turns, read_words
from benchmarks.scores import Token
from iprkit.timeline import Span
from iprkit.transcript import Segment, Transcript, Word


def turns(*told: tuple[str, int, str]) -> list[SaidTurn]:
    return [SaidTurn(who, Span(start_ms, start_ms + 1_000), text) for who, start_ms, text in told]


def heard(*told: tuple[str, int, str]) -> list[Token]:
    return [Token(word, who, start_ms) for who, start_ms, text in told for word in text.split()]


SAID = scores.said_tokens(
    turns(("T", 0, "How was it for you?"), ("C", 2_000, "Okay, I guess."), ("T", 4_000, "Mm-hm."))
)


def test_case_punctuation_and_hyphens_are_no_errors() -> None:
    words = heard(("A", 0, "how was it for you"), ("B", 2_000, "okay i guess"), ("A", 4_000, "mm hm"))
    assert scores.word_errors(SAID, words) == 0


def test_a_wrong_a_missing_and_an_added_word_are_three_errors_of_ten() -> None:
    words = heard(("A", 0, "how was he for you there"), ("B", 2_000, "okay i guess"), ("A", 4_000, "hm"))
    assert scores.word_errors(SAID, words) == 3 / 10


def test_two_engines_differ_as_much_as_the_larger_of_both_ways() -> None:
    assert scores.differing(heard(("A", 0, "a b c d")), heard(("A", 0, "a b"))) == 1


def test_short_answers_are_counted_apart() -> None:
    pairs = scores.matched(SAID, heard(("A", 0, "how was it for you"), ("B", 2_000, "okay we guess")))
    assert scores.short_answers_found(SAID, pairs) == (2, 5)


def test_by_voice_the_labels_mean_what_fits_best() -> None:
    words = heard(("B", 0, "how was it for you"), ("A", 2_000, "okay i guess"), ("A", 4_000, "mm hm"))
    assert scores.right_speaker(scores.matched(SAID, words)) == 8 / 10


def test_by_channel_they_mean_what_they_say() -> None:
    words = heard(("B", 0, "how was it for you"), ("A", 2_000, "okay i guess"))
    pairs = scores.matched(SAID, words)
    assert scores.right_speaker(pairs, {"A": "C", "B": "T"}) == 1
    assert scores.right_speaker(pairs, {"A": "T", "B": "C"}) == 0


def test_one_label_for_both_people_is_half_right() -> None:
    words = heard(("A", 0, "how was it for you okay i guess mm hm"))
    assert scores.right_speaker(scores.matched(SAID, words)) == 7 / 10


def test_a_third_label_belongs_to_nobody() -> None:
    words = heard(("A", 0, "how was it for you"), ("B", 2_000, "okay i guess"), ("D", 4_000, "mm hm"))
    assert scores.right_speaker(scores.matched(SAID, words)) == 8 / 10


def test_a_word_without_a_speaker_is_wrong() -> None:
    assert scores.right_speaker(scores.matched(SAID, [Token("how", None, 0), Token("was", "A", 0)])) == 1 / 2


def test_where_nothing_was_matched_nobody_is_right() -> None:
    with pytest.raises(ValueError, match="no word was matched"):
        scores.right_speaker([])


def test_turns_begin_late_or_early_and_only_those_whose_first_word_was_heard() -> None:
    words = heard(("A", 30, "how was it for you"), ("B", 2_900, "i guess"), ("A", 3_950, "mm hm"))
    assert scores.turn_onsets_ms(SAID, scores.matched(SAID, words)) == [30, -50]


def test_a_constant_offset_is_taken_off_where_the_reference_has_one() -> None:
    errors = [-80, -90, -70, 60]
    assert scores.share_within(errors, 50) == 0
    assert scores.share_within(errors, 50, unbiased=True) == 3 / 4


def test_an_answer_under_the_others_voice_is_compared_after_the_sentence_it_fell_into() -> None:
    words = (Word("1", "Well,", 0, 400, speaker="A"), Word("2", "now.", 950, 1_400, speaker="A"))
    answer = Segment("2", "B", (Word("3", "Mm-hm.", 500, 900, speaker="B"),))
    transcript = Transcript("D01-S01", "en", "", "", 1_500, (Segment("1", "A", words), answer))
    assert [token.text for token in scores.heard_tokens(transcript)] == ["well", "now", "mm", "hm"]


def test_speech_is_where_a_speakers_words_are_near_to_each_other() -> None:
    words = [Word(str(start), "a", start, start + 200, speaker="A") for start in (0, 300, 1_500)]
    assert scores.speech_of(words) == {"A": [Span(0, 500), Span(1_500, 1_700)]}


MINUTE = Span(0, 60_000)


def test_the_same_speech_under_other_names_is_no_error() -> None:
    said = {"T": [Span(0, 5_000)], "C": [Span(6_000, 9_000)]}
    assert scores.diarization_error(said, {"A": said["C"], "B": said["T"]}, MINUTE).total == 0


def test_missed_invented_and_confused_speech_are_told_apart() -> None:
    """10 s of speech: 1 s not heard, 2 s heard in silence, 3 s given to the other."""
    said = {"T": [Span(0, 6_000)], "C": [Span(10_000, 14_000)]}
    found = {"A": [Span(0, 5_000), Span(11_000, 14_000)], "B": [Span(10_000, 11_000), Span(20_000, 22_000)]}
    error = scores.diarization_error(said, found, MINUTE)
    assert (error.missed, error.false_alarm, error.confused) == pytest.approx((0.1, 0.2, 0.3))
    assert error.total == pytest.approx(0.6)


def test_speech_at_the_same_time_counts_for_each_speaker() -> None:
    said = {"T": [Span(0, 4_000)], "C": [Span(2_000, 4_000)]}
    assert scores.diarization_error(said, {"A": [Span(0, 4_000)]}, MINUTE).missed == pytest.approx(2 / 6)


def test_edges_inside_the_collar_are_not_scored() -> None:
    said, found = {"T": [Span(1_000, 5_000)]}, {"A": [Span(1_200, 5_200)]}
    assert scores.diarization_error(said, found, MINUTE).total == pytest.approx(0.1)
    assert scores.diarization_error(said, found, MINUTE, collar_ms=250).total == 0


def test_only_the_stretch_that_the_reference_covers_is_scored() -> None:
    said, found = {"T": [Span(0, 5_000)]}, {"A": [Span(0, 5_000), Span(40_000, 50_000)]}
    assert scores.diarization_error(said, found, Span(0, 30_000)).total == 0


def test_references_are_read_whatever_their_shape(tmp_path: Path) -> None:
    (tmp_path / "turns.json").write_text(
        '{"turns": [{"speaker": "T", "start": 0.8, "end": 2, "text": "So?"}]}', "utf-8"
    )
    (tmp_path / "words.json").write_text('[["T", "So", 0.8, 1], ["T", "now", 1, 2], ["C", "Yes", 3, 3.5]]', "utf-8")
    (tmp_path / "a.rttm").write_text("SPEAKER a 1 1.500 2.000 <NA> <NA> T <NA> <NA>\n", "utf-8")
    assert read_turns(tmp_path / "turns.json") == [SaidTurn("T", Span(800, 2_000), "So?")]
    assert [turn.text for turn in read_turns(tmp_path / "words.json")] == ["So now", "Yes"]
    assert [word.span.start_ms for word in read_words(tmp_path / "words.json")] == [800, 1_000, 3_000]
    assert read_rttm(tmp_path / "a.rttm") == {"a": {"T": [Span(1_500, 3_500)]}}
