"""What a text is put onto: a conversation as it stands, its recordings, its voices, and where somebody speaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session as Db

from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import Conversation
from iprkit.database.transcripts import activity, load_transcript
from iprkit.errors import Conflict, MediaError, NotFound
from iprkit.formats.paragraphs import letters
from iprkit.language.naming import Known
from iprkit.media import decode
from iprkit.media.across import Placed, read_across
from iprkit.media.track import Samples
from iprkit.progress import Listener, Step
from iprkit.speech.activity import speech_spans
from iprkit.speech.realign import Ground
from iprkit.speech.speakers import LABELS
from iprkit.speech.timing import ALIGNERS, Aligner
from iprkit.timeline import Span, merge
from iprkit.transcript import Speaker, Transcript


@dataclass(frozen=True)
class Scene:
    """A conversation before a text is put onto it; ``transcript`` None where there is none yet.

    ``speech`` is where somebody speaks, empty where that was never measured. ``sha256`` are the recordings'.
    """

    key: str
    duration_ms: int
    recordings: tuple[Placed, ...]
    sha256: tuple[str, ...]
    transcript: Transcript | None
    speech: tuple[Span, ...]
    known: Known

    @property
    def whole(self) -> Span:
        words = self.transcript.words if self.transcript else ()
        return Span(0, max([self.duration_ms, *(word.end_ms for word in words)]))

    @property
    def written(self) -> Transcript:
        """The transcript. Raises NotFound where there is none."""
        if self.transcript is None:
            raise NotFound(f"{self.key} is not transcribed yet; try: iprkit transcribe {self.key}")
        return self.transcript

    @property
    def missing(self) -> list[str]:
        """The names of recordings that are not in their place."""
        return [one.file.name for one in self.recordings if not one.file.is_file()]


def scene(study: Study, key: str) -> Scene:
    """The conversation of a key as it stands now. Raises NotFound."""
    with study.read() as db:
        conversation = queries.conversation(db, key)
        version = queries.newest_transcript(db, conversation.id)
        transcript = load_transcript(db, conversation.key) if version else None
        rows = sorted((row for row in conversation.recordings if row.view == "main"), key=lambda row: row.offset_ms)
        spans = [Span(row.offset_ms, row.offset_ms + row.duration_ms) for row in rows]
        return Scene(
            key=conversation.key,
            duration_ms=conversation.duration_ms,
            recordings=tuple(Placed(study.path(row.path), span) for row, span in zip(rows, spans, strict=True)),
            sha256=tuple(row.sha256 for row in rows),
            transcript=transcript,
            speech=tuple(activity(version)) if version else (),
            known=_known(db, conversation, transcript),
        )


def ground(before: Scene, language: str, report: Listener) -> Ground:
    """The sound under a conversation, its speech found first where that was never done. Raises MediaError."""
    if not before.recordings:
        raise MediaError(f"{before.key} has no recording; add one with: iprkit recording add {before.key} FILE")
    if before.missing:
        raise MediaError(f"{before.key}: {before.missing[0]} is not in its place; find it with: iprkit relink DIR")
    speech = before.speech or tuple(merge(_speech(before, report)))
    return Ground(before.whole, speech, lambda spans: read_across(before.recordings, spans), language)


def ground_at_hand(before: Scene, language: str, aligners: Mapping[str, Aligner] = ALIGNERS) -> Ground:
    """The same without a look at all of it; where the recordings are not on this machine, no word is heard."""
    speech = before.speech or (before.whole,)
    if before.missing or not before.recordings:
        return Ground(before.whole, speech, lambda spans: iter(()), "")
    return Ground(before.whole, speech, lambda spans: read_across(before.recordings, spans), language, aligners)


def check_unchanged(db: Db, before: Scene) -> None:
    """Raises Conflict where somebody changed the transcript since."""
    version = queries.newest_transcript(db, queries.conversation(db, before.key).id)
    if (load_transcript(db, before.key) if version else None) != before.transcript:
        raise Conflict(f"the transcript of {before.key} was changed meanwhile; nothing was stored, do it once more")


def _speech(before: Scene, report: Listener) -> Iterator[Span]:
    for n, one in enumerate(before.recordings, start=1):
        blocks: Iterator[Samples] = (block[0] for block in decode.stream(one.file))
        yield from (span.shift(one.span.start_ms) for span in speech_spans(blocks))
        report(Step(before.key, "finding speech", n, len(before.recordings)))


def _known(db: Db, conversation: Conversation, transcript: Transcript | None) -> Known:
    """The voices by every name they go by; before anything is transcribed, those that have a channel of their own."""
    letter = letters(transcript) if transcript else {}
    pseudonyms = {row.label: row.participant.key for row in conversation.speakers if row.participant}
    aliases = {
        row.label: frozenset(names[row.label] for names in (letter, pseudonyms) if row.label in names)
        for row in conversation.speakers
    }
    speakers = tuple(Speaker(row.label, row.role, row.name) for row in conversation.speakers)
    channels = next((row.channels for row in conversation.recordings if row.channels), None) or ()
    return Known(
        speakers=speakers or tuple(Speaker(*one) for one in zip(LABELS, channels, strict=False)),
        aliases=aliases,
        labels=frozenset(queries.labels_given(db, conversation.id)),
        people={member.participant.key: member.role for member in conversation.dyad.members},
    )
