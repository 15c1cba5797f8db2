"""A person's text put onto the sound of a conversation: a transcript corrected elsewhere, or one from outside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session as Db

from iprkit import __version__
from iprkit.actions.exchange_copies import write_exchange_copies
from iprkit.actions.ground import Scene, check_unchanged, ground, scene
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.journal import now
from iprkit.database.models import Run
from iprkit.database.transcripts import (
    load_transcript,
    replace_segments,
    store_transcript,
    tell_speakers,
    working_version,
)
from iprkit.errors import FormatError, InvalidInput, NotFound
from iprkit.formats.foreign import words_in
from iprkit.formats.told import Told
from iprkit.language.edits import Edit, bare, compare
from iprkit.language.naming import who_is_meant
from iprkit.language.resegment import resegment
from iprkit.language.sentences import sentence_rules
from iprkit.language.speaking import Saying, votes, who_speaks
from iprkit.language.tongue import likely_language
from iprkit.progress import Listener, Step, silent
from iprkit.speech.hearing import unheard_ms
from iprkit.speech.realign import Ground, Lost, NewWord, realign
from iprkit.speech.timing import ALIGNERS
from iprkit.timeline import Span
from iprkit.transcript import Segment, Speaker, Transcript, Word

STYLES = ("checked", "verbatim", "clean")
"""What a text is: read through by a person, written word for word, or smoothed."""


@dataclass(frozen=True)
class Manner:
    """How a text is put on: its ``style``, and its ``language`` where nothing says it, or says it wrong."""

    style: str = "checked"
    language: str | None = None


@dataclass(frozen=True)
class Aligned:
    """What became of the words: ``kept`` those left alone, ``changed`` the corrected ones, and how the new got times.

    ``placed`` were found in the sound, ``guessed`` share what was free, of which the ``lost`` do not fit there.
    ``first``: there was no transcript before.
    """

    key: str
    version: int
    language: str
    style: str
    words: int
    segments: int
    kept: int
    changed: int
    added: int
    removed: int
    placed: int
    guessed: int
    lost: tuple[Lost, ...]
    speakers: tuple[Speaker, ...]
    first: bool


@dataclass(frozen=True)
class _Text:
    """A text as it will be stored, and what it took to get there; ``speech`` is where somebody speaks."""

    segments: tuple[Segment, ...]
    speakers: tuple[Speaker, ...]
    speech: tuple[Span, ...]
    edit: Edit
    placed: int
    guessed: int
    lost: tuple[Lost, ...]


def align(
    study: Study, key: str, file: Path | None = None, manner: Manner | None = None, report: Listener = silent
) -> Aligned:
    """Put the text of a file onto the sound of a conversation; without a file, the words whose times were guessed.

    Where the conversation is transcribed, only what differs is put on the sound between the words that stayed, in the
    working version; else the whole text is, as the first version. Raises NotFound for an unknown key and where there
    is neither text nor transcript, FormatError for a file that is no transcript, InvalidInput, MediaError and its kin,
    Conflict where the transcript was changed meanwhile.
    """
    started, how = now(), manner or Manner()
    if how.style not in STYLES:
        raise InvalidInput(f"{how.style!r} is no style; choose among {', '.join(STYLES)}")
    before = scene(study, key)
    told, digest = _read(file) if file else (None, None)
    language = how.language or (before.transcript.language if before.transcript else _language(told, key))
    style = how.style if told or before.transcript is None else before.transcript.style
    text = _put(before, told, ground(before, language, report), report, keeps_flags=style == "clean")
    run = Run(
        step="align",
        tool_version=__version__,
        engine="pocketsphinx" if language in ALIGNERS else None,
        settings={"text_sha256": digest, "language": language, "style": style, "sentences": sentence_rules(language)},
        input_sha256=hashlib.sha256(json.dumps([*before.sha256, digest]).encode()).hexdigest(),
        author=study.author,
        started_at=started,
        ended_at=now(),
        outcome={"kept": text.edit.kept, "placed": text.placed, "guessed": text.guessed},
    )
    if not _is_as_before(before, text, run):
        with study.change(f"put a text onto {before.key}" if told else f"aligned {before.key}", before.key) as db:
            check_unchanged(db, before)
            db.add(run)
            _store(db, before, text, run)
        write_exchange_copies(study, before.key)
    return _summary(study, before, text)


def _read(file: Path) -> tuple[list[Told], str]:
    """The words of a file and its checksum."""
    if not file.is_file():
        raise InvalidInput(f"there is no file {file}; name the transcript to put on, as in --text FILE.txt")
    try:
        return words_in(file), hashlib.sha256(file.read_bytes()).hexdigest()
    except FormatError as e:
        said = str(e)
        raise FormatError(said if said.startswith(file.name) else f"{file.name}: {said}") from e


def _language(told: Sequence[Told] | None, key: str) -> str:
    if told is None:
        raise NotFound(
            f"{key} has no transcript yet; name a text, as in --text FILE.txt, or try: iprkit transcribe {key}"
        )
    found = likely_language(word.text for word in told)
    if found is None:
        raise InvalidInput("the text does not tell which language it is in; say it, as in --language en")
    return found


def _put(before: Scene, told: Sequence[Told] | None, under: Ground, report: Listener, keeps_flags: bool) -> _Text:
    """The text with speakers, times and segments; without one, the transcript's own words with better times.

    What a person has checked bears no flags that ask for it.
    """
    old = before.transcript.segments if before.transcript else ()
    words = [replace(word, speaker=segment.speaker) for segment in old for word in segment.words]
    text = told if told is not None else [Told(word.text) for word in words]
    edit = compare([bare(w.text) for w in words], [bare(w.text) for w in text]) if told is not None else _untimed(words)
    heirs = [None if heir is None else words[heir] for heir in edit.heirs]
    sayings = [
        Saying(word.text, word.speaker, word.turn, heir.speaker if heir else None, heir is None)
        for word, heir in zip(text, heirs, strict=True)
    ]
    named = who_is_meant(votes(sayings), before.known)
    said = who_speaks(sayings, named.labels)
    new = [
        _new_word(word, heir, same, who.label, not who.sure)
        for word, heir, same, who in zip(text, heirs, edit.same, said, strict=True)
    ]
    done = realign(new, under, lambda n, total: report(Step(before.key, "listening for the text", n, total)))
    segments = resegment(old, done.words, under.language)
    segments = segments if keeps_flags else [replace(segment, flags=()) for segment in segments]
    spoken = {segment.speaker for segment in segments}
    speakers = tuple(speaker for speaker in named.speakers if speaker.label in spoken)
    return _Text(tuple(segments), speakers, under.speech, edit, done.placed, done.guessed, done.lost)


def _untimed(words: Sequence[Word]) -> Edit:
    """All words as they are, those to be placed whose times were guessed."""
    return Edit(tuple(range(len(words))), tuple(not word.interpolated for word in words), ())


def _new_word(told: Told, heir: Word | None, same: bool, speaker: str | None, unsure: bool) -> NewWord:
    doubted = bool(heir and heir.doubtful and heir.speaker == speaker and told.speaker is None)
    return NewWord(
        told.text, speaker, heir, same, told.start_ms, told.end_ms, told.measured, told.spoken, unsure or doubted
    )


def _is_as_before(before: Scene, text: _Text, run: Run) -> bool:
    """Whether there is nothing to store: no word, speaker, flag, style or language differs."""
    old = before.transcript
    if old is None or (old.style, old.language) != (run.settings["style"], run.settings["language"]):
        return False
    return old.segments == text.segments and set(old.speakers) == set(text.speakers)


def _store(db: Db, before: Scene, text: _Text, run: Run) -> None:
    conversation = queries.conversation(db, before.key)
    style, language = run.settings["style"], run.settings["language"]
    speech_ms, silent_ms = sum(span.duration_ms for span in text.speech), unheard_ms(text.speech, text.segments)
    if before.transcript is None:
        made = Transcript(
            before.key, language, "", "", before.duration_ms, text.segments, text.speakers, style, speech_ms, silent_ms
        )
        store_transcript(db, conversation, made, run, text.speech)
        return
    tell_speakers(conversation, text.speakers)
    version = working_version(db, conversation)
    version.language, version.style = language, style
    version.speech_ms, version.unheard_ms = speech_ms, silent_ms
    version.activity = [[span.start_ms, span.end_ms] for span in text.speech]
    replace_segments(db, version, text.segments)


def _summary(study: Study, before: Scene, text: _Text) -> Aligned:
    with study.read() as db:
        after = load_transcript(db, before.key)
    return Aligned(
        key=after.key,
        version=int(after.meta["version"]),
        language=after.language,
        style=after.style,
        words=len(text.edit.heirs),
        segments=len(after.segments),
        kept=text.edit.kept,
        changed=text.edit.changed,
        added=text.edit.added,
        removed=len(text.edit.removed),
        placed=text.placed,
        guessed=text.guessed,
        lost=text.lost,
        speakers=after.speakers,
        first=before.transcript is None,
    )
