"""Words dealt out over the speech that is free for them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from iprkit.speech.shares import SLOWEST_MS, Edge, share, voiced
from iprkit.timeline import Span, merge

SECOND = Span(0, 1_000)


def test_words_share_a_stretch_by_their_letters() -> None:
    assert share([1, 3, 1], SECOND, [SECOND]) == [Span(0, 200), Span(200, 800), Span(800, 1_000)]


def test_pauses_are_left_to_the_pauses() -> None:
    speech = [Span(100, 300), Span(700, 900)]
    assert share([1, 1], SECOND, speech) == [Span(100, 300), Span(700, 900)]


def test_a_word_on_both_sides_of_a_pause_is_on_the_longer_one() -> None:
    assert share([4], SECOND, [Span(100, 200), Span(700, 1_000)]) == [Span(700, 1_000)]


def test_where_nobody_speaks_the_whole_stretch_is_shared() -> None:
    assert share([2, 2], SECOND, [Span(5_000, 6_000)]) == [Span(0, 500), Span(500, 1_000)]


def test_few_words_in_much_speech_are_in_its_first_part() -> None:
    assert share([2], Span(0, 60_000), [Span(0, 60_000)]) == [Span(0, 2 * SLOWEST_MS)]


def test_what_the_text_says_of_times_is_kept_to() -> None:
    assert share([1, 1, 1], SECOND, [SECOND], [Edge(1, 600)]) == [Span(0, 250), Span(600, 800), Span(800, 1_000)]


def test_a_time_that_contradicts_the_others_is_passed_over() -> None:
    edges = [Edge(1, 900), Edge(2, 400), Edge(3, 600)]
    assert [span.start_ms for span in share([1] * 4, SECOND, [SECOND], edges)][2:] == [400, 600]


def test_times_elsewhere_are_passed_over() -> None:
    assert share([1, 1], SECOND, [SECOND], [Edge(1, 7_000), Edge(9, 500)]) == share([1, 1], SECOND, [SECOND])


def test_no_time_at_all_is_shared_too() -> None:
    assert share([3, 1], Span(40, 40), []) == [Span(40, 40), Span(40, 40)]


def test_voiced_is_the_speech_inside() -> None:
    assert voiced([Span(0, 100), Span(150, 300), Span(400, 500)], Span(50, 200)) == [Span(50, 100), Span(150, 200)]


spans = st.tuples(st.integers(0, 3_000), st.integers(0, 900)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))
edges = st.builds(Edge, st.integers(-1, 12), st.integers(0, 4_000))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12), spans, st.lists(spans, max_size=5), st.lists(edges))
def test_shares_rise_inside_their_stretch(
    lengths: list[int], window: Span, speech: list[Span], known: list[Edge]
) -> None:
    found = share(lengths, window, merge(speech), known)
    assert len(found) == len(lengths)
    assert all(window.start_ms <= span.start_ms and span.end_ms <= window.end_ms for span in found)
    assert all(a.start_ms <= b.start_ms for a, b in pairwise(found))
