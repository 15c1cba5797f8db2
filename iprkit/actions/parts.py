"""The recordings of a conversation's main view as work on its sound needs them: files in order, on one clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.withdrawals import refuse_sound
from iprkit.errors import MediaError
from iprkit.media import decode
from iprkit.timeline import Span


@dataclass(frozen=True)
class Part:
    """One recording of a conversation: its file, its place on the conversation's clock, who is on which channel.

    ``unheard`` are the stretches, on the recording's own clock, that are not listened to.
    """

    file: Path
    sha256: str
    offset_ms: int
    channels: tuple[str, ...]
    unheard: tuple[Span, ...] = ()

    def silenced_in(self, span: Span) -> list[Span]:
        """The unheard stretches that touch a span."""
        return [one for one in self.unheard if one & span]


def parts_of(study: Study, key: str) -> list[Part]:
    """The parts of a conversation in order.

    Raises NotFound for an unknown key, MediaError where there is no recording or one is not in its place, Conflict
    where somebody who withdrew is heard.
    """
    with study.read() as db:
        conversation = queries.conversation(db, key)
        refuse_sound(db, conversation)
        rows = [row for row in conversation.recordings if row.view == "main"]
        parts = [Part(study.path(row.path), row.sha256, row.offset_ms, tuple(row.channels or ())) for row in rows]
    if not parts:
        raise MediaError(f"{key} has no recording; add one with: iprkit recording add {key} FILE")
    for part in parts:
        if not part.file.exists():
            raise MediaError(f"{part.file.name} is not in its place; find it with: iprkit relink DIR")
    return parts


def left_out(parts: Sequence[Part]) -> dict[str, Any]:
    """What is not listened to, on the conversation's clock, as a setting of the run: empty where all is."""
    spans = [span.shift(part.offset_ms) for part in parts for span in part.unheard]
    return {"unheard": [[span.start_ms, span.end_ms] for span in spans]} if spans else {}


def silenced(samples: NDArray[np.float32], span: Span, unheard: Sequence[Span]) -> NDArray[np.float32]:
    """The sound of a span, shape (channels, n), with silence in place of the unheard stretches."""
    out = samples.copy() if unheard else samples
    for one in unheard:
        begin, end = ((ms - span.start_ms) * decode.RATE // 1000 for ms in (one.start_ms, one.end_ms))
        out[:, max(0, begin) : max(0, end)] = 0
    return out


def sound(parts: Sequence[Part]) -> Iterator[NDArray[np.float32]]:
    """The parts as one mono sound at 16 kHz in blocks of shape (n,), silent where no recording ran.

    Sample ``k`` of the whole is at ``k / 16`` ms of the conversation's clock.
    """
    at = 0
    for part in sorted(parts, key=lambda one: one.offset_ms):
        first = part.offset_ms * decode.RATE // 1000
        while at < first:
            silence = np.zeros(min(decode.RATE, first - at), np.float32)
            at += len(silence)
            yield silence
        skip = at - first
        for block in decode.stream(part.file):
            late = min(skip, block.shape[1])
            skip -= late
            at += block.shape[1] - late
            if late < block.shape[1]:
                yield block[0, late:]
