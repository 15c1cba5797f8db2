"""What was really said: references of several shapes as plain words, as word error rates compare them."""

from __future__ import annotations

import json
import re
from pathlib import Path


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
