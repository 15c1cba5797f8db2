import pytest

from iprkit.linking.windows import silences, windows
from iprkit.timeline import Span


def test_windows_cover_the_session_and_the_last_is_what_is_left() -> None:
    assert windows(130_000, 60_000) == [Span(0, 60_000), Span(60_000, 120_000), Span(120_000, 130_000)]


def test_a_session_of_no_length_has_no_windows() -> None:
    assert windows(0, 60_000) == []


def test_a_window_has_a_length() -> None:
    with pytest.raises(ValueError, match="at least 1 ms"):
        windows(1_000, 0)


def test_silences_lie_between_sounds_from_three_seconds_on() -> None:
    heard = [Span(1_000, 2_000), Span(5_000, 6_000), Span(8_999, 9_500), Span(9_000, 10_000)]
    assert silences(heard) == [Span(2_000, 5_000)]


def test_where_nothing_is_heard_at_all_there_is_no_silence_between_anything() -> None:
    assert silences([]) == []
