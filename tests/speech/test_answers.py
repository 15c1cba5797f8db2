"""Answers under the other's voice, constructed: two tones as voices, and readers that replay what they were told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from iprkit.speech.answers import Readers, hidden_answers
from iprkit.speech.engine import HeardWord, Piece
from iprkit.speech.excerpt import Excerpt
from iprkit.timeline import Span

LONG, ANSWER, AFTER = Span(1_000, 5_000), Span(3_000, 3_800), Span(5_800, 8_000)


class Reader:
    """An engine that hears the same words in whatever it is given, at the place where they were said."""

    name, version, parallel, timed = "told", "1", 1, False

    def __init__(self, *words: tuple[str, float]) -> None:
        self.words = words

    def language(self, samples: object) -> tuple[str, float]:
        return "en", 1.0

    def hear(self, excerpt: Excerpt, language: str) -> Sequence[Piece]:
        if excerpt.span.duration_ms > 2 * ANSWER.duration_ms + 500 or not excerpt.span & ANSWER:
            return []
        step = ANSWER.duration_ms // max(1, len(self.words))
        at = range(ANSWER.start_ms, ANSWER.end_ms, step)
        words = [HeardWord(text, ms, ms + step, sure) for (text, sure), ms in zip(self.words, at, strict=False)]
        return [Piece(tuple(words), ANSWER)]


def test_an_answer_on_the_speakers_own_channel_is_found_with_its_speaker() -> None:
    assert _found(Readers(Reader(("I", 0.9), ("see.", 0.9)), None, "en")) == [("I", "B"), ("see.", "B")]


def test_what_was_heard_on_the_mix_is_not_found_again() -> None:
    heard = [HeardWord("I", 3_010, 3_300, 0.9), HeardWord("See", 3_450, 3_800, 0.9)]
    assert _found(Readers(Reader(("I", 0.9), ("see.", 0.9)), None, "en"), heard) == []


def test_two_readers_must_both_hear_a_word_or_one_be_sure_of_it() -> None:
    first = Reader(("Yes,", 0.5), ("sir.", 0.9))
    assert _found(Readers(first, Reader(("Yes", 0.4)), "en")) == [("Yes,", "B")]
    assert _found(Readers(Reader(("Writer", 0.5)), Reader(("Right", 0.2)), "en")) == []
    assert _found(Readers(Reader(("think", 0.2)), Reader(("see", 0.9)), "en")) == [("see", "B")]


def test_a_lone_reader_must_be_sure() -> None:
    assert _found(Readers(Reader(("Gemini", 0.4)), None, "en")) == []


def test_an_answer_in_the_others_pause_is_left_to_the_mix() -> None:
    sound = _sound([LONG], [AFTER])
    excerpt = Excerpt(sound.mean(0), Span(0, 9_000), (LONG, AFTER))
    assert hidden_answers(Readers(Reader(("Yes", 0.9)), None, "en"), excerpt, sound, []) == []


def _found(readers: Readers, heard: Sequence[HeardWord] = ()) -> list[tuple[str, str | None]]:
    sound = _sound([LONG], [ANSWER, AFTER])
    excerpt = Excerpt(sound.mean(0), Span(0, 9_000), (LONG, AFTER))
    answers = hidden_answers(readers, excerpt, sound, heard)
    return [(word.text, word.speaker) for _, words in answers for word in words]


def _sound(first: Sequence[Span], second: Sequence[Span]) -> NDArray[np.float32]:
    """Each speaker on one channel, a twentieth of it leaking into the other, above a little noise."""
    rng = np.random.default_rng(7)
    voices = np.zeros((2, 9 * 16_000))
    for channel, spans in enumerate((first, second)):
        for span in spans:
            voices[channel, span.start_ms * 16 : span.end_ms * 16] = rng.normal(0, 0.2, span.duration_ms * 16)
    mixed = voices + 0.05 * voices[::-1] + rng.normal(0, 0.0005, voices.shape)
    return np.asarray(mixed, np.float32)
