from collections.abc import Callable

from iprkit.linking.replayed import replayed_words
from iprkit.recall import Piece, TimeMap
from iprkit.timeline import Span
from iprkit.transcript import Segment, Word

Teller = Callable[..., Segment]
MAP = TimeMap((Piece(Span(10_000, 20_000), Span(0, 10_000)),))


def left(words: tuple[Word, ...], session: tuple[Word, ...] = (), live: tuple[Span, ...] = ()) -> str:
    """What of the words nobody takes for playback."""
    gone = replayed_words(words, MAP, session, live)
    return " ".join(word.text for word in words if word.id not in gone)


def test_every_word_over_the_playback_is_the_sessions_however_it_was_misheard(said: Teller) -> None:
    heard = said(None, "so after diner", 12_000).words
    assert left(heard, said(None, "So after dinner,", 2_000).words) == ""
    assert left(heard) == ""


def test_words_before_and_after_a_stretch_are_the_rooms(said: Teller) -> None:
    words = said(None, "I am ready.", 8_000).words + said(None, "It was hard.", 20_400).words
    assert left(words, said(None, "something else entirely", 10_200).words) == "I am ready. It was hard."


def test_words_where_somebody_talks_over_the_playback_are_theirs_unless_the_session_says_the_same(
    said: Teller,
) -> None:
    words = said(None, "after dinner That voice!", 12_000).words
    session = said(None, "after dinner ten minutes", 2_000).words
    assert left(words, session, (Span(11_500, 13_500),)) == "That voice!"


def test_a_stretch_cut_short_still_takes_the_words_that_the_session_says_there(said: Teller) -> None:
    words = said(None, "best way It was hard.", 20_000).words
    assert left(words, said(None, "the best way", 9_800).words) == "It was hard."


def test_a_short_word_that_happens_to_be_in_the_session_stays(said: Teller) -> None:
    words = said(None, "I froze.", 20_100).words
    assert left(words, said(None, "I do", 10_100).words) == "I froze."


def test_without_playback_nothing_is_replayed(said: Teller) -> None:
    words = said(None, "I froze.", 1_000).words
    assert replayed_words(words, TimeMap(), words) == frozenset()
