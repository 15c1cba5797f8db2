"""Who says each word: evidence of voice or channel, word by word, along the most plausible run of turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from iprkit.speech import channels
from iprkit.speech.channels import Levels
from iprkit.timeline import Span
from iprkit.transcript import Word

if TYPE_CHECKING:
    from iprkit.speech.voices import Voices, VoiceWindow  # PyTorch behind it takes seconds to load

Array = NDArray[np.float64]

LABELS = ("A", "B")
SURE = 0.9  # a word whose speaker is less probable is listed as doubtful

# What a change of speaker costs between two words, as minus its log odds. Within fluent speech people hardly ever
# change in mid-sentence; after a sentence or a pause they often do.
_CHANGE = 7.0
_CHANGE_AT_SENTENCE_END = 2.0
_CHANGE_AT_PAUSE = 2.5
_CHANGE_AT_BOTH = 0.7
_PAUSE_MS = 150
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！")
_NEAR_MS = 400


@dataclass(frozen=True)
class Evidence:
    """For each word the log odds that the first speaker says it."""

    log_odds: tuple[float, ...]


def by_voice(words: Sequence[Word], windows: Sequence[VoiceWindow], heard: Voices) -> Evidence:
    """From voiceprints: the windows over a word, those centred on it counting most, else the nearest."""
    middles = np.array([window.span.middle_ms for window in windows], float)
    odds = np.array([heard.log_odds(window) for window in windows])
    lows = np.array([window.span.start_ms for window in windows], float)
    highs = np.array([window.span.end_ms for window in windows], float)
    return Evidence(tuple(_at(word.span, middles, lows, highs, odds) for word in words))


def by_channel(words: Sequence[Word], even: Levels) -> Evidence:
    """From the levels of two channels, see `channels.evened`."""
    return Evidence(tuple(channels.log_odds(even, word.span) for word in words))


def assign_speakers(words: Sequence[Word], evidence: Evidence) -> list[Word]:
    """The words with speakers ``A`` and ``B`` (A is the one with positive log odds), close calls marked ``doubtful``.

    Forward-backward over a chain of two states whose change costs depend on pauses and sentence ends; each word gets
    the state that is more probable given all the evidence (Rabiner 1989, Proc. IEEE 77, section III.B).
    """
    if not words:
        return []
    emission = np.array([[odds / 2, -odds / 2] for odds in evidence.log_odds])
    change = np.array([0.0, *(_change_cost(a, b) for a, b in pairwise(words))])
    forward = _pass(emission, change)
    backward = _pass(emission[::-1], np.append(0.0, change[:0:-1]))[::-1] - emission
    total = forward + backward
    first = 1 / (1 + np.exp(np.clip(total[:, 1] - total[:, 0], -50, 50)))
    return [_said_by(word, float(p)) for word, p in zip(words, first, strict=True)]


def by_first_voice(words: Sequence[Word]) -> list[Word]:
    """Labels so that ``A`` is who speaks first."""
    if not words or words[0].speaker in (LABELS[0], None):
        return list(words)
    other = {LABELS[0]: LABELS[1], LABELS[1]: LABELS[0]}
    return [replace(word, speaker=other.get(word.speaker or "", word.speaker)) for word in words]


def profile(windows: Sequence[VoiceWindow], words: Sequence[Word], label: str) -> tuple[list[float], int] | None:
    """The mean voiceprint of a speaker over the windows wholly inside their words, and how many windows; or None."""
    spans = _turn_spans(words, label)
    inside = [
        w.vector for w in windows if any(s.start_ms <= w.span.start_ms and w.span.end_ms <= s.end_ms for s in spans)
    ]
    if not inside:
        return None
    mean = np.mean(np.array(inside, np.float64), axis=0)
    unit = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return [round(float(value), 5) for value in unit], len(inside)


def recognise(centres: NDArray[np.float64], known: Mapping[str, Sequence[float]]) -> dict[str, str]:
    """Which of two stored profiles (role: vector) belongs to which label, ``{"A": "therapist", …}``.

    ``centres``: the voices of A and B, shape (2, 192). Empty where it is a close call, or not two are known.
    """
    if len(known) != 2:
        return {}
    roles = list(known)
    similarity = centres @ np.array([known[role] for role in roles], float).T
    straight, crossed = float(similarity[0, 0] + similarity[1, 1]), float(similarity[0, 1] + similarity[1, 0])
    if abs(straight - crossed) < _CLOSE_CALL:
        return {}
    return dict(zip(LABELS, roles if straight > crossed else roles[::-1], strict=True))


_CLOSE_CALL = 0.2  # of two summed cosines; the same two people in two sessions differ by 0.8 and more


def _at(span: Span, mid: Array, low: Array, high: Array, value: Array) -> float:
    if not len(value):
        return 0.0
    at = span.middle_ms
    covers = (low <= at) & (at <= high)
    if not covers.any():
        nearest = int(np.argmin(np.maximum(low - at, at - high)))
        distance = max(low[nearest] - at, at - high[nearest])
        return float(value[nearest]) if distance < _NEAR_MS else 0.0
    half = np.maximum((high - low)[covers] / 2, 1)
    weight = np.maximum(0.1, 1 - np.abs(mid[covers] - at) / half)
    return float((weight * value[covers]).sum() / weight.sum())


def _change_cost(before: Word, word: Word) -> float:
    pause = word.start_ms - before.end_ms >= _PAUSE_MS
    ended = before.text.endswith(_SENTENCE_ENDS)
    if pause and ended:
        return _CHANGE_AT_BOTH
    return _CHANGE_AT_SENTENCE_END if ended else _CHANGE_AT_PAUSE if pause else _CHANGE


def _pass(emission: Array, change: Array) -> Array:
    """Log probabilities of the two states given the evidence so far."""
    out = np.empty_like(emission)
    out[0] = emission[0]
    for n in range(1, len(emission)):
        stay, cost = out[n - 1], out[n - 1][::-1] - change[n]
        out[n] = emission[n] + np.logaddexp(stay, cost)
        out[n] -= out[n].max()
    return out


def _said_by(word: Word, first: float) -> Word:
    label = LABELS[0] if first >= 0.5 else LABELS[1]
    return replace(word, speaker=label, doubtful=max(first, 1 - first) < SURE)


def _turn_spans(words: Sequence[Word], label: str) -> list[Span]:
    out: list[Span] = []
    for before, word in zip([None, *words], words, strict=False):
        if word.speaker != label:
            continue
        if before is not None and before.speaker == label and word.start_ms - before.end_ms < 1_000 and out:
            out[-1] |= word.span
        else:
            out.append(word.span)
    return out
