"""What is no longer shown because one person of a dyad withdrew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session as Db

from iprkit.database import recall_queries
from iprkit.database.models import Conversation, RecallInterview, SpeakerRow
from iprkit.database.recall_models import Withdrawal
from iprkit.errors import Conflict
from iprkit.transcript import Segment, Word

WITHDRAWN = "[withdrawn]"
"""What stands in a session's transcript in the place of each segment of a person who withdrew."""


def party(interview: RecallInterview) -> str:
    """Whose interview it is, as consent and withdrawal name people: by role, by pseudonym where several have it."""
    role = interview.recall.perspective
    several = sum(member.role == role for member in interview.dyad.members) > 1
    return interview.participant.key if several and interview.participant else role


def withdrawal_of(db: Db, interview: RecallInterview) -> Withdrawal | None:
    """The withdrawal of the interview's participant; None where they take part."""
    mine = party(interview)
    return next((one for one in recall_queries.withdrawals(db, interview.dyad_id) if one.party == mine), None)


def withdrawn_interviews(db: Db) -> dict[str, str]:
    """The interviews whose participants withdrew: by id their keys."""
    dyads = {one.dyad_id for one in recall_queries.all_withdrawals(db)}
    held = recall_queries.all_interviews(db) if dyads else ()
    return {one.id: one.key for one in held if one.dyad_id in dyads and withdrawal_of(db, one)}


def refuse_withdrawn(db: Db, conversation: Conversation) -> None:
    """Raises Conflict for a recall interview whose participant withdrew."""
    if not isinstance(conversation, RecallInterview):
        return
    gone = withdrawal_of(db, conversation)
    if gone is not None:
        who = f"the {gone.party} of {conversation.dyad.key}"
        raise Conflict(f"{conversation.key} is not shown: {who} withdrew; {_back(gone)}")


def refuse_sound(db: Db, conversation: Conversation) -> None:
    """Raises Conflict where somebody who withdrew can be heard: in their sessions, and where these were played."""
    gone = recall_queries.withdrawals(db, conversation.dyad_id)
    if gone:
        who = f"the {gone[0].party} of {conversation.dyad.key}"
        raise Conflict(f"{conversation.key} is not played: {who} withdrew and is heard in it; {_back(gone[0])}")


def refuse_unshown(db: Db, conversation: Conversation) -> None:
    """Raises Conflict where a withdrawal leaves nothing to show of a conversation; reads no transcript."""
    refuse_withdrawn(db, conversation)
    gone = recall_queries.withdrawals(db, conversation.dyad_id)
    if gone and not isinstance(conversation, RecallInterview):
        labels_of(conversation, gone)


def without_withdrawn(db: Db, conversation: Conversation, segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments, those of people who withdrew silenced: one word `WITHDRAWN` over each.

    Raises Conflict for the interview of somebody who withdrew, and for a session in which nobody said who is who.
    """
    refuse_withdrawn(db, conversation)
    gone = recall_queries.withdrawals(db, conversation.dyad_id)
    if not gone or isinstance(conversation, RecallInterview):
        return tuple(segments)
    labels = labels_of(conversation, gone) if segments else set()
    return tuple(_silenced(segment) if segment.speaker in labels else segment for segment in segments)


def hidden_words(db: Db, conversation: Conversation, segments: Sequence[Segment]) -> set[str]:
    """The ids of stored words that a withdrawal hides and that nothing has purged: an edit that nobody can see the
    whole of must not lose them."""
    parties = {one.party for one in recall_queries.withdrawals(db, conversation.dyad_id) if one.purged_at is None}
    labels = {row.label for row in conversation.speakers if _speaks_for(row, parties)}
    return {word.id for segment in segments if segment.speaker in labels for word in segment.words}


def labels_of(conversation: Conversation, gone: Sequence[Withdrawal]) -> set[str]:
    """The labels of a session's voices that are those of people who withdrew. Raises Conflict where nobody said so."""
    parties = {one.party for one in gone}
    labels = {row.label for row in conversation.speakers if _speaks_for(row, parties)}
    if not labels and conversation.versions:
        raise Conflict(
            f"{conversation.key} is not shown: the {gone[0].party} of {conversation.dyad.key} withdrew, and nobody "
            f"said which voice that is; name the speakers: iprkit speakers {conversation.key}"
        )
    return labels


def _speaks_for(row: SpeakerRow, parties: set[str]) -> bool:
    return row.role in parties or (row.participant is not None and row.participant.key in parties)


def _silenced(segment: Segment) -> Segment:
    word = Word(segment.words[0].id, WITHDRAWN, segment.start_ms, segment.end_ms, None, segment.speaker)
    return replace(segment, words=(word,))


def _back(gone: Withdrawal) -> str:
    return "take it back with: iprkit undo" if gone.purged_at is None else "what they said was deleted"
