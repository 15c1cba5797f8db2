"""The course of playback chosen among lines whose evidence is built from a known one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from iprkit.replay.lines import Line
from iprkit.replay.path import Stretch, best_path, without_doubles

PRICE = 25.0
FRAMES = 1_400

# Frames of talk before a stretch, frames that it lasts, and how many of six places of the session it moves on.
COURSES = st.lists(st.tuples(st.integers(0, 60), st.integers(30, 200), st.integers(1, 5)), max_size=5)


def _evidence(stretches: Sequence[Stretch], number: int) -> np.ndarray:
    """One for each frame in which the line was played, minus one elsewhere."""
    evidence = np.full(FRAMES, -1.0)
    for stretch in stretches:
        if stretch.line == number:
            evidence[stretch.start : stretch.end] = 1.0
    return evidence


def _lines(count: int) -> list[Line]:
    return [Line(0, FRAMES, 1_000.0 * number, 0.0) for number in range(count)]


@given(COURSES)
@settings(max_examples=30, deadline=None)
def test_rewinds_repeats_and_skips_are_followed_exactly(course: list[tuple[int, int, int]]) -> None:
    stretches, at, place = [], 0, 0
    for talk, length, onwards in course:
        place = (place + onwards) % 6
        stretches.append(Stretch(place, at + talk, at + talk + length))
        at += talk + length
    lines = _lines(6)
    assert best_path(lines, [_evidence(stretches, number) for number in range(6)], PRICE) == stretches


def test_a_jump_without_a_pause_changes_the_line_at_that_frame() -> None:
    stretches = [Stretch(0, 100, 220), Stretch(1, 220, 300)]
    lines = _lines(2)
    assert best_path(lines, [_evidence(stretches, number) for number in range(2)], PRICE) == stretches


def test_a_likeness_that_is_not_worth_the_price_is_left_out() -> None:
    evidence = _evidence([Stretch(0, 100, 124)], 0)
    assert best_path(_lines(1), [evidence], PRICE) == []


def test_a_short_likeness_is_kept_where_a_whole_window_was_certain() -> None:
    short = Stretch(0, 100, 124)
    line = Line(0, FRAMES, 0.0, 0.0, certain=range(80, 130))
    assert best_path([line], [_evidence([short], 0)], PRICE) == [short]


def test_talk_over_the_film_does_not_break_a_stretch_that_pays_for_it() -> None:
    evidence = _evidence([Stretch(0, 100, 200), Stretch(0, 220, 320)], 0)
    assert best_path(_lines(1), [evidence], PRICE) == [Stretch(0, 100, 320)]


def test_frames_that_say_nothing_stay_outside() -> None:
    evidence = _evidence([Stretch(0, 100, 200)], 0)
    evidence[50:100] = evidence[200:250] = 0.0
    assert best_path(_lines(1), [evidence], PRICE) == [Stretch(0, 100, 200)]


def test_no_lines_give_no_stretch() -> None:
    assert best_path([], [], PRICE) == []


def test_a_sentence_that_the_session_has_twice_is_put_to_neither_place() -> None:
    said = Stretch(0, 100, 200)
    lines, evidence = _lines(2), [_evidence([said], 0)] * 2
    assert without_doubles([said], lines, evidence) == []


def test_the_words_around_a_repeated_sentence_tell_which_it_was() -> None:
    lines, shown = _lines(2), Stretch(0, 80, 220)
    evidence = [_evidence([shown], 0), _evidence([Stretch(1, 100, 200)], 1)]
    assert without_doubles([shown], lines, evidence) == [shown]


def test_a_line_through_the_echo_is_no_second_place() -> None:
    shown = Stretch(0, 100, 200)
    lines = [Line(0, FRAMES, 0.0, 0.0), Line(0, FRAMES, 2.0, 0.0)]
    assert without_doubles([shown], lines, [_evidence([shown], 0)] * 2) == [shown]
