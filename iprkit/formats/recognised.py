"""What other speech recognisers write down: segments in many dialects of JSON, made one transcript.

::

    Whisper, faster-whisper    segments[].words[].{word, start, end, probability}
    WhisperX                   segments[].words[].{word, start, end, score, speaker}, some words without times
    whisper-timestamped        segments[].words[].{text, start, end, confidence}
    whisper-ctranslate2        segments[].{start, end, text, speaker}, words null
    OpenAI verbose             segments[].{start, end, text}
    whisper.cpp                transcription[].{offsets.{from, to}, text}, milliseconds
    transformers               chunks[].{timestamp[start, end], text}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from iprkit.errors import FormatError
from iprkit.formats.cues import Cue, one_line, spread
from iprkit.formats.node import Node
from iprkit.timeline import Span
from iprkit.transcript import Segment, Speaker, Transcript, Word

NOISE_MS = 100

Times = tuple[int, int]


@dataclass(frozen=True)
class _Token:
    """A word as a recogniser wrote it: ``times`` None where it gave none, ``attached`` where it continues the last."""

    text: str
    times: Times | None
    confidence: float | None
    speaker: str | None
    attached: bool


def recognised(root: Node, key: str) -> Transcript:
    """The transcript in a recogniser's file. Raises FormatError with the place."""
    ids = (f"w{number:04d}" for number in count(1))
    found = [segment for node in _segments(root) if (segment := _segment(node, ids))]
    numbered = tuple(replace(segment, key=f"{key}-{n:03d}".lstrip("-")) for n, segment in enumerate(found, start=1))
    labels = sorted({segment.speaker for segment in found if segment.speaker is not None})
    return Transcript(
        key=key,
        language=_language(root),
        engine="",
        model="",
        duration_ms=max((segment.end_ms for segment in found), default=0),
        segments=numbered,
        speakers=tuple(Speaker(label) for label in labels),
    )


def milliseconds(node: Node) -> Times:
    """Start and end of a segment or word, given in seconds.

    Recognisers round badly: an end a tenth of a second or less before its start is taken for the start. Raises
    FormatError where it lies further back.
    """
    start_ms, end_ms = round(node["start"].number() * 1000), round(node["end"].number() * 1000)
    return _ordered(start_ms, end_ms, node)


def _segments(root: Node) -> Iterator[Node]:
    for name in ("segments", "transcription", "chunks"):
        if name in root:
            return root[name].items()
    return root.refuse("segments, as Whisper and its relatives write them")


def _language(root: Node) -> str:
    language = root["language"].text_or_none()
    return language or (root["result"]["language"].text_or_none() if "result" in root else None) or ""


def _segment(node: Node, ids: Iterator[str]) -> Segment | None:
    """The segment, None where nothing is said in it."""
    speaker = node["speaker"].text_or_none()
    tokens = _joined([_token(word, speaker) for word in node["words"].items()] if "words" in node else [])
    if tokens:
        span = _span(node) if "start" in node and "end" in node else _outer(tokens, node)
        words = _timed(tokens, span, ids)
    else:
        span = _span(node)
        words = spread(Cue(span.start_ms, span.end_ms, node["text"].text()), ids, speaker)
    return Segment("", speaker or words[0].speaker, words) if words else None


def _span(node: Node) -> Span:
    if "offsets" in node:
        times = _ordered(node["offsets"]["from"].whole(), node["offsets"]["to"].whole(), node)
    elif "timestamp" in node:
        start, *end = node["timestamp"].items()
        open_end = not end or end[0].value is None
        last = start if open_end else end[0]
        times = _ordered(round(start.number() * 1000), round(last.number() * 1000), node)
    else:
        times = milliseconds(node)
    return Span(*times)


def _outer(tokens: Sequence[_Token], node: Node) -> Span:
    known = [token.times for token in tokens if token.times]
    if not known:
        raise FormatError(f"{node.kind}, {node.place}: neither the segment nor any of its words has a time")
    return Span(min(start for start, _ in known), max(end for _, end in known))


def _ordered(start_ms: int, end_ms: int, node: Node) -> Times:
    if end_ms < start_ms - NOISE_MS:
        raise FormatError(f"{node.kind}, {node.place}: ends at {end_ms} ms, before its start at {start_ms} ms")
    return start_ms, max(start_ms, end_ms)


def _token(node: Node, speaker: str | None) -> _Token:
    raw = node["word" if "word" in node else "text"].text()
    score = next((node[name].number() for name in ("score", "probability", "confidence") if name in node), None)
    times = milliseconds(node) if "start" in node and "end" in node else None
    said_by = node["speaker"].text_or_none() or speaker
    return _Token(one_line(raw), times, score, said_by, attached=not raw.startswith(" "))


def _joined(tokens: Sequence[_Token]) -> list[_Token]:
    """Pieces such as ``-five`` put onto their word, in dialects where every new word opens with a blank."""
    spaced = any(not token.attached for token in tokens)
    found: list[_Token] = []
    for token in tokens:
        if found and spaced and token.attached and token.times and found[-1].times:
            times = (found[-1].times[0], max(found[-1].times[1], token.times[1]))
            found[-1] = replace(found[-1], text=found[-1].text + token.text, times=times)
        elif token.text:
            found.append(token)
    return found


def _timed(tokens: Sequence[_Token], span: Span, ids: Iterator[str]) -> tuple[Word, ...]:
    """Words with times; a run without any shares the gap between its neighbours evenly."""
    words: list[Word] = []
    for index, token in enumerate(tokens):
        guessed = token.times is None
        start_ms, end_ms = token.times or _guess(tokens, index, words[-1].end_ms if words else span.start_ms, span)
        words.append(Word(next(ids), token.text, start_ms, end_ms, token.confidence, token.speaker, guessed))
    return tuple(words)


def _guess(tokens: Sequence[_Token], index: int, from_ms: int, span: Span) -> Times:
    """The first part of what is left until the next word that has a time."""
    rest = tokens[index:]
    missing = next((at for at, token in enumerate(rest) if token.times), len(rest))
    times = rest[missing].times if missing < len(rest) else None
    until_ms = max(from_ms, times[0] if times else span.end_ms)
    return from_ms, from_ms + (until_ms - from_ms) // missing
