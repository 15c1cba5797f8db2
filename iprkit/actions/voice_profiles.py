"""The voices of a dyad, remembered from session to session so that nobody has to say twice who is the therapist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session as Db

from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.files import wipe
from iprkit.database.models import Conversation, RecallInterview, Voice
from iprkit.speech.speakers import recognise
from iprkit.transcript import Speaker

INTERVIEWER = "interviewer"
Prints = Mapping[str, tuple[list[float], int]]


@dataclass(frozen=True)
class Forgotten:
    """A voice profile that was deleted: the conversation it came from, the voice's label there, and who that is."""

    key: str
    label: str
    role: str | None


def expected_roles(conversation: Conversation) -> tuple[str, ...]:
    """Who should be heard, a role for every person: the dyad in a session, in a recall interview one of it and
    the interviewer."""
    if isinstance(conversation, RecallInterview):
        return conversation.recall.perspective, INTERVIEWER
    return tuple(member.role for member in conversation.dyad.members if member.role != INTERVIEWER)


def known_speakers(db: Db, conversation: Conversation, prints: Prints) -> tuple[Speaker, ...]:
    """Who the two voices are, by the newest named profiles of the dyad; empty where nobody knows or it is a close call.

    What was said about this very conversation, in case it was transcribed before, counts more than any other. Where the
    dyad's members are not told, therapist and client are expected.
    """
    expected = set(expected_roles(conversation))
    expected |= {"therapist", "client"} if len(expected) < 2 else set()
    named = {}
    stored = queries.voices(db, conversation.dyad.key)
    for voice in sorted(stored, key=lambda voice: voice.conversation_key == conversation.key):
        speaker = queries.speaker(db, voice.conversation_key, voice.label)
        if speaker and speaker.role in expected:
            named[speaker.role] = (voice.embedding, speaker.name)
    if len(prints) != 2:
        return ()
    centres = np.stack([np.array(prints[label][0]) for label in sorted(prints)])
    roles = recognise(centres, {role: embedding for role, (embedding, _) in named.items()})
    return tuple(Speaker(label, role, named[role][1]) for label, role in roles.items())


def stored_prints(db: Db, conversation: Conversation) -> Prints:
    """What the voices of a conversation sound like, as it was stored with its newest transcript; empty once deleted."""
    stored = queries.voices(db, conversation.dyad.key)
    own = [voice for voice in stored if voice.conversation_key == conversation.key]
    return {voice.label: (voice.embedding, voice.window_count) for voice in own}


def keep_profiles(db: Db, conversation: Conversation, prints: Prints) -> None:
    """Store what the voices of a conversation sound like, in place of what was stored of it before."""
    for old in queries.voices(db, conversation.dyad.key):
        if old.conversation_key == conversation.key:
            db.delete(old)
    db.flush()
    for label, (embedding, count) in prints.items():
        db.add(Voice(
            dyad_key=conversation.dyad.key, conversation_key=conversation.key, label=label, embedding=embedding,
            model="campplus", window_count=count,
        ))  # fmt: skip


def forget_voices(study: Study, dyad: str) -> list[Forgotten]:
    """Delete the voice profiles of a dyad for good; returns whose they were.

    Raises NotFound, and Conflict where another program keeps the database from being rewritten: repeat it then.
    """
    with study.write() as db:
        stored = queries.voices(db, queries.dyad(db, dyad).key)
        forgotten = []
        for voice in stored:
            speaker = queries.speaker(db, voice.conversation_key, voice.label)
            forgotten.append(Forgotten(voice.conversation_key, voice.label, speaker.role if speaker else None))
            db.delete(voice)
    wipe(study.engine)
    return forgotten
