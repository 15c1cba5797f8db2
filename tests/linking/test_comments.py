from collections.abc import Callable

import pytest

from iprkit.linking.comments import AROUND_MS, BACK_MS, CLOSING_MS, comments
from iprkit.linking.pauses import pauses
from iprkit.recall import Comment, Piece, TimeMap
from iprkit.timeline import Span
from iprkit.transcript import Segment

Teller = Callable[..., Segment]
MAP = TimeMap(
    (
        Piece(Span(10_000, 30_000), Span(100_000, 120_000)),
        Piece(Span(50_000, 130_000), Span(120_000, 200_000)),
    )
)


def made(*segments: Segment) -> list[Comment]:
    """The client's comments in an interview of 400 seconds."""
    return comments(segments, "client", MAP, pauses(MAP, 400_000))


def test_a_comment_is_about_the_stretch_just_shown_and_knows_its_prompt_and_delay(said: Teller) -> None:
    asked = said("interviewer", "What went on inside you?", 30_500)
    (found,) = made(asked, said("client", "I froze.", 33_000))
    assert (found.text, found.prompt) == ("I froze.", "What went on inside you?")
    assert (found.session, found.about, found.session_ms) == (Span(100_000, 120_000), "stretch", 120_000)
    assert found.delay_ms == 3_000
    assert found.words == ("w33000.0", "w33000.1")


def test_of_a_long_stretch_it_is_about_what_was_shown_last(said: Teller) -> None:
    (found,) = made(said("client", "Here.", 131_000))
    assert found.session == Span(200_000 - BACK_MS, 200_000)


def test_the_participants_sentences_are_one_comment_until_the_interviewer_asks(said: Teller) -> None:
    told = (
        said("client", "I froze.", 31_000),
        said("client", "Then I smiled.", 35_000),
        said("interviewer", "Why did you?", 38_000),
        said("client", "To please her.", 41_000),
    )
    assert [(one.text, one.prompt) for one in made(*told)] == [
        ("I froze. Then I smiled.", None),
        ("To please her.", "Why did you?"),
    ]


def test_a_listeners_signal_interrupts_no_comment(said: Teller) -> None:
    told = (
        said("client", "I froze", 31_000),
        said("interviewer", "Mm-hm.", 32_000),
        said("client", "and smiled.", 33_000),
    )
    assert [one.text for one in made(*told)] == ["I froze and smiled."]


def test_a_short_question_does(said: Teller) -> None:
    told = (said("client", "I froze.", 31_000), said("interviewer", "And then?", 32_000), said("client", "No.", 33_000))
    assert [one.prompt for one in made(*told)] == [None, "And then?"]


def test_what_was_asked_in_another_pause_prompted_nothing(said: Teller) -> None:
    asked = said("interviewer", "Shall we go on then?", 47_000)
    (found,) = made(asked, said("client", "Stop here.", 132_000))
    assert found.prompt is None


def test_what_is_said_before_the_first_playback_is_kept_and_about_nothing(said: Teller) -> None:
    (found,) = made(said("client", "Yes, I am ready.", 4_000))
    assert (found.session, found.about, found.session_ms, found.delay_ms) == (None, None, None, None)


def test_a_remark_over_the_playback_is_about_the_place_where_it_was_made(said: Teller) -> None:
    (found,) = made(said("client", "That voice again!", 80_000))
    assert (found.about, found.session_ms, found.delay_ms) == ("place", 150_000, 0)
    assert found.session == Span(150_000 - AROUND_MS, 150_600)


def test_such_a_remark_does_not_reach_back_before_what_was_shown(said: Teller) -> None:
    (found,) = made(said("client", "There!", 11_000))
    assert found.session == Span(100_000, 101_200)


def test_a_sentence_that_begins_over_the_playback_goes_on_after_the_stop(said: Teller) -> None:
    told = (said("client", "Stop it here", 29_300), said("client", "please, now.", 30_400))
    (found,) = made(*told)
    assert (found.text, found.about, found.session_ms) == ("Stop it here please, now.", "place", 119_300)


def test_remarks_at_two_places_of_one_stretch_are_two_comments(said: Teller) -> None:
    assert len(made(said("client", "There!", 60_000), said("client", "And there!", 100_000))) == 2


def test_after_the_last_stop_a_comment_is_about_what_was_shown_until_talk_moves_on(said: Teller) -> None:
    soon, late = said("client", "That was it.", 140_000), said("client", "Thank you for it.", 131_000 + CLOSING_MS)
    asked = said("interviewer", "Is there anything else to add?", 200_000)
    first, last = made(soon, asked, late)
    assert first.about == "stretch"
    assert (last.session, last.session_ms) == (None, 200_000)


def test_without_any_playback_all_is_kept_and_about_nothing(said: Teller) -> None:
    (found,) = comments([said("client", "I froze.", 1_000)], "client", TimeMap(), [])
    assert found.session is None


def test_somebody_who_talks_to_the_film_alone_needs_no_name(said: Teller) -> None:
    assert [one.text for one in made(said(None, "I froze.", 31_000))] == ["I froze."]


def test_of_two_voices_that_nobody_named_none_is_taken_for_the_participant(said: Teller) -> None:
    assert made(said(None, "I froze.", 31_000, "A"), said(None, "And then?", 33_000, "B")) == []


@pytest.mark.parametrize("role", ["interviewer", "therapist", None])
def test_nobody_elses_words_are_the_participants(said: Teller, role: str | None) -> None:
    assert [one.text for one in made(said("client", "Yes.", 31_000), said(role, "No.", 34_000))] == ["Yes."]
