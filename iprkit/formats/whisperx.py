"""JSON in WhisperX's shape, which most tools for recognised speech read: seconds, segments with words, word segments.

What the shape has no place for stands beside it under names that other readers pass over: ``key``, ``role`` and
``flags`` of a segment, ``id``, ``interpolated`` and ``doubtful`` of a word, and one field ``iprkit`` for the rest. So
nothing is lost when the file comes back.
"""

from __future__ import annotations

import json
from typing import TextIO

from iprkit.formats.encodings import decoded
from iprkit.formats.native import flags, meta, speakers
from iprkit.formats.node import Node, parsed
from iprkit.formats.recognised import milliseconds, recognised
from iprkit.transcript import Segment, Transcript, Word, to_json

_KIND = "JSON transcript"
_OWN = ("key", "engine", "model", "duration_ms", "style", "speech_ms", "unheard_ms", "speakers")


def write_whisperx(transcript: Transcript, stream: TextIO) -> None:
    """Seconds to three decimals; a score or speaker that nobody knows is left out, as WhisperX does."""
    contract = to_json(transcript)
    data = {
        "segments": [_segment_json(segment) for segment in transcript.segments],
        "word_segments": [_timed(word) for word in transcript.words],
        "language": transcript.language,
        "iprkit": {name: contract[name] for name in _OWN} | {"meta": transcript.meta},
    }
    json.dump(data, stream, ensure_ascii=False, indent=1)
    stream.write("\n")


def read_whisperx(data: str | bytes, key: str = "") -> Transcript:
    """Our own file read back to an equal transcript, or another recogniser's made one.

    Understood are WhisperX, Whisper, faster-whisper, whisper-timestamped, whisper-ctranslate2, OpenAI's verbose
    JSON, whisper.cpp and the chunks of transformers. ``key`` names the conversation where the file does not. Words
    without times get them from their neighbours and are marked ``interpolated``; segments without words have
    their time dealt out. Raises FormatError with the place.
    """
    root = parsed(decoded(data), _KIND)
    return _own(root) if "iprkit" in root else recognised(root, key)


def _segment_json(segment: Segment) -> dict[str, object]:
    return {
        "start": segment.start_ms / 1000,
        "end": segment.end_ms / 1000,
        "text": segment.text,
        **({} if segment.speaker is None else {"speaker": segment.speaker}),
        "key": segment.key,
        "role": segment.role,
        "flags": list(segment.flags),
        "words": [_word_json(word) for word in segment.words],
    }


def _word_json(word: Word) -> dict[str, object]:
    marks = {"interpolated": word.interpolated, "doubtful": word.doubtful}
    return _timed(word) | {"id": word.id} | {name: True for name, value in marks.items() if value}


def _timed(word: Word) -> dict[str, object]:
    """A word as WhisperX writes one."""
    data: dict[str, object] = {"word": word.text, "start": word.start_ms / 1000, "end": word.end_ms / 1000}
    known = {"score": word.confidence, "speaker": word.speaker}
    return data | {name: value for name, value in known.items() if value is not None}


def _own(root: Node) -> Transcript:
    own = root["iprkit"]
    return Transcript(
        key=own["key"].text(),
        language=root["language"].text(),
        engine=own["engine"].text(),
        model=own["model"].text(),
        duration_ms=own["duration_ms"].whole(),
        segments=tuple(_segment(node) for node in root["segments"].items()),
        speakers=speakers(own["speakers"]),
        style=own["style"].text(),
        speech_ms=own["speech_ms"].whole_or_none(),
        unheard_ms=own["unheard_ms"].whole_or_none(),
        meta=meta(own["meta"]),
    )


def _segment(node: Node) -> Segment:
    words = tuple(_word(word) for word in node["words"].items())
    if not words:
        node["words"].refuse("at least one word")
    speaker, role = node["speaker"].text_or_none(), node["role"].text_or_none()
    return Segment(node["key"].text(), speaker, words, role, flags(node["flags"]))


def _word(node: Node) -> Word:
    start_ms, end_ms = milliseconds(node)
    return Word(
        node["id"].text(),
        node["word"].text(),
        start_ms,
        end_ms,
        confidence=node["score"].number_or_none(),
        speaker=node["speaker"].text_or_none(),
        interpolated=node["interpolated"].flag(),
        doubtful=node["doubtful"].flag(),
    )
