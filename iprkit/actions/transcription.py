"""From recordings to transcripts: find the speech, hear it excerpt by excerpt, store; and go on where a power cut
ended it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session as Db

from iprkit import __version__
from iprkit.actions.exchange_copies import exchange_copies, write_exchange_copies
from iprkit.actions.listeners import Listeners, Request
from iprkit.actions.parts import Part, left_out, silenced
from iprkit.actions.playback import parts_to_hear
from iprkit.actions.voice_profiles import keep_profiles, known_speakers
from iprkit.actions.work import digest
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.journal import now
from iprkit.database.models import Chunk, Conversation, Run
from iprkit.database.transcripts import store_transcript
from iprkit.errors import Conflict, IprkitError
from iprkit.language.sentences import sentence_rules
from iprkit.media import decode
from iprkit.progress import Listener, Step, silent
from iprkit.speech import hearing
from iprkit.speech.activity import speech_spans
from iprkit.speech.excerpt import Excerpt, plan
from iprkit.speech.hearing import Ears, Heard
from iprkit.speech.speakers import LABELS
from iprkit.timeline import Span, gaps, merge
from iprkit.transcript import Segment, Speaker, Transcript

_JUDGED_MS = 60_000  # how much speech the language is judged by


@dataclass(frozen=True)
class Plan:
    """A part's speech and the excerpts it is cut into, on the part's clock; ``first``: ordinal of its first excerpt."""

    part: Part
    speech: tuple[Span, ...]
    excerpts: tuple[Span, ...]
    first: int


@dataclass(frozen=True)
class Done:
    """What became of one conversation: figures of its transcript, or why there is none (``error``).

    ``already``: it was transcribed before, with the same sound and settings.
    """

    key: str
    error: str | None = None
    already: bool = False
    language: str = ""
    engine: str = ""
    model: str = ""
    words: int = 0
    segments: int = 0
    speech_ms: int = 0
    unheard_ms: int = 0
    flagged: int = 0
    doubtful: int = 0
    roles: tuple[str, ...] = ()


def transcribe(
    study: Study, keys: Sequence[str] = (), request: Request | None = None, report: Listener = silent
) -> list[Done]:
    """Transcribe these conversations, or all that are not yet; one that fails does not stop the others.

    Raises NotFound for an unknown key; EngineError, ModelMissing or ModelDamaged where nothing can be heard at all.
    """
    wanted = _wanted(study, keys)
    _complete_copies(study)
    if not wanted:
        return []
    listeners = Listeners(request or Request())
    return [_attempt(study, key, listeners, report) for key in wanted]


def _wanted(study: Study, keys: Sequence[str]) -> list[str]:
    with study.read() as db:
        if keys:
            return [queries.conversation(db, key).key for key in keys]
        found = queries.all_conversations(db)
        return [one.key for one in found if one.recordings and queries.newest_transcript(db, one.id) is None]


def _complete_copies(study: Study) -> None:
    """Exchange copies that a power cut prevented, right after their transcript was stored."""
    with study.read() as db:
        stored = [one.key for one in queries.all_conversations(db) if queries.newest_transcript(db, one.id) is not None]
    for key in stored:
        if not all(place.exists() for place in exchange_copies(study, key)):
            with suppress(Conflict):  # of somebody who withdrew no copy may lie there
                write_exchange_copies(study, key)


def _attempt(study: Study, key: str, listeners: Listeners, report: Listener) -> Done:
    try:
        return _transcribe_one(study, key, listeners, report)
    except IprkitError as error:
        return Done(key, error=str(error))


def _transcribe_one(study: Study, key: str, listeners: Listeners, report: Listener) -> Done:
    parts = parts_to_hear(study, key, report)
    by_channel = all(len(part.channels) == 2 for part in parts) and listeners.request.speakers == "two"
    settings = listeners.settings(by_channel) | left_out(parts)
    work = _work_key(parts, settings)
    if not listeners.request.again and (before := _done_before(study, key, work)):
        return before
    started = now()
    listeners.load()
    plans = _plans(parts, listeners, key, report)
    language = listeners.request.options.language or _language(plans, listeners)
    ears = listeners.ears(language, by_channel)
    heard = _hear_all(study, (key, work), plans, ears, report)
    segments = hearing.compose(heard, language)
    run = Run(
        step="transcribe",
        tool_version=__version__,
        engine=listeners.name,
        model=ears.model,
        model_sha256=listeners.weights.sha256,
        settings=settings | {"work": work, "sentences": sentence_rules(language)} | listeners.calculated,
        input_sha256=digest([part.sha256 for part in parts]),
        author=study.author,
        started_at=started,
        ended_at=now(),
    )
    return _store(study, key, run, (plans, heard, segments, language))


def _done_before(study: Study, key: str, work: str) -> Done | None:
    with study.read() as db:
        newest = queries.newest_transcript(db, queries.conversation(db, key).id)
        if newest is None or newest.run is None or newest.run.settings.get("work") != work:
            return None
        rows = newest.segments
        return Done(key, already=True, words=sum(len(row.words) for row in rows), segments=len(rows))


def _plans(parts: Sequence[Part], listeners: Listeners, key: str, report: Listener) -> list[Plan]:
    plans: list[Plan] = []
    for part in parts:
        length = 0

        def mono(part: Part = part) -> Iterator[NDArray[np.float32]]:
            nonlocal length
            for block in decode.stream(part.file):
                length += block.shape[1]
                yield block[0]

        speech = [said for span in speech_spans(mono()) for said in gaps(part.silenced_in(span), span)]
        duration_ms = length * 1000 // decode.RATE
        cuts = plan(speech, duration_ms, listeners.engine.parallel) if duration_ms else []
        first = plans[-1].first + len(plans[-1].excerpts) if plans else 0
        plans.append(Plan(part, tuple(speech), tuple(cuts), first))
        report(Step(key, "finding speech", len(plans), len(parts)))
    return plans


def _language(plans: Sequence[Plan], listeners: Listeners) -> str:
    """What is spoken most in the first minute of speech; English where nobody speaks at all."""
    for one in plans:
        wanted, total = [], 0
        for span in one.speech:
            if total < _JUDGED_MS:
                wanted.append(span)
                total += span.duration_ms
        if wanted:
            sound = np.concatenate([block[0] for block in decode.read(one.part.file, wanted)])
            return listeners.engine.language(sound)[0]
    return "en"


def _hear_all(study: Study, work: tuple[str, str], plans: Sequence[Plan], ears: Ears, report: Listener) -> list[Heard]:
    """Every excerpt heard, on the conversation's clock; those that an earlier run finished are taken from the study."""
    key, work_key = work
    found = _finished_before(study, work_key, plans)
    total = sum(span.duration_ms for one in plans for span in one.excerpts)
    done = sum(s.duration_ms for one in plans for n, s in enumerate(one.excerpts, one.first) if n in found)
    report(Step(key, "transcribing", done, total))
    for ordinal, span, heard in _heard(plans, ears, frozenset(found)):
        result = hearing.to_json(heard)
        with study.write() as db:
            db.add(Chunk(
                work_key=work_key, ordinal=ordinal, start_ms=span.start_ms, end_ms=span.end_ms, result=result
            ))  # fmt: skip
        found[ordinal] = hearing.from_json(result)
        done += span.duration_ms
        report(Step(key, "transcribing", done, total))
    return [
        found[n].shift(one.part.offset_ms) for one in plans for n in range(one.first, one.first + len(one.excerpts))
    ]


def _finished_before(study: Study, work_key: str, plans: Sequence[Plan]) -> dict[int, Heard]:
    """What an earlier run finished of these excerpts; what it cut otherwise, with other ``--jobs``, is let go."""
    planned = {n: span for one in plans for n, span in enumerate(one.excerpts, one.first)}
    with study.read() as db:
        rows = queries.chunks(db, work_key)
    fitting = [row for row in rows if planned.get(row.ordinal) == Span(row.start_ms, row.end_ms)]
    if len(fitting) < len(rows):
        with study.write() as db:
            _delete(db, (row for row in queries.chunks(db, work_key) if row.id not in {one.id for one in fitting}))
    return {row.ordinal: hearing.from_json(row.result) for row in fitting}


def _heard(plans: Sequence[Plan], ears: Ears, finished: frozenset[int]) -> Iterator[tuple[int, Span, Heard]]:
    """The excerpts not yet finished, as they get done; at most one more than the engine takes is in memory."""
    pool = ThreadPoolExecutor(ears.engine.parallel)
    running: dict[Future[Heard], tuple[int, Span]] = {}
    try:
        for ordinal, excerpt, sound in _excerpts(plans, finished):
            if len(running) > ears.engine.parallel:
                yield from _finished(running)
            running[pool.submit(hearing.hear, ears, excerpt, sound)] = (ordinal, excerpt.span)
        while running:
            yield from _finished(running)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _finished(running: dict[Future[Heard], tuple[int, Span]]) -> Iterator[tuple[int, Span, Heard]]:
    ready, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in ready:
        yield *running.pop(future), future.result()


def _excerpts(plans: Sequence[Plan], finished: frozenset[int]) -> Iterator[tuple[int, Excerpt, NDArray[np.float32]]]:
    for one in plans:
        wanted = [(n, span) for n, span in enumerate(one.excerpts, one.first) if n not in finished]
        mode: decode.Channels = "all" if one.part.channels else "mix"
        sounds = decode.read(one.part.file, [span for _, span in wanted], mode)
        for (ordinal, span), sound in zip(wanted, sounds, strict=True):
            speech = tuple(shared for s in one.speech if (shared := s & span))
            unheard = one.part.silenced_in(span)
            heard = silenced(sound, span, unheard)
            yield ordinal, Excerpt(heard.mean(0), span, speech, tuple(unheard)), heard


def _store(
    study: Study, key: str, run: Run, found: tuple[Sequence[Plan], Sequence[Heard], Sequence[Segment], str]
) -> Done:
    plans, heard, segments, language = found
    speech = merge(span.shift(one.part.offset_ms) for one in plans for span in one.speech)
    speech_ms, unheard_ms = sum(span.duration_ms for span in speech), hearing.unheard_ms(speech, segments)
    channels = plans[0].part.channels if run.settings["speakers"] == "channel" else ()
    prints = hearing.profiles(heard, segments)
    run.outcome = {"speech_ms": speech_ms, "unheard_ms": unheard_ms, "words": sum(len(s.words) for s in segments)}
    with study.change(f"transcribed {key}", key) as db:
        conversation = queries.conversation(db, key)
        speakers = _by_channel(conversation, channels) or known_speakers(db, conversation, prints)
        transcript = Transcript(
            key, language, run.engine or "", run.model or "", conversation.duration_ms, tuple(segments),
            speakers, "clean", speech_ms, unheard_ms,
        )  # fmt: skip
        db.add(run)
        store_transcript(db, conversation, transcript, run, speech)
        keep_profiles(db, conversation, prints)  # neither these nor the pieces are part of the journal
        _delete(db, queries.chunks(db, run.settings["work"]))
    write_exchange_copies(study, key)
    return Done(
        key, language=language, engine=run.engine or "", model=run.model or "", words=run.outcome["words"],
        segments=len(segments), speech_ms=speech_ms, unheard_ms=unheard_ms,
        flagged=sum(bool(s.flags) for s in segments), doubtful=sum(w.doubtful for s in segments for w in s.words),
        roles=tuple(speaker.role for speaker in speakers if speaker.role),
    )  # fmt: skip


def _by_channel(conversation: Conversation, channels: Sequence[str]) -> tuple[Speaker, ...]:
    """Who speaks on each channel, under the printed names that they have already."""
    names = {row.role: row.name for row in conversation.speakers}
    return tuple(Speaker(label, role, names.get(role)) for label, role in zip(LABELS, channels, strict=False))


def _delete(db: Db, rows: Iterable[Any]) -> None:
    for row in rows:
        db.delete(row)


def _work_key(parts: Sequence[Part], settings: dict[str, Any]) -> str:
    sound = [[part.sha256, part.offset_ms, list(part.channels)] for part in parts]
    return digest([sound, settings])
