"""Words that turn out to be somebody else's: the segments cut where the speaker changes now, and joined again where
only a wrong speaker had cut a sentence in two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from iprkit.language.sentences import PAUSE_MS, too_long
from iprkit.transcript import Segment

_ENDS = (".", "?", "!", "…", "。", "？", "！", "؟")
_QUOTES = "\"'”’»“)]"


@dataclass(frozen=True)
class _Piece:
    """A segment as it is now, and who said its last word before."""

    now: Segment
    before: str | None


def hand_over(segments: Sequence[Segment], to: Mapping[str, str]) -> list[Segment]:
    """The segments, in order of their start, once the words whose ids stand in ``to`` are those of the speaker named.

    Nobody doubts those words any longer. Whatever the words do not touch stays as it is, keys included; the others bear
    the key of the segment that they come from, to be replaced when they are stored.
    """
    pieces = sorted((piece for one in segments for piece in _pieces(one, to)), key=lambda piece: piece.now.span)
    done: list[_Piece] = []
    for piece in pieces:
        if done and _one_sentence(done[-1], piece):
            done[-1] = _joined(done[-1], piece)
        else:
            done.append(piece)
    return [piece.now for piece in done]


def _pieces(segment: Segment, to: Mapping[str, str]) -> Iterator[_Piece]:
    if not any(word.id in to for word in segment.words):
        yield _Piece(segment, segment.speaker)
        return
    for speaker, run in groupby(segment.words, key=lambda word: to.get(word.id, segment.speaker)):
        role = segment.role if speaker == segment.speaker else None
        words = tuple(replace(w, speaker=speaker, doubtful=False) if w.id in to else w for w in run)
        yield _Piece(replace(segment, speaker=speaker, role=role, words=words), segment.speaker)


def _one_sentence(one: _Piece, other: _Piece) -> bool:
    """Whether only a speaker who is none had parted the two."""
    if one.now.speaker != other.now.speaker or one.before == other.before:
        return False
    last, first = one.now, other.now
    inside = first.start_ms < last.end_ms
    open_end = not last.words[-1].text.rstrip(_QUOTES).endswith(_ENDS)
    goes_on = inside or (open_end and first.start_ms - last.end_ms < PAUSE_MS)
    return goes_on and not too_long(last.words + first.words)


def _joined(one: _Piece, other: _Piece) -> _Piece:
    words = tuple(sorted(one.now.words + other.now.words, key=lambda word: word.start_ms))
    flags = tuple(sorted({*one.now.flags, *other.now.flags}))
    last = one if one.now.end_ms > other.now.end_ms else other
    return _Piece(replace(one.now, words=words, flags=flags), last.before)
