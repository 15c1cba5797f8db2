"""Interviews told in a line each: who says what when."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from iprkit.transcript import Segment, Word

Teller = Callable[..., Segment]


@pytest.fixture
def said() -> Teller:
    """``said("client", "I froze.", 31_000)``: a segment of words of 200 ms, ids by start and place."""

    def tell(role: str | None, text: str, start_ms: int, speaker: str | None = None) -> Segment:
        label = speaker or (role or "X")[0].upper()
        words = tuple(
            Word(f"w{start_ms}.{n}", token, start_ms + 200 * n, start_ms + 200 * n + 200, 0.9, label)
            for n, token in enumerate(text.split())
        )
        return Segment(f"{label}{start_ms}", label, words, role)

    return tell
