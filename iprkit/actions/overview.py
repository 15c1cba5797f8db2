"""The study as a whole on one page: every dyad, session and recall interview with its recordings and how far it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy.orm import Session as Db

from iprkit.actions.waveforms import media_type
from iprkit.database import codebook_queries, coding_queries, overview_queries, queries
from iprkit.database.blindness import Sight, sight_of
from iprkit.database.codings import Grounds
from iprkit.database.connect import Study
from iprkit.database.filed_codings import filed_codings
from iprkit.database.models import Conversation, Dyad, RecallInterview, Recording


@dataclass(frozen=True)
class RecordingShown:
    """One recording: its part or view, where it begins on the conversation's clock, what it is to a browser."""

    id: str
    name: str
    part: int
    view: str
    offset_ms: int
    duration_ms: int
    media_type: str
    film: bool
    width: int | None
    height: int | None
    missing: bool


@dataclass(frozen=True)
class Progress:
    """What is done for a session or recall interview; ``linked`` is None for a session, the last two for interviews."""

    recorded: bool
    transcribed: bool
    speakers_named: bool
    linked: bool | None
    coded: bool | None
    adjudicated: bool | None


@dataclass(frozen=True)
class ConversationShown:
    """A session or, with ``about`` and ``participant``, a recall interview. ``codings`` are those that one may see."""

    key: str
    kind: str
    number: int | None
    date: str | None
    about: str | None
    participant: str | None
    duration_ms: int
    language: str | None
    codings: int
    moments: int
    state: Progress
    recordings: tuple[RecordingShown, ...]


@dataclass(frozen=True)
class MemberShown:
    key: str
    role: str


@dataclass(frozen=True)
class DyadShown:
    """A dyad with its members, sessions and the interviews about them, by key."""

    key: str
    members: tuple[MemberShown, ...]
    sessions: tuple[ConversationShown, ...]
    interviews: tuple[ConversationShown, ...]


@dataclass(frozen=True)
class CoderShown:
    name: str
    role: str


@dataclass(frozen=True)
class CodebookShown:
    """A codebook that the study pinned."""

    name: str
    title: str
    version: str
    codes: int


@dataclass(frozen=True)
class Overview:
    """All that a study holds, as its first page shows it."""

    title: str
    dyads: tuple[DyadShown, ...]
    coders: tuple[CoderShown, ...]
    codebooks: tuple[CodebookShown, ...]


@dataclass(frozen=True)
class _Done:
    """What the rows of other tables say of all conversations, by their id."""

    roles: dict[str, list[str | None]]
    codings: Counter[str]
    moments: dict[str, int]
    linked: dict[str, bool]
    adjudicated: set[str]


def overview(study: Study) -> Overview:
    """What the study holds and how far everything is, as far as the asker may know of codings."""
    with study.read() as db:
        row, sight = queries.the_study(db), sight_of(db, study.author)
        dyads = queries.all_dyads(db)
        done = _done(db, sight)
        return Overview(
            title=row.title if row else "",
            dyads=tuple(_dyad(study, dyad, done) for dyad in dyads),
            coders=tuple(CoderShown(one.name, one.role) for one in coding_queries.all_coders(db)),
            codebooks=tuple(
                CodebookShown(one.name, one.title, one.version, sum(c.codable and not c.retired for c in one.codes))
                for one in codebook_queries.pinned_codebooks(db)
            ),
        )


def title(study: Study) -> str:
    """What the study is called."""
    with study.read() as db:
        row = queries.the_study(db)
        return row.title if row else ""


def identity(study: Study) -> str:
    """What tells this study from every other, whatever it is called."""
    with study.read() as db:
        row = queries.the_study(db)
        return row.id if row else ""


def _done(db: Db, sight: Sight) -> _Done:
    roles: defaultdict[str, list[str | None]] = defaultdict(list)
    for conversation_id, role in overview_queries.speaker_roles(db):
        roles[conversation_id].append(role)
    return _Done(
        roles=roles,
        codings=_codings(db, sight),
        moments=overview_queries.moment_counts(db),
        linked=overview_queries.linked(db),
        adjudicated=overview_queries.adjudicated(db),
    )


def _codings(db: Db, sight: Sight) -> Counter[str]:
    """By conversation how many codings one may see; counted one by one only where something is hidden."""
    if not sight.seals:
        return Counter(overview_queries.coding_counts(db))
    grounds = Grounds(db)
    filed = (one for place in coding_queries.coded_conversations(db) for one in filed_codings(grounds, place))
    return Counter(one.conversation_id for one in filed if sight.coding(one))


def _dyad(study: Study, dyad: Dyad, done: _Done) -> DyadShown:
    shown = [_conversation(study, dyad.conversations, one, done) for one in dyad.conversations]
    return DyadShown(
        dyad.key,
        tuple(MemberShown(one.participant.key, one.role) for one in dyad.members),
        tuple(one for one in shown if one.kind == "session"),
        tuple(one for one in shown if one.kind == "recall"),
    )


def _conversation(study: Study, all_of: Sequence[Conversation], row: Conversation, done: _Done) -> ConversationShown:
    is_interview = isinstance(row, RecallInterview)
    newest = row.versions[-1] if row.versions else None
    roles = done.roles.get(row.id, [])
    about = next((one.key for one in all_of if one.id == row.about_id), None)
    perspective = row.key.removeprefix(f"{about}-").partition("-")[0] if about else None
    return ConversationShown(
        key=row.key,
        kind=row.kind,
        number=row.number,
        date=row.date,
        about=about,
        participant=perspective,
        duration_ms=row.duration_ms,
        language=newest.language if newest else None,
        codings=done.codings[row.id],
        moments=done.moments.get(row.id, 0),
        state=Progress(
            recorded=bool(row.recordings),
            transcribed=newest is not None,
            speakers_named=bool(roles) and all(roles),
            linked=done.linked.get(row.id, False) if is_interview else None,
            coded=None if is_interview else done.codings[row.id] > 0,
            adjudicated=None if is_interview else row.id in done.adjudicated,
        ),
        recordings=tuple(_recording(study, one) for one in row.recordings),
    )


def _recording(study: Study, row: Recording) -> RecordingShown:
    film = row.media.get("video_codec") is not None
    return RecordingShown(
        id=row.id,
        name=PurePath(row.path).name,
        part=row.part,
        view=row.view,
        offset_ms=row.offset_ms,
        duration_ms=row.duration_ms,
        media_type=media_type(row.path, row.media),
        film=film,
        width=row.media.get("width") if film else None,
        height=row.media.get("height") if film else None,
        missing=not (row.path and study.path(row.path).is_file()),
    )
