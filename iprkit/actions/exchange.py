"""A study read out as the value that travels to other programs, as far as the person who asks may see it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session as Db

from iprkit.actions.moments import hidden
from iprkit.codebook import Codebook
from iprkit.coding import Adjudication, Coding
from iprkit.database import codebook_queries, coding_queries, queries, recall_queries
from iprkit.database.blindness import Sight, sight_of
from iprkit.database.codebooks import load_codebook
from iprkit.database.codings import Grounds, load_adjudication
from iprkit.database.connect import Study
from iprkit.database.filed_codings import seen_codings
from iprkit.database.journal import now
from iprkit.database.models import Conversation as Row
from iprkit.database.models import RecallInterview, Recording, Session
from iprkit.database.moments import load_moments
from iprkit.database.recalls import load_comments, load_map, load_pauses, words_of
from iprkit.database.transcripts import load_transcript
from iprkit.database.withdrawals import refuse_sound, refuse_unshown
from iprkit.errors import Conflict, NotFound
from iprkit.exchange import Coder, Conversation, Exchange, Medium, Note, Person, Recalled, Task, Together, standing_on
from iprkit.transcript import Word

QUOTATION = "quotation"
"""The use that a consent must name for what is printed in a paper."""

Anchored = TypeVar("Anchored", Coding, Adjudication)


@contextmanager
def read_out(study: Study, keys: Sequence[str] = (), media: bool = False) -> Iterator[Exchange]:
    """The study as a value, or what the keys (of sessions, interviews, dyads) name; valid while the block runs.

    With a session come the recall interviews about it. ``media``: recordings say where their bytes lie. What an open
    blind assignment hides from the asker, what a person who withdrew said, and what nobody agreed to have analysed
    stays out; ``remarks`` say so. Raises NotFound for an unknown key and where nothing is left.
    """
    with study.read() as db, _seldom_tidied():
        yield _read(db, study, keys, media)


@contextmanager
def _seldom_tidied() -> Iterator[None]:
    """Python looks for unused rings among values after every 700 new ones; a transcript alone has thousands."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _read(db: Db, study: Study, keys: Sequence[str], media: bool) -> Exchange:
    wanted, refused = _allowed(db, _chosen(db, keys))
    if not wanted:
        raise NotFound("; ".join(refused) or "there is nothing in this study yet; try: iprkit session add")
    sight, row = sight_of(db, study.author), queries.the_study(db)
    memos = _sorted(db, [one.key for one in queries.all_conversations(db)])
    dyads = [one for one in queries.all_dyads(db) if any(key.startswith(f"{one.key}-") for key in wanted)]
    members = {m.participant.key: m.participant.role for one in dyads for m in one.members}
    books = tuple(load_codebook(one) for one in codebook_queries.pinned_codebooks(db))
    hushed = [f"{seal.assignment} is coded blind: what others coded in it is left out" for seal in sight.seals]
    source = _Source(study, db, tuple(wanted), sight, memos, media)
    people = tuple(Person(key, role) for key, role in sorted(members.items()))
    return Exchange(
        title=row.title if row else "",
        conversations=source,
        people=people,
        dyads=tuple(Together(one.key, tuple(m.participant.key for m in one.members)) for one in dyads),
        codebooks=books,
        coders=tuple(Coder(one.name, one.role) for one in coding_queries.all_coders(db)),
        tasks=tuple(_tasks(db)),
        memos=tuple(note for note in memos.get("", ()) if not keys or note.target in (*members, *keys)),
        written_at=_to_seconds(now()),
        by=study.author,
        remarks=tuple(refused + hushed),
    )


def keys_of(values: Exchange) -> tuple[str, ...]:
    """The keys of the conversations that were read out."""
    source = values.conversations
    return source.keys if isinstance(source, _Source) else tuple(one.key for one in source)


def narrowed(values: Exchange, key: str) -> Exchange:
    """Of what was read out: one conversation, and after a session the interviews about it."""
    source = values.conversations
    assert isinstance(source, _Source)
    mine = tuple(one for one in source.keys if one == key or one.startswith(f"{key}-"))
    return replace(values, conversations=replace(source, keys=mine))


@dataclass(frozen=True)
class _Source:
    """The conversations of these keys, each read when its turn comes and forgotten after it."""

    study: Study
    db: Db
    keys: tuple[str, ...]
    sight: Sight
    memos: Mapping[str, Sequence[Note]]
    media: bool
    _last: dict[str, list[Word]] = field(default_factory=dict)
    """The words in order of time of the session read last, which the interviews after it are about."""
    _books: dict[str, Codebook] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Conversation]:
        for key in self.keys:
            yield self._conversation(queries.conversation(self.db, key))
            self.db.expunge_all()

    def _conversation(self, row: Row) -> Conversation:
        transcript = load_transcript(self.db, row.key) if row.versions else None
        found = Conversation(
            key=row.key,
            dyad=row.dyad.key,
            number=row.number,
            date=row.date,
            media=tuple(self._medium(one) for one in row.recordings),
            transcript=transcript,
        )
        found = replace(found, memos=tuple(self.memos.get(row.key, ())), unquotable=tuple(_unquotable(self.db, row)))
        if isinstance(row, RecallInterview):
            found = replace(found, recall=self._recall(row))
        elif isinstance(row, Session):
            words = list(transcript.words) if transcript else []
            found = replace(found, moments=tuple(load_moments(self.db, row, words, hidden(self.db, row))))
            self._last.clear()
            self._last[row.id] = sorted(words, key=lambda word: word.start_ms)
        return self._with_codings(found, row)

    def _medium(self, row: Recording) -> Medium:
        file = self.study.path(row.path)
        heard = self.media and not recall_queries.withdrawals(self.db, row.conversation.dyad_id)
        return Medium(
            name=Path(row.path).name,
            duration_ms=row.duration_ms,
            sha256=row.sha256,
            offset_ms=row.offset_ms,
            view=row.view,
            part=row.part,
            video=bool(row.media.get("video_codec")),
            file=file if heard and file.is_file() else None,
        )

    def _recall(self, row: RecallInterview) -> Recalled:
        return Recalled(
            about=row.about.key,
            perspective=row.recall.perspective,
            participant=row.participant.key if row.participant else None,
            time_map=load_map(self.db, row),
            pauses=tuple(load_pauses(self.db, row)),
            comments=tuple(load_comments(self.db, row, self._words_of(row.about))),
        )

    def _words_of(self, session: Session) -> list[Word]:
        return self._last[session.id] if session.id in self._last else words_of(self.db, session)

    def _with_codings(self, found: Conversation, row: Row) -> Conversation:
        grounds = Grounds(self.db, _books=self._books)
        grounds.know(row, found.transcript)
        codings = seen_codings(grounds, row, self.sight)
        settled = [
            load_adjudication(grounds, one)
            for one in coding_queries.adjudications(self.db, row.id)
            if self.sight.adjudication(one)
        ]
        if recall_queries.withdrawals(self.db, row.dyad_id):
            gone = tuple(f"{key}-" for key in hidden(self.db, row)) if isinstance(row, Session) else ()
            codings = tuple(_hushed(one, found) for one in codings if not one.anchor.target.key.startswith(gone))
            settled = [_hushed(one, found) for one in settled if not one.anchor.target.key.startswith(gone)]
        return replace(found, codings=codings, adjudications=tuple(settled))


def _chosen(db: Db, keys: Sequence[str]) -> list[str]:
    """The conversations that keys mean, sessions before the interviews about them. Raises NotFound."""
    every = queries.all_conversations(db)
    if not keys:
        return [one.key for one in every]
    found: dict[str, None] = {}
    for key in keys:
        if queries.find_dyad(db, key) is not None:
            found |= dict.fromkeys(one.key for one in every if one.dyad.key == key)
            continue
        row = queries.conversation(db, key)
        found[row.key] = None
        found |= dict.fromkeys(one.key for one in recall_queries.interviews_about(db, row.id))
    return list(found)


def _allowed(db: Db, keys: Sequence[str]) -> tuple[list[str], list[str]]:
    """The keys that may be handed out, and a sentence about each of the others."""
    wanted, refused = [], []
    for key in keys:
        row = queries.conversation(db, key)
        against = [one for one in recall_queries.consents(db, row.dyad_id) if one.recording.conversation.key == key]
        denied = next((one.party for one in against if "analysis" not in one.scope), None)
        if denied is not None:
            refused.append(f"{key} is left out: the {denied} did not agree to its analysis")
            continue
        if not recall_queries.withdrawals(db, row.dyad_id):
            wanted.append(key)
            continue
        try:
            if row.versions:
                refuse_unshown(db, row)
            elif not isinstance(row, Session):
                refuse_sound(db, row)
        except Conflict as error:
            refused.append(str(error))
        else:
            wanted.append(key)
    return wanted, refused


def _tasks(db: Db) -> Iterator[Task]:
    for row in coding_queries.assignments(db):
        yield Task(
            key=row.key,
            codebook=row.codebook.name,
            round=row.round.name,
            purpose=row.round.purpose,
            blind=row.blind,
            coders=frozenset(one.coder.name for one in row.coders),
            targets=frozenset(one.target for one in row.units),
        )


def _unquotable(db: Db, row: Row) -> list[str]:
    """Who gave a consent for a recording of this conversation that does not name quotation."""
    consents = recall_queries.consents(db, row.dyad_id)
    mine = [one for one in consents if one.recording.conversation_id == row.id]
    return sorted({one.party for one in mine if QUOTATION not in one.scope})


def _sorted(db: Db, keys: Sequence[str]) -> dict[str, list[Note]]:
    """The notes by the conversation that they are on, or that their target lies in; under "" all others."""
    found: dict[str, list[Note]] = {}
    for row in recall_queries.all_memos(db):
        over = [key for key in keys if row.target == key or row.target.startswith((f"{key}-", f"{key}@"))]
        note = Note(row.target, row.text, row.author, _to_seconds(row.created_at))
        found.setdefault(max(over, key=len, default=""), []).append(note)
    return {key: sorted(notes, key=lambda n: (n.made_at, n.target, n.text, n.author)) for key, notes in found.items()}


def _hushed(one: Anchored, where: Conversation) -> Anchored:
    """Without words that a withdrawal hides: what is quoted is what the transcript shows."""
    if one.anchor.target.kind == "comment":
        return one
    return replace(one, anchor=replace(one.anchor, quote=standing_on(where, one.anchor.span)))


def _to_seconds(stamp: str) -> str:
    """A time as other programs read it: ``2026-03-31T10:00:00Z``."""
    return f"{stamp[:19]}Z" if len(stamp) >= 19 else "1970-01-01T00:00:00Z"
