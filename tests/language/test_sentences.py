"""Where a thing to code begins and ends."""

from itertools import pairwise

import pytest

from iprkit.language.sentences import LONG_CHARACTERS, sentence_rules, sentences
from iprkit.transcript import Word


def say(text: str, speaker: str | None = "A", at_ms: int = 0, step_ms: int = 400) -> list[Word]:
    """Words of equal length, 20 ms apart."""
    starts = [at_ms + n * step_ms for n in range(len(text.split()))]
    pairs = zip(starts, text.split(), strict=True)
    return [Word(f"{speaker}{at}", word, at, at + step_ms - 20, None, speaker) for at, word in pairs]


def cut(*words: Word, language: str = "en") -> list[str]:
    ordered = sorted(words, key=lambda word: word.start_ms)
    return [" ".join(word.text for word in stretch) for stretch in sentences(ordered, language)]


def test_a_sentence_ends_at_its_full_stop() -> None:
    assert cut(*say("I went home early. She was not there.")) == ["I went home early.", "She was not there."]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "I saw Dr. Miller, e.g. on Monday morning."), ("de", "Da war Herr Dr. Maier, z.B. am Montag.")],
)
def test_an_abbreviation_ends_nothing(language: str, text: str) -> None:
    assert cut(*say(text), language=language) == [text]


@pytest.mark.parametrize("language", ["jw", "ja", "vi", "xx", "", "no"])
def test_a_language_without_rules_is_cut_by_punctuation(language: str) -> None:
    assert cut(*say("Aa bb cc dd. Ee ff gg hh."), language=language) == ["Aa bb cc dd.", "Ee ff gg hh."]


def test_another_speaker_cuts_a_sentence_in_two() -> None:
    words = *say("I was thinking"), *say("Mhm.", "B", 1200), *say("that we go.", "A", 1600)
    assert cut(*words) == ["I was thinking", "Mhm.", "that we go."]


def test_a_listeners_signal_inside_a_sentence_leaves_it_whole() -> None:
    assert cut(*say("I was thinking that we go."), *say("Mhm.", "B", 700)) == ["I was thinking that we go.", "Mhm."]


@pytest.mark.parametrize(("gap_ms", "parts"), [(1499, 1), (1500, 2)])
def test_a_second_and_a_half_of_silence_cuts_without_punctuation(gap_ms: int, parts: int) -> None:
    assert len(cut(*say("I was thinking"), *say("that we go", at_ms=1180 + gap_ms))) == parts


def test_a_short_answer_stays_with_what_follows_it_at_once() -> None:
    assert cut(*say("Yes. I think that we could go.")) == ["Yes. I think that we could go."]


def test_a_short_answer_stands_alone_before_a_breath() -> None:
    assert cut(*say("Yes."), *say("I think that we could go.", at_ms=700)) == ["Yes.", "I think that we could go."]


def test_a_short_question_is_not_joined_to_what_follows() -> None:
    assert cut(*say("Really? I think that we could go.")) == ["Really?", "I think that we could go."]


def test_a_long_sentence_is_divided_at_its_comma() -> None:
    left, right = " ".join(["word"] * 26) + ",", " ".join(["word"] * 24) + "."
    assert cut(*say(f"{left} {right}")) == [left, right]


def test_a_long_sentence_is_divided_before_its_conjunction() -> None:
    left, right = " ".join(["word"] * 26), "because " + " ".join(["word"] * 24) + "."
    assert cut(*say(f"{left} {right}")) == [left, right]


def test_a_sentence_without_any_joint_still_becomes_short_enough() -> None:
    assert max(len(text) for text in cut(*say("word " * 300, step_ms=50))) <= LONG_CHARACTERS


def test_a_slow_sentence_is_divided_by_time() -> None:
    parts = sentences(say("a b c d e f g h i j k l m n o p q r s t", step_ms=1500), "en")
    assert all(part[-1].end_ms - part[0].start_ms <= 25_000 for part in parts)


def test_no_word_is_lost_doubled_or_given_to_another() -> None:
    words = sorted(
        [*say("Yes so. " * 40), *say("Oh no? " * 40, "B", 150), *say("x " * 9, None, 77)], key=lambda w: w.start_ms
    )
    parts = sentences(words, "en")
    assert sorted(word.id for part in parts for word in part) == sorted(word.id for word in words)
    assert all(len({word.speaker for word in part}) == 1 for part in parts)
    assert all(one[0].start_ms <= other[0].start_ms for one, other in pairwise(parts))


def test_no_words_make_no_sentence() -> None:
    assert sentences([], "en") == []


def test_the_rules_at_work_can_be_named() -> None:
    assert sentence_rules("sv") == "sv rules"
