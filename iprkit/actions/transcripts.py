"""What was said: the transcript of a session or recall interview, whole or only where a person should look again."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy.orm import Session as Db

from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import Conversation
from iprkit.database.transcripts import load_transcript, resolve_key
from iprkit.errors import InvalidInput, NotFound
from iprkit.transcript import Segment, Transcript

_SEGMENT = re.compile(r"(?P<conversation>.+)-[^-]*[^-0-9][0-9]{3,}")


def show(study: Study, key: str, version: int | None = None) -> Transcript:
    """The transcript of a conversation, or of one segment where ``key`` is a segment's, also one it bore before.

    ``version`` asks for an earlier one by its number. Raises NotFound for an unknown key or version, and where
    nothing is transcribed yet; InvalidInput where a segment is asked for in an earlier version.
    """
    with study.read() as db:
        conversation, segment = place_of(db, key)
        if segment is not None and version is not None:
            raise InvalidInput(f"segment keys are those of today; show all of {conversation.key} in version {version}")
        transcript = load_transcript(db, conversation.key, version)
    return transcript if segment is None else _only(transcript, [s for s in transcript.segments if s.key == segment])


def flagged(transcript: Transcript) -> Transcript:
    """The transcript with only those segments in which a flag or a doubtful speaker asks for a second look."""
    return _only(transcript, [s for s in transcript.segments if s.flags or any(word.doubtful for word in s.words)])


def place_of(db: Db, key: str) -> tuple[Conversation, str | None]:
    """The conversation that a key is about and, for a segment's key, the one that it bears now. Raises NotFound."""
    form = _SEGMENT.fullmatch(key)
    if queries.find_conversation(db, key) is None and form:
        conversation = queries.conversation(db, form["conversation"])
        return conversation, resolve_key(db, conversation, key)
    return queries.conversation(db, key), None


def segment_of(transcript: Transcript, key: str) -> Segment:
    """The segment of a key that the transcript has now. Raises NotFound."""
    found = next((segment for segment in transcript.segments if segment.key == key), None)
    if found is None:
        raise NotFound(f"{transcript.key} has no segment {key}; see them with: iprkit transcript show {transcript.key}")
    return found


def _only(transcript: Transcript, segments: list[Segment]) -> Transcript:
    return replace(transcript, segments=tuple(segments))
