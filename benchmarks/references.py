"""What was really said: references of several shapes as plain words, as word error rates compare them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from iprkit.timeline import Span


def spoken(text: str) -> str:
    """Lower case, no punctuation, hyphens as gaps: what two writers of the same sound would agree on."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.lower().replace("-", " ").replace("’", "'")).split())


def read_reference(file: Path) -> str:
    """From a text, or JSON: turns with a text, segments with a text, or a list of [speaker, word, start, end]."""
    if file.suffix != ".json":
        return spoken(file.read_text(encoding="utf-8"))
    data = json.loads(file.read_text(encoding="utf-8"))
    if isinstance(data, list):
        return spoken(" ".join(word for _, word, *_ in data))
    turns = data.get("turns") or data.get("segments") or data["session"]["turns"]
    return spoken(" ".join(turn["text"] for turn in turns))


@dataclass(frozen=True)
class SaidTurn:
    """What one person really said in one go; ``span`` is where, as far as the reference knows."""

    speaker: str
    span: Span
    text: str


def read_turns(file: Path) -> list[SaidTurn]:
    """The turns of a reference in JSON: turns with times in seconds, or a list of [speaker, word, start, end]."""
    data = json.loads(file.read_text(encoding="utf-8"))
    if isinstance(data, list):
        words = [SaidTurn(speaker, _span(start, end), word) for speaker, word, start, end in data]
        return [_joined(list(run)) for _, run in groupby(words, key=lambda word: word.speaker)]
    turns = data["turns"] if "turns" in data else data["session"]["turns"]
    return [SaidTurn(turn["speaker"], _span(turn["start"], turn["end"]), turn["text"]) for turn in turns]


def read_words(file: Path) -> list[SaidTurn]:
    """Every word of a list of [speaker, word, start, end], each with its own time."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return [SaidTurn(speaker, _span(start, end), word) for speaker, word, start, end in data]


def read_rttm(file: Path) -> dict[str, dict[str, list[Span]]]:
    """Who speaks where, by recording and speaker, from NIST's RTTM: ``SPEAKER name 1 start duration . . who . .``."""
    out: dict[str, dict[str, list[Span]]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        kind, name, _, start, duration, _, _, who, *_ = line.split()
        if kind == "SPEAKER":
            span = _span(float(start), float(start) + float(duration))
            out.setdefault(name, {}).setdefault(who, []).append(span)
    return out


def _joined(words: list[SaidTurn]) -> SaidTurn:
    return SaidTurn(words[0].speaker, words[0].span | words[-1].span, " ".join(word.text for word in words))


def _span(start_s: float, end_s: float) -> Span:
    return Span(round(start_s * 1000), round(end_s * 1000))
