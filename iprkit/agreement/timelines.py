"""Codings of stretches of time: who saw which code from when to when, on the time lines of one or many sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iprkit.agreement.ratings import Ints
from iprkit.timeline import Span


@dataclass(frozen=True)
class Mark:
    """One coder saw one code in one stretch of time."""

    coder: str
    code: str
    span: Span


@dataclass(frozen=True)
class Timeline:
    """What all coders saw between 0 and ``duration_ms`` of one session.

    ``coders`` are those who watched it, also those who saw nothing: without a mark, their whole line says *no code*.
    Raises ValueError for a duration that is none, a mark outside of it, and a mark by somebody else.
    """

    session: str
    duration_ms: int
    coders: tuple[str, ...]
    marks: tuple[Mark, ...]
    dyad: str | None = None

    def __post_init__(self) -> None:
        if self.duration_ms < 1:
            raise ValueError(f"{self.session} lasts {self.duration_ms} ms; a time line is at least 1 ms long")
        known = set(self.coders)
        for mark in self.marks:
            if mark.coder not in known:
                raise ValueError(f"{self.session}: {mark.coder} has a mark but is not among its coders")
            if mark.span.start_ms < 0 or mark.span.end_ms > self.duration_ms:
                raise ValueError(
                    f"{self.session}: a mark from {mark.span.start_ms} to {mark.span.end_ms} ms lies outside"
                )


@dataclass(frozen=True, eq=False)
class Ticks:
    """Time lines cut into ticks, laid end to end.

    ``starts``, shape (lines + 1,), is where each line begins, and where the last one ends. ``session``, ``coder``,
    ``code`` (places in ``lines``, ``coders``, ``codes``), ``start`` and ``end``, all of shape (stretches,), hold what
    was coded, in rising order of session, coder, code and time; stretches of one coder and code that overlap are one.
    ``watched``, shape (lines, coders), says who watched, ``lost`` is how many stretches were too short for a tick.
    """

    lines: tuple[Timeline, ...]
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    tick_ms: int
    starts: Ints
    watched: NDArray[np.bool_]
    session: Ints
    coder: Ints
    code: Ints
    start: Ints
    end: Ints
    lost: int
    codebook: str | None = None

    @property
    def unit(self) -> str:
        return f"tick of {self.tick_ms} ms"

    @property
    def lengths(self) -> Ints:
        """How many ticks each line has, shape (lines,)."""
        return np.diff(self.starts)


def ticks(
    lines: Sequence[Timeline], tick_ms: int, codes: Sequence[str] | None = None, codebook: str | None = None
) -> Ticks:
    """Cut time lines into ticks of ``tick_ms``.

    A code is on in a tick when it is on in the tick's middle; what falls between two middles is ``lost``, and a finer
    tick finds it. A last short tick counts when its middle is on the line. ``codes`` names all that could be used;
    without it, those that were. Raises ValueError for a tick below 1 ms and where there is no line.

    ::

        tick      |   .   |   .   |   .   |      middles are dots
        coded        ========                    from 3/8 of tick 0 to 3/8 of tick 1
        on        |   x   |       |       |      only the first middle is covered
    """
    if tick_ms < 1:
        raise ValueError(f"tick_ms is {tick_ms}; a tick lasts at least 1 ms")
    if not lines:
        raise ValueError("there is no time line to compare")
    coders = tuple(dict.fromkeys(coder for line in lines for coder in line.coders))
    known = tuple(codes) if codes is not None else tuple(sorted({mark.code for line in lines for mark in line.marks}))
    lengths = np.array([max(1, int(_tick(np.array(line.duration_ms), tick_ms))) for line in lines], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    watched = np.array([[coder in line.coders for coder in coders] for line in lines], dtype=np.bool_)
    stretches = _stretches(lines, coders, known, tick_ms, starts)
    lost = sum(mark.code in known for line in lines for mark in line.marks) - stretches.shape[1]
    return Ticks(tuple(lines), coders, known, tick_ms, starts, watched, *_joined(stretches), lost, codebook)


def _stretches(
    lines: Sequence[Timeline], coders: Sequence[str], codes: Sequence[str], tick_ms: int, starts: Ints
) -> Ints:
    """Session, coder, code, start and end of every mark, shape (5, marks)."""
    coder_at = {name: place for place, name in enumerate(coders)}
    code_at = {name: place for place, name in enumerate(codes)}
    rows = [
        (place, coder_at[mark.coder], code_at[mark.code], mark.span.start_ms, mark.span.end_ms)
        for place, line in enumerate(lines)
        for mark in line.marks
        if mark.code in code_at
    ]
    session, coder, code, start_ms, end_ms = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    last = np.diff(starts)[session]
    start, end = _tick(start_ms, tick_ms), np.minimum(_tick(end_ms, tick_ms), last)
    found = np.stack([session, coder, code, start + starts[session], end + starts[session]])
    return found[:, end > start]


def _tick(ms: Ints, tick_ms: int) -> Ints:
    """The first tick whose middle lies at ``ms`` or after it."""
    return np.asarray(-((tick_ms - 2 * ms) // (2 * tick_ms)), dtype=np.int64)


def _joined(rows: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """In order, with overlapping stretches of one session, coder and code made one; those that touch stay two."""
    session, coder, code, start, end = rows[:, np.lexsort(rows[[4, 3, 2, 1, 0]])]
    if not len(session):
        return session, coder, code, start, end
    group = np.cumsum(np.concatenate([[0], (np.diff(np.stack([session, coder, code])) != 0).any(axis=0)]))
    far = end.max() + 1
    reach = np.maximum.accumulate(end + group * far) - group * far
    first = np.concatenate([[True], (np.diff(group) > 0) | (start[1:] >= reach[:-1])])
    begins = np.flatnonzero(first)
    return session[begins], coder[begins], code[begins], start[begins], np.maximum.reduceat(end, begins)
