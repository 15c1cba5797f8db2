"""How English words sound, for the aligner: its own dictionary first, numbers in words, and rules for names."""

from __future__ import annotations

import re
from collections.abc import Callable

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

# Letters to ARPABET, the longest match first: rough, and only for words that no dictionary has. The aligner needs a
# sound of about the right length and colour there, no more.
_RULES = {
    "tion": "SH AH N", "sch": "SH", "tch": "CH", "igh": "AY", "ch": "CH", "sh": "SH", "th": "TH", "ph": "F",
    "wh": "W", "ck": "K", "ng": "NG", "qu": "K W", "ee": "IY", "ea": "IY", "oo": "UW", "ou": "AW", "ow": "OW",
    "ai": "EY", "ay": "EY", "oi": "OY", "oy": "OY", "au": "AO", "aw": "AO", "er": "ER", "ir": "ER", "ur": "ER",
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH", "j": "JH",
    "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R", "s": "S", "t": "T",
    "u": "AH", "v": "V", "w": "W", "x": "K S", "y": "IY", "z": "Z",
}  # fmt: skip
_LETTERS = re.compile("|".join(sorted(_RULES, key=len, reverse=True)))


def spoken(word: str, known: Callable[[str], bool]) -> list[str]:
    """The dictionary words that a written word is said as: ``41`` is forty one, ``mm-hm`` is mm hm.

    Parts that ``known`` does not have come back as they are, for `guess`; what has no letter gives nothing.
    """
    text = word.casefold().replace("’", "'").strip("'\"“”‘ ")
    text = re.sub(r"[^\w'\-]", "", text)
    if known(text):
        return [text]
    parts = [part for part in re.split(r"[-_]|(?<=\d)(?=\D)|(?<=\D)(?=\d)", text) if part.strip("'")]
    return [said for part in parts for said in (_number(int(part)) if part.isdecimal() else [part.strip("'")])]


def guess(word: str) -> str:
    """A rough pronunciation in ARPABET of a word that no dictionary has.

    >>> guess("sheena")
    'SH IY N AE'
    """
    return " ".join(_RULES[letters] for letters in _LETTERS.findall(word.casefold())) or "AH"


def _number(value: int) -> list[str]:
    """A whole number in words; above 9999 digit by digit, as people read codes out.

    >>> _number(1941)
    ['one', 'thousand', 'nine', 'hundred', 'forty', 'one']
    """
    if value > 9999:
        return [_ONES[int(digit)] for digit in str(value)]
    words: list[str] = []
    for unit, name in ((1000, "thousand"), (100, "hundred")):
        if value >= unit:
            words += [_ONES[value // unit], name]
            value %= unit
    if value >= 20:
        words.append(_TENS[value // 10])
        value %= 10
    if value or not words:
        words.append(_ONES[value])
    return words
