"""From what was heard to what was played: gaps closed, silence shared out, nothing claimed twice."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from iprkit.replay.hearing import Account
from iprkit.replay.lines import Line
from iprkit.replay.path import Stretch
from iprkit.replay.pieces import as_pieces
from iprkit.timeline import Span

FRAMES = 2_000
LINE = Line(0, FRAMES, 400.0, 0.0)


def _account(*sounding: tuple[int, int]) -> Account:
    """A line of which all that sounds was recognised."""
    audible = np.zeros(FRAMES, bool)
    for start, end in sounding:
        audible[start:end] = True
    return Account(np.where(audible, 2.0, -0.03), audible)


def test_a_stretch_between_sounds_keeps_its_own_edges() -> None:
    (piece,) = as_pieces([Stretch(0, 100, 200)], [LINE], [_account((0, FRAMES))], FRAMES)
    assert piece.interview == Span(4_975, 9_975)
    assert piece.session == Span(24_975, 29_975)
    assert piece.confidence == 1.0


def test_half_of_a_short_silence_belongs_to_the_stretch() -> None:
    (piece,) = as_pieces([Stretch(0, 100, 200)], [LINE], [_account((0, 92), (100, 200), (206, FRAMES))], FRAMES)
    assert piece.interview == Span(4_975 - 200, 9_975 + 150)


def test_of_a_long_silence_a_third_of_a_second_belongs_to_it() -> None:
    (piece,) = as_pieces([Stretch(0, 100, 200)], [LINE], [_account((100, 200))], FRAMES)
    assert piece.interview == Span(4_975 - 350, 9_975 + 350)


def test_a_film_that_is_heard_again_on_the_same_course_never_stopped() -> None:
    lines = [LINE, Line(0, FRAMES, 401.0, 0.0)]
    stretches = [Stretch(0, 100, 200), Stretch(1, 300, 400)]
    (piece,) = as_pieces(stretches, lines, [_account((0, FRAMES))] * 2, FRAMES)
    assert piece.interview == Span(4_975, 19_975)
    assert piece.session == Span(24_975, 40_025)
    assert piece.confidence == 0.667


def test_a_film_that_went_on_later_was_stopped() -> None:
    lines = [LINE, Line(0, FRAMES, 300.0, 0.0)]
    stretches = [Stretch(0, 100, 200), Stretch(1, 300, 400)]
    assert len(as_pieces(stretches, lines, [_account((0, FRAMES))] * 2, FRAMES)) == 2


def test_no_piece_begins_before_the_session_does() -> None:
    line = Line(120, FRAMES, -120.0, 0.0)
    silent = Account(np.zeros(FRAMES - 120), np.zeros(FRAMES - 120, bool))
    (piece,) = as_pieces([Stretch(0, 120, 200)], [line], [silent], FRAMES)
    assert piece.session.start_ms == 0


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(2, 90)), max_size=12))
def test_pieces_never_overlap_and_keep_to_the_interview(course: list[tuple[int, int]]) -> None:
    stretches, at = [], 0
    for number, (talk, length) in enumerate(course):
        stretches.append(Stretch(number, at + talk, at + talk + length))
        at += talk + length
    lines = [Line(0, FRAMES, 100.0 * number, 0.001) for number in range(len(stretches))]
    pieces = as_pieces(stretches, lines, [_account()] * len(lines), at)
    ends = [0] + [piece.interview.end_ms for piece in pieces]
    assert all(piece.interview.start_ms >= end for piece, end in zip(pieces, ends, strict=False))
    assert ends[-1] <= 50 * at
