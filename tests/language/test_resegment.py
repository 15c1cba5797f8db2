"""Segments after a correction: what nobody touched stays."""

from dataclasses import replace

import pytest

from iprkit.language.resegment import resegment
from iprkit.transcript import Segment, Word


def segment(key: str, text: str, start_ms: int, first: int, speaker: str = "A") -> Segment:
    words = [
        Word(f"w{first + n}", one, start_ms + 300 * n, start_ms + 300 * n + 300, 0.9, speaker)
        for n, one in enumerate(text.split())
    ]
    return Segment(key, speaker, tuple(words), flags=("unsure",))


OLD = [
    segment("A1", "How was your week with her?", 0, 1),
    segment("B1", "It was hard for me.", 2000, 7, "B"),
    segment("A2", "Tell me more about that.", 4000, 12),
]
WORDS = [word for one in OLD for word in one.words]


def cut(words: list[Word]) -> list[tuple[str, str]]:
    return [(one.key, one.text) for one in resegment(OLD, words, "en")]


def change(at: int, **values: str) -> list[Word]:
    return [replace(word, **values) if n == at else word for n, word in enumerate(WORDS)]


def test_a_text_that_nobody_touched_is_cut_as_it_was() -> None:
    assert resegment(OLD, WORDS, "en") == OLD


def test_a_corrected_word_cuts_only_its_own_segment_again() -> None:
    assert cut(change(9, text="tough")) == [
        ("A1", "How was your week with her?"),
        ("", "It was hard tough me."),
        ("A2", "Tell me more about that."),
    ]


@pytest.mark.parametrize("text", ["WAS", "was,", "“was"])
def test_capitals_and_commas_cut_nothing_again(text: str) -> None:
    assert [one.key for one in resegment(OLD, change(1, text=text), "en")] == ["A1", "B1", "A2"]


def test_a_new_full_stop_ends_a_sentence() -> None:
    old = segment("A1", "I went home after that she stayed there with them.", 0, 1)
    texts = ["I", "went", "home", "after", "that.", "She", "stayed", "there", "with", "them."]
    words = [replace(word, text=text) for word, text in zip(old.words, texts, strict=True)]
    assert [one.text for one in resegment([old], words, "en")] == [
        "I went home after that.",
        "She stayed there with them.",
    ]


def test_an_added_sentence_is_a_segment_beside_those_that_stay() -> None:
    added = [Word("", one, 3600 + n, 3700 + n, None, "B") for n, one in enumerate(["Harder", "than", "ever."])]
    assert cut([*WORDS[:11], *added, *WORDS[11:]])[1:3] == [
        ("B1", "It was hard for me."),
        ("", "Harder than ever."),
    ]


def test_a_word_added_inside_a_segment_cuts_it_again() -> None:
    added = Word("", "really", 2550, 2600, None, "B")
    assert cut([*WORDS[:8], added, *WORDS[8:]])[1] == ("", "It was really hard for me.")


def test_a_removed_segment_is_gone() -> None:
    assert [key for key, _ in cut([*WORDS[:6], *WORDS[11:]])] == ["A1", "A2"]


def test_another_speaker_cuts_a_segment_again() -> None:
    found = resegment(OLD, [replace(w, speaker="A") if 6 <= n < 11 else w for n, w in enumerate(WORDS)], "en")
    assert [(one.key, one.speaker) for one in found] == [("A1", "A"), ("", "A"), ("A2", "A")]


def test_times_that_were_found_reach_segments_that_stay() -> None:
    later = [replace(word, start_ms=word.start_ms + 10, end_ms=word.end_ms + 10) for word in WORDS]
    found = resegment(OLD, later, "en")
    assert [(one.key, one.start_ms, one.flags) for one in found] == [
        ("A1", 10, ("unsure",)),
        ("B1", 2010, ("unsure",)),
        ("A2", 4010, ("unsure",)),
    ]
