"""What of the session was playing in a recall interview: found by sound once and kept, so that nobody listens to the
session's own words a second time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session as Db

from iprkit import __version__
from iprkit.actions.parts import Part, parts_of, sound
from iprkit.actions.work import digest
from iprkit.database import queries, recall_queries
from iprkit.database.connect import Study
from iprkit.database.journal import now
from iprkit.database.models import RecallInterview, Run
from iprkit.database.recalls import load_map, store_map, store_pauses
from iprkit.errors import Conflict, FormatError, InvalidInput, MediaError
from iprkit.formats.playlog import read_playlog
from iprkit.linking.corrections import cut
from iprkit.linking.pauses import pauses
from iprkit.linking.stretches import Stretch, stretches
from iprkit.media.checksum import sha256
from iprkit.progress import Listener, silent
from iprkit.recall import FOUND, LOGGED, Piece, TimeMap
from iprkit.replay.locate import locate
from iprkit.speech.talkover import band_levels, only_playback
from iprkit.timeline import Span, clock, gaps

METHOD = 1  # raised when the same sound would no longer give the same map

_LEAST_MS = 500  # a shorter stretch between two remarks over the playback is listened to with them
_MISSED_MS = 1_000  # a shorter stretch can hold no remark
_BEYOND_MS = 2_000  # a log written by hand may be late by this much
_SLACK_MS = {FOUND: 0, LOGGED: 500}  # how far a stretch's ends may be off: clocks of a log are set by hand


def find_playback(study: Study, key: str, again: bool = False, report: Listener = silent) -> TimeMap:
    """The time map of an interview, found by sound where it is not yet, or where the sound is another one by now.

    A logged map stands unless ``again`` asks for another search, and so does any where a recording is not to be had
    by now; what people set or struck out stands always. Raises NotFound, InvalidInput for a session's key, MediaError
    where a recording is missing, Conflict where somebody who withdrew is heard.
    """
    try:
        session, interview = both(study, key)
    except (MediaError, Conflict):
        with study.read() as db:
            row = recall_queries.interview(db, key)
            if again or not recall_queries.playback(db, row.id):
                raise
            return load_map(db, row)
    work = digest([METHOD, *([part.sha256, part.offset_ms] for part in (*session, *interview))])
    with study.read() as db:
        row = recall_queries.interview(db, key)
        logged = any(one.source == LOGGED for one in recall_queries.playback(db, row.id))
        if not again and (logged or row.recall.map_work == work):
            return load_map(db, row)
    started = now()
    found = locate(sound(session), sound(interview), lambda step: report(replace(step, subject=key)))
    run = Run(
        step="locate", tool_version=__version__, settings={"method": METHOD, "work": work},
        input_sha256=work, author=study.author, started_at=started, ended_at=now(), outcome=_outcome(found),
    )  # fmt: skip
    with study.change(f"found the playback in {key}", key) as db:
        row = recall_queries.interview(db, key)
        db.add(run)
        row.recall.map_run, row.recall.map_work = run, work
        return store_map(db, row, found.pieces)


def log_playback(study: Study, key: str, log: Path) -> TimeMap:
    """The time map of an interview as a log tells it, in place of what was found by sound or logged before.

    Raises FormatError naming file and row, InvalidInput where the log goes beyond the session or the interview.
    """
    started = now()
    try:
        told = read_playlog(log.read_bytes())
    except FormatError as e:
        raise FormatError(f"{log.name}: {e}") from e
    except OSError as e:
        raise InvalidInput(f"{log} cannot be read: {e.strerror}") from e
    run = Run(
        step="log", tool_version=__version__, settings={"file": log.name}, input_sha256=sha256(log),
        author=study.author, started_at=started, ended_at=now(), outcome=_outcome(told.time_map),
    )  # fmt: skip
    with study.change(f"took the playback in {key} from {log.name}", key) as db:
        row = recall_queries.interview(db, key)
        _check_lengths(row, told.time_map, log.name)
        db.add(run)
        row.recall.map_run, row.recall.map_work = run, None
        whole = store_map(db, row, told.time_map.pieces)
        store_pauses(db, row, pauses(whole, row.duration_ms, told.stops))
        return whole


def not_listened_to(db: Db, interview: RecallInterview) -> list[Span]:
    """What was taken for playback when an interview was transcribed, and is none by the map of now."""
    newest = queries.newest_transcript(db, interview.id)
    unheard = newest.run.settings.get("unheard", []) if newest and newest.run else []
    shown = [stretch.interview for stretch in stretches(load_map(db, interview))]
    left = [gap for start, end in unheard for gap in gaps((s for s in shown if s & Span(start, end)), Span(start, end))]
    return [span for span in left if span.duration_ms >= _MISSED_MS]


def both(study: Study, key: str) -> tuple[list[Part], list[Part]]:
    """The recordings of the session that an interview is about, and the interview's own."""
    with study.read() as db:
        about = recall_queries.interview(db, key).about.key
    return parts_of(study, about), parts_of(study, key)


def parts_to_hear(study: Study, key: str, report: Listener = silent) -> list[Part]:
    """The parts of a conversation, in an interview without what was playback, save where somebody talked over it.

    All of an interview is heard where its session has no recording that could have been played. Raises what
    ``parts_of`` raises.
    """
    parts = parts_of(study, key)
    with study.read() as db:
        conversation = queries.conversation(db, key)
        if not isinstance(conversation, RecallInterview):
            return parts
        about = conversation.about.key
    try:
        session = parts_of(study, about)
    except MediaError:
        return parts
    time_map = find_playback(study, key, report=report)
    spans = _only_playback(session, parts, time_map)
    return [replace(part, unheard=_on_clock_of(part, spans)) for part in parts]


def live_in(session: Sequence[Part], interview: Sequence[Part], time_map: TimeMap) -> list[Span]:
    """Where somebody in the interview talks over the playback."""
    alone = _only_playback(session, interview, time_map)
    shown = [stretch.interview for stretch in stretches(time_map)]
    return [gap for span in shown for gap in gaps((one for one in alone if one & span), span)]


def _only_playback(session: Sequence[Part], interview: Sequence[Part], time_map: TimeMap) -> list[Span]:
    shown = [_sure(stretch) for stretch in stretches(time_map)]
    if not shown:
        return []
    return only_playback(band_levels(sound(interview)), band_levels(sound(session)), shown)


def _sure(stretch: Stretch) -> Piece:
    """A stretch as one piece, less what its ends may be off."""
    whole = Piece(stretch.interview, stretch.session)
    slack_ms = max(_SLACK_MS.get(piece.source, 0) for piece in stretch.pieces)
    if whole.interview.duration_ms <= 4 * slack_ms:
        return whole
    return cut(whole, Span(whole.interview.start_ms + slack_ms, whole.interview.end_ms - slack_ms))


def _check_lengths(interview: RecallInterview, time_map: TimeMap, name: str) -> None:
    for piece in time_map.pieces:
        for key, span, length_ms in (
            (interview.key, piece.interview, interview.duration_ms),
            (interview.about.key, piece.session, interview.about.duration_ms),
        ):
            if length_ms and span.end_ms > length_ms + _BEYOND_MS:
                raise InvalidInput(f"{name} speaks of {clock(span.end_ms)} in {key}, which ends at {clock(length_ms)}")


def _outcome(found: TimeMap) -> dict[str, Any]:
    return {"pieces": len(found.pieces), "mapped_ms": sum(piece.interview.duration_ms for piece in found.pieces)}


def _on_clock_of(part: Part, spans: Sequence[Span]) -> tuple[Span, ...]:
    moved = (span.shift(-part.offset_ms) for span in spans if span.duration_ms >= _LEAST_MS)
    return tuple(Span(max(0, span.start_ms), span.end_ms) for span in moved if span.end_ms > 0)
