"""WebVTT as other programs write it."""

from pathlib import Path

import pytest

from iprkit.errors import FormatError
from iprkit.formats.cues import Cue
from iprkit.formats.vtt import read_vtt

ODD = Path(__file__).parent / "odd"


def test_reads_times_without_hours_and_speakers_in_brackets() -> None:
    found = read_vtt((ODD / "dosparlants.vtt").read_bytes())
    assert found[1] == Cue(2000, 4000, "Hola, bon dia, em dic Carme.", "SPEAKER_00")


def test_reads_the_short_times_of_teams() -> None:
    text = "WEBVTT\n\n0:0:0.0 --> 0:0:5.320\n<v Doe, Jane [NA]>Good morning.</v>\n"
    assert read_vtt(text) == [Cue(0, 5320, "Good morning.", "Doe, Jane [NA]")]


def test_reads_a_byte_order_mark_and_the_line_ends_of_windows() -> None:
    data = "\ufeffWEBVTT\r\n\r\n1\r\n00:01.000 --> 00:02.000\r\nJane Doe: Hi.\r\n".encode()
    assert read_vtt(data) == [Cue(1000, 2000, "Hi.", "Jane Doe", "1")]


def test_a_cue_of_two_voices_becomes_two() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v T>So?</v> <v.loud C>So &amp; so.</v>\n"
    assert [(cue.speaker, cue.text) for cue in read_vtt(text)] == [("T", "So?"), ("C", "So & so.")]


def test_notes_between_cues_are_no_speech() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nHi.\n\nNOTE checked by\ntwo people\n\n00:03.000 --> 00:04.000\nHo.\n"
    assert [cue.text for cue in read_vtt(text)] == ["Hi.", "Ho."]


def test_a_colon_in_speech_names_nobody() -> None:
    text = "WEBVTT\n\n" + "\n\n".join(f"00:0{n}.000 --> 00:0{n}.500\n{t}" for n, t in enumerate("abcd"))
    assert read_vtt(text.replace("\na\n", "\nI said: no\n"))[0].speaker is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("00:01.000 --> 00:02.000\nHi\n", "line 1"),
        ("WEBVTT\n\nsoon --> later\nHi\n", "line 3"),
        ("WEBVTT\n\n00:01.000 -->\nHi\n", "line 3"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(text: str, line: str) -> None:
    with pytest.raises(FormatError, match=line):
        read_vtt(text)
