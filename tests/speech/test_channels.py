"""Two people, a microphone each: bursts of noise stand for speech, each leaking into the other's microphone."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.speech.activity import RATE
from iprkit.speech.channels import FRAME_MS, evened, join, levels, log_odds, own_speech
from iprkit.timeline import Span, covered_ms

SECONDS = 12
THERAPIST = (Span(1_000, 3_000), Span(7_000, 9_000))
CLIENT = (Span(4_000, 6_000), Span(8_000, 10_000))


def recording(crosstalk_db: float = -20, second_microphone_db: float = 0) -> NDArray[np.float32]:
    numbers = np.random.default_rng(5)
    voices = np.zeros((2, SECONDS * RATE), np.float32)
    for voice, spans in zip(voices, (THERAPIST, CLIENT), strict=True):
        for span in spans:
            start, end = span.start_ms * RATE // 1000, span.end_ms * RATE // 1000
            voice[start:end] = numbers.normal(scale=0.1, size=end - start)
    heard = voices + 10 ** (crosstalk_db / 20) * voices[::-1]
    heard[1] *= 10 ** (second_microphone_db / 20)
    return np.asarray(heard + numbers.normal(scale=1e-4, size=heard.shape), np.float32)


@pytest.mark.parametrize("crosstalk_db", [-60, -26, -12])
@pytest.mark.parametrize("microphone_db", [-18, 0, 18])
def test_the_owner_of_the_louder_channel_speaks_however_the_microphones_are_set(
    crosstalk_db: float, microphone_db: float
) -> None:
    even = evened(levels(recording(crosstalk_db, microphone_db), 0))
    assert log_odds(even, Span(1_500, 1_900)) > 2
    assert log_odds(even, Span(4_500, 4_900)) < -2


def test_while_both_speak_neither_is_certain() -> None:
    even = evened(levels(recording(), 0))
    assert abs(log_odds(even, Span(8_200, 8_600))) < 2


def test_where_nothing_was_recorded_nobody_is_more_likely() -> None:
    assert log_odds(evened(levels(recording(), 0)), Span(60_000, 61_000)) == 0


def test_a_word_shorter_than_a_frame_is_judged_too() -> None:
    assert log_odds(evened(levels(recording(), 0)), Span(1_505, 1_506)) > 2


@pytest.mark.parametrize("crosstalk_db", [-40, -20])
def test_each_ones_own_speech_is_found_also_while_the_other_speaks(crosstalk_db: float) -> None:
    found = own_speech(evened(levels(recording(crosstalk_db), 0)), [Span(0, SECONDS * 1000)])
    for spans, spoken, silent in zip(found, (THERAPIST, CLIENT), (Span(4_000, 6_000), Span(1_000, 3_000)), strict=True):
        assert all(covered_ms(spans, span) > 0.9 * span.duration_ms for span in spoken)
        assert covered_ms(spans, silent) < 200


def test_parts_are_joined_at_their_places_with_silence_between() -> None:
    sound = recording()
    apart = join([levels(sound[:, : 2 * RATE], 0), levels(sound[:, 4 * RATE : 6 * RATE], 4_000)])
    whole = levels(sound, 0)
    assert np.array_equal(apart.decibels[:, :100], whole.decibels[:, :100])
    assert np.array_equal(apart.decibels[:, 200:300], whole.decibels[:, 200:300])
    assert (apart.decibels[:, 100:200] == apart.decibels.min()).all()


def test_there_is_a_level_for_every_frame() -> None:
    assert levels(recording(), 0).decibels.shape == (2, SECONDS * 1000 // FRAME_MS)


def test_digital_silence_has_a_level_too() -> None:
    silent = levels(np.zeros((2, RATE), np.float32), 0)
    assert np.isfinite(evened(silent).decibels).all()
    assert log_odds(evened(silent), Span(0, 500)) == 0
    assert own_speech(evened(silent), []) == ([], [])


def test_no_sound_at_all_has_no_levels() -> None:
    none = evened(join([]))
    assert none.decibels.shape == (2, 0)
    assert log_odds(none, Span(0, 500)) == 0


def test_every_turn_of_the_two_channel_take_is_its_speakers(stereo: NDArray[np.float32], turns: Sequence[Any]) -> None:
    even = evened(levels(stereo, 0))
    said_by_therapist = [log_odds(even, turn.span) > 0 for turn in turns]
    assert said_by_therapist == [turn.role == "therapist" for turn in turns]
