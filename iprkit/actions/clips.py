"""Stretches of a conversation to listen to or to hand on: found by a segment's key or by the time, cut as WAV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from iprkit.actions.handed_out import handed_out
from iprkit.actions.transcripts import place_of, segment_of
from iprkit.database.connect import Study
from iprkit.database.models import Conversation, Recording
from iprkit.database.transcripts import load_transcript
from iprkit.database.withdrawals import refuse_sound
from iprkit.errors import InvalidInput, MediaError
from iprkit.media.clips import cut_across, write_wav
from iprkit.timeline import Span, clock


@dataclass(frozen=True)
class Clip:
    """What was cut: from which conversation, which stretch of it, and the file."""

    key: str
    start_ms: int
    end_ms: int
    path: Path


def clip(study: Study, key: str, to: Path, span: Span | None = None, pad_ms: int = 0) -> Clip:
    """Write the sound of a segment, or of ``span`` on a conversation's clock, as the WAV file ``to``.

    ``pad_ms`` are added on both sides, as far as the recording goes. Where the conversation lies in several parts the
    clip goes on into the next one, silent where no recording ran. Raises NotFound, InvalidInput where nothing was
    recorded then or ``to`` is no WAV, MediaError where the recording is missing, Conflict where somebody who withdrew
    is heard.
    """
    if to.suffix.lower() != ".wav":
        raise InvalidInput(f"{to.name}: clips are written as WAV; name a file that ends in .wav")
    with study.read() as db:
        conversation, segment = place_of(db, key)
        refuse_sound(db, conversation)
        wanted = segment_of(load_transcript(db, conversation.key), segment).span if segment else span
        if wanted is None or (segment and span):
            raise InvalidInput(_unclear(key, segment))
        parts = [recording for recording in conversation.recordings if recording.view == "main"]
    whole = _padded(conversation, wanted, pad_ms)
    sound = cut_across(list(_stretches(study, parts, whole)))
    with handed_out(to) as stream:
        write_wav(sound, stream)
    return Clip(conversation.key, whole.start_ms, whole.end_ms, to)


def _unclear(key: str, segment: str | None) -> str:
    if segment:
        return f"name either a segment or a session with two times; {key} is a segment and has its own"
    return f"name either a segment or a session with two times; {key} alone is not enough"


def _padded(conversation: Conversation, wanted: Span, pad_ms: int) -> Span:
    everything = Span(0, conversation.duration_ms)
    inside = wanted & everything
    if inside is None:
        raise InvalidInput(
            f"{conversation.key} lasts {clock(everything.end_ms)}; nothing of it lies between "
            f"{clock(wanted.start_ms)} and {clock(wanted.end_ms)}"
        )
    return inside.widen(pad_ms, everything)


def _stretches(study: Study, parts: Sequence[Recording], span: Span) -> Iterator[tuple[Path | None, Span]]:
    """The span cut where recordings begin and end, each stretch on its recording's clock, None where none ran."""
    at = span.start_ms
    for part in sorted(parts, key=lambda part: part.offset_ms):
        shared = Span(part.offset_ms, part.offset_ms + part.duration_ms) & Span(at, span.end_ms)
        if shared is None:
            continue
        if shared.start_ms > at:
            yield None, Span(at, shared.start_ms)
        yield _file(study, part), shared.shift(-part.offset_ms)
        at = shared.end_ms
    if at < span.end_ms:
        yield None, Span(at, span.end_ms)


def _file(study: Study, part: Recording) -> Path:
    place = study.path(part.path)
    if not place.is_file():
        raise MediaError(f"the recording {part.path} is missing; find it with: iprkit relink FOLDER")
    return place
