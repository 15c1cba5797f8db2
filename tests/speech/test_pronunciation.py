import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprkit.speech.pronunciation import guess, spoken

DICTIONARY = {"forty", "one", "mm", "hm", "don't", "well", "being", "it's", "o'clock", "eight"}


def known(word: str) -> bool:
    return word in DICTIONARY


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Don’t", "don't"),
        ("Well,", "well"),
        ("41", "forty one"),
        ("'8", "eight"),
        ("0", "zero"),
        ("100", "one hundred"),
        ("2015", "two thousand fifteen"),
        ("12,500", "one two five zero zero"),
        ("1980s", "one thousand nine hundred eighty s"),
        ("mm-hm", "mm hm"),
        ("well-being", "well being"),
        ("Sheena's", "sheena's"),
        ("...", ""),
        ("—", ""),
        ("-", ""),
    ],
)
def test_a_written_word_is_said_in_dictionary_words(written: str, said: str) -> None:
    assert " ".join(spoken(written, known)) == said


@given(st.text(max_size=20))
def test_every_text_can_be_said(text: str) -> None:
    said = spoken(text, known)
    assert all(part and not part.isspace() for part in said)
    assert all(guess(part) for part in said)


@given(st.integers(0, 9_999))
def test_no_digit_is_left_in_a_number(number: int) -> None:
    assert not any(character.isdigit() for part in spoken(str(number), known) for character in part)


@pytest.mark.parametrize(("name", "sounds"), [("Rachel", "R AE CH EH L"), ("Thu", "TH AH"), ("şğ", "AH")])
def test_a_name_is_guessed_from_its_letters(name: str, sounds: str) -> None:
    assert guess(name) == sounds
