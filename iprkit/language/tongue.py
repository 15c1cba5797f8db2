"""Which language a text is in, judged by its little words: good enough to choose who puts it on its sound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module

from iprkit.language.edits import bare

_LIKELY = 0.1  # of the words, after what they lose by being shared; real text is above 0.2 in its own language
_AHEAD = 1.5  # times as much as the next language
_CODES = {
    "ca": "ca", "cs": "cs", "da": "da", "de": "de", "en": "en", "es": "es", "fi": "fi", "fr": "fr", "hr": "hr",
    "hu": "hu", "it": "it", "lt": "lt", "nl": "nl", "no": "nb", "pl": "pl", "pt": "pt", "ro": "ro", "ru": "ru",
    "sv": "sv", "tr": "tr", "uk": "uk", "el": "el",
}  # fmt: skip


def likely_language(words: Iterable[str]) -> str | None:
    """The code of the language that most of the words speak for, None where it is a close call.

    A word counts for each language that has it among its function words (spaCy's lists), the less the more languages
    share it.
    """
    known, score, total = _little_words(), Counter[str](), 0
    for word in words:
        total += 1
        languages = known.get(bare(word), ())
        score.update({code: 1 / len(languages) for code in languages})
    ranked = score.most_common(2)
    if not ranked or ranked[0][1] < _LIKELY * total:
        return None
    clear = len(ranked) < 2 or ranked[0][1] >= _AHEAD * ranked[1][1]
    return ranked[0][0] if clear else None


@lru_cache(maxsize=1)
def _little_words() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, name in _CODES.items():
        for word in import_module(f"spacy.lang.{name}.stop_words").STOP_WORDS:
            found[word] = (*found.get(word, ()), code)
    return found
