"""The voices that a conversation's transcript has now, and how people speak of one: by label, role, the role's letter,
pseudonym or printed name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session as Db

from iprkit.database import queries
from iprkit.database.models import Conversation, SpeakerRow
from iprkit.database.transcripts import load_transcript
from iprkit.errors import InvalidInput, NotFound
from iprkit.transcript import Speaker, Transcript


@dataclass(frozen=True)
class Voices:
    """A conversation, its transcript as people see it, and by label those who speak in it."""

    conversation: Conversation
    transcript: Transcript
    rows: dict[str, SpeakerRow]

    def label(self, text: str) -> str:
        """The label of the voice that ``text`` means. Raises NotFound, InvalidInput where it means several."""
        wanted = text.strip().casefold()
        found = [label for label in self.rows if label.casefold() == wanted]
        found = found or [label for label, row in self.rows.items() if wanted in _called(row)]
        if len(found) > 1:
            raise InvalidInput(f"{text} can be {' or '.join(found)} of {self.conversation.key}; name one of them")
        if not found:
            raise NotFound(f"{self.conversation.key} has no speaker {text}; the speakers are: {self}")
        return found[0]

    def title(self, label: str) -> str:
        """What transcripts print for a voice."""
        return Speaker(label, self.rows[label].role, self.rows[label].name).title

    def __str__(self) -> str:
        named = [f"{label} ({row.role})" if row.role else label for label, row in self.rows.items()]
        return ", ".join(named) or "none"


def voices(db: Db, key: str) -> Voices:
    """The voices of a session or recall interview. Raises NotFound, also where nothing is transcribed yet."""
    conversation = queries.conversation(db, key)
    transcript = load_transcript(db, conversation.key)
    heard = {segment.speaker for segment in transcript.segments}
    return Voices(conversation, transcript, {row.label: row for row in conversation.speakers if row.label in heard})


def _called(row: SpeakerRow) -> set[str]:
    names = (row.role, Speaker(row.label, row.role).letter, row.name, row.participant and row.participant.key)
    return {name.casefold() for name in names if name}
