"""Listening with engines of plain code: what they hear depends on which stretch they are asked to hear."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from iprkit.speech.activity import RATE
from iprkit.speech.engine import HeardWord, Piece
from iprkit.speech.excerpt import Excerpt
from iprkit.speech.listen import MISSED_SHARE, NO_SPEECH, REPETITIVE, SHARE, UNSURE, listen, suspicions
from iprkit.timeline import Span

SURE, DOUBTED = 0.95, 0.1
LENGTH_MS = 120_000


class Plain:
    """An engine that says what it is told to, and remembers what it was asked."""

    name, version, parallel, timed = "plain", "1", 1, False

    def __init__(self, says: Callable[[Span], Sequence[Piece]]) -> None:
        self._says = says
        self.asked: list[Span] = []

    def language(self, samples: Any) -> tuple[str, float]:
        return "en", 1.0

    def hear(self, excerpt: Excerpt, language: str) -> Sequence[Piece]:
        assert len(excerpt.samples) == excerpt.span.duration_ms * RATE // 1000
        self.asked.append(excerpt.span)
        return self._says(excerpt.span)


def excerpt(*speech: Span) -> Excerpt:
    span = Span(0, LENGTH_MS)
    return Excerpt(np.zeros(LENGTH_MS * RATE // 1000, np.float32), span, speech or (span,))


def word(text: str, start_ms: int, confidence: float = SURE) -> HeardWord:
    return HeardWord(text, start_ms, start_ms + 400, confidence)


def piece(*words: HeardWord, **thoughts: Any) -> Piece:
    ends = [w.end_ms for w in words if w.end_ms is not None]
    return Piece(words, Span(words[0].start_ms or 0, max(ends, default=0)), **thoughts)


def saying(*words: HeardWord) -> Callable[[Span], Sequence[Piece]]:
    """The words that lie in the stretch, each a piece."""
    return lambda span: [piece(w) for w in words if w.start_ms is not None and w.start_ms in span]


def test_text_where_nobody_speaks_is_flagged() -> None:
    told = [piece(word("Hello.", 1_000)), piece(word("Thank", 50_000), word("you.", 50_500))]
    heard = listen(Plain(lambda _: told), excerpt(Span(900, 1_500)), "en")
    assert [(w.text, w.flags) for w in heard] == [("Hello.", ()), ("Thank", ("no_voice",)), ("you.", ("no_voice",))]


@pytest.mark.parametrize(
    ("thoughts", "flags"),
    [
        ({"compression": REPETITIVE + 0.1}, ("repetition",)),
        ({"logprob": UNSURE - 0.1}, ("unsure",)),
        ({"no_speech": NO_SPEECH + 0.1}, ("no_speech",)),
        ({"compression": 1.4, "logprob": -0.2, "no_speech": 0.01}, ()),
        ({"compression": 9.0, "logprob": -3.0, "no_speech": 0.99}, ("repetition", "unsure", "no_speech")),
        ({}, ()),
    ],
)
def test_what_the_engine_itself_doubts_is_flagged(thoughts: dict[str, float], flags: tuple[str, ...]) -> None:
    assert suspicions(piece(word("Yes.", 1_000), **thoughts), [Span(0, 5_000)]) == flags


def test_words_without_times_are_not_said_to_be_where_nobody_speaks() -> None:
    assert suspicions(Piece((HeardWord("Yes.", None, None, None),), Span(0, 0)), []) == ()


def test_who_the_engine_says_is_speaking_is_kept() -> None:
    told = Piece((word("Yes.", 1_000),), Span(1_000, 1_400), speaker="B")
    assert [w.speaker for w in listen(Plain(lambda _: [told]), excerpt(), "en")] == ["B"]


def test_what_is_sure_is_heard_once() -> None:
    engine = Plain(saying(word("Good", 1_000), word("morning.", 1_500)))
    listen(engine, excerpt(), "en")
    assert engine.asked == [Span(0, LENGTH_MS)]


def test_a_doubtful_word_is_heard_again_in_its_surroundings_and_by_the_other_model() -> None:
    engine, other = Plain(saying(word("boat", 60_000, DOUBTED))), Plain(saying(word("coat", 60_000)))
    listen(engine, excerpt(), "en", other)
    whole, again = engine.asked
    assert whole == Span(0, LENGTH_MS)
    assert 60_000 in again
    assert again.duration_ms < LENGTH_MS // 2
    assert other.asked == [again]


def test_the_surer_reading_of_a_doubtful_word_is_taken() -> None:
    def says(span: Span) -> Sequence[Piece]:
        whole = span.duration_ms == LENGTH_MS
        return [piece(word("so", 58_000)), piece(word("boat" if whole else "coat", 60_000, DOUBTED if whole else SURE))]

    heard = listen(Plain(says), excerpt(), "en", Plain(saying(word("so", 58_000), word("coat", 60_000))))
    assert [w.text for w in heard] == ["so", "coat"]


def talk(*missing: float) -> list[HeardWord]:
    """A word every half second of two minutes, without those that begin at these seconds."""
    return [word(f"w{at}", at) for at in range(0, LENGTH_MS, 500) if at / 1000 not in missing]


SWALLOWED = (60.5, 61.0, 61.5, 62.0, 62.5)


def test_words_that_were_swallowed_are_found_in_a_second_look() -> None:
    def says(span: Span) -> Sequence[Piece]:
        return saying(*(talk(*SWALLOWED) if span.duration_ms == LENGTH_MS else talk()))(span)

    engine = Plain(says)
    heard = listen(engine, excerpt(), "en", Plain(saying(*talk())))
    assert [w.text for w in heard] == [w.text for w in talk()]
    assert len(engine.asked) == 2


def test_a_word_that_lasts_too_long_hides_others_and_gives_up_their_time() -> None:
    """As an engine does that runs on to the end of a sentence: `ask` lasts until where the next heard word stands."""
    long = HeardWord("w60000", 60_000, 62_950, SURE)

    def says(span: Span) -> Sequence[Piece]:
        if span.duration_ms < LENGTH_MS:
            return saying(*talk())(span)
        return saying(*(long if w.start_ms == 60_000 else w for w in talk(*SWALLOWED)))(span)

    heard = listen(Plain(says), excerpt(), "en", Plain(saying(*talk())))
    assert [(w.text, w.start_ms, w.end_ms) for w in heard] == [(w.text, w.start_ms, w.end_ms) for w in talk()]


def test_what_both_readings_say_stays_as_it_was_first_written() -> None:
    """A second look begins and ends amid a sentence, where an engine sets a capital and a full stop of its own."""

    def says(span: Span) -> Sequence[Piece]:
        whole = span.duration_ms == LENGTH_MS
        said = talk(*SWALLOWED) if whole else [replace(w, text=f"{w.text.upper()}.", confidence=0.5) for w in talk()]
        return [replace(one, logprob=0.0 if whole else UNSURE - 1) for one in saying(*said)(span)]

    heard = listen(Plain(says), excerpt(), "en", Plain(saying(*talk())))
    kept = [w for w in heard if w.start_ms not in [1000 * at for at in SWALLOWED]]
    assert [(w.text, w.confidence, w.flags) for w in kept] == [(w.text, SURE, ()) for w in talk(*SWALLOWED)]


def test_an_engine_without_times_is_asked_once() -> None:
    engine = Plain(lambda span: [Piece((HeardWord("Hello", None, None, SURE),), span)])
    assert [w.text for w in listen(engine, excerpt(Span(10_000, 14_000)), "en")] == ["Hello"]
    assert engine.asked == [Span(0, LENGTH_MS)]


def test_what_is_missing_everywhere_is_looked_for_in_a_share_of_the_recording() -> None:
    missing = [at + 0.5 * n for at in range(5, 115, 12) for n in range(3)]
    engine = Plain(saying(*talk(*missing)))
    listen(engine, excerpt(), "en")
    assert 0 < sum(span.duration_ms for span in engine.asked[1:]) <= MISSED_SHARE * LENGTH_MS


def test_noise_that_is_taken_for_speech_is_not_heard_again() -> None:
    engine = Plain(saying(*(word(f"w{at}", at) for at in range(0, LENGTH_MS // 2, 500))))
    listen(engine, excerpt(), "en")
    assert engine.asked == [Span(0, LENGTH_MS)]


def test_a_silence_is_no_place_for_swallowed_words() -> None:
    engine = Plain(saying(*talk(*SWALLOWED)))
    listen(engine, excerpt(Span(0, 60_500), Span(63_000, LENGTH_MS)), "en")
    assert engine.asked == [Span(0, LENGTH_MS)]


def test_only_a_share_of_the_recording_is_heard_again_however_bad_it_is() -> None:
    engine = Plain(saying(*(word("mumble", at, DOUBTED) for at in range(0, LENGTH_MS, 500))))
    listen(engine, excerpt(), "en")
    assert sum(span.duration_ms for span in engine.asked[1:]) <= SHARE * LENGTH_MS


def test_where_nothing_is_said_nothing_is_heard() -> None:
    assert listen(Plain(lambda _: []), excerpt(), "en") == []
