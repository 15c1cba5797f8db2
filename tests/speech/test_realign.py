"""A corrected text put back on its sound; without a sound first, then on the sample session."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from iprkit.language.edits import bare, compare
from iprkit.speech.realign import Ground, NewWord, Realigned, realign
from iprkit.timeline import Span, merge
from iprkit.transcript import Word


def deaf(spans: Sequence[Span]) -> Iterator[NDArray[np.float32]]:
    """The sound of a recording that is not there."""
    return iter([np.zeros(span.duration_ms * 16, np.float32) for span in spans])


def transcript(text: str, speaker: str | None = "A", at_ms: int = 0) -> list[Word]:
    """Words of 300 ms, 100 ms apart."""
    starts = [at_ms + 400 * n for n in range(len(text.split()))]
    pairs = zip(starts, text.split(), strict=True)
    return [Word(f"w{ms}", word, ms, ms + 300, 0.9, speaker) for ms, word in pairs]


def new_words(old: Sequence[Word], text: Sequence[str], speaker: str | None = "A") -> list[NewWord]:
    edit = compare([bare(word.text) for word in old], [bare(word) for word in text])
    return [
        NewWord(word, speaker, None if heir is None else old[heir], same)
        for word, heir, same in zip(text, edit.heirs, edit.same, strict=True)
    ]


def ground(old: Sequence[Word], end_ms: int = 60_000, language: str = "es") -> Ground:
    return Ground(Span(0, end_ms), tuple(merge((word.span for word in old), 150)), deaf, language)


def put(old: Sequence[Word], text: str) -> Realigned:
    return realign(new_words(old, text.split()), ground(old))


OLD = transcript("and then she went straight home again")


def test_a_text_that_was_left_alone_stays_as_it_is() -> None:
    assert put(OLD, "and then she went straight home again") == Realigned(tuple(OLD), 0, 0, ())


def test_spelling_changes_no_time() -> None:
    done = put(OLD, "And then she went – straight, home again.".replace(" –", ""))
    assert [(w.id, w.start_ms, w.end_ms, w.confidence) for w in done.words] == [
        (w.id, w.start_ms, w.end_ms, w.confidence) for w in OLD
    ]
    assert done.words[0].text == "And"


def test_a_corrected_word_keeps_its_id_and_stands_between_its_neighbours() -> None:
    word = put(OLD, "and then we went straight home again").words[2]
    assert (word.id, word.text, word.confidence, word.interpolated) == (OLD[2].id, "we", None, True)
    assert OLD[1].end_ms <= word.start_ms < word.end_ms <= OLD[3].start_ms


def test_a_removed_word_moves_no_other() -> None:
    assert put(OLD, "and then went straight home again").words == tuple(w for w in OLD if w.text != "she")


def test_an_added_word_takes_the_sound_that_is_free() -> None:
    old = [OLD[0], *OLD[3:]]
    done = realign(new_words(old, "and then went straight home again".split()), ground(OLD))
    assert done.words[1].span == Span(300, 1_200)
    assert (done.words[1].id, done.guessed, done.lost) == ("", 1, ())


def test_a_word_for_which_no_sound_is_free_shares_its_neighbours() -> None:
    tight = [Word("w1", "a", 0, 500, None, "A"), Word("w2", "b", 500, 900, None, "A")]
    done = realign(new_words(tight, ["a", "really", "b"]), ground(tight))
    assert (done.words[0], done.words[2]) == (tight[0], tight[1])
    assert done.words[1].span == Span(480, 500)
    assert [(one.text, one.words) for one in done.lost] == [("really", 1)]


def test_a_sentence_that_has_no_speech_is_lost_and_says_where() -> None:
    old = [*transcript("well then"), *transcript("so it goes", at_ms=9_000)]
    done = realign(new_words(old, "well then I never said any of this so it goes".split()), ground(old))
    (lost,) = done.lost
    assert (lost.text, lost.words) == ("I never said any of this", 6)
    assert 700 <= lost.start_ms <= lost.end_ms <= 9_000


def test_a_remark_is_never_lost() -> None:
    old = transcript("well then")
    words = [*new_words(old, ["well"]), NewWord("(laughs)", "A", spoken=False), *new_words(old, ["then"])]
    assert realign(words, ground(old)).lost == ()


def test_an_answer_inside_the_others_turn_is_put_there() -> None:
    """The other one goes on speaking, so no time is free between the turns."""
    turn, after = transcript("I never told anybody about it at all", "B"), transcript("and now", "B", at_ms=3_200)
    answer = NewWord("Mm-hm.", "A")
    words = [*new_words(turn, [w.text for w in turn], "B"), answer, *new_words(after, ["and", "now"], "B")]
    (span,) = [w.span for w in realign(words, ground([*turn, *after])).words if w.text == "Mm-hm."]
    assert turn[-1].start_ms <= span.start_ms <= span.end_ms <= after[0].end_ms


def test_between_two_voices_each_is_bounded_by_its_own_words() -> None:
    first, inside = transcript("one two three four five six", "A"), transcript("yes", "B", at_ms=900)
    last = transcript("so", "A", at_ms=4_000)
    words = [
        *new_words(first, [w.text for w in first], "A"),
        *new_words(inside, ["yes"], "B"),
        NewWord("indeed", "B"),
        *new_words(last, ["so"], "A"),
    ]
    found = realign(words, Ground(Span(0, 5_000), (Span(0, 4_300),), deaf, "es")).words[-2]
    assert 1_200 <= found.start_ms < found.end_ms <= 4_300


def test_times_of_the_text_are_kept_where_nothing_hears() -> None:
    words = [NewWord("hola", "A", start_ms=2_000), NewWord("ya", "A", end_ms=3_000), NewWord("no", "A", start_ms=7_000)]
    done = realign(words, Ground(Span(0, 9_000), (Span(0, 9_000),), deaf, "es"))
    assert done.words[0].start_ms == 2_000
    assert done.words[1].end_ms <= 3_000
    assert done.words[2].start_ms == 7_000
    assert all(w.interpolated for w in done.words)


def test_times_that_a_program_measured_are_not_called_guessed() -> None:
    words = [NewWord("hola", "A", start_ms=2_000, end_ms=2_300, measured=True)]
    (word,) = realign(words, Ground(Span(0, 9_000), (Span(0, 9_000),), deaf, "es")).words
    assert (word.span, word.interpolated) == (Span(2_000, 2_300), False)


def test_a_text_on_its_own_shares_the_speech_of_the_recording() -> None:
    speech = (Span(1_000, 2_000), Span(8_000, 9_000))
    done = realign([NewWord(word) for word in "hola que tal pues".split()], Ground(Span(0, 10_000), speech, deaf, "es"))
    assert all(any(span.overlap_ms(word.span) == word.span.duration_ms for span in speech) for word in done.words)


def test_no_words_are_no_trouble() -> None:
    assert realign([], ground(OLD)) == Realigned((), 0, 0, ())


vocabulary = st.sampled_from(["I", "the", "went", "home", "mm", "Anna", "so", "and", "well,", "No."])
texts = st.lists(vocabulary, max_size=25)
lengths = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 700)), max_size=25)


@settings(deadline=None)
@given(texts, lengths, texts, st.lists(st.sampled_from(["A", "B", None]), min_size=25, max_size=25))
def test_whatever_is_edited_kept_words_keep_their_time_and_no_voice_runs_backwards(
    text: list[str], gaps: list[tuple[int, int]], other: list[str], who: list[str | None]
) -> None:
    old: list[Word] = []
    at = 0
    for n, (word, (gap, length)) in enumerate(zip(text, gaps, strict=False)):
        old.append(Word(f"w{n}", word, at + gap, at + gap + length, 0.5, who[n]))
        at += gap + length
    new = new_words(old, other)
    new = [NewWord(w.text, w.heir.speaker if w.heir else who[n], w.heir, w.kept) for n, w in enumerate(new)]
    done = realign(new, Ground(Span(0, at + 500), tuple(word.span for word in old), deaf, "es"))
    assert [word.text for word in done.words] == other
    assert done.placed + done.guessed == sum(not word.kept for word in new)
    for told, word in zip(new, done.words, strict=True):
        if told.kept and told.heir:
            assert (word.id, word.span, word.confidence) == (told.heir.id, told.heir.span, told.heir.confidence)
        assert 0 <= word.start_ms <= word.end_ms <= at + 500
    for label in ("A", "B", None):
        starts = [word.start_ms for word in done.words if word.speaker == label]
        assert all(a <= b for a, b in pairwise(starts))
