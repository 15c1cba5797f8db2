from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from iprkit.speech.activity import RATE
from iprkit.speech.engine import HeardWord
from iprkit.speech.excerpt import Excerpt
from iprkit.speech.timing import ATTENTION_BIAS_MS, share, time_words
from iprkit.timeline import Span

NO_ALIGNER = "xx"
SPAN = Span(20_000, 80_000)


def excerpt(*speech: Span) -> Excerpt:
    return Excerpt(np.zeros(SPAN.duration_ms * RATE // 1000, np.float32), SPAN, speech or (SPAN,))


def timed(words: Sequence[HeardWord], *speech: Span) -> list[HeardWord]:
    return time_words(words, excerpt(*speech), NO_ALIGNER, "some model")


def said(text: str, start_ms: int | None, end_ms: int | None) -> HeardWord:
    return HeardWord(text, start_ms, end_ms, 0.9)


def places(words: Sequence[HeardWord]) -> list[tuple[int | None, int | None]]:
    return [(word.start_ms, word.end_ms) for word in words]


times = st.one_of(st.none(), st.integers(-10_000, 100_000))


@given(st.lists(st.builds(said, st.text(min_size=1, max_size=12), times, times), max_size=40))
def test_times_never_run_backwards_and_never_leave_the_recording(words: list[HeardWord]) -> None:
    out = timed(words)
    assert [word.text for word in out] == [word.text for word in words]
    starts = [word.start_ms for word in out if word.start_ms is not None]
    assert len(starts) == len(words)
    assert starts == sorted(starts)
    assert all(SPAN.start_ms <= (word.start_ms or 0) <= (word.end_ms or 0) <= SPAN.end_ms for word in out)


def test_a_word_without_times_stands_between_its_neighbours_and_says_that_this_is_a_guess() -> None:
    out = timed([said("I", 30_000, 30_200), said("really", None, None), said("left.", 31_000, 31_400)])
    assert places(out) == [(30_000, 30_200), (30_200, 31_000), (31_000, 31_400)]
    assert [word.interpolated for word in out] == [False, True, False]


def test_longer_words_get_more_of_the_time() -> None:
    shared = share([said("a", None, None), said("conversation", None, None)], Span(0, 1_300))
    assert places(shared) == [(0, 100), (100, 1_300)]


def test_where_no_word_has_a_time_they_share_the_excerpt() -> None:
    out = timed([said("yes", None, None), said("and", None, None), said("not", None, None)])
    assert places(out) == [(20_000, 40_000), (40_000, 60_000), (60_000, 80_000)]
    assert all(word.interpolated for word in out)


def test_edges_that_lie_in_silence_move_to_the_voice() -> None:
    (out,) = timed([said("left.", 30_000, 31_000)], Span(30_200, 30_900))
    assert (out.start_ms, out.end_ms) == (30_200, 30_900)


def test_a_word_that_lies_mostly_in_silence_keeps_its_times() -> None:
    (out,) = timed([said("left.", 30_000, 31_000)], Span(30_800, 34_000))
    assert (out.start_ms, out.end_ms) == (30_000, 31_000)


@pytest.mark.parametrize(("model", "bias_ms"), ATTENTION_BIAS_MS.items())
def test_the_bias_of_a_known_model_is_taken_out_where_no_aligner_sets_the_times(model: str, bias_ms: int) -> None:
    (out,) = time_words([said("left.", 30_000, 30_600)], excerpt(), NO_ALIGNER, model)
    assert (out.start_ms, out.end_ms) == (30_000 + bias_ms, 30_600 + bias_ms)


def heard_turn(turn: Any, late_ms: int = 0) -> list[HeardWord]:
    """The turn's words dealt out over its time, as an engine of little precision would."""
    shared = share([said(text, None, None) for text in turn.text.split()], turn.span.shift(late_ms))
    return [said(word.text, word.start_ms, word.end_ms) for word in shared]


def around(turn: Any, sound: NDArray[np.float32]) -> Excerpt:
    span = turn.span.widen(1_500, Span(0, len(sound) * 1000 // RATE))
    return Excerpt(sound[span.start_ms * RATE // 1000 : span.end_ms * RATE // 1000], span, (turn.span,))


def test_english_words_are_put_where_they_sound(sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    off = []
    for turn in turns[:12]:
        out = time_words(heard_turn(turn, late_ms=300), around(turn, sound), "en", "some model")
        off.append(abs((out[0].start_ms or 0) - turn.span.start_ms))
    assert np.median(off) <= 80


def test_a_word_that_was_misheard_does_not_spoil_the_others(sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    turn = turns[0]
    right = time_words(heard_turn(turn), around(turn, sound), "en", "some model")
    words = heard_turn(turn)
    wrong = [*words[:-1], said("afternoon?", words[-1].start_ms, words[-1].end_ms)]
    out = time_words(wrong, around(turn, sound), "en", "some model")
    moved = [abs((a.start_ms or 0) - (b.start_ms or 0)) for a, b in zip(right[:-2], out[:-2], strict=True)]
    assert max(moved) <= 30


def test_in_silence_the_engines_own_times_stand(turns: Sequence[Any]) -> None:
    silence = np.zeros(120 * RATE, np.float32)
    turn = turns[0]
    out = time_words(heard_turn(turn), around(turn, silence), "en", "some model")
    assert all(a.start_ms <= b.start_ms for a, b in pairwise(out) if a.start_ms is not None and b.start_ms is not None)
    assert not any(word.interpolated for word in out)
