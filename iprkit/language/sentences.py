"""Where one thing to code ends and the next begins: the words of a conversation cut into sentences of one speaker.

A cut is made where the speaker changes, where a speaker is silent for a second and a half, and where a sentence
ends. A reaction that falls *into* the other's words leaves that sentence whole; one that falls into a gap between
them is a change of speaker. A very short sentence (``Yes.``) stays with what the same speaker goes on to say without
a break, because a coder reads both as one answer; a question is never joined to what follows it. A sentence that is
too long to code as one is divided at its best comma, conjunction or pause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from iprkit.transcript import Word

if TYPE_CHECKING:
    from spacy.language import Language

PAUSE_MS = 1500
LONG_CHARACTERS = 200
LONG_MS = 25_000
SHORT_MS = 1200
JOINED_MS = 300

_COMMAS = (",", ";", ":", "–", "—", "…", "...", "،", "、", "，")
_QUESTIONS = ("?", "？", "؟")
_SPACY_NAMES = {"no": "nb"}
_CONJUNCTIONS = {
    "en": "and but or so because when if while although since then which that where",
    "de": "und aber oder denn weil dass wenn als ob sondern obwohl damit dann also wo",
    "fr": "et mais ou donc car que quand si parce puis lorsque comme",
    "es": "y pero o porque que cuando si entonces aunque pues como",
    "it": "e ma o perché che quando se quindi allora anche come",
    "nl": "en maar of want omdat dat als toen terwijl dus dan",
    "pt": "e mas ou porque que quando se então embora como",
    "ca": "i però o perquè que quan si doncs aleshores com",
}

Words = tuple[Word, ...]


def sentences(words: Sequence[Word], language: str) -> list[Words]:
    """The words, each in exactly one stretch, the stretches in order of their start.

    ``words`` stand in order of time; those of two speakers may interleave. ``language`` is an ISO code (``en``);
    one that nobody has rules for is cut by punctuation and pauses alone.
    """
    stretches = _stretches(words)
    texts = (" ".join(word.text for word in stretch) for stretch in stretches)
    found: list[Words] = []
    for stretch, doc in zip(stretches, _pipeline(language).pipe(texts), strict=True):
        whole = _cut(stretch, {sentence.start_char for sentence in doc.sents})
        joining = frozenset(_CONJUNCTIONS.get(language, "").split())
        for sentence in _glued(whole):
            found.extend(_divided(sentence, joining))
    return sorted(found, key=lambda sentence: sentence[0].start_ms)


def sentence_rules(language: str) -> str:
    """What finds the sentence ends of a language here, for the record of a run: ``en_core_web_sm 3.8.0``, ``en rules``.

    Another machine cuts alike where this text and the version of spaCy are the same.
    """
    meta = _pipeline(language).meta
    trained = bool({"senter", "parser"} & set(_pipeline(language).pipe_names))
    return f"{meta['lang']}_{meta['name']} {meta['version']}" if trained else f"{meta['lang']} rules"


def too_long(words: Words) -> bool:
    """Whether a coder would have to code these words in parts."""
    return _characters(words) > LONG_CHARACTERS or _end_ms(words) - words[0].start_ms > LONG_MS


def _stretches(words: Sequence[Word]) -> list[Words]:
    """One speaker's words up to a change of speaker or a long pause."""
    order = sorted(words, key=lambda word: word.start_ms)
    places: dict[str | None, list[int]] = {}
    for at, word in enumerate(order):
        places.setdefault(word.speaker, []).append(at)
    found: list[Words] = []
    for own in places.values():
        cuts = [i for i, (p, q) in enumerate(pairwise(own), start=1) if _breaks(order, p, q)]
        for first, end in pairwise([0, *cuts, len(own)]):
            found.append(tuple(order[at] for at in own[first:end]))
    return found


def _breaks(order: Sequence[Word], one: int, other: int) -> bool:
    """Between two neighbouring words of a speaker: a long pause, or the other's words wholly in the gap."""
    gap_start, gap_end = order[one].end_ms, order[other].start_ms
    if gap_end - gap_start >= PAUSE_MS:
        return True
    between = order[one + 1 : other]
    return any(gap_start <= word.start_ms and word.end_ms <= gap_end for word in between)


def _cut(stretch: Words, starts: set[int]) -> list[Words]:
    """The stretch cut before the words at whose first character a sentence starts."""
    cuts, at = [], 0
    for index, word in enumerate(stretch):
        if index and at in starts:
            cuts.append(index)
        at += len(word.text) + 1
    return [stretch[first:end] for first, end in pairwise([0, *cuts, len(stretch)])]


def _glued(whole: Sequence[Words]) -> list[Words]:
    """Short sentences joined to the next, the last one to the one before."""
    found: list[Words] = []
    for index, sentence in enumerate(whole):
        last = index == len(whole) - 1
        if found and _joins(found[-1], sentence) and (_short(found[-1]) or (last and _short(sentence))):
            found[-1] += sentence
        else:
            found.append(sentence)
    return found


def _joins(one: Words, other: Words) -> bool:
    close = other[0].start_ms - one[-1].end_ms < JOINED_MS
    return close and not one[-1].text.endswith(_QUESTIONS) and not too_long(one + other)


def _short(words: Words) -> bool:
    return _end_ms(words) - words[0].start_ms < SHORT_MS


def _divided(sentence: Words, joining: frozenset[str]) -> Iterator[Words]:
    """The sentence, or its parts where it is too long."""
    if len(sentence) < 2 or not too_long(sentence):
        yield sentence
        return
    at = max(range(1, len(sentence)), key=lambda i: _merit(sentence, i, joining))
    yield from _divided(sentence[:at], joining)
    yield from _divided(sentence[at:], joining)


def _merit(sentence: Words, at: int, joining: frozenset[str]) -> float:
    """How good a place to divide lies before word ``at``: comma, conjunction, pause, and near the middle."""
    before, after = sentence[at - 1], sentence[at]
    comma = 2.0 if before.text.endswith(_COMMAS) else 0.0
    conjunction = 1.0 if after.text.lower().strip("\"'“„«(") in joining else 0.0
    pause = min(2.0, max(0, after.start_ms - before.end_ms) / 500)
    off_middle = abs(2 * at / len(sentence) - 1)
    return comma + conjunction + pause - 4 * off_middle**2


def _characters(words: Words) -> int:
    return sum(len(word.text) for word in words) + len(words) - 1


def _end_ms(words: Words) -> int:
    return max(word.end_ms for word in words)


@lru_cache(maxsize=8)
def _pipeline(language: str) -> Language:
    """The language's trained pipeline where one is installed, else spaCy's rules for it, else those for any."""
    import spacy  # takes seconds to load, so only for those who cut

    code = _SPACY_NAMES.get(language, language)
    installed = sorted(name for name in spacy.util.get_installed_models() if name.startswith(f"{code}_"))
    trained = [name for name in installed if name.endswith(("_sm", "_md", "_lg"))]
    if trained:
        return _sentence_finder(spacy.load(trained[-1]))
    try:
        blank = spacy.blank(code)
    except ImportError:  # no such language, or its tokenizer needs a package that is not there
        blank = spacy.blank("xx")
    blank.add_pipe("sentencizer")
    return blank


def _sentence_finder(pipeline: Language) -> Language:
    """The trained pipeline with nothing at work but what finds sentences."""
    wanted = "senter" if "senter" in pipeline.component_names else "parser"
    pipeline.select_pipes(enable=[name for name in ("tok2vec", wanted) if name in pipeline.component_names])
    return pipeline
