"""Codings as sequences in time: for GSEQ in its interchange standard SDIS, for TraMineR as states and as spells.

A sequence is what one coder coded with one codebook in one round of a session or recall interview; what was settled is
a sequence of its own.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO

from iprkit.coding import NO_CODE
from iprkit.exchange import Conversation, Exchange
from iprkit.timeline import Span

TICK_MS = 1_000
"""How long one state of TraMineR's lasts."""

ADJUDICATED = "adjudicated"
_REFUSED = re.compile(r"[^A-Za-z0-9_]+")


@dataclass(frozen=True)
class Sequence:
    """Codes with the stretches that they were given to, in order of time, over ``duration_ms``."""

    place: str
    dyad: str
    codebook: str
    coder: str
    round: str
    duration_ms: int
    events: tuple[tuple[Span, str], ...]

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.place, self.codebook, self.coder, self.round) if part)


def sequences(values: Exchange) -> Iterator[Sequence]:
    """Every sequence, by session, round, codebook and coder; whole sessions and points in time are no events."""
    for place in values.conversations:
        rows = [(one.round or "", one.codebook, one.coder, one.anchor, one.code) for one in place.codings]
        rows += [
            (one.round or "", one.codebook, ADJUDICATED, one.anchor, one.code)
            for one in place.adjudications
            if one.code != NO_CODE
        ]
        kept = [row for row in rows if row[3].target.kind != "session" and row[3].span.duration_ms]
        kept.sort(key=lambda row: (row[0], row[1], row[2] == ADJUDICATED, row[2], row[3].span, row[4]))
        for (round_name, book, coder), mine in groupby(kept, key=lambda row: row[:3]):
            events = tuple(dict.fromkeys((anchor.span, code) for *_, anchor, code in mine))
            yield Sequence(place.key, place.dyad, book, coder, round_name, _length(place, events), events)


def write_sdis(values: Exchange, stream: BinaryIO) -> None:
    """Timed events for GSEQ: onset and offset in seconds, sequences named in angle brackets and ended by a slash."""
    lines = [f"% {values.title or 'study'}: codings as timed events, in seconds".replace("\n", " ")]
    lines += ["Timed <seconds>;", ""]
    for one in sequences(values):
        lines.append(f"<{_REFUSED.sub('_', one.name)}>")
        lines += [f"{_REFUSED.sub('_', code)},{_seconds(span)}" for span, code in one.events]
        lines += ["/", ""]
    stream.write("\n".join(lines).encode("utf-8"))


def write_states(values: Exchange, stream: BinaryIO) -> None:
    """TraMineR's STS: one row a sequence, one column a second, in it the code at that second's middle.

    Several codes at once stand together, parted by ``+``; no code is ``none``; past a sequence's end stands nothing.
    """
    every = [(one, list(states(one))) for one in sequences(values)]
    longest = max([len(cells) for _, cells in every], default=0)
    heads = [*_HEADS, *(f"s{second}" for second in range(1, longest + 1))]
    _write(stream, heads, ([*_head(one), *cells, *[""] * (longest - len(cells))] for one, cells in every))


def write_spells(values: Exchange, stream: BinaryIO) -> None:
    """TraMineR's SPELL: one row a run of seconds in the same state, first and last second counted from 1."""
    rows = (
        [*_head(one), str(first), str(last), state]
        for one in sequences(values)
        for first, last, state in _spells(states(one))
    )
    _write(stream, [*_HEADS, "begin", "end", "state"], rows)


def write_traminer_r(values: Exchange, stream: BinaryIO) -> None:
    """An R script that makes the spells a sequence object of TraMineR, every state a colour and a name."""
    alphabet = sorted({state for one in sequences(values) for state in states(one)} - {"none"})
    told = ", ".join(f'"{state}"' for state in ["none", *alphabet])
    stream.write(_TRAMINER.replace("ALPHABET", told).encode("utf-8"))


def states(one: Sequence) -> Iterator[str]:
    """What is coded in the middle of each second; the last, shorter than half of one, is not told."""
    waiting, there = list(one.events)[::-1], []
    for second in range((one.duration_ms + TICK_MS // 2) // TICK_MS):
        middle = second * TICK_MS + TICK_MS // 2
        while waiting and waiting[-1][0].start_ms <= middle:
            there.append(waiting.pop())
        there = [(span, code) for span, code in there if middle in span]
        yield "+".join(sorted({code for _, code in there})) or "none"


def _seconds(span: Span) -> str:
    return f"{span.start_ms / 1000:.3f}-{span.end_ms / 1000:.3f}"


def _spells(found: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    for state, run in groupby(enumerate(found, start=1), key=lambda one: one[1]):
        seconds = [second for second, _ in run]
        yield seconds[0], seconds[-1], state


_HEADS = ["id", "dyad", "place", "codebook", "coder", "round"]


def _head(one: Sequence) -> list[str]:
    return [one.name, one.dyad, one.place, one.codebook, one.coder, one.round]


def _length(place: Conversation, events: Iterable[tuple[Span, str]]) -> int:
    return max([place.duration_ms, *(span.end_ms for span, _ in events)])


def _write(stream: BinaryIO, heads: list[str], rows: Iterable[list[str]]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    text.detach()


_TRAMINER = """# Makes a sequence object for TraMineR of the spells that iprkit exported: one second a position.
# Rscript study.traminer.R study.spells.csv, or source() it in the folder where the table lies.
library(TraMineR)

arguments <- commandArgs(trailingOnly = TRUE)
file <- if (length(arguments)) arguments[1] else list.files(pattern = "\\\\.spells\\\\.csv$")[1]
spells <- read.csv(file, colClasses = c(begin = "integer", end = "integer"), encoding = "UTF-8")
alphabet <- c(ALPHABET)

sequences <- seqdef(
  seqformat(spells, from = "SPELL", to = "STS", id = "id", begin = "begin", end = "end", status = "state",
            limit = max(spells$end), process = FALSE),
  alphabet = alphabet, states = alphabet, right = "DEL"
)
print(seqlength(sequences))
print(seqmeant(sequences))  # mean time in each state, in seconds
# seqdplot(sequences); seqtrate(sequences)
"""
