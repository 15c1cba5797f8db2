"""How good a transcript is: words, short answers, who spoke, when, measured against what was really said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, permutations
from statistics import median

import jiwer
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from benchmarks.references import SaidTurn, spoken
from iprkit.timeline import Span
from iprkit.transcript import Transcript, Word

SHORT_WORDS = 3  # a turn of so few words is a short answer
_FRAME_MS = 10
_JOINED_MS = 600  # words of one speaker nearer to each other than this are one stretch of speech


@dataclass(frozen=True)
class Token:
    """A word as word error rates compare it, with who said it and when it began; ``turn`` numbers the turns said."""

    text: str
    speaker: str | None
    start_ms: int
    turn: int = 0


Pair = tuple[Token, Token]


def said_tokens(turns: Sequence[SaidTurn]) -> list[Token]:
    """The reference, word by word; of a turn only the first word's time is known, so all have it."""
    return [
        Token(word, turn.speaker, turn.span.start_ms, number)
        for number, turn in enumerate(turns)
        for word in spoken(turn.text).split()
    ]


def heard_tokens(transcript: Transcript) -> list[Token]:
    """A transcript's words as they are read, an answer after the sentence it fell into; ``mm-hm`` is two tokens."""
    words = transcript.words
    return [Token(token, word.speaker, word.start_ms) for word in words for token in spoken(word.text).split()]


def word_errors(said: Sequence[Token], heard: Sequence[Token]) -> float:
    """Substitutions, deletions and insertions as a share of the words said."""
    return float(jiwer.wer(_text(said), _text(heard)))


def differing(one: Sequence[Token], other: Sequence[Token]) -> float:
    """How far two transcripts are apart: word errors of each against the other, the larger."""
    return max(word_errors(one, other), word_errors(other, one))


def matched(said: Sequence[Token], heard: Sequence[Token]) -> list[Pair]:
    """The words that the best alignment of the two texts finds the same, in order."""
    chunks = jiwer.process_words(_text(said), _text(heard)).alignments[0]
    return [
        (said[chunk.ref_start_idx + n], heard[chunk.hyp_start_idx + n])
        for chunk in chunks
        if chunk.type == "equal"
        for n in range(chunk.ref_end_idx - chunk.ref_start_idx)
    ]


def short_answers_found(said: Sequence[Token], pairs: Sequence[Pair]) -> tuple[int, int]:
    """Of the words in turns of one to three words: how many were heard, and how many there are."""
    short = {turn for turn, words in groupby(said, key=lambda t: t.turn) if len(list(words)) <= SHORT_WORDS}
    return sum(token.turn in short for token, _ in pairs), sum(token.turn in short for token in said)


def right_speaker(pairs: Sequence[Pair], named: dict[str, str] | None = None) -> float:
    """Share of the matched words that the right person says.

    ``named`` says whom the labels mean; where nobody said it, they mean what fits best. A word without a speaker is
    wrong.
    """
    if not pairs:
        raise ValueError("no word was matched, so nobody can be the right speaker of it")
    if named is not None:
        return _agreeing(pairs, named)
    people = sorted({said.speaker or "" for said, _ in pairs})
    labels = sorted({heard.speaker for _, heard in pairs if heard.speaker})
    people += [""] * max(0, len(labels) - len(people))
    ways = (dict(zip(labels, chosen, strict=False)) for chosen in permutations(people, len(labels)))
    return max(_agreeing(pairs, way) for way in ways)


def turn_onsets_ms(said: Sequence[Token], pairs: Sequence[Pair]) -> list[int]:
    """How late each turn's first word was heard, negative where early; only turns whose first word was heard."""
    first: dict[int, Token] = {}
    for token in said:
        first.setdefault(token.turn, token)
    return [heard.start_ms - token.start_ms for token, heard in pairs if token is first[token.turn]]


def word_onsets_ms(pairs: Sequence[Pair]) -> list[int]:
    """How late each matched word was heard, where the reference knows every word's time."""
    return [heard.start_ms - said.start_ms for said, heard in pairs]


def share_within(errors_ms: Sequence[int], limit_ms: int, unbiased: bool = False) -> float:
    """Share of errors of at most ``limit_ms``, after the median is taken off where ``unbiased``."""
    bias = median(errors_ms) if unbiased else 0
    return sum(abs(error - bias) <= limit_ms for error in errors_ms) / len(errors_ms)


def speech_of(words: Iterable[Word]) -> dict[str, list[Span]]:
    """Where each speaker of a transcript speaks: stretches of their words."""
    out: dict[str, list[Span]] = {}
    for word in sorted(words, key=lambda word: word.start_ms):
        spans = out.setdefault(word.speaker or "?", [])
        if spans and word.start_ms - spans[-1].end_ms <= _JOINED_MS:
            spans[-1] |= word.span
        else:
            spans.append(word.span)
    return out


@dataclass(frozen=True)
class DiarizationError:
    """Shares of the speech there is: not heard, heard where there is none, given to the wrong person."""

    missed: float
    false_alarm: float
    confused: float

    @property
    def total(self) -> float:
        return self.missed + self.false_alarm + self.confused


def diarization_error(
    said: dict[str, list[Span]], heard: dict[str, list[Span]], within: Span, collar_ms: int = 0
) -> DiarizationError:
    """How wrong it is who speaks when, overlapping speech counted once for each speaker.

    As NIST defines it (Rich Transcription 2009 evaluation plan, section 6.1), on frames of 10 ms, under the mapping
    of labels to people that fits best. ``collar_ms`` on both sides of every edge of the reference is not scored.
    """
    scored = _scored(said, within, collar_ms)
    truth, guess = _activity(said, within)[:, scored], _activity(heard, within)[:, scored]
    shared = truth.astype(int) @ guess.T.astype(int)
    rows, columns = linear_sum_assignment(-shared)
    right, speech = int(shared[rows, columns].sum()), int(truth.sum())
    there, found = truth.sum(0), guess.sum(0)
    return DiarizationError(
        missed=float(np.maximum(there - found, 0).sum() / speech),
        false_alarm=float(np.maximum(found - there, 0).sum() / speech),
        confused=float((np.minimum(there, found).sum() - right) / speech),
    )


def _agreeing(pairs: Sequence[Pair], named: dict[str, str]) -> float:
    right = sum(heard.speaker is not None and named.get(heard.speaker) == said.speaker for said, heard in pairs)
    return right / len(pairs)


def _activity(speech: dict[str, list[Span]], within: Span) -> NDArray[np.bool_]:
    """Who speaks in each frame, shape (people, frames)."""
    out = np.zeros((len(speech), within.duration_ms // _FRAME_MS), bool)
    for row, spans in zip(out, speech.values(), strict=True):
        for span in spans:
            shared = span & within
            if shared:
                start, end = (round((ms - within.start_ms) / _FRAME_MS) for ms in (shared.start_ms, shared.end_ms))
                row[start:end] = True
    return out


def _scored(said: dict[str, list[Span]], within: Span, collar_ms: int) -> NDArray[np.bool_]:
    edges = [ms for spans in said.values() for span in spans for ms in (span.start_ms, span.end_ms)]
    collars = {"": [Span(max(0, ms - collar_ms), ms + collar_ms) for ms in edges if collar_ms]}
    scored: NDArray[np.bool_] = ~_activity(collars, within)[0]
    return scored


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens)
