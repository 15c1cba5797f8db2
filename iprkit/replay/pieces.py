"""From stretches that were heard to pieces that were played: stretches on one course are one piece, however talk
covered it in between, and the silence around its first and last sound is shared out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from iprkit.recall import FOUND, Piece
from iprkit.replay.hearing import MOST_FOR, Account
from iprkit.replay.lines import Line
from iprkit.replay.path import Stretch
from iprkit.replay.prints import FPS, MS
from iprkit.timeline import Span

_HALF = 0.5  # a frame is about the sound on both sides of its time
_ONWARD = 2.0  # frames between lines that are one course of playback
_TALK = 30 * FPS  # longer than people talk over a film without stopping it
# Nothing tells where in a silence of the session the film was started or stopped. The middle errs least; in silences
# of more than 0.7 s people press the key near the words that they want to hear or have just heard.
_LEAD = 7.0
_FADING = 3  # frames of a dying sound that the echo of the louder one before it covers in the interview room

Run = Sequence[Stretch]


def as_pieces(
    stretches: Sequence[Stretch], lines: Sequence[Line], accounts: Sequence[Account], frames: int
) -> list[Piece]:
    """The pieces, in order and none overlapping, of an interview of ``frames``."""
    runs = list(_runs(stretches, lines))
    middles = [(run[-1].end + after[0].start) / 2 for run, after in pairwise(runs)]
    limits = pairwise([0.0, *middles, float(frames)])
    return [_piece(run, lines, accounts, *between) for run, between in zip(runs, limits, strict=False)]


def _runs(stretches: Sequence[Stretch], lines: Sequence[Line]) -> Iterator[Run]:
    """Stretches on one course together. A film that is stopped goes on later, on another course; one that is heard
    on the same again has been playing all the time."""
    run: list[Stretch] = []
    for stretch in stretches:
        if run and not _goes_on(run[-1], stretch, lines):
            yield run
            run = []
        run.append(stretch)
    if run:
        yield run


def _goes_on(before: Stretch, after: Stretch, lines: Sequence[Line]) -> bool:
    apart = lines[before.line].place(after.start) - lines[after.line].place(after.start)
    return abs(apart) <= _ONWARD and after.start - before.end <= _TALK


def _piece(run: Run, lines: Sequence[Line], accounts: Sequence[Account], earliest: float, latest: float) -> Piece:
    """The run with its share of the silence around, between two times of the interview."""
    first, last = lines[run[0].line], lines[run[-1].line]
    silence_before = accounts[run[0].line].audible[: run[0].start - first.start][::-1]
    silence_after = accounts[run[-1].line].audible[run[-1].end - last.start :]
    start = max(run[0].start - _HALF - _lead(silence_before), earliest, first.origin)
    end = min(run[-1].end - _HALF + _lead(silence_after), latest)
    return Piece(
        Span(round(start * MS), round(end * MS)),
        Span(round(first.place(start) * MS), round(last.place(end) * MS)),
        _confidence(run, lines, accounts),
        FOUND,
    )


def _lead(audible: NDArray[np.bool_]) -> float:
    """How many frames of the silence that begins here belong to the piece, looking outwards from its edge."""
    fading = int(np.argmin(np.append(audible[:_FADING], False)))
    silent = int(np.argmax(np.append(audible[fading:], True)))
    return min((fading + silent) / 2, _LEAD) if silent else 0.0


def _confidence(run: Run, lines: Sequence[Line], accounts: Sequence[Account]) -> float:
    """The share of all that could be heard in the run that was heard as clearly as can be."""
    heard = audible = 0.0
    for stretch in run:
        account, first = accounts[stretch.line], lines[stretch.line].start
        within = slice(stretch.start - first, stretch.end - first)
        heard += account.evidence[within].sum()
        audible += account.audible[within].sum()
    covered = sum(stretch.end - stretch.start for stretch in run) / (run[-1].end - run[0].start)
    return round(float(np.clip(covered * heard / max(1.0, MOST_FOR * audible), 0, 1)), 3)
