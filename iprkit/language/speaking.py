"""Who says each word of a corrected text: whom the text names, else who said it before, else its neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from iprkit.language.edits import ends_sentence


@dataclass(frozen=True)
class Saying:
    """A word of the new text: the ``name`` that stands before it, and the paragraph (``turn``) that it is in.

    ``before`` is the label of who said the word that it was before; None for an added word, or where nobody knows.
    ``added``: it was no word before.
    """

    text: str
    name: str | None = None
    turn: int = 0
    before: str | None = None
    added: bool = False


@dataclass(frozen=True)
class Said:
    """The label of who says a word, None where nobody knows; ``sure`` unless it is a guess between two."""

    label: str | None
    sure: bool = True


def votes(words: Sequence[Saying]) -> dict[str, dict[str, int]]:
    """For each name, in order of appearance, how many of its words each label said before."""
    found: dict[str, Counter[str]] = {}
    for word in words:
        if word.name is not None:
            count = found.setdefault(word.name, Counter())
            if word.before is not None:
                count[word.before] += 1
    return {name: dict(count) for name, count in found.items()}


def who_speaks(words: Sequence[Saying], labels: Mapping[str, Sequence[str]]) -> list[Said]:
    """Decide for every word.

    ``labels`` are those that each name can mean. Words added without a name go to the speaker on both sides, or to the
    one whose paragraph or unfinished sentence they stand in.
    """
    found: list[Said | None] = []
    for word in words:
        found.append(_told(word, labels, found))
    out: list[Said] = []
    for known, run in groupby(range(len(words)), key=lambda n: found[n] is not None):
        places = list(run)
        out += [found[n] or Said(None) for n in places] if known else _between(words, found, places)
    return out


def _told(word: Saying, labels: Mapping[str, Sequence[str]], before: Sequence[Said | None]) -> Said | None:
    """None for a word that only its neighbours can tell about."""
    if word.name is None:
        return None if word.added else Said(word.before)
    meant = labels[word.name]
    last = before[-1].label if before and before[-1] else None
    return Said(next((label for label in (word.before, last) if label in meant), meant[0]))


def _between(words: Sequence[Saying], found: Sequence[Said | None], places: Sequence[int]) -> list[Said]:
    first, end = places[0], places[-1] + 1
    one = found[first - 1] if first else None
    other = found[end] if end < len(words) else None
    if one is None or other is None or one.label == other.label:
        return [Said((one or other or Said(None)).label)] * len(places)
    turns = [words[n].turn for n in (first - 1, end)]
    if turns[0] != turns[1]:
        return [Said(other.label if words[n].turn == turns[1] else one.label) for n in places]
    begun = not ends_sentence(words[first - 1].text)
    left_open = not ends_sentence(words[end - 1].text)
    return [Said(other.label if left_open and not begun else one.label, sure=False)] * len(places)
