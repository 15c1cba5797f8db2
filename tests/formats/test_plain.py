"""Transcripts as typists bring them."""

from codecs import BOM_UTF16_LE

import pytest

from iprkit.errors import FormatError
from iprkit.formats.plain import read_plain


def test_turns_open_with_a_name_and_run_over_lines() -> None:
    text = "Therapist: So how\nwas it?\n\nClient: Fine.\n\nReally.\n"
    assert read_plain(text) == [("Therapist", "So how was it?"), ("Client", "Fine. Really.")]


def test_paragraphs_without_names_are_turns_of_nobody() -> None:
    assert read_plain("One two\nthree.\n\nFour.\n") == [(None, "One two three."), (None, "Four.")]


def test_lines_without_blank_lines_are_turns_each() -> None:
    assert read_plain("One.\nTwo.\n") == [(None, "One."), (None, "Two.")]


@pytest.mark.parametrize(
    "stamp",
    ["[00:01:02]", "[01:02]", "[00.01.02]", "{00:01:02}", "#00:01:02.345#", "#00:01:02-3#", "(1:02)", "[00:01:02,345]"],
)
def test_time_stamps_are_dropped(stamp: str) -> None:
    assert read_plain(f"{stamp} T: Hi. {stamp}\nC: Ho. {stamp}") == [("T", "Hi."), ("C", "Ho.")]


def test_times_without_brackets_are_dropped_where_they_open_many_lines() -> None:
    text = "0:12 T: So?\n0:15 C: At 7:30.\n1:00:17 T: Ah."
    assert read_plain(text) == [
        ("T", "So?"),
        ("C", "At 7:30."),
        ("T", "Ah."),
    ]


def test_a_single_time_is_somebodys_word() -> None:
    assert read_plain("7:30 was early.\nToo early.") == [(None, "7:30 was early."), (None, "Too early.")]


def test_pauses_and_remarks_are_no_words() -> None:
    text = "T: Well (...) I (0.6) mean ((laughs)) no (.)\nC: (3) Yes."
    assert read_plain(text) == [
        ("T", "Well I mean no"),
        ("C", "Yes."),
    ]


def test_subtitles_pasted_as_text_are_read_as_subtitles() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nT: So\n\n2\n00:00:02,000 --> 00:00:03,000\nT: what?\n"
    assert read_plain(text) == [("T", "So what?")]


@pytest.mark.parametrize(
    "data",
    [
        "T: Früh.".encode(),
        "T: Früh.".encode("utf-8-sig"),
        "T: Früh.".encode("latin-1"),
        BOM_UTF16_LE + "T: Früh.".encode("utf-16-le"),
        "T: Früh.".encode("utf-16-be"),
    ],
)
def test_old_encodings_are_recognised(data: bytes) -> None:
    assert read_plain(data) == [("T", "Früh.")]


@pytest.mark.parametrize("data", [b"PK\x03\x04word", b"RIFF\0\0\0WAVE\0\0\1\2\3"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError, match="plain text"):
        read_plain(data)


def test_nothing_typed_is_no_turn() -> None:
    assert read_plain("\n \n") == []
