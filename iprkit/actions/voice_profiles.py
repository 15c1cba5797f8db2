"""The voices of a dyad, remembered from session to session so that nobody has to say twice who is the therapist."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from sqlalchemy.orm import Session as Db

from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import Conversation, Voice
from iprkit.speech.speakers import recognise

Prints = Mapping[str, tuple[list[float], int]]


def known_roles(db: Db, conversation: Conversation, prints: Prints) -> dict[str, str]:
    """Who the two voices are, by the newest named profiles of the dyad's other sessions; empty where nobody knows."""
    known: dict[str, list[float]] = {}
    for voice in queries.voices(db, conversation.dyad.key):
        role = queries.speaker_role(db, voice.conversation_key, voice.label)
        if role and voice.conversation_key != conversation.key:
            known[role] = voice.embedding
    centres = [np.array(prints[label][0]) for label in sorted(prints)]
    return recognise(np.stack(centres), known) if len(centres) == 2 else {}


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


def forget_voices(study: Study, dyad: str) -> int:
    """Delete the voice profiles of a dyad for good, and say how many there were. Raises NotFound."""
    with study.write() as db:
        stored = queries.voices(db, queries.dyad(db, dyad).key)
        for voice in stored:
            db.delete(voice)
        return len(stored)
