"""One short conversation, and one small codebook, with everything in it that a format can stumble over."""

import pytest

from iprkit.codebook import Code, Codebook, Rules
from iprkit.scale import Anchor, Scale
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


@pytest.fixture
def book() -> Codebook:
    """A small codebook with everything in it that a format can stumble over."""
    return Codebook(
        "ruptures",
        "1.10",
        (
            Code("wd", "Withdrawal: away", codable=False, colour="#4477AA", rules=Rules(speaker="client")),
            Code(
                "WD_denial",
                "Denial, “no”",
                "wd",
                definition="Waves off what is there.\n\nAlso: quickly.",
                include="Flat no's",
                exclude='a "reasoned" <no> & the like',
                examples=("T: “You cried?” C: “No.”", "=nothing"),
                shortcut="d",
                rules=Rules(scale="salience"),
                guid="7A2E9C10-0000-4000-8000-000000000001",
            ),
            Code("appeasing", "Ärger hinunter schlucken v2.0", "WD_denial", unverified="A name from memory."),
            Code("fear", "Fear", notes="Rare; and yet.", exclusive=True),
            Code("fear_here", "Here", "fear", examples=("😨",)),
            Code("gone", "Gone", retired=True, merged_into="fear"),
            Code("part", "Part", split_from="gone"),
        ),
        title="Ruptures & more",
        citation="Somebody (2015).",
        rights="© somebody; our words.",
        language="de",
        rules=Rules(unit="window", window_ms=60_000, scores=("count", "mean")),
        scales=(
            Scale("salience", 1, 5, anchors=(Anchor(1, "none"), Anchor(5, "very much: clear")), no_evidence=1),
            Scale("apes", 0, 7, 0.1, "interval"),
        ),
        exhaustive=True,
        notes="Two\nlines.",
        unverified="All of it.",
    )
