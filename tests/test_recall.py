"""Time maps: inverse of each other inside a piece, and refused where two pieces claim the same time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprkit.recall import Piece, TimeMap
from iprkit.timeline import Span

PIECES = st.builds(
    lambda at, session, length, drift: Piece(Span(at, at + length), Span(session, session + length + drift)),
    st.integers(0, 10_000_000),
    st.integers(0, 10_000_000),
    st.integers(3_000, 600_000),
    st.integers(-9, 9),
)


@given(PIECES, st.floats(0, 1, exclude_max=True))
def test_to_the_session_and_back_is_where_one_was(piece: Piece, share: float) -> None:
    ms = piece.interview.start_ms + int(share * piece.interview.duration_ms)
    assert abs(piece.interview_ms(piece.session_ms(ms)) - ms) <= 1


@given(PIECES, st.floats(0, 1), st.floats(0, 1))
def test_inside_a_piece_both_clocks_run_forwards(piece: Piece, one: float, other: float) -> None:
    first, last = sorted(piece.interview.start_ms + int(share * piece.interview.duration_ms) for share in (one, other))
    assert piece.session_ms(first) <= piece.session_ms(last)


def test_a_stretch_shown_twice_was_heard_twice() -> None:
    again = TimeMap.of([Piece(Span(20_000, 30_000), Span(0, 10_000)), Piece(Span(0, 10_000), Span(0, 10_000))])
    assert again.interview_ms(4_000) == [4_000, 24_000]
    assert again.session_ms(15_000) is None


def test_two_pieces_cannot_claim_the_same_time_of_the_interview() -> None:
    with pytest.raises(ValueError, match="same interview time"):
        TimeMap.of([Piece(Span(0, 10_000), Span(0, 10_000)), Piece(Span(9_000, 12_000), Span(50_000, 53_000))])
