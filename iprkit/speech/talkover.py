"""Where somebody in the room talks while the session is being played: sound that the session cannot account for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iprkit.recall import Piece
from iprkit.speech.activity import RATE
from iprkit.timeline import Span, gaps, merge

FRAME_MS = 20
_BANDS = 20  # equal on the mel scale; narrower ones follow single harmonics, wider ones hide a voice behind another
_LOWEST_HZ, _HIGHEST_HZ = 200, 4000  # what a small loudspeaker gives and where voices are loud
_WINDOW = 512  # samples: 32 ms
_CHUNK = 3000  # frames transformed at once
_SLACK_MS = 1_000  # a logged map may be off by this much; the clocks are brought together here
_DECAY_DB = 1.2  # a frame: a room in which sound falls by 60 dB in a second
_LOUDEST, _LOUD_DB = 95.0, 15.0  # percentile of a band's level, and how far below it speech still drowns a room
_LIKE = 35.0  # percentile of the difference in a band that stands for playback, though most of it be talked over
_QUIET = 10.0  # percentile of the level that stands for the room when nothing sounds
# Above what playback and room account for, in this share of the bands: a voice fills many, a click or crackle few.
# Lower values find more talk in noise and take more of a loud playback for talk (benchmarks/talkover.py).
_EXCESS_DB, _SHARE = 5.0, 0.3
_SMOOTH = 15  # frames, 300 ms: a syllable
_LEAST_MS = 400  # shorter than the shortest utterance worth listening to
_JOINED_MS = 1_200  # between two such stretches somebody goes on talking
_AROUND_MS = 300  # soft beginnings and ends
_BEYOND_MS = 1_000  # ends of pieces are less often off by more
_ALIKE_DB = 6.0  # what is heard departs from what is expected by less than this in half of the bands
_EDGE_SMOOTH = 5  # frames, 100 ms: a sound

Bands = NDArray[np.float32]


def band_levels(blocks: Iterable[NDArray[np.float32]]) -> Bands:
    """Level in decibels, shape (frames, 20), a frame every 20 ms, of mono sound at 16 kHz in blocks of any length."""
    step, held, parts = RATE * FRAME_MS // 1000, np.zeros(0, np.float32), []
    for block in blocks:
        held = np.concatenate([held, block.reshape(-1)])
        count = (len(held) - _WINDOW) // step + 1
        if count >= _CHUNK:
            parts.append(_levels(held, count))
            held = held[count * step :]
    parts.append(_levels(held, max(0, (len(held) - _WINDOW) // step + 1)))
    return np.concatenate(parts)


def only_playback(interview: Bands, session: Bands, pieces: Sequence[Piece]) -> list[Span]:
    """Where nothing but the session is heard, on the interview's clock: nobody need listen there.

    What the room makes of the session is its level in each band, moved by the difference that this piece has at most
    times, and its echo. What lies well above that in many bands at once is somebody who talks over it; where the sound
    goes on like that beyond the ends of a piece, the piece was cut short.
    """
    quiet = np.percentile(interview, _QUIET, axis=0) if len(interview) else np.zeros(_BANDS)
    floor = np.asarray(quiet, np.float64)
    free = list(gaps((piece.interview for piece in pieces), Span(0, len(interview) * FRAME_MS)))
    return merge(span for piece in pieces for span in _only_playback(interview, session, piece, (floor, free)))


def _only_playback(
    interview: Bands, session: Bands, piece: Piece, around: tuple[NDArray[np.float64], Sequence[Span]]
) -> list[Span]:
    floor, free = around
    reach = [gap & piece.interview.widen(_BEYOND_MS, gap | piece.interview) for gap in free if _touch(gap, piece)]
    whole = reduce(Span.__or__, (span for span in reach if span), piece.interview)
    first, end = piece.interview.start_ms // FRAME_MS, piece.interview.end_ms // FRAME_MS
    if end - first < _SMOOTH:
        return [piece.interview]
    low = whole.start_ms // FRAME_MS
    heard = interview[low : whole.end_ms // FRAME_MS]
    speed = piece.session.duration_ms / piece.interview.duration_ms
    at = piece.session.start_ms / FRAME_MS + speed * (np.arange(len(heard)) - (first - low))
    inside = slice(first - low, end - low)
    played = _aligned(session, np.asarray(at, np.float64), heard, inside)
    gain = _gain(heard[inside], played[inside])
    beyond = heard - np.maximum(_echoing(played) + gain, floor)
    live = _spans(_smooth((beyond > _EXCESS_DB).mean(axis=1), _SMOOTH) > _SHARE, low, whole)
    alike = _smooth(np.median(np.abs(beyond), axis=1), _EDGE_SMOOTH) < _ALIKE_DB
    found = _as_far_as(alike, inside, low)
    guarded = Span(found.start_ms + _AROUND_MS, max(found.start_ms + _AROUND_MS, found.end_ms - _AROUND_MS))
    span = guarded | piece.interview
    return list(gaps((one for one in live if one & span), span))


def _gain(heard: Bands, played: Bands) -> NDArray[np.float64]:
    """How much louder the session is in the room than in its recording, in each band, where it is loud itself: between
    words the room is heard."""
    loud = played >= np.percentile(played, _LOUDEST, axis=0) - _LOUD_DB
    bands = zip(heard.T, played.T, loud.T, strict=True)
    return np.array([np.percentile((a - b)[frames], _LIKE) for a, b, frames in bands])


def _touch(gap: Span, piece: Piece) -> bool:
    return gap.end_ms == piece.interview.start_ms or gap.start_ms == piece.interview.end_ms


def _as_far_as(alike: NDArray[np.bool_], inside: slice, low: int) -> Span:
    """The frames inside, and those before and after them as long as they are alike."""
    start, end = inside.start, min(inside.stop, len(alike))
    while start > 0 and alike[start - 1]:
        start -= 1
    while end < len(alike) and alike[end]:
        end += 1
    return Span((low + start) * FRAME_MS, (low + end) * FRAME_MS)


def _smooth(values: NDArray[np.floating[Any]], width: int) -> NDArray[np.float64]:
    return np.convolve(values, np.ones(width) / width, mode="same")


def _aligned(session: Bands, at: NDArray[np.float64], heard: Bands, inside: slice) -> Bands:
    """The session's frames at ``at``, moved to where they are most like what was heard inside the piece."""
    slack = _SLACK_MS // FRAME_MS
    frames = at.round().astype(int)
    envelope = heard[inside].mean(axis=1)
    envelope = envelope - envelope.mean()
    best, most = 0, -np.inf
    for lag in range(-slack, slack + 1):
        played = _at(session, frames[inside] + lag).mean(axis=1)
        spread = float(played.std() * envelope.std())
        likeness = float(((played - played.mean()) * envelope).mean()) / spread if spread else 0.0
        if likeness > most:
            best, most = lag, likeness
    return _at(session, frames + best)


def _at(session: Bands, frames: NDArray[np.int64]) -> Bands:
    if not len(session):
        return np.full((len(frames), _BANDS), -100.0, np.float32)
    return session[np.clip(frames, 0, len(session) - 1)]


def _echoing(played: Bands) -> Bands:
    """The levels with the room's echo: a sound falls off slowly, however suddenly it ended."""
    out = played.copy()
    for n in range(1, len(out)):
        np.maximum(out[n], out[n - 1] - _DECAY_DB, out=out[n])
    return out


def _spans(live: NDArray[np.bool_], first: int, within: Span) -> list[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], live.astype(np.int8), [0]])))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    joined = merge((Span((first + a) * FRAME_MS, (first + b) * FRAME_MS) for a, b in pairs), _JOINED_MS)
    long = [span for span in joined if span.duration_ms >= _LEAST_MS]
    return [
        Span(max(within.start_ms, s.start_ms - _AROUND_MS), min(within.end_ms, s.end_ms + _AROUND_MS)) for s in long
    ]


def _levels(sound: NDArray[np.float32], count: int) -> Bands:
    if not count:
        return np.zeros((0, _BANDS), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[:: RATE * FRAME_MS // 1000][:count]
    power = np.abs(np.fft.rfft(windows * _TAPER, axis=1)) ** 2
    return np.asarray(10 * np.log10(power @ _MEL + 1e-10), np.float32)


def _mel_bands() -> NDArray[np.float64]:
    """Triangles, shape (257, 20), each of sum 1; mel = 2595 lg(1 + f / 700) (O'Shaughnessy 1987)."""
    low_mel, high_mel = (2595 * math.log10(1 + hertz / 700) for hertz in (_LOWEST_HZ, _HIGHEST_HZ))
    corners = 700 * (10 ** (np.linspace(low_mel, high_mel, _BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(_WINDOW, 1 / RATE)[:, np.newaxis]
    low, middle, high = corners[:-2], corners[1:-1], corners[2:]
    bands = np.clip(np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)), 0, None)
    return np.asarray(bands / np.maximum(bands.sum(axis=0), 1e-9), np.float64)


_TAPER = np.hanning(_WINDOW)
_MEL = _mel_bands()
