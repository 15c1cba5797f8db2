from iprkit.linking.stretches import stretches
from iprkit.recall import Piece, TimeMap
from iprkit.timeline import Span


def shown(*pieces: tuple[int, int, int, int]) -> list[tuple[Span, Span]]:
    """Interview and session span of each stretch of pieces ``(interview from, to, session from, to)``."""
    found = stretches(TimeMap.of(Piece(Span(a, b), Span(c, d)) for a, b, c, d in pieces))
    return [(one.interview, one.session) for one in found]


def test_a_map_of_nothing_has_no_stretch() -> None:
    assert shown() == []


def test_a_gap_in_which_the_session_ran_on_is_no_stop() -> None:
    assert shown((0, 5_000, 100_000, 105_000), (8_000, 12_000, 108_100, 112_100)) == [
        (Span(0, 12_000), Span(100_000, 112_100))
    ]


def test_a_gap_in_which_the_session_stood_still_is_a_stop() -> None:
    assert len(shown((0, 5_000, 100_000, 105_000), (15_000, 20_000, 105_000, 110_000))) == 2


def test_a_rewind_and_a_skip_begin_new_stretches() -> None:
    assert len(shown((0, 5_000, 50_000, 55_000), (5_200, 9_000, 51_000, 54_800), (9_100, 12_000, 90_000, 92_900))) == 3


def test_just_beside_a_stretch_the_clocks_run_on() -> None:
    (one,) = stretches(TimeMap((Piece(Span(10_000, 20_000), Span(500, 10_500)),)))
    assert one.session_ms(20_400) == 10_900
    assert one.session_ms(9_000) == 0
