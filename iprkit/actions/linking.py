"""Linking: a recall interview laid on its session's clock, so that every comment knows what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session as Db

from iprkit import __version__
from iprkit.actions.exchange_copies import write_exchange_copies
from iprkit.actions.heard_live import Room, apply_room, look_into
from iprkit.actions.playback import find_playback, log_playback, not_listened_to
from iprkit.actions.work import digest
from iprkit.database import queries, recall_queries
from iprkit.database.connect import Study
from iprkit.database.journal import now
from iprkit.database.models import RecallInterview, Run
from iprkit.database.moments import bring_together
from iprkit.database.recalls import known_stops, load_map, store_comments, store_pauses, words_of
from iprkit.database.transcripts import activity, load_transcript
from iprkit.database.withdrawals import withdrawal_of
from iprkit.errors import InvalidInput, IprkitError
from iprkit.linking.comments import AROUND_MS, BACK_MS, CLOSING_MS, comments
from iprkit.linking.moments import TOLERANCE_MS
from iprkit.linking.pauses import pauses
from iprkit.progress import Listener, Step, silent
from iprkit.timeline import Span, covered_ms
from iprkit.transcript import Segment

METHOD = 1  # raised when the same map and transcript would no longer give the same comments
_VOICED = 0.2  # share of a text's time with voice below which nobody said it, as for the flag
_SETTINGS = {"method": METHOD, "back_ms": BACK_MS, "around_ms": AROUND_MS, "closing_ms": CLOSING_MS}


@dataclass(frozen=True)
class How:
    """How to link: ``log`` is a CSV of what was played, in place of the sound; ``again`` searches the sound anew.

    ``tolerance_ms``: within it, marks of several people are one moment.
    """

    log: Path | None = None
    again: bool = False
    tolerance_ms: int = TOLERANCE_MS


@dataclass(frozen=True)
class Linked:
    """What became of one interview; ``error`` says why nothing did, ``already`` that nothing had changed.

    ``unlinked`` comments are about no stretch of the session. ``unheard`` are stretches that were taken for playback
    when the interview was transcribed and are none by the map of now. ``next`` is what to type before comments can be.
    """

    key: str
    error: str | None = None
    already: bool = False
    pieces: int = 0
    played_ms: int = 0
    pauses: int = 0
    comments: int = 0
    unlinked: int = 0
    moments: int = 0
    roles: tuple[str, ...] = ()
    unheard: tuple[Span, ...] = ()
    next: str | None = None


def link(study: Study, wanted: Sequence[str] = (), how: How | None = None, report: Listener = silent) -> list[Linked]:
    """Link these recall interviews, or all; what has not changed since is left alone, one failure stops no other.

    Raises NotFound for an unknown key, InvalidInput for a session's or where a log is meant for several interviews.
    """
    asked = how or How()
    with study.read() as db:
        found = [recall_queries.interview(db, key) for key in wanted] or _taking_part(db)
        keys = [one.key for one in found]
    if asked.log is not None and len(keys) != 1:
        raise InvalidInput(
            f"{asked.log.name} tells of one interview, not of {len(keys)}; name it: iprkit link KEY --log"
        )
    done: dict[str, Linked] = {}
    rooms: dict[str, Room | None] = {}
    for key in keys:
        try:
            rooms |= _prepared(study, key, asked, report)
            done[key] = Linked(key, already=key not in rooms)
        except IprkitError as error:
            done[key] = Linked(key, error=str(error))
    if rooms:
        with study.change(f"linked {', '.join(rooms)}", keys[0] if len(keys) == 1 else None) as db:
            relink(db, rooms, study.author, asked.tolerance_ms)
        write_copies(study, rooms)
    with study.read() as db:
        return [one if one.error else told(db, one) for one in done.values()]


def relink(db: Db, rooms: Mapping[str, Room | None], author: str, tolerance_ms: int) -> None:
    """Make transcript, pauses and comments of interviews anew from their maps of now, then the moments of the sessions.

    The moments come last, so that they are numbered in the order of the session. Must run inside a journaled change.
    """
    sessions = {}
    for key, room in rooms.items():
        interview = recall_queries.interview(db, key)
        if room is not None:
            apply_room(db, interview, room)
        _make_comments(db, interview, author, tolerance_ms)
        sessions[interview.about_id] = interview.about
    for session in sessions.values():
        bring_together(db, session, tolerance_ms, words_of(db, session))


def write_copies(study: Study, rooms: Mapping[str, Room | None]) -> None:
    """Bring the exchange copies of relinked transcripts up to date."""
    for key, room in rooms.items():
        if room is not None:
            write_exchange_copies(study, key)


def _taking_part(db: Db) -> list[RecallInterview]:
    """Every interview whose participant did not withdraw."""
    return [one for one in recall_queries.all_interviews(db) if withdrawal_of(db, one) is None]


def comments_work(db: Db, interview: RecallInterview, tolerance_ms: int | None = None) -> str:
    """A fingerprint of all that an interview's comments are made from; by default with the tolerance used last."""
    said = queries.newest_transcript(db, interview.id)
    told = queries.newest_transcript(db, interview.about.id)
    rows = [[s.key, s.speaker, s.role, s.start_ms, s.end_ms, s.text] for s in said.segments] if said else None
    pieces = [[*astuple(piece.interview), *astuple(piece.session)] for piece in load_map(db, interview).pieces]
    tolerance = tolerance_of(interview) if tolerance_ms is None else tolerance_ms
    return digest([METHOD, pieces, rows, told.id if told else None, tolerance])


def tolerance_of(interview: RecallInterview) -> int:
    """The tolerance by which marks were brought together last."""
    run = interview.recall.comments_run
    return int(run.settings["tolerance_ms"]) if run else TOLERANCE_MS


def _prepared(study: Study, key: str, how: How, report: Listener) -> dict[str, Room | None]:
    """What is to become of an interview's transcript, by its key; empty where nothing has changed since."""
    if how.log is not None:
        log_playback(study, key, how.log)
    else:
        find_playback(study, key, how.again, report)
    with study.read() as db:
        interview = recall_queries.interview(db, key)
        if not how.again and interview.recall.comments_work == comments_work(db, interview, how.tolerance_ms):
            return {}
        time_map = load_map(db, interview)
    room = look_into(study, key, time_map)
    report(Step(key, "linking", 1, 1))
    return {key: room}


def _make_comments(db: Db, interview: RecallInterview, author: str, tolerance_ms: int) -> None:
    time_map = load_map(db, interview)
    found = pauses(time_map, interview.duration_ms, known_stops(db, interview))
    store_pauses(db, interview, found)
    drafts = comments(_said(db, interview), interview.recall.perspective, time_map, found)
    store_comments(db, interview, drafts, words_of(db, interview.about))
    work = comments_work(db, interview, tolerance_ms)
    run = Run(
        step="link", tool_version=__version__, settings=_SETTINGS | {"tolerance_ms": tolerance_ms, "work": work},
        input_sha256=work, author=author, started_at=now(), ended_at=now(),
        outcome={"pauses": len(found), "comments": len(drafts)},
    )  # fmt: skip
    db.add(run)
    interview.recall.comments_run, interview.recall.comments_work = run, work


def _said(db: Db, interview: RecallInterview) -> list[Segment]:
    """The segments of an interview, less those that an engine put where nobody speaks."""
    newest = queries.newest_transcript(db, interview.id)
    if newest is None:
        return []
    voiced = activity(newest)
    return [segment for segment in load_transcript(db, interview.key).segments if not _invented(segment, voiced)]


def _invented(segment: Segment, voiced: Sequence[Span]) -> bool:
    """Flagged as said where nobody speaks, and still without voice at the times that an aligner gave its words."""
    length = sum(word.span.duration_ms for word in segment.words)
    heard = sum(covered_ms(voiced, word.span) for word in segment.words)
    return "no_voice" in segment.flags and bool(voiced) and heard < _VOICED * length


def told(db: Db, done: Linked) -> Linked:
    """What there is to tell of an interview that was linked."""
    interview = recall_queries.interview(db, done.key)
    time_map, said = load_map(db, interview), _said(db, interview)
    rows = recall_queries.comments(db, interview.id)
    return replace(
        done,
        pieces=len(time_map.pieces),
        played_ms=sum(piece.interview.duration_ms for piece in time_map.pieces),
        pauses=len(recall_queries.pauses(db, interview.id)),
        comments=len(rows),
        unlinked=sum(row.about is None for row in rows),
        moments=len({row.moment_id for row in rows if row.moment_id}),
        roles=tuple(sorted({segment.role for segment in said if segment.role})),
        unheard=tuple(not_listened_to(db, interview)),
        next=_next(db, interview, said),
    )


def _next(db: Db, interview: RecallInterview, said: Sequence[Segment]) -> str | None:
    """What to type before the interview can have comments; None where it has all that it needs."""
    if queries.newest_transcript(db, interview.id) is None:
        return f"iprkit transcribe {interview.key}"
    labels = sorted({segment.speaker for segment in said if segment.speaker})
    if len(labels) > 1 and not any(segment.role == interview.recall.perspective for segment in said):
        return f"iprkit speakers {interview.key} {labels[0]}=interviewer {labels[1]}={interview.recall.perspective}"
    return None
