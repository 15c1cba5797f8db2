import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprkit.errors import InvalidInput, NotFound
from iprkit.linking.corrections import CRUMB_MS, Edit, Stored, edited, settled, standing
from iprkit.recall import FOUND, MANUAL, Piece
from iprkit.timeline import Span


def found(start: int, end: int, session: int = 0) -> Stored:
    return Stored(Piece(Span(start, end), Span(session, session + end - start), 0.9, FOUND))


def manual(start: int, end: int, session: int = 0) -> Piece:
    return Piece(Span(start, end), Span(session, session + end - start), 1.0, MANUAL)


def spans(stored: list[Stored]) -> list[tuple[int, int]]:
    return [(piece.interview.start_ms, piece.interview.end_ms) for piece in standing(stored).pieces]


BOTH = [found(0, 20_000), found(30_000, 50_000, 20_000)]


def test_what_a_person_set_cuts_into_what_was_found() -> None:
    assert spans(settled([*BOTH, Stored(manual(15_000, 35_000))])) == [(0, 15_000), (15_000, 35_000), (35_000, 50_000)]


def test_what_is_left_of_a_found_piece_keeps_its_place_in_the_session() -> None:
    pieces = standing(settled([*BOTH, Stored(manual(15_000, 35_000))])).pieces
    assert pieces[2].session == Span(25_000, 40_000)


def test_crumbs_of_a_found_piece_are_dropped() -> None:
    assert spans(settled([found(0, 20_000), Stored(manual(CRUMB_MS - 1, 20_000))])) == [(CRUMB_MS - 1, 20_000)]


def test_a_piece_is_added_moved_split_struck_out_and_pinned() -> None:
    assert spans(edited(BOTH, Edit(add=[manual(22_000, 28_000)]))) == [(0, 20_000), (22_000, 28_000), (30_000, 50_000)]
    assert spans(edited(BOTH, Edit(move=[(2, manual(31_000, 51_000))]))) == [(0, 20_000), (31_000, 51_000)]
    assert spans(edited(BOTH, Edit(split=[(1, 5_000)]))) == [(0, 5_000), (5_000, 20_000), (30_000, 50_000)]
    assert spans(edited(BOTH, Edit(delete=[1]))) == [(30_000, 50_000)]
    assert [one.pinned for one in edited(BOTH, Edit(pin=[2]))] == [False, True]
    assert [one.pinned for one in edited(edited(BOTH, Edit(pin=[2])), Edit(unpin=[2]))] == [False, False]


def test_what_was_struck_out_is_not_found_again() -> None:
    kept = [one for one in edited(BOTH, Edit(delete=[1])) if one.is_a_persons]
    assert spans(settled([*kept, found(500, 19_800), found(30_200, 50_000, 20_200)])) == [(30_200, 50_000)]


def test_what_was_moved_is_not_found_again_where_it_was() -> None:
    kept = [one for one in edited(BOTH, Edit(move=[(1, manual(5_000, 24_000))])) if one.is_a_persons]
    assert spans(settled([*kept, *BOTH])) == [(5_000, 24_000), (30_000, 50_000)]


def test_a_number_that_no_piece_has_is_named() -> None:
    with pytest.raises(NotFound, match="there is no piece 3; the map has 2"):
        edited(BOTH, Edit(delete=[3]))


def test_a_split_outside_its_piece_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"0:25\.0 does not lie in the piece from 0:00\.0 to 0:20\.0"):
        edited(BOTH, Edit(split=[(1, 25_000)]))


def test_two_stretches_cannot_be_played_at_once() -> None:
    with pytest.raises(InvalidInput, match="only one stretch can be played at a time"):
        edited(BOTH, Edit(add=[manual(22_000, 28_000), manual(27_000, 29_000)]))


PIECES = st.lists(
    st.tuples(st.integers(0, 90), st.integers(2, 20), st.integers(0, 50)).map(
        lambda drawn: (drawn[0] * 1000, (drawn[0] + drawn[1]) * 1000, drawn[2] * 1000)
    ),
    max_size=6,
)


def apart(drawn: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Those that overlap none before them."""
    out: list[tuple[int, int, int]] = []
    for one in sorted(drawn):
        if not out or one[0] >= out[-1][1]:
            out.append(one)
    return out


@given(PIECES.map(apart), PIECES.map(apart), PIECES.map(apart))
def test_corrections_survive_whatever_is_found_later(
    first: list[tuple[int, int, int]], later: list[tuple[int, int, int]], own: list[tuple[int, int, int]]
) -> None:
    by_hand = [Stored(manual(*one), pinned=True) for one in own]
    before = settled([*(found(*one) for one in first), *by_hand])
    after = settled([*(one for one in before if one.is_a_persons), *(found(*one) for one in later)])
    assert {one.piece for one in by_hand} <= set(standing(after).pieces)
