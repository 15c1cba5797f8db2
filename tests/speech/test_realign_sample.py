"""A text put on the sound of the sample session by the English aligner, without any weights."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.language.edits import bare, compare
from iprkit.speech.activity import speech_spans
from iprkit.speech.realign import Ground, NewWord, Realigned, realign
from iprkit.timeline import Span

NEAR_MS = 200


@dataclass(frozen=True)
class Onset:
    """A turn of the truth: which word of the text it begins with, and when."""

    word: int
    ms: int


@dataclass(frozen=True)
class Film:
    """The sample session: its sound, its text, and when its turns begin."""

    ground: Ground
    text: tuple[str, ...]
    onsets: tuple[Onset, ...]


@pytest.fixture(scope="module")
def film(sound: NDArray[np.float32], turns: Sequence[Any]) -> Film:
    text: list[str] = []
    onsets = []
    for turn in turns:
        onsets.append(Onset(len(text), turn.span.start_ms))
        text += turn.text.split()

    def read(spans: Sequence[Span]) -> Iterator[NDArray[np.float32]]:
        return (sound[span.start_ms * 16 : span.end_ms * 16] for span in spans)

    ground = Ground(Span(0, len(sound) // 16), tuple(speech_spans([sound])), read, "en")
    return Film(ground, tuple(text), tuple(onsets))


@pytest.fixture(scope="module")
def placed(film: Film) -> Realigned:
    return realign([NewWord(word) for word in film.text], film.ground)


def near(film: Film, done: Realigned, words: Callable[[int], int | None] = lambda word: word) -> float:
    """The share of turns whose first word is within 200 ms of the truth, counting turns that are still there."""
    there = [(found, onset.ms) for onset in film.onsets if (found := words(onset.word)) is not None]
    return sum(abs(done.words[word].start_ms - ms) <= NEAR_MS for word, ms in there) / len(there)


def test_at_least_95_percent_of_turns_begin_within_200_ms_of_the_truth(film: Film, placed: Realigned) -> None:
    assert near(film, placed) >= 0.95
    assert (placed.placed, placed.guessed) == (len(film.text), 0)


def test_a_text_that_leaves_out_a_tenth_of_the_words_is_placed_too(film: Film) -> None:
    left = [n for n in range(len(film.text)) if n % 10 != 3]
    done = realign([NewWord(film.text[n]) for n in left], film.ground)
    assert near(film, done, lambda word: left.index(word) if word in left else None) >= 0.9


def test_words_that_nobody_said_are_reported_and_spoil_nothing(film: Film) -> None:
    foreign = "The committee approved the budget of the fiscal year and adjourned until further notice".split()
    at = film.onsets[10].word
    done = realign([NewWord(word) for word in (*film.text[:at], *foreign, *film.text[at:])], film.ground)
    assert near(film, done, lambda word: word if word < at else word + len(foreign)) >= 0.95
    assert sum(lost.words for lost in done.lost) >= len(foreign) - 4


def test_a_corrected_word_finds_the_sound_of_the_word_that_it_replaces(film: Film, placed: Realigned) -> None:
    """Every twentieth word had been misheard; where each really is, the whole text's alignment says."""
    done = realign([NewWord(w.text, None, w, kept=n % 20 != 0) for n, w in enumerate(placed.words)], film.ground)
    moved = [abs(a.start_ms - b.start_ms) for a, b in zip(done.words, placed.words, strict=True)]
    assert max(moved) <= NEAR_MS
    assert sum(ms <= 50 for ms in moved[::20]) >= 0.9 * len(moved[::20])


def test_only_what_changed_is_listened_to(film: Film, placed: Realigned) -> None:
    heard: list[Span] = []

    def read(spans: Sequence[Span]) -> Iterator[NDArray[np.float32]]:
        heard.extend(spans)
        return iter(film.ground.sound(spans))

    text = ["supper" if word.startswith("dinner?") else word for word in film.text]
    edit = compare([bare(word) for word in film.text], [bare(word) for word in text])
    new = [
        NewWord(word, None, None if heir is None else placed.words[heir], same)
        for word, heir, same in zip(text, edit.heirs, edit.same, strict=True)
    ]
    ground = Ground(film.ground.within, film.ground.speech, read, "en")
    done = realign(new, ground)
    assert sum(span.duration_ms for span in heard) < 10_000
    assert [a.span == b.span for a, b in zip(done.words, placed.words, strict=True)].count(False) <= 1
