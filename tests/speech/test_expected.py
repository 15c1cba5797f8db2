"""Where a known text is heard."""

from iprkit.speech.expected import Part, agreed
from iprkit.timeline import Span


def heard(text: str) -> list[Part]:
    return [Part(word, Span(100 * n, 100 * n + 90)) for n, word in enumerate(text.split())]


def found(text: str, sound: str) -> str:
    """The words that were found, the others as dots."""
    words = text.split()
    spans = agreed([[word] for word in words], heard(sound))
    return " ".join(word if span else "." for word, span in zip(words, spans, strict=True))


def test_words_heard_as_they_stand_are_where_they_were_heard() -> None:
    assert agreed([["and"], ["then"], ["home"]], heard("um and then home")) == [
        Span(100, 190),
        Span(200, 290),
        Span(300, 390),
    ]


def test_a_misheard_word_is_not_found() -> None:
    assert found("we went home and then slept", "we went home or then slept") == "we went home . . ."


def test_two_words_on_end_may_be_chance() -> None:
    assert found("and then", "so and then what") == ". ."


def test_what_was_said_several_times_is_found_in_its_place() -> None:
    verse, text = "yes that is so", "first yes that is so second yes that is so third"
    assert found(text, text) == text
    assert found(f"{verse} first thing here", f"{verse} um first thing here {verse}") == f"{verse} first thing here"


def test_sound_without_text_and_text_without_sound_are_passed_over() -> None:
    text = "one two three I never said this four five six"
    assert found(text, "one two three and a lot else four five six") == "one two three . . . . four five six"


def test_a_number_is_found_where_all_its_words_are() -> None:
    spans = agreed([["forty", "one"], ["years"]], heard("forty one years"))
    assert spans == [Span(0, 190), Span(200, 290)]
    assert agreed([["forty", "one"], ["years"], ["old"]], heard("one years old")) == [
        None,
        Span(100, 190),
        Span(200, 290),
    ]


def test_what_has_no_sound_is_not_found() -> None:
    assert agreed([["a"], [], ["b"], ["c"]], heard("a b c"))[1] is None


def test_nothing_heard_is_nothing_found() -> None:
    assert agreed([["a"], ["b"], ["c"]], []) == [None, None, None]
