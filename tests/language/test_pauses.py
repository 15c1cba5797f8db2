"""Silences and overlaps, measured from word times."""

import pytest

from iprkit.language.overlaps import overlapped
from iprkit.language.pauses import pauses
from iprkit.transcript import Word

ONE = Word("1", "one", 0, 1000, speaker="A")


def test_a_silence_within_a_turn_names_its_neighbours() -> None:
    (pause,) = pauses([ONE, Word("2", "two", 1600, 2000, speaker="A")], 500)
    assert (pause.before.id, pause.after.id, pause.duration_ms, pause.within) == ("1", "2", 600, True)


def test_a_silence_before_the_other_speaks_lies_between_turns() -> None:
    (pause,) = pauses([ONE, Word("2", "two", 1600, 2000, speaker="B")])
    assert not pause.within


@pytest.mark.parametrize(("minimum_ms", "found"), [(600, 1), (601, 0)])
def test_only_silences_as_long_as_asked_for_count(minimum_ms: int, found: int) -> None:
    assert len(pauses([ONE, Word("2", "two", 1600, 2000)], minimum_ms)) == found


def test_a_gap_in_which_the_other_speaks_is_no_silence() -> None:
    assert pauses([ONE, Word("2", "so", 900, 3000, speaker="B"), Word("3", "two", 2500, 4000, speaker="A")]) == []


def test_a_silence_follows_the_word_that_ended_last() -> None:
    (pause,) = pauses([Word("0", "long", 0, 5000), Word("2", "so", 100, 900), Word("3", "two", 5500, 6000)])
    assert (pause.before.id, pause.duration_ms) == ("0", 500)


def test_a_silence_next_to_guessed_times_is_not_measured() -> None:
    (pause,) = pauses([ONE, Word("2", "two", 1600, 2000, interpolated=True)])
    assert not pause.measured


def test_a_pause_of_no_length_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="at least 1 ms"):
        pauses([ONE], 0)


@pytest.mark.parametrize(("start_ms", "found"), [(900, {"1", "2"}), (901, set())])
def test_words_of_two_speakers_overlap_from_a_tenth_of_a_second(start_ms: int, found: set[str]) -> None:
    assert overlapped([ONE, Word("2", "two", start_ms, 2000, speaker="B")]) == found


def test_a_very_short_word_overlaps_when_covered_whole() -> None:
    assert overlapped([ONE, Word("2", "m", 500, 550, speaker="B")]) == {"1", "2"}


@pytest.mark.parametrize("speaker", ["A", None])
def test_nobody_overlaps_with_oneself_or_with_an_unknown_voice(speaker: str | None) -> None:
    assert overlapped([ONE, Word("2", "two", 500, 900, speaker=speaker)]) == frozenset()
