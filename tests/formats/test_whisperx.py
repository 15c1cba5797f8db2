"""The JSON dialects of other recognisers."""

import json
from pathlib import Path

import pytest

from iprkit.errors import FormatError
from iprkit.formats.native import read_native
from iprkit.formats.whisperx import read_whisperx
from iprkit.transcript import Transcript

ODD = Path(__file__).parent / "odd"


def read(*words: dict[str, object], **segment: object) -> Transcript:
    return read_whisperx(json.dumps({"segments": [{"text": "", **segment, "words": list(words)}], "language": "en"}))


def test_segments_without_words_have_their_time_dealt_out() -> None:
    found = read_whisperx((ODD / "dosparlants.json").read_bytes(), key="D01-S01")
    first = found.segments[0]
    assert (first.key, first.speaker, first.start_ms, first.end_ms) == ("D01-S01-001", "SPEAKER_01", 0, 2000)
    assert first.text == "Hola, bon dia, com et dius?"
    assert all(word.interpolated for word in found.words)


def test_pieces_of_a_word_are_put_together() -> None:
    pieces = [(" twenty", 0.0, 0.5), ("-five", 0.5, 0.9), (" men", 1.0, 1.4)]
    found = read(*({"word": w, "start": a, "end": b, "probability": 0.5} for w, a, b in pieces))
    assert [(w.text, w.start_ms, w.end_ms) for w in found.words] == [("twenty-five", 0, 900), ("men", 1000, 1400)]


def test_a_word_without_times_gets_those_between_its_neighbours() -> None:
    found = read({"word": "in", "start": 0, "end": 0.2}, {"word": "2014."}, {"word": "So", "start": 0.8, "end": 1})
    assert [(w.start_ms, w.end_ms, w.interpolated) for w in found.words][1] == (200, 800, True)


def test_a_segments_speaker_stands_for_words_that_name_none() -> None:
    found = read({"word": "in", "start": 0, "end": 0.2, "score": 0.25}, speaker="SPEAKER_01")
    assert [(w.speaker, w.confidence) for w in found.words] == [("SPEAKER_01", 0.25)]


def test_an_end_just_before_its_start_is_rounding() -> None:
    assert next(read({"word": "in", "start": 1.0000000001, "end": 0.9999}).words).span.duration_ms == 0


def test_whisper_cpp_counts_in_milliseconds() -> None:
    data = {"result": {"language": "en"}, "transcription": [{"offsets": {"from": 0, "to": 900}, "text": " Hi you"}]}
    found = read_whisperx(json.dumps(data))
    assert (found.language, found.segments[0].end_ms, found.segments[0].text) == ("en", 900, "Hi you")


def test_chunks_of_transformers_may_end_nowhere() -> None:
    found = read_whisperx('{"chunks": [{"timestamp": [1.5, null], "text": " Hi"}]}')
    assert (found.segments[0].start_ms, found.segments[0].end_ms) == (1500, 1500)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{\n]", "line 2, column 1"),
        ("[]", "whole file"),
        ("{}", "segments"),
        ('{"segments": [{"start": "0", "end": 1, "text": "x"}]}', r"segments\[0\].start"),
        ('{"segments": [{"start": NaN, "end": 1, "text": "x"}]}', r"segments\[0\].start"),
        ('{"segments": [{"start": 3, "end": 1, "text": "x"}]}', r"segments\[0\]: ends at"),
        ('{"segments": [{"words": [{"word": "x"}]}]}', r"segments\[0\]: neither"),
        ('{"segments": [{"words": [{"start": 1, "end": 2}]}]}', r"segments\[0\].words\[0\].text"),
    ],
)
def test_a_damaged_file_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(FormatError, match=place):
        read_whisperx(text)


def test_our_own_json_with_a_text_that_its_words_do_not_say_is_refused() -> None:
    golden = (Path(__file__).parent / "golden" / "native.iprkit.json").read_text(encoding="utf-8")
    with pytest.raises(FormatError, match=r"segments\[0\].text"):
        read_native(golden.replace('"Und dann?"', '"Und jetzt?"'))


def test_our_own_json_without_a_key_is_refused() -> None:
    with pytest.raises(FormatError, match="key: expected a text"):
        read_native('{"language": "en"}')
