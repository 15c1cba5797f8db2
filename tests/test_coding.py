import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprkit.coding import exact_clock, read_target, span_key, window_key, window_of, windows, words_of
from iprkit.errors import InvalidInput
from iprkit.timeline import Span


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("D01-S03", "session", "D01-S03"),
        ("D01-S03-client", "session", "D01-S03-client"),
        ("D01-S03-T012", "segment", "D01-S03"),
        ("D01-S03-client-C003", "segment", "D01-S03-client"),
        ("D01-S03-T012-turn", "turn", "D01-S03"),
        ("D01-S03-w0042..w0047", "words", "D01-S03"),
        ("D01-S03-W60s-03", "window", "D01-S03"),
        ("D01-S03-M02", "moment", "D01-S03"),
        ("D01-S03-client-K04", "comment", "D01-S03-client"),
        (" D01-S03@0:07.5-0:09 ", "span", "D01-S03"),
    ],
)
def test_a_key_tells_what_kind_of_target_it_names(text: str, kind: str, place: str) -> None:
    target, _ = read_target(text)
    assert (target.kind, target.place) == (kind, place)


@pytest.mark.parametrize("text", ["D01-S03@0:07-0:07", "D01-S03@0:09-0:07", "D01-S03@1:2-0:07", "D01-S03@7-9"])
def test_a_span_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_target(text)


def test_one_word_is_its_own_first_and_last() -> None:
    target, _ = read_target("D01-S03-w0042")
    assert words_of(target) == ("w0042", "w0042")


@given(st.integers(0, 30_000_000), st.integers(1, 30_000_000))
def test_a_span_is_read_back_from_its_key_to_the_millisecond(start_ms: int, length_ms: int) -> None:
    span = Span(start_ms, start_ms + length_ms)
    target, read = read_target(span_key("D01-S03", span))
    assert (read, target.key) == (span, f"D01-S03@{exact_clock(span.start_ms)}-{exact_clock(span.end_ms)}")


@given(st.integers(1, 10_000_000), st.integers(100, 600_000))
def test_windows_cover_a_session_without_gap_and_none_is_shorter_than_half(duration_ms: int, window_ms: int) -> None:
    found = list(windows(duration_ms, window_ms))
    assert found[0].start_ms == 0
    assert found[-1].end_ms == duration_ms
    assert all(one.end_ms == other.start_ms for one, other in zip(found, found[1:], strict=False))
    assert all(one.duration_ms == window_ms for one in found[:-1])
    assert len(found) == 1 or window_ms <= 2 * found[-1].duration_ms < 3 * window_ms


@given(st.integers(100, 10_000_000), st.integers(1, 999))
def test_a_window_is_read_back_from_its_key(window_ms: int, number: int) -> None:
    target, _ = read_target(window_key("D01-S03", window_ms, number))
    assert window_of(target) == (window_ms, number)
