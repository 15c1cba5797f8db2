"""One short conversation with everything in it that a format can stumble over."""

import pytest

from iprkit.transcript import Segment, Speaker, Transcript, Word


@pytest.fixture
def transcript() -> Transcript:
    """A question, a long silence, an answer with a listener's signal inside it, and a voice nobody could name."""
    return Transcript(
        key="D01-S03",
        language="de",
        engine="scripted",
        model="small",
        duration_ms=3_800_000,
        segments=(
            Segment("D01-S03-T001", "A", QUESTION, "therapist"),
            Segment("D01-S03-C001", "B", ANSWER, "client", ("unsure",)),
            Segment("D01-S03-T002", "A", SIGNAL, "therapist"),
            Segment("D01-S03-C002", "B", REST, "client"),
            Segment("D01-S03-X001", None, NOBODY, None, ("no_voice", "repetition")),
        ),
        speakers=(Speaker("A", "therapist", "Dr. Ärmel"), Speaker("B", "client")),
        speech_ms=8_000,
        unheard_ms=120,
        meta={"channels": "therapist,client"},
    )


QUESTION = (
    Word("w0001", "Und", 1_000, 1_300, 0.91, "A"),
    Word("w0002", "dann?", 1_450, 2_000, 0.97, "A"),
)
ANSWER = (
    Word("w0003", "Ich", 5_460, 5_700, 0.5, "B"),
    Word("w0004", "war", 6_320, 6_600, None, "B"),
    Word("w0005", "R&D-müde", 6_600, 7_400, 0.25, "B", doubtful=True),
    Word("w0006", "<und>", 7_400, 7_800, 0.75, "B"),
)
SIGNAL = (Word("w0007", "Mhm.", 7_300, 7_700, 0.8, "A"),)
REST = (
    Word("w0008", "leer,", 8_000, 8_400, 0.9, "B"),
    Word("w0009", "seit", 8_400, 8_600, None, "B", interpolated=True),
    Word("w0010", '"2014".', 9_600, 10_000, None, "B", interpolated=True),
)
NOBODY = (Word("w0011", "Danke: Danke.", 3_723_456, 3_724_000, 0.1, None),)
