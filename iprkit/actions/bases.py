"""Changes made on what a person saw: if somebody else changed it meanwhile, nothing is stored and theirs is shown.

Each function gives the study back with a demand: the change that follows is only made if the thing is still in the
version ``base``. The demand is looked at inside the change's own transaction. Without a base there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session as Db

from iprkit.actions.moments import hidden
from iprkit.actions.transcripts import segment_of
from iprkit.database import coding_queries, journal_queries, queries, recall_queries
from iprkit.database.blindness import sight_of
from iprkit.database.codebooks import codebook_row, load_codebook
from iprkit.database.codings import Grounds, load_coding
from iprkit.database.connect import Study
from iprkit.database.kept import of_transcripts
from iprkit.database.models import RecallInterview
from iprkit.database.moments import load_moments
from iprkit.database.recalls import comment_of, load_pieces
from iprkit.database.transcripts import load_transcript, resolve_key
from iprkit.errors import ChangedMeanwhile, NotFound
from iprkit.states import (
    State,
    code_state,
    codebook_state,
    coding_state,
    comment_state,
    map_state,
    moment_state,
    scale_state,
    transcript_version,
)
from iprkit.transcript import segment_state
from iprkit.versions import check_base

Read = Callable[[Db], State]


def on_segment(study: Study, key: str, segment: str, base: str | None) -> Study:
    """The segment of a conversation, under whatever key it bears now."""

    def read(db: Db) -> State:
        now = resolve_key(db, queries.conversation(db, key), segment)
        return segment_state(segment_of(load_transcript(db, key), now))

    return _provided(study, f"segment {segment}", base, read)


def on_transcript(study: Study, key: str, base: str | None) -> Study:
    """All segments and speakers of a conversation."""
    if base is None:
        return study

    def demand(db: Db) -> None:
        if transcript_version(load_transcript(db, key)) != base:
            raise ChangedMeanwhile(f"the transcript of {key} was changed meanwhile; look at it anew", {"key": key})

    return replace(study, demand=demand)


def transcript_after(study: Study, key: str, base: str | None) -> str | None:
    """The version of a transcript that one's own change left, for the next change that goes on from there.

    ``base`` where nothing was changed. None where somebody else changed it since, and for a dyad.
    """
    if not study.numbers:
        return base
    with study.read() as db:
        touched = journal_queries.tables_touched(db, study.numbers[-1])
        if any(of_transcripts(table) for table in touched) or queries.find_conversation(db, key) is None:
            return None
        return transcript_version(load_transcript(db, key))


def on_coding(study: Study, key: str, base: str | None) -> Study:
    """A coding; one that may not be seen is as unknown as one that is not there."""

    def read(db: Db) -> State:
        row = coding_queries.coding_of_key(db, key)
        if row is None or not sight_of(db, study.author).coding(row):
            raise NotFound(f"there is no coding {key}; see yours with: iprkit code list")
        return coding_state(load_coding(Grounds(db), row))

    return _provided(study, f"coding {key}", base, read)


def on_code(study: Study, book: str, said: str, base: str | None) -> Study:
    """A code of a codebook of the study, by key or name."""
    return _provided(
        study, f"code {said}", base, lambda db: code_state(load_codebook(codebook_row(db, book)).code(said))
    )


def on_codebook(study: Study, name: str, base: str | None) -> Study:
    """What a codebook of the study says of itself, whatever became of its codes and scales."""
    return _provided(study, f"codebook {name}", base, lambda db: codebook_state(load_codebook(codebook_row(db, name))))


def on_scale(study: Study, book: str, name: str, base: str | None) -> Study:
    """A scale of a codebook; one that is not there says nothing."""

    def read(db: Db) -> State:
        scales = load_codebook(codebook_row(db, book)).scales
        return next((scale_state(one) for one in scales if one.name == name), {})

    return _provided(study, f"scale {name}", base, read)


def on_comment(study: Study, key: str, base: str | None) -> Study:
    def read(db: Db) -> State:
        row = recall_queries.comment(db, key)
        assert isinstance(row.conversation, RecallInterview)
        return comment_state(comment_of(row, row.conversation.recall.perspective))

    return _provided(study, f"comment {key}", base, read)


def on_moment(study: Study, key: str, base: str | None) -> Study:
    def read(db: Db) -> State:
        row = recall_queries.moment(db, key)
        session = recall_queries.session_of_id(db, row.conversation_id)
        return moment_state(next(one for one in load_moments(db, session, (), hidden(db, session)) if one.key == key))

    return _provided(study, f"moment {key}", base, read)


def on_map(study: Study, key: str, base: str | None) -> Study:
    def read(db: Db) -> State:
        stored = load_pieces(db, recall_queries.interview(db, key))
        return map_state((one.piece, one.pinned) for one in stored if not one.rejected)

    return _provided(study, f"the time map of {key}", base, read)


def _provided(study: Study, name: str, base: str | None, read: Read) -> Study:
    if base is None:
        return study
    return replace(study, demand=lambda db: check_base(name, base, read(db)))
