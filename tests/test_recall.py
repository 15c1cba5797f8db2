"""The values of a recall interview: maps that lead there and back, shapes of the data contract, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprkit.recall import (
    Comment,
    Mark,
    Moment,
    Pause,
    Piece,
    TimeMap,
    comment_json,
    map_json,
    moment_json,
    pause_json,
)
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


ABOUT = Span(0, 9_000)


COMMENT = Comment("D01-S03-client-K01", "client", Span(0, 900), "I froze.", ("w1", "w2"))


def moment(origin: str, *by: str) -> Moment:
    marks = tuple(Mark(f"D01-S03-{who}-K01", who, 5_000, ABOUT) for who in by)
    return Moment("D01-S03-M01", ABOUT, origin, marks=marks)


def test_a_map_and_a_pause_have_the_shape_of_the_data_contract() -> None:
    assert map_json(TimeMap((Piece(Span(10_000, 30_000), Span(5_000, 25_000), 0.8),))) == [
        {
            "interview_start_ms": 10_000,
            "interview_end_ms": 30_000,
            "session_start_ms": 5_000,
            "session_end_ms": 25_000,
            "confidence": 0.8,
            "source": "found",
        }
    ]
    assert pause_json(Pause(25_000, Span(30_000, 40_000), "client")) == {
        "session_ms": 25_000,
        "interview_start_ms": 30_000,
        "interview_end_ms": 40_000,
        "initiated_by": "client",
    }


def test_a_comment_has_the_shape_of_the_data_contract() -> None:
    shape = {
        "key", "speaker", "interview_start_ms", "interview_end_ms", "text", "prompt", "session_start_ms",
        "session_end_ms", "temporal_frame", "moment",
    }  # fmt: skip
    assert shape <= comment_json(COMMENT).keys()


def test_a_moment_has_the_shape_of_the_data_contract() -> None:
    told = moment_json(moment("marked", "client", "therapist"))
    assert {"key", "start_ms", "end_ms", "source", "label", "client", "therapist", "codings"} <= told.keys()
    assert (told["client"], told["therapist"]) == (["D01-S03-client-K01"], ["D01-S03-therapist-K01"])


@pytest.mark.parametrize(
    ("found", "source"),
    [
        (moment("marked", "client"), "client"),
        (moment("marked", "therapist"), "therapist"),
        (moment("marked", "therapist", "client"), "both"),
        (moment("researcher"), "researcher"),
        (moment("researcher", "client"), "client"),
        (moment("protocol", "client", "therapist"), "protocol"),
    ],
)
def test_the_source_of_a_moment_is_who_marked_it_else_how_it_came_to_be(found: Moment, source: str) -> None:
    assert found.source == source


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"session": ABOUT}, "go together"),
        ({"session": ABOUT, "about": "guess"}, "expected one of stretch, place, set"),
        ({"temporal_frame": "later"}, "expected one of then, now, mixed, unclear"),
        ({"delay_ms": -1}, "before its pause"),
    ],
)
def test_a_comment_that_cannot_be_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        replace(COMMENT, **changed)


def test_a_pause_lies_in_the_session_and_a_moment_has_a_known_origin() -> None:
    with pytest.raises(ValueError, match="cannot stop at -1 ms"):
        Pause(-1, Span(0, 1))
    with pytest.raises(ValueError, match="expected one of marked, researcher, protocol"):
        Moment("D01-S03-M01", ABOUT, "dreamt")
