"""The silences of a conversation, measured between words: within a speaker's turn and between two turns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iprkit.timeline import Span
from iprkit.transcript import Word


@dataclass(frozen=True)
class SpeechPause:
    """A stretch in which nobody speaks (not the Pause in which a film was stopped).

    ::

        before |====|            |====| after
                    <- silence ->

    ``within``: the same speaker goes on. ``measured``: both ends come from the recording, neither from words
    whose times were guessed.
    """

    before: Word
    after: Word
    span: Span

    @property
    def duration_ms(self) -> int:
        return self.span.duration_ms

    @property
    def within(self) -> bool:
        return self.before.speaker == self.after.speaker

    @property
    def measured(self) -> bool:
        return not (self.before.interpolated or self.after.interpolated)


def pauses(words: Iterable[Word], minimum_ms: int = 200) -> list[SpeechPause]:
    """Silences of at least ``minimum_ms``, in order; a gap in which the other one speaks is none.

    Raises ValueError where ``minimum_ms`` is not positive.
    """
    if minimum_ms < 1:
        raise ValueError(f"minimum_ms is {minimum_ms}; a pause lasts at least 1 ms")
    found: list[SpeechPause] = []
    last: Word | None = None
    for word in sorted(words, key=lambda word: word.start_ms):
        if last and word.start_ms - last.end_ms >= minimum_ms:
            found.append(SpeechPause(last, word, Span(last.end_ms, word.start_ms)))
        if last is None or word.end_ms >= last.end_ms:
            last = word
    return found
