"""Accents that a language's spelling asks for without exception, where an engine left them out."""

from __future__ import annotations

import re

_FIRST = r"(?:me|te|se|nos|os)"
_SECOND = r"(?:lo|la|le|los|las|les)"
_ACUTE = str.maketrans("aeiAEI", "áéíÁÉÍ")
_INFINITIVE = re.compile(rf"(?P<stem>\w*)(?P<vowel>[aei])(?P<rest>r{_FIRST}{_SECOND})", re.IGNORECASE)
_GERUND = re.compile(
    rf"(?P<stem>\w*?)(?P<vowel>a|(?<=[iy])e)(?P<rest>ndo(?:{_FIRST}{_SECOND}|{_FIRST}|{_SECOND}))", re.IGNORECASE
)
_NO_VERBS = {"carmelo", "carmela", "marmelo", "marmelos"}  # names and a quince that look like one
_LETTERS = re.compile(r"\w+")


def spelled(word: str, language: str) -> str:
    """The word as its language spells it; untouched where no rule without exceptions applies.

    In Spanish a word that is stressed on the third syllable from its end, or before, always bears the accent (Real
    Academia Española, Ortografía de la lengua española, 2010, II.3.4). An infinitive with two pronouns behind it and a
    gerund with one or two are such words.

    >>> spelled("decirmelo?", "es"), spelled("contandoselo", "es"), spelled("Haciendolo", "es")
    ('decírmelo?', 'contándoselo', 'Haciéndolo')
    >>> spelled("decirlo", "es"), spelled("comandos", "es"), spelled("decirmelo", "it")
    ('decirlo', 'comandos', 'decirmelo')
    """
    if language != "es":
        return word
    return _LETTERS.sub(lambda found: _accented(found[0]), word)


def _accented(letters: str) -> str:
    for verb in (_INFINITIVE, _GERUND):
        found = verb.fullmatch(letters)
        if found and letters.lower() not in _NO_VERBS:
            return found["stem"] + found["vowel"].translate(_ACUTE) + found["rest"]
    return letters
