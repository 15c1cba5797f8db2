"""Who says what, from evidence that is made by hand: log odds for the first speaker, word by word."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from iprkit.speech.channels import FRAME_MS, Levels
from iprkit.speech.speakers import (
    Evidence,
    assign_speakers,
    by_channel,
    by_first_voice,
    by_voice,
    profile,
    recognise,
)
from iprkit.speech.voices import Voices, VoiceWindow
from iprkit.timeline import Span
from iprkit.transcript import Word

STRONG, WEAK = 4.0, 0.4


def said(text: str, gap_ms: int = 20, from_ms: int = 0) -> list[Word]:
    """Words of 200 ms; ``|`` is a pause of 400 ms."""
    out: list[Word] = []
    at = from_ms
    for token in text.split():
        if token == "|":
            at += 400
        else:
            out.append(Word(f"w{len(out)}", token, at, at + 200))
            at += 200 + gap_ms
    return out


def labels(words: list[Word], *odds: float) -> str:
    return "".join(word.speaker or "?" for word in assign_speakers(words, Evidence(odds)))


def test_clear_evidence_decides() -> None:
    words = said("How are you? | Fine.")
    assert labels(words, STRONG, STRONG, STRONG, -STRONG) == "AAAB"


def test_a_short_answer_between_two_sentences_goes_to_the_other_person() -> None:
    words = said("That was hard. | Yes. | And then it went on.")
    assert labels(words, *[STRONG] * 3, -STRONG, *[STRONG] * 5) == "AAABAAAAA"


def test_a_short_answer_inside_the_others_speech_is_kept_where_the_evidence_is_strong() -> None:
    words = said("I went home. Mhm. And then I slept.")
    assert labels(words, *[STRONG] * 3, -2 * STRONG, *[STRONG] * 4) == "AAABAAAA"


def test_a_single_odd_word_in_fluent_speech_is_a_slip_of_the_evidence() -> None:
    words = said("and then I went home again")
    assert labels(words, STRONG, STRONG, -STRONG, STRONG, STRONG, STRONG) == "AAAAAA"


def test_weak_evidence_changes_sides_at_a_pause_rather_than_in_mid_sentence() -> None:
    words = said("so I left then | okay so you left")
    odds = [STRONG, STRONG, STRONG, -WEAK, -WEAK, -STRONG, -STRONG, -STRONG]
    assert labels(words, *odds) == "AAAABBBB"


def test_a_close_call_is_marked_doubtful_and_a_clear_one_is_not() -> None:
    clear, close = assign_speakers(said("Yes. | No."), Evidence((2 * STRONG, 0.1)))
    assert (clear.doubtful, close.doubtful) == (False, True)


def test_a_word_without_evidence_goes_with_its_sentence() -> None:
    words = said("I really left. | Why?")
    assert labels(words, STRONG, 0.0, STRONG, -STRONG) == "AAAB"


def test_nobody_says_no_words() -> None:
    assert assign_speakers([], Evidence(())) == []


evidence = st.lists(
    st.tuples(st.sampled_from(["yes", "no.", "why?", "|"]), st.floats(-50, 50)), min_size=1, max_size=40
)


@given(evidence)
def test_swapping_the_speakers_swaps_the_labels_and_nothing_else(told: list[tuple[str, float]]) -> None:
    words = said(" ".join(token for token, _ in told))
    odds = [value for token, value in told if token != "|"]
    if any(abs(value) < 1e-6 for value in odds):
        return
    straight = assign_speakers(words, Evidence(tuple(odds)))
    crossed = assign_speakers(words, Evidence(tuple(-value for value in odds)))
    clear = [(a, b) for a, b in zip(straight, crossed, strict=True) if not a.doubtful]
    assert all(a.speaker != b.speaker and not b.doubtful for a, b in clear)


@given(evidence)
def test_every_word_gets_a_speaker_and_keeps_all_else(told: list[tuple[str, float]]) -> None:
    words = said(" ".join(token for token, _ in told))
    out = assign_speakers(words, Evidence(tuple(value for token, value in told if token != "|")))
    assert {word.speaker for word in out} <= {"A", "B"}
    assert [(w.id, w.text, w.start_ms, w.end_ms) for w in out] == [(w.id, w.text, w.start_ms, w.end_ms) for w in words]


def test_speaker_a_is_who_speaks_first() -> None:
    second_first = assign_speakers(said("Yes. | No. | Yes."), Evidence((-STRONG, STRONG, -STRONG)))
    assert "".join(word.speaker or "?" for word in by_first_voice(second_first)) == "ABA"
    assert by_first_voice([]) == []


def vectors() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    first, second = np.zeros((2, 192), np.float32)
    first[0] = second[1] = 1
    return first, second


def two() -> Voices:
    first, second = vectors()
    return Voices(np.stack([first, second]).astype(np.float64), scale=4.0, middle=0.0)


def window(start_ms: int, end_ms: int, who: int) -> VoiceWindow:
    return VoiceWindow(Span(start_ms, end_ms), vectors()[who])


def test_by_voice_a_word_is_judged_by_the_windows_over_it() -> None:
    words = said("Yes.") + said("No.", from_ms=1_700)
    heard = [window(0, 1_480, 0), window(600, 2_080, 1)]
    first, last = by_voice(words, heard, two()).log_odds
    assert first > 0 > last


def test_by_voice_a_word_just_beside_a_window_takes_its_evidence_and_one_far_away_has_none() -> None:
    near, far = said("Yes.", from_ms=1_600) + said("No.", from_ms=9_000)
    assert by_voice([near, far], [window(0, 1_480, 0)], two()).log_odds == pytest.approx((4.0, 0.0))


def test_by_voice_without_any_window_nothing_is_known() -> None:
    assert by_voice(said("Yes. No."), [], two()).log_odds == (0.0, 0.0)


def test_by_channel_a_word_is_judged_by_the_louder_channel() -> None:
    decibels = np.full((2, 100), -40, np.float32)
    decibels[0, :50] = decibels[1, 50:] = 0
    words = said("Yes.") + said("No.", from_ms=60 * FRAME_MS)
    first, last = by_channel(words, Levels(0, decibels)).log_odds
    assert first > STRONG > -STRONG > last


def by(words: list[Word], speakers: str) -> list[Word]:
    return [
        Word(word.id, word.text, word.start_ms, word.end_ms, speaker=who)
        for word, who in zip(words, speakers, strict=True)
    ]


def test_a_voice_profile_is_made_of_what_only_that_person_says() -> None:
    words = by(said("one two three four five six", gap_ms=0), "AAABBB")
    heard = [window(0, 500, 0), window(400, 900, 1), window(700, 1_200, 1)]
    made = profile(heard, words, "A")
    assert made is not None
    vector, count = made
    assert (count, vector[0], vector[1]) == (1, 1.0, 0.0)


def test_who_never_speaks_alone_long_enough_has_no_profile() -> None:
    assert profile([window(0, 1_480, 0)], by(said("Yes. No."), "AB"), "A") is None


def test_known_voices_are_recognised_whichever_of_them_speaks_first() -> None:
    first, second = (vector.tolist() for vector in vectors())
    known = {"therapist": first, "client": second}
    centres = np.stack([first, second]).astype(np.float64)
    assert recognise(centres, known) == {"A": "therapist", "B": "client"}
    assert recognise(centres[::-1], known) == {"A": "client", "B": "therapist"}


def test_a_close_call_is_left_to_the_person() -> None:
    first, second = (vector.tolist() for vector in vectors())
    between = np.tile((np.array(first) + np.array(second)) / np.sqrt(2), (2, 1))
    assert recognise(between, {"therapist": first, "client": second}) == {}


def test_one_known_voice_is_not_enough() -> None:
    first, second = (vector.tolist() for vector in vectors())
    assert recognise(np.stack([first, second]).astype(np.float64), {"therapist": first}) == {}
