"""Whose voices are heard in a recall interview: told apart once the playback is left out, and recognised by the
session, in which the participant speaks and the interviewer does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from iprkit.actions.parts import Part
from iprkit.actions.voice_profiles import Prints
from iprkit.linking.comments import INTERVIEWER
from iprkit.media import decode
from iprkit.speech import models, speakers, voices
from iprkit.speech.engine import HeardWord
from iprkit.speech.excerpt import Excerpt
from iprkit.speech.speakers import LABELS
from iprkit.speech.voices import VoiceWindow
from iprkit.timeline import Span
from iprkit.transcript import Word

Roles = dict[str, str]

_APART_MS = 2_000  # sound between words further apart is not read
_LONGEST_MS = 30_000
_ENOUGH = 40  # stretches of a speaker of which a voice profile is taken, the longest ones
_CLOSE_CALL = 0.1  # of two cosines; the same person in two recordings is ahead of another one by 0.3 and more
_ASKING = 0.3  # what it weighs if one asks nothing but questions and the other none: as much as the voice does
_ONE_PERSON = 0.8  # halves of one voice in one recording are more alike than this, two people hardly ever


def heard_prints(parts: Sequence[Part], words: Sequence[Word]) -> Prints:
    """Voice profiles of the speakers of these words, taken of the sound. Raises ModelMissing, ModelDamaged."""
    labels = sorted({word.speaker for word in words if word.speaker})
    chosen = [word for label in labels for word in _longest(words, label)]
    order = sorted(chosen, key=lambda word: word.start_ms)
    windows = voice_windows(parts, order)
    found = {label: speakers.profile(windows, order, label) for label in labels}
    return {label: value for label, value in found.items() if value is not None}


def told_apart(parts: Sequence[Part], words: Sequence[Word]) -> list[Word]:
    """The words, in order of time, with speakers decided anew by the two voices that are heard in them alone.

    Raises ModelMissing, ModelDamaged.
    """
    windows = voice_windows(parts, words)
    heard = voices.tell_apart(windows)
    if heard is None:
        return [replace(word, speaker=None, doubtful=False) for word in words]
    return speakers.by_first_voice(speakers.assign_speakers(words, speakers.by_voice(words, windows, heard)))


def who_is_who(
    prints: Prints, known: Sequence[Sequence[float]], asking: Mapping[str, float], perspective: str
) -> Roles:
    """Which label of an interview is its participant and which the interviewer; empty where it is a close call.

    ``known`` are the voices that the participant can have: theirs in the session, or both of the session where nobody
    said who is who there. ``asking`` is the share of questions in what each label says: interviewers ask. Two labels
    that sound like one person are one: people also talk to a film alone.
    """
    if set(prints) != set(LABELS) or not known:
        return {}
    voice = {label: prints[label][0] for label in LABELS}
    if _cosine(voice["A"], voice["B"]) > _ONE_PERSON:
        return dict.fromkeys(LABELS, perspective)
    likeness = {label: max(_cosine(voice[label], one) for one in known) for label in LABELS}
    lead = likeness["A"] - likeness["B"] + _ASKING * (asking.get("B", 0.0) - asking.get("A", 0.0))
    if abs(lead) < _CLOSE_CALL:
        return {}
    participant = LABELS[0] if lead > 0 else LABELS[1]
    return {label: perspective if label == participant else INTERVIEWER for label in LABELS}


def participant_voices(session: Prints, roles: Mapping[str, str | None], perspective: str) -> list[list[float]]:
    """The voices of the session that the participant can have; ``roles`` says who its labels are."""
    theirs = [session[label][0] for label in session if roles.get(label) == perspective]
    return theirs or [embedding for label, (embedding, _) in session.items() if not roles.get(label)]


def voice_windows(parts: Sequence[Part], words: Sequence[Word]) -> list[VoiceWindow]:
    """Voiceprints along words in order of time, on the conversation's clock."""
    from iprkit.speech.voiceprint import Voiceprints  # PyTorch takes seconds to load

    voiceprints = Voiceprints(models.voice_model().path)
    out: list[VoiceWindow] = []
    for part, own in _by_part(parts, words):
        runs = _runs(own)
        spans = [run[0].span | run[-1].span for run in runs]
        for run, span, samples in zip(runs, spans, decode.read(part.file, spans), strict=True):
            heard = [HeardWord(word.text, word.start_ms, word.end_ms, word.confidence) for word in run]
            found = voices.voice_windows(heard, Excerpt(samples[0], span, ()), voiceprints)
            out += [replace(window, span=window.span.shift(part.offset_ms)) for window in found]
    return out


def _longest(words: Sequence[Word], label: str) -> list[Word]:
    runs = sorted(_runs([word for word in words if word.speaker == label]), key=_length_ms, reverse=True)
    return [word for run in runs[:_ENOUGH] for word in run]


def _length_ms(run: Sequence[Word]) -> int:
    return run[-1].end_ms - run[0].start_ms


def _by_part(parts: Sequence[Part], words: Sequence[Word]) -> list[tuple[Part, list[Word]]]:
    """The words of each part, on its own clock."""
    order = sorted(parts, key=lambda part: part.offset_ms)
    ends = [part.offset_ms for part in order[1:]] + [max([word.end_ms for word in words], default=0) + 1]
    out = []
    for part, end_ms in zip(order, ends, strict=True):
        own = [word for word in words if word.span.middle_ms in Span(part.offset_ms, max(part.offset_ms, end_ms))]
        moved = (word.span.shift(-part.offset_ms) for word in own)
        clipped = [Span(max(0, span.start_ms), max(0, span.end_ms)) for span in moved]
        pairs = zip(own, clipped, strict=True)
        out.append((part, [replace(word, start_ms=span.start_ms, end_ms=span.end_ms) for word, span in pairs]))
    return out


def _runs(words: Sequence[Word]) -> list[list[Word]]:
    """Words that follow each other closely, in stretches to read at a time."""
    out: list[list[Word]] = []
    for word in words:
        near = out and word.start_ms - out[-1][-1].end_ms < _APART_MS
        if near and word.end_ms - out[-1][0].start_ms < _LONGEST_MS:
            out[-1].append(word)
        else:
            out.append([word])
    return out


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return float(np.dot(np.array(one), np.array(other)))
