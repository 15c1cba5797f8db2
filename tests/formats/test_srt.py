"""SubRip and Whisper's table as other programs write them."""

from pathlib import Path

import pytest

from iprkit.errors import FormatError
from iprkit.formats.cues import Cue
from iprkit.formats.srt import read_srt
from iprkit.formats.tsv import read_tsv

ODD = Path(__file__).parent / "odd"


def test_reads_speakers_in_brackets() -> None:
    found = read_srt((ODD / "dosparlants.srt").read_bytes())
    assert found[0] == Cue(0, 2000, "Hola, bon dia, com et dius?", "SPEAKER_01", "1")


def test_reads_cues_without_numbers_and_drops_italics() -> None:
    text = "00:00:01,000 --> 00:00:02,000\n<i>Hi</i>\nyou.\n\n00:00:03,000 --> 00:00:04,000\n{\\an8}Ho.\n"
    assert [(cue.key, cue.text) for cue in read_srt(text)] == [(None, "Hi you."), (None, "Ho.")]


def test_a_spoken_number_is_kept() -> None:
    assert read_srt("1\n00:00:01,000 --> 00:00:02,000\n1984\n")[0].text == "1984"


def test_a_text_without_cues_is_refused() -> None:
    with pytest.raises(FormatError, match="no cue"):
        read_srt("Just a letter.\n")


def test_reads_whispers_own_table_without_speakers() -> None:
    assert read_tsv("start\tend\ttext\n0\t2000\tHola.\n") == [Cue(0, 2000, "Hola.")]


@pytest.mark.parametrize("row", ["a\t2\tx", "5\t2\tx", "5\t9"])
def test_a_damaged_row_is_refused_with_its_line(row: str) -> None:
    with pytest.raises(FormatError, match="line 3"):
        read_tsv(f"start\tend\ttext\n0\t1\tx\n{row}\n")


def test_a_table_with_other_columns_is_refused() -> None:
    with pytest.raises(FormatError, match="columns"):
        read_tsv("from\tto\ttext\n")
