"""What is written comes back: whole from our own JSON and WhisperX's, the cues from subtitles and tables."""

from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from itertools import count
from typing import TextIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iprkit.formats import WRITERS
from iprkit.formats.cues import cues
from iprkit.formats.native import read_native, write_native
from iprkit.formats.plain import read_plain
from iprkit.formats.srt import read_srt, write_srt
from iprkit.formats.tsv import read_tsv, write_tsv
from iprkit.formats.vtt import read_vtt, write_vtt
from iprkit.formats.whisperx import read_whisperx, write_whisperx
from iprkit.transcript import Segment, Speaker, Transcript, Word

quick = settings(max_examples=40, deadline=None, database=None)
letters = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"])
tokens = st.text(letters, min_size=1, max_size=12)
spoken = st.text("abcäöß<>&'\"-.,!?;日", min_size=1, max_size=12).filter(lambda text: "-->" not in text)
names = st.none() | st.text("ABab &<>äß", min_size=1, max_size=12).map(str.strip).filter(lambda name: name.isalpha())
chances = st.none() | st.floats(0, 1)
labels = st.sampled_from([None, "A", "B"])


@st.composite
def transcripts(draw: st.DrawFn, tokens: st.SearchStrategy[str] = tokens) -> Transcript:
    ids = count(1)

    def word() -> Word:
        start_ms = draw(st.integers(0, 8_000_000))
        marks = draw(st.booleans()), draw(st.booleans())
        end_ms = start_ms + draw(st.integers(1, 5000))
        return Word(f"w{next(ids):04d}", draw(tokens), start_ms, end_ms, draw(chances), draw(labels), *marks)

    segments = [
        Segment(f"D01-S03-{n:03d}", draw(labels), tuple(word() for _ in range(draw(st.integers(1, 4)))))
        for n in range(draw(st.integers(0, 4)))
    ]
    segments = [replace(segment, flags=tuple(draw(st.lists(tokens, max_size=2)))) for segment in segments]
    speakers = (Speaker("A", "therapist", draw(names)), Speaker("B", "client"))
    return Transcript("D01-S03", "en", "scripted", "none", 9_000_000, tuple(segments), speakers, meta={"a": "b"})


def written(write: Callable[[Transcript, TextIO], None], transcript: Transcript) -> str:
    stream = StringIO(newline="")
    write(transcript, stream)
    return stream.getvalue()


@quick
@given(transcripts())
def test_our_own_json_loses_nothing(transcript: Transcript) -> None:
    assert read_native(written(write_native, transcript)) == transcript


@quick
@given(transcripts())
def test_whisperx_json_with_our_fields_loses_nothing(transcript: Transcript) -> None:
    assert read_whisperx(written(write_whisperx, transcript)) == transcript


@quick
@given(transcripts(spoken))
def test_vtt_keeps_keys_times_voices_and_text(transcript: Transcript) -> None:
    assert read_vtt(written(write_vtt, transcript)) == cues(transcript)


@quick
@given(transcripts(spoken))
def test_srt_keeps_times_names_and_text(transcript: Transcript) -> None:
    numbered = [replace(cue, key=str(n)) for n, cue in enumerate(cues(transcript), start=1)]
    assert read_srt(written(write_srt, transcript)) == numbered


@quick
@given(transcripts(spoken))
def test_tsv_keeps_times_names_and_text(transcript: Transcript) -> None:
    assert read_tsv(written(write_tsv, transcript)) == [replace(cue, key=None) for cue in cues(transcript)]


@pytest.mark.parametrize("name", ["dresing-pehl", "jefferson", "maxqda", "atlasti", "txt"])
def test_the_words_of_a_written_convention_come_back(name: str, transcript: Transcript) -> None:
    spoken = " ".join(text for _, text in read_plain(written(WRITERS[name].write, transcript)))
    assert spoken.replace("[", "").replace("]", "").split() == " ".join(w.text for w in transcript.words).split()
