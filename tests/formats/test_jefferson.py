"""What the written conventions mark."""

from io import StringIO

import pytest

from iprkit.formats import WRITERS
from iprkit.formats.paragraphs import letters
from iprkit.transcript import Segment, Speaker, Transcript, Word


def said(name: str, *words: Word, style: str = "clean") -> str:
    segments = tuple(Segment(f"S{n}", word.speaker, (word,)) for n, word in enumerate(words))
    stream = StringIO()
    speakers = (Speaker("A", "therapist"), Speaker("B", "client"))
    WRITERS[name].write(Transcript("D01-S03", "en", "e", "m", 9000, segments, speakers, style), stream)
    return stream.getvalue()


@pytest.mark.parametrize(("gap_ms", "sign"), [(99, ""), (100, "(.)"), (199, "(.)"), (200, "(0.2)"), (1340, "(1.3)")])
def test_a_silence_is_measured(gap_ms: int, sign: str) -> None:
    text = said("jefferson", Word("1", "a", 0, 100, speaker="A"), Word("2", "b", 100 + gap_ms, 9000, speaker="A"))
    assert text.splitlines()[-1].split() == [sign, "b"] if sign else ["b"]


def test_a_silence_next_to_guessed_times_is_not_marked() -> None:
    text = said("jefferson", Word("1", "a", 0, 9, speaker="A"), Word("2", "b", 999, 1000, None, "A", True))
    assert text.splitlines()[-1].split() == ["b"]


def test_the_header_disclaims_verbatim_only_until_a_person_has_checked() -> None:
    word = Word("1", "a", 0, 100, speaker="A")
    assert "not a verbatim" in said("jefferson", word)
    assert "verbatim" not in said("jefferson", word, style="checked")


def test_words_said_together_stand_under_each_other() -> None:
    text = said("jefferson", Word("1", "well", 0, 1000, speaker="A"), Word("2", "no", 500, 900, speaker="B"))
    assert text.splitlines()[-2:] == ["T:  [well]", "C:  [no]"]


@pytest.mark.parametrize(("gap_ms", "marked"), [(2999, False), (3000, True)])
def test_the_simple_transcript_marks_silences_from_three_seconds(gap_ms: int, marked: bool) -> None:
    words = Word("1", "a", 0, 100, speaker="A"), Word("2", "b", 100 + gap_ms, 9000, speaker="B")
    assert ("C: (...) b" in said("dresing-pehl", *words)) is marked


def test_two_clients_are_numbered() -> None:
    speakers = (Speaker("A", "therapist"), Speaker("B", "client"), Speaker("D", "client"))
    known = letters(Transcript("D01-S03", "en", "e", "m", 0, (), speakers))
    assert known == {None: "?", "A": "T", "B": "C1", "D": "C2"}
