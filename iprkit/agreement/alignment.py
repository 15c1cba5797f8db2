"""Which event of one coder answers which event of another: two lists of events in order, put side by side.

After Quera, Bakeman & Gnisci (2007), who align with the method of Needleman & Wunsch (1970), and Bakeman, Quera &
Gnisci (2009), who let only events near in time answer each other:

::

    coder 1   a ---  b ------          c --
    coder 2   a --      c -----  d --  c ---
              agree  disagree   only 2  agree

An event left alone costs 1, two that answer each other with different codes cost 1, with the same code nothing, so
that a disagreement is preferred to two omissions. Among equals the nearer onsets win.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from iprkit.agreement.ratings import Ints
from iprkit.agreement.timelines import Timeline

_COST = 10**12  # of one event left alone; nearness in ms only decides between alignments of the same cost
_BATCH = 2_000
_BOTH, _FIRST, _SECOND = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Alignment:
    """Events side by side, shape (rows,); ``first`` and ``second`` are places of codes, -1 where nothing answers.

    ``line`` and ``pair`` say on which time line and between which two coders (places in ``pairs``). ``start_off`` and
    ``end_off`` are how much later the second coder's event begins and ends, in ms, 0 where nothing answers.
    """

    pairs: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]
    line: Ints
    pair: Ints
    first: Ints
    second: Ints
    start_off: Ints
    end_off: Ints


@dataclass(frozen=True, eq=False)
class _Events:
    """What one coder saw on one line, in order of onset: codes, beginnings and ends, all of shape (events,)."""

    code: Ints
    start: Ints
    end: Ints


def align_events(lines: Sequence[Timeline], coders: Sequence[str], codes: Sequence[str], near_ms: int) -> Alignment:
    """Align the events of each two coders who watched the same line.

    Two events may answer each other when they overlap or when their onsets are no more than ``near_ms`` apart.
    Raises ValueError for a negative ``near_ms``.
    """
    if near_ms < 0:
        raise ValueError(f"near_ms is {near_ms}; it is 0 or more")
    pairs = tuple(combinations(coders, 2))
    jobs = sorted(_jobs(lines, pairs, codes), key=lambda job: (len(job[2].code), len(job[3].code)))
    found = [_align(jobs[start : start + _BATCH], near_ms) for start in range(0, len(jobs), _BATCH)]
    columns = np.concatenate(found, axis=1) if found else np.zeros((6, 0), dtype=np.int64)
    return Alignment(pairs, tuple(codes), *columns)


def _jobs(
    lines: Sequence[Timeline], pairs: Sequence[tuple[str, str]], codes: Sequence[str]
) -> Iterator[tuple[int, int, _Events, _Events]]:
    """Line, pair, and what both saw, wherever at least one of them saw something."""
    for at, line in enumerate(lines):
        events = _events(line, codes)
        for pair, (first, second) in enumerate(pairs):
            if first in events and second in events and len(events[first].code) + len(events[second].code):
                yield at, pair, events[first], events[second]


def _events(line: Timeline, codes: Sequence[str]) -> dict[str, _Events]:
    place = {code: at for at, code in enumerate(codes)}
    rows: dict[str, list[tuple[int, int, int]]] = {coder: [] for coder in line.coders}
    for mark in line.marks:
        if mark.code in place:
            rows[mark.coder].append((mark.span.start_ms, mark.span.end_ms, place[mark.code]))
    columns = {coder: np.array(sorted(found), dtype=np.int64).reshape(-1, 3).T for coder, found in rows.items()}
    return {coder: _Events(code, start, end) for coder, (start, end, code) in columns.items()}


def _align(jobs: Sequence[tuple[int, int, _Events, _Events]], near_ms: int) -> Ints:
    """Rows of `Alignment` for a batch, shape (6, rows): every step is taken for the whole batch at once."""
    first, second = _padded([job[2] for job in jobs]), _padded([job[3] for job in jobs])
    sizes = np.array([[len(job[2].code), len(job[3].code)] for job in jobs])
    steps = _steps(first, second, near_ms)
    job, i, j = _walk_back(steps, sizes)
    places = np.array([job[:2] for job in jobs], dtype=np.int64)[job]
    both = (i >= 0) & (j >= 0)
    off = np.where(both, second[1:, job, j] - first[1:, job, i], 0)
    codes = [np.where(i >= 0, first[0, job, i], -1), np.where(j >= 0, second[0, job, j], -1)]
    return np.stack([*places.T, *codes, *off])


def _padded(events: Sequence[_Events]) -> Ints:
    """Codes, beginnings and ends side by side, shape (3, jobs, most events)."""
    out = np.full((3, len(events), max(1, max(len(one.code) for one in events))), -1, dtype=np.int64)
    for place, one in enumerate(events):
        out[:, place, : len(one.code)] = one.code, one.start, one.end
    return out


def _steps(first: Ints, second: Ints, near_ms: int) -> NDArray[np.int8]:
    """The last step of the cheapest way to every corner (i, j), shape (i, j, jobs)."""
    rows, columns = first.shape[2], second.shape[2]
    steps = np.full((rows + 1, columns + 1, first.shape[1]), _SECOND, dtype=np.int8)
    steps[1:, 0] = _FIRST
    above = np.arange(columns + 1, dtype=np.int64)[:, None] * _COST + np.zeros(first.shape[1], dtype=np.int64)
    for i in range(rows):
        together = _together(first[:, :, i], second, near_ms)
        row = np.empty_like(above)
        row[0] = above[0] + _COST
        for j in range(columns):
            both, alone = above[j] + together[j], np.minimum(above[j + 1], row[j]) + _COST
            step = np.where(above[j + 1] <= row[j], np.int8(_FIRST), np.int8(_SECOND))
            steps[i + 1, j + 1] = np.where(both <= alone, np.int8(_BOTH), step)
            row[j + 1] = np.minimum(both, alone)
        above = row
    return steps


def _together(event: Ints, others: Ints, near_ms: int) -> Ints:
    """What it costs that an event, shape (3, jobs), and each of the others answer each other, shape (others, jobs)."""
    code, start, end = event[:, :, None]
    apart = np.abs(others[1] - start)
    may = ((others[1] < end) & (start < others[2])) | (apart <= near_ms)
    return np.asarray(np.where(may, np.where(others[0] == code, 0, _COST) + apart, 3 * _COST).T)


def _walk_back(steps: NDArray[np.int8], sizes: Ints) -> tuple[Ints, Ints, Ints]:
    """The rows of all alignments of a batch: job, event of the first and of the second coder, -1 for none."""
    job, (i, j) = np.arange(len(sizes)), sizes.T.copy()
    rows: list[Ints] = []
    while len(job):
        step = steps[i, j, job]
        i, j = i - (step != _SECOND), j - (step != _FIRST)
        rows.append(np.stack([job, np.where(step != _SECOND, i, -1), np.where(step != _FIRST, j, -1)]))
        left = (i > 0) | (j > 0)
        job, i, j = job[left], i[left], j[left]
    job, i, j = np.concatenate(rows, axis=1)[:, ::-1]
    return job, i, j
