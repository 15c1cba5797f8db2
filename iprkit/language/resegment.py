"""A corrected transcript cut into segments again, only where its words changed: what can be cited stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from iprkit.language.edits import bare, ends_sentence
from iprkit.language.sentences import sentences
from iprkit.transcript import Segment, Word


def resegment(segments: Sequence[Segment], words: Sequence[Word], language: str) -> list[Segment]:
    """The new words in segments, in order of their start.

    ``words`` stand in the order of the text; those that stood in ``segments`` before bear their old ids. A segment
    stays, key and flags included, if all its words do, in one piece, with their speaker, and with its sentences' ends.
    The words in between are cut into sentences anew; their segments have neither key nor flags.
    """
    home = {word.id: n for n, segment in enumerate(segments) for word in segment.words}
    places: dict[int, list[int]] = {}
    for at, word in enumerate(words):
        if word.id in home:
            places.setdefault(home[word.id], []).append(at)
    whole = {n for n, at in places.items() if _stays(segments[n], words, at)}
    found = [_kept(segments[n], words, places[n]) for n in whole]
    for run in _between(words, home, whole):
        ordered = sorted(run, key=lambda word: word.start_ms)
        found += [Segment("", cut[0].speaker, tuple(cut)) for cut in sentences(ordered, language)]
    return sorted(found, key=lambda segment: segment.start_ms)


def _between(words: Sequence[Word], home: Mapping[str, int], whole: set[int]) -> Iterator[list[Word]]:
    for stays, run in groupby(words, key=lambda word: home.get(word.id) in whole):
        if not stays:
            yield list(run)


def _stays(segment: Segment, words: Sequence[Word], at: Sequence[int]) -> bool:
    if len(at) != len(segment.words) or at[-1] - at[0] >= len(at):
        return False
    pairs = zip(segment.words, (words[n] for n in at), strict=True)
    return all(old.id == new.id and new.speaker == segment.speaker and _alike(old.text, new.text) for old, new in pairs)


def _kept(segment: Segment, words: Sequence[Word], at: Sequence[int]) -> Segment:
    return replace(segment, words=tuple(words[n] for n in at))


def _alike(one: str, other: str) -> bool:
    return bare(one) == bare(other) and ends_sentence(one) == ends_sentence(other)
