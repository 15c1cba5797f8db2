"""What the written conventions share: turns as paragraphs, and the letters that speakers go by in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from iprkit.formats.cues import one_line
from iprkit.language.pauses import SpeechPause
from iprkit.transcript import Transcript, Word

Letters = dict[str | None, str]


def letters(transcript: Transcript) -> Letters:
    """The letter of each speaker, ``T`` or ``C``; numbered where two share one (``C1``, ``C2``), ``?`` for nobody."""
    plain = {speaker.label: speaker.letter for speaker in transcript.speakers}
    for segment in transcript.segments:
        if segment.speaker is not None:
            plain.setdefault(segment.speaker, segment.role[0].upper() if segment.role else segment.speaker)
    shared = Counter(plain.values())
    count: Counter[str] = Counter()
    found: Letters = {None: "?"}
    for label, letter in plain.items():
        count[letter] += 1
        found[label] = one_line(f"{letter}{count[letter]}" if shared[letter] > 1 else letter)
    return found


def with_pauses(words: Sequence[Word], marks: dict[str, str]) -> str:
    """The words' text, each mark (by the id of the word after it) set before its word."""
    return one_line(" ".join(f"{marks.get(word.id, '')} {word.text}" for word in words))


def marks_before(pauses: Sequence[SpeechPause], mark: str) -> dict[str, str]:
    """One mark for every pause, by the id of the word that ends it."""
    return {pause.after.id: mark for pause in pauses}
