from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprkit.speech.channels import FRAME_MS, Levels
from iprkit.speech.engine import HeardWord
from iprkit.speech.hearing import Heard, compose, from_json, profiles, to_json, unheard_ms
from iprkit.speech.voices import VoiceWindow
from iprkit.timeline import Span
from iprkit.transcript import Segment, Word


def said(text: str, start_ms: int = 0, **more: object) -> tuple[HeardWord, ...]:
    """Words of 200 ms, one after another."""
    at = enumerate(text.split())
    return tuple(HeardWord(w, start_ms + 200 * n, start_ms + 200 * n + 200, 0.9, **more) for n, w in at)  # type: ignore[arg-type]


def voice(start_ms: int, end_ms: int, who: int) -> VoiceWindow:
    vector = np.full(192, 0.01, np.float32)
    vector[who] = 1
    return VoiceWindow(Span(start_ms, end_ms), vector)


def told(segments: Sequence[Segment]) -> list[tuple[str | None, str]]:
    return [(segment.speaker, segment.text) for segment in segments]


words = st.builds(
    HeardWord,
    st.text(min_size=1, max_size=8),
    st.integers(0, 10_000),
    st.integers(10_000, 20_000),
    st.none() | st.floats(0, 1),
    st.lists(st.sampled_from(["no_voice", "unsure"]), max_size=2).map(tuple),
    st.none() | st.sampled_from(["A", "B"]),
    st.booleans(),
)
windows = st.builds(voice, st.integers(0, 500), st.integers(500, 2_000), st.integers(0, 191))
levels = st.builds(
    lambda start_ms, numbers: Levels(start_ms, np.array([numbers, numbers[::-1]], np.float32)),
    st.integers(0, 1_000),
    st.lists(st.floats(-100, 0, width=16), max_size=20),
)
heard = st.builds(
    lambda w, v, level: Heard(tuple(w), tuple(v), level),
    st.lists(words, max_size=5),
    st.lists(windows, max_size=3),
    st.none() | levels,
)


@given(heard)
def test_what_was_heard_survives_being_stored(one: Heard) -> None:
    back = from_json(to_json(one))
    assert back.words == one.words
    assert [w.span for w in back.windows] == [w.span for w in one.windows]
    for stored, window in zip(back.windows, one.windows, strict=True):
        assert np.allclose(stored.vector, window.vector, atol=1e-3)
    assert (back.levels is None) == (one.levels is None)
    if one.levels and back.levels:
        assert back.levels.start_ms == one.levels.start_ms
        assert np.allclose(back.levels.decibels, one.levels.decibels, atol=0.05)


@given(heard)
def test_stored_twice_is_stored_once(one: Heard) -> None:
    stored = to_json(one)
    assert to_json(from_json(stored)) == stored


@given(heard, st.integers(0, 10**9))
def test_on_another_clock_everything_moves_by_the_same(one: Heard, by_ms: int) -> None:
    moved = one.shift(by_ms)
    assert [w.start_ms for w in moved.words] == [(w.start_ms or 0) + by_ms for w in one.words]
    assert [w.span for w in moved.windows] == [w.span.shift(by_ms) for w in one.windows]


def test_sentences_become_segments() -> None:
    first, second = "I left at nine because I was so tired.", "It was late and nobody else had come."
    assert told(compose([Heard((*said(first), *said(second, 5_000)))], "en")) == [(None, first), (None, second)]


def test_what_an_engine_says_of_the_speakers_stands_where_nothing_else_is_known() -> None:
    parts = [Heard((*said("And then?", speaker="A"), *said("I left.", 500, speaker="B")))]
    assert told(compose(parts, "en")) == [("A", "And then?"), ("B", "I left.")]


def test_voices_decide_where_there_are_voiceprints_and_who_speaks_first_is_a() -> None:
    words = (*said("Did you sleep at all this week?"), *said("No, hardly at all this time.", 3_000))
    voices = (voice(0, 1_400, 7), voice(0, 700, 7), voice(3_000, 4_200, 3), voice(3_400, 4_200, 3))
    assert told(compose([Heard(words, voices)], "en")) == [
        ("A", "Did you sleep at all this week?"),
        ("B", "No, hardly at all this time."),
    ]


def test_channels_decide_where_there_are_levels_and_a_is_the_first_channel() -> None:
    decibels = np.full((2, 300), -60, np.float32)
    decibels[1, :50], decibels[0, 75:150] = -10, -10
    words = (*said("And then?"), *said("I left.", 75 * FRAME_MS))
    assert told(compose([Heard(words, levels=Levels(0, decibels))], "en")) == [("B", "And then?"), ("A", "I left.")]


def test_excerpts_are_put_together_in_order() -> None:
    parts = [Heard(said("And then I")), Heard(said("left.", 1_000))]
    assert told(compose(parts, "en")) == [(None, "And then I left.")]


def test_a_segment_bears_the_flags_of_its_words_once_each() -> None:
    words = (*said("Thank", flags=("no_voice",)), *said("you.", 200, flags=("no_voice", "unsure")))
    assert [segment.flags for segment in compose([Heard(words)], "en")] == [("no_voice", "unsure")]


def test_a_guessed_time_stays_marked() -> None:
    (segment,) = compose([Heard(said("Yes.", interpolated=True))], "en")
    assert segment.words[0].interpolated


@pytest.mark.parametrize("parts", [[], [Heard(())]])
def test_a_silent_session_has_no_segments(parts: list[Heard]) -> None:
    assert compose(parts, "en") == []


def test_a_single_voice_window_cannot_tell_two_people_apart() -> None:
    assert told(compose([Heard(said("Yes."), (voice(0, 200, 1),))], "en")) == [(None, "Yes.")]


def test_each_speaker_who_speaks_long_enough_gets_a_voice_profile() -> None:
    segments = [
        Segment("", "A", (Word("0", "long", 0, 2_000, speaker="A"),)),
        Segment("", "B", (Word("1", "short", 2_500, 2_600, speaker="B"),)),
    ]
    found = profiles([Heard((), (voice(100, 1_580, 4),))], segments)
    assert list(found) == ["A"]
    assert np.argmax(found["A"][0]) == 4


def test_speech_without_words_is_counted_and_the_surroundings_of_words_are_not() -> None:
    speech = [Span(0, 2_000), Span(10_000, 13_000)]
    segments = [Segment("", None, (Word("0", "Yes.", 100, 1_800),))]
    assert unheard_ms(speech, segments) == 3_000
    assert unheard_ms(speech, []) == 5_000
    assert unheard_ms([], segments) == 0
