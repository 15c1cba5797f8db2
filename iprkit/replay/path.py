"""The course of playback that explains the interview best: at each moment nothing was played or one line was heard,
and every start has its price, so that likenesses by chance are not worth it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iprkit.replay.lines import Line
from iprkit.replay.search import Doubles

# For beginning where whole windows leave no doubt: three frames of best evidence. Full price would lose stretches of
# 3 s with a single word in them, none at all would begin on the echo of the word before.
_CERTAIN_PRICE = 6.0
# A stretch must be explained better than by the second line by this (e to the 10: twenty thousand to one), or a
# sentence that the session has twice would be put to either.
_CLEARLY = 10.0
_ELSEWHERE = 5.0  # frames between lines from which they mean different places; nearer ones are one, heard through echo


@dataclass(frozen=True)
class Stretch:
    """Frames ``start`` to ``end`` of the interview, in which the line number ``line`` was played."""

    line: int
    start: int
    end: int


def best_path(lines: Sequence[Line], evidence: Sequence[Doubles], price: float) -> list[Stretch]:
    """The stretches, none overlapping, whose evidence less ``price`` for each is largest (Viterbi 1967), in order.

    ``evidence[i][k]`` is the logarithm of how many times likelier frame ``lines[i].start + k`` of the interview is if
    line ``i`` was played than if nothing was. Where a line is certain beginning costs little. Where several paths are
    equally good, stretches are short.
    """
    last = max((line.end for line in lines), default=0)
    entered = [bytearray(line.end - line.start) for line in lines]
    left = np.full(last, -1, np.intp)
    value, rest = [-np.inf] * len(lines), 0.0
    for frame, active in enumerate(_active(lines, last)):
        before = rest
        for number in active:
            k = frame - lines[number].start
            begun = before - (min(price, _CERTAIN_PRICE) if frame in lines[number].certain else price)
            if begun >= value[number]:
                entered[number][k] = True
                value[number] = begun
            value[number] += evidence[number][k]
            if value[number] > rest:
                rest, left[frame] = value[number], number
    return _traced(lines, entered, left)


def without_doubles(stretches: Sequence[Stretch], lines: Sequence[Line], evidence: Sequence[Doubles]) -> list[Stretch]:
    """The stretches that no line elsewhere explains nearly as well: what a session says twice alike is not put to
    one of both places by chance."""
    kept = []
    for stretch in stretches:
        own = _sum(stretch, stretch.line, lines, evidence)
        others = (_sum(stretch, other, lines, evidence) for other in _elsewhere(stretch, lines))
        if own - max(others, default=-np.inf) >= _CLEARLY:
            kept.append(stretch)
    return kept


def _elsewhere(stretch: Stretch, lines: Sequence[Line]) -> Iterator[int]:
    """The numbers of lines beside the stretch that mean another place of the session."""
    own = lines[stretch.line].place(stretch.start)
    for number, line in enumerate(lines):
        beside = line.start < stretch.end and line.end > stretch.start
        if beside and abs(line.place(stretch.start) - own) > _ELSEWHERE:
            yield number


def _sum(stretch: Stretch, number: int, lines: Sequence[Line], evidence: Sequence[Doubles]) -> float:
    first = lines[number].start
    return float(evidence[number][max(0, stretch.start - first) : max(0, stretch.end - first)].sum())


def _active(lines: Sequence[Line], last: int) -> Iterator[list[int]]:
    """For each frame the numbers of the lines that cover it."""
    starts: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        starts.setdefault(line.start, []).append(number)
    active: list[int] = []
    for frame in range(last):
        active = [number for number in active if lines[number].end > frame] + starts.get(frame, [])
        yield active


def _traced(lines: Sequence[Line], entered: Sequence[bytearray], left: NDArray[np.intp]) -> list[Stretch]:
    """Back from the end: the line that was left last, and where it had been entered."""
    stretches: list[Stretch] = []
    frame = len(left) - 1
    while frame >= 0:
        number = int(left[frame])
        if number < 0:
            frame -= 1
            continue
        k = frame - lines[number].start
        while not entered[number][k]:
            k -= 1
        start = lines[number].start + k
        stretches.append(Stretch(number, start, frame + 1))
        frame = start - 1
    return stretches[::-1]
