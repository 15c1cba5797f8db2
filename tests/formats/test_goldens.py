"""Every format writes the same conversation to the same bytes."""

from io import StringIO
from pathlib import Path

import pytest

from iprkit.formats import WRITERS
from iprkit.transcript import Transcript

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", WRITERS)
def test_writes_the_kept_file_byte_for_byte(name: str, transcript: Transcript) -> None:
    stream = StringIO(newline="")
    WRITERS[name].write(transcript, stream)
    assert stream.getvalue().encode() == (GOLDEN / f"{name}{WRITERS[name].suffix}").read_bytes()


def test_every_kept_file_belongs_to_a_format() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}{kind.suffix}" for name, kind in WRITERS.items()}


@pytest.mark.parametrize("name", WRITERS)
def test_an_empty_transcript_can_be_written(name: str) -> None:
    stream = StringIO(newline="")
    WRITERS[name].write(Transcript("D01-S01", "en", "scripted", "none", 0, ()), stream)
    assert "None" not in stream.getvalue()
