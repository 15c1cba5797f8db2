"""Transcripts as people bring them to be put on the sound: words, who says them, the times in between."""

from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iprkit.errors import FormatError
from iprkit.formats import WRITERS
from iprkit.formats.told import Told, read_told, words_of
from iprkit.transcript import Segment, Speaker, Transcript, Word

Row = tuple[str, str | None, int | None, int | None]


def rows(text: str | bytes) -> list[Row]:
    return [(word.text, word.speaker, word.start_ms, word.end_ms) for word in read_told(text)]


def said(text: str) -> list[tuple[str, str | None]]:
    return [(word.text, word.speaker) for word in read_told(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Well – I know , “yes” .", ["Well –", "I", "know ,", "“yes” ."]),
        ("– So what?", ["– So", "what?"]),
        ("I (laughs quietly) left [unv.].", ["I", "(laughs quietly)", "left", "[unv.]."]),
        ("(home?) he said", ["(home?)", "he", "said"]),
        ("5 % of it", ["5 %", "of", "it"]),
        ("...", []),
        ("", []),
    ],
)
def test_a_text_is_split_into_words_that_sound(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text("ab .,–()[]?\n\ue001", max_size=30))
def test_no_letter_is_lost_in_splitting(text: str) -> None:
    letters = [c for c in text if c.isalpha()]
    assert [c for word in words_of(text) for c in word if c.isalpha()] == letters


@pytest.mark.parametrize(("word", "spoken"), [("(laughs)", False), ("[unv.],", False), ("(home?)", True), ("no", True)])
def test_a_remark_is_no_spoken_word(word: str, spoken: bool) -> None:
    assert Told(word).spoken is spoken


def test_times_around_paragraphs_are_those_of_their_first_and_last_word() -> None:
    assert rows("[00:01:02] T: So what?\n\nC: I left. #00:01:08-5#") == [
        ("So", "T", 62_000, None),
        ("what?", "T", None, None),
        ("I", "C", None, None),
        ("left.", "C", None, 68_500),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "#00:01:02-0#T: So what?\n#00:01:04-0#C: Nothing.",
        "T: [00:01:02] So what?\nC: [00:01:04] Nothing.",
        "T (1:02): So what?\nC (1:04): Nothing.",
        "1:02 T: So what?\n1:04 C: Nothing.",
        "[01:02]\nT: So what?\n[01:04]\nC: Nothing.",
        "T 1:02\nSo what?\n\nC 1:04\nNothing.",
        "T 01:02\nSo\nwhat?\n\nC 01:04\nNothing.",
    ],
)
def test_a_time_stands_wherever_programs_put_it(text: str) -> None:
    assert rows(text) == [
        ("So", "T", 62_000, None),
        ("what?", "T", None, None),
        ("Nothing.", "C", 64_000, None),
    ]


def test_a_time_inside_a_paragraph_parts_two_words() -> None:
    assert rows("So [0:05] what?") == [("So", None, None, 5_000), ("what?", None, 5_000, None)]


def test_a_pause_in_seconds_is_no_time() -> None:
    assert rows("T: Well (0.6) no (12.5) yes") == [(word, "T", None, None) for word in ("Well", "no", "yes")]


def test_overlaps_of_conversation_analysis_are_no_remarks() -> None:
    text = "T:  And [then?]\nC:      [I (0.6) left] (.)\n        [00:00:10] home"
    assert rows(text) == [
        ("And", "T", None, None),
        ("then?", "T", None, None),
        ("I", "C", None, None),
        ("left", "C", None, 10_000),
        ("home", "C", 10_000, None),
    ]


def test_paragraphs_are_counted() -> None:
    assert [word.turn for word in read_told("One two.\n\nThree.")] == [0, 0, 1]


def test_accents_typed_apart_are_the_letters_they_make() -> None:
    assert said("T: fru\u0308h") == [("früh", "T")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04word", "zip archive"),
        (b"RIFF\0\0\0WAVE", "no text file"),
        (b"\x01\x02\x03\x04\x05 abc", "no text file"),
        (b"{\\rtf1\\ansi Hello}", "RTF"),
        (b"%PDF-1.7 stuff", "PDF"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b'File type = "ooTextFile"', "TextGrid"),
        (b"key,session,speaker,role\nA,B,C,D", "table"),
        (b"", "not a word"),
        (b" \n ... \n", "not a word"),
        (b'{"segments": 3}', "expected a list"),
        (b"{so it goes", "not JSON"),
        (b"1\nsoon --> 00:00:02,000\nHi\n", "line 2: .* is no pair of times"),
        (b"Timespan\tContent\tSpeaker\nsoon\tHi\tT\n", "NVivo, line 2"),
    ],
)
def test_what_is_no_transcript_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(FormatError, match=sentence):
        read_told(data)


def written(name: str, transcript: Transcript) -> str:
    stream = StringIO(newline="")
    WRITERS[name].write(transcript, stream)
    return stream.getvalue()


READ_BACK = ["json", "native", "vtt", "srt", "tsv", "txt", "dresing-pehl", "jefferson", "nvivo", "maxqda", "atlasti"]


@pytest.mark.parametrize("name", READ_BACK)
def test_our_own_exports_come_back_word_for_word(transcript: Transcript, name: str) -> None:
    found = " ".join(word.text for word in read_told(written(name, transcript)))
    assert found == " ".join(word.text for word in transcript.words)


@pytest.mark.parametrize("name", ["json", "native"])
def test_word_times_that_a_program_measured_come_with_json(transcript: Transcript, name: str) -> None:
    found = read_told(written(name, transcript))
    assert [(w.start_ms, w.end_ms, w.measured) for w in found] == [
        (w.start_ms, w.end_ms, not w.interpolated) for w in transcript.words
    ]


@pytest.mark.parametrize("name", ["vtt", "srt", "tsv", "nvivo"])
def test_the_times_of_cues_are_those_of_their_edges(transcript: Transcript, name: str) -> None:
    first, second = read_told(written(name, transcript))[:2]
    assert (first.start_ms, first.end_ms, second.start_ms, second.end_ms) == (1_000, None, None, 2_000)


tokens = st.text("abcäö'’", min_size=1, max_size=8).filter(lambda word: any(c.isalpha() for c in word))


@settings(max_examples=40, deadline=None, database=None)
@given(st.lists(st.lists(tokens, min_size=1, max_size=6), min_size=1, max_size=5), st.sampled_from(READ_BACK))
def test_any_conversation_comes_back_from_any_export(said: list[list[str]], name: str) -> None:
    ids = iter(range(10_000))
    turns = [
        Segment(
            f"{n}",
            "AB"[n % 2],
            tuple(Word(f"{next(ids)}", one, n * 1000, n * 1000 + 900, None, "AB"[n % 2]) for one in turn),
        )
        for n, turn in enumerate(said)
    ]
    speakers = (Speaker("A", "therapist"), Speaker("B", "client"))
    transcript = Transcript("D01-S01", "en", "", "", 60_000, tuple(turns), speakers)
    assert [word.text for word in read_told(written(name, transcript))] == [word for turn in said for word in turn]
