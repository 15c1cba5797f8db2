"""The toolkit's own file: everything a transcript holds, in the data contract's shape, read back to an equal one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TextIO

from iprkit.errors import FormatError
from iprkit.formats.encodings import decoded
from iprkit.formats.node import Node, parsed
from iprkit.transcript import Segment, Speaker, Transcript, Word, segment_json, to_json, word_json

_KIND = "iprkit transcript"


def write_native(transcript: Transcript, stream: TextIO) -> None:
    """Loses nothing; ``meta`` stands only where there is some."""
    meta = {"meta": transcript.meta} if transcript.meta else {}
    whole = to_json(replace(transcript, segments=())) | meta
    segments = [_written(segment) for segment in transcript.segments]
    stream.write(_with_list(json.dumps(whole, ensure_ascii=False, indent=1), "segments", segments, 1) + "\n")


def _written(segment: Segment) -> str:
    """A segment with its words; the words of an hour go through the fast encoder, one at a time, each field a line."""
    plain = segment_json(segment)
    fields = json.dumps(plain | {"words": []}, ensure_ascii=False, indent=1).replace("\n", "\n  ")
    separators = (",\n     ", ": ")
    words = [json.dumps(word_json(word), ensure_ascii=False, separators=separators)[1:-1] for word in segment.words]
    return _with_list(fields, "words", [f"{{\n     {word}\n    }}" for word in words], 3)


def _with_list(text: str, name: str, items: list[str], depth: int) -> str:
    """The JSON with items in the place of its empty list of that name, which no string can be taken for."""
    if not items:
        return text
    before, after = text.split(f'"{name}": []')
    margin = "\n" + " " * depth
    joined = ",".join(f"{margin} {item}" for item in items)
    return f'{before}"{name}": [{joined}{margin}]{after}'


def read_native(data: str | bytes) -> Transcript:
    """The transcript that ``write_native`` wrote; also what ``transcript show --json`` prints.

    Raises FormatError, with the place, where a field is missing or of the wrong kind, where a word ends before it
    starts, and where a segment's text is not that of its words: correct the words, the text follows from them.
    """
    root = parsed(decoded(data), _KIND)
    return Transcript(
        key=root["key"].text(),
        language=root["language"].text(),
        engine=root["engine"].text(),
        model=root["model"].text(),
        duration_ms=root["duration_ms"].whole(),
        segments=tuple(_segment(node) for node in root["segments"].items()),
        speakers=speakers(root["speakers"]) if "speakers" in root else (),
        style=root["style"].text() if "style" in root else "clean",
        speech_ms=root["speech_ms"].whole_or_none(),
        unheard_ms=root["unheard_ms"].whole_or_none(),
        meta=meta(root["meta"]),
    )


def speakers(nodes: Node) -> tuple[Speaker, ...]:
    """The list of voices. Raises FormatError."""
    return tuple(
        Speaker(node["label"].text(), node["role"].text_or_none(), node["name"].text_or_none())
        for node in nodes.items()
    )


def flags(node: Node) -> tuple[str, ...]:
    """A segment's flags, none where the field is missing. Raises FormatError."""
    return () if node.value is None else tuple(flag.text() for flag in node.items())


def meta(node: Node) -> dict[str, str]:
    """Texts by name, none where the field is missing. Raises FormatError."""
    if node.value is None:
        return {}
    if not isinstance(node.value, dict):
        node.refuse("an object of texts")
    return {name: node[name].text() for name in node.value}


def _segment(node: Node) -> Segment:
    words = tuple(_word(word) for word in node["words"].items())
    if not words:
        node["words"].refuse("at least one word")
    segment = Segment(
        node["key"].text(),
        node["speaker"].text_or_none(),
        words,
        role=node["role"].text_or_none(),
        flags=flags(node["flags"]),
    )
    if "text" in node and node["text"].text() != segment.text:
        node["text"].refuse(f"the text of its words, {segment.text!r}")
    return segment


def _word(node: Node) -> Word:
    start_ms, end_ms = node["start_ms"].whole(), node["end_ms"].whole()
    if end_ms < start_ms:
        raise FormatError(f"{node.kind}, {node.place}: ends at {end_ms} ms, before its start at {start_ms} ms")
    return Word(
        node["id"].text(),
        node["text"].text(),
        start_ms,
        end_ms,
        confidence=node["confidence"].number_or_none(),
        speaker=node["speaker"].text_or_none(),
        interpolated=node["interpolated"].flag(),
        doubtful=node["doubtful"].flag(),
    )
