"""What tests of listening start from: the sample session's sound, and what is true of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.media import decode
from iprkit.timeline import Span

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class SaidTurn:
    """A turn of the sample session as it was made: by whom, when, and its words."""

    role: str
    span: Span
    text: str


@pytest.fixture(scope="session")
def turns() -> Sequence[SaidTurn]:
    """The turns of the sample session."""
    truth = json.loads((ROOT / "transcripts/d01-s03.truth.json").read_text(encoding="utf-8"))
    return [_turn(turn) for turn in truth["session"]["turns"]]


@pytest.fixture(scope="session")
def sound() -> NDArray[np.float32]:
    """The sound of the sample session's film, mono at 16 kHz."""
    return np.concatenate([block[0] for block in decode.stream(ROOT / "recordings/d01-s03.mp4")])


@pytest.fixture(scope="session")
def stereo() -> NDArray[np.float32]:
    """The same session from two microphones, shape (2, n) at 16 kHz: therapist, client."""
    return np.concatenate(list(decode.stream(ROOT / "recordings/d01-s03-stereo.ogg", channels="all")), axis=1)


def _turn(turn: dict[str, Any]) -> SaidTurn:
    span = Span(round(turn["start"] * 1000), round(turn["end"] * 1000))
    return SaidTurn(turn["speaker"], span, turn["text"])
