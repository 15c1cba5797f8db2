"""Values of the toolkit as the server answers them: the data contract's shapes, with versions."""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from dataclasses import asdict
from typing import Any

from iprkit.actions.adjudications import Difference, Given
from iprkit.actions.codebooks import Shown as Book
from iprkit.actions.comparison import Compared, Stretch
from iprkit.actions.feed import Event, News, Portion
from iprkit.actions.maps import Shown as Map
from iprkit.actions.memos import PlacedMemo
from iprkit.actions.overview import ConversationShown, DyadShown, Overview
from iprkit.actions.recalls import Shown as Recall
from iprkit.codebook import Rules, plain, plain_code, plain_scale
from iprkit.coding import Adjudication, Assignment, Coding, to_json
from iprkit.database.filed_codings import Filed
from iprkit.recall import Comment, Moment, TimeMap, comment_json, map_json, moment_json, pause_json
from iprkit.report.figures import Picture, caption_of
from iprkit.states import (
    adjudication_state,
    code_state,
    codebook_state,
    coding_told,
    comment_state,
    map_state,
    moment_state,
    scale_state,
    transcript_version,
)
from iprkit.transcript import Segment, Transcript, segment_json, transcript_head, turns
from iprkit.versions import version_of

Plain = dict[str, Any]


def transcript(value: Transcript) -> bytes:
    """A transcript as JSON, with versions, turns and the speakers' titles."""
    more = {
        "speakers": [{"label": s.label, "role": s.role, "name": s.name, "title": s.title} for s in value.speakers],
        "turns": [
            {"first": one.segments[0].key, "last": one.segments[-1].key, "speaker": one.speaker}
            for one in turns(value.segments)
        ],
        "version": transcript_version(value),
    }
    return _with_segments(transcript_head(value) | more, value.segments)


def segments(value: Transcript, keys: Container[str]) -> bytes:
    """Some segments of a transcript as JSON, with the version of the whole."""
    return _with_segments({"version": transcript_version(value)}, [one for one in value.segments if one.key in keys])


def _with_segments(head: Plain, there: Sequence[Segment]) -> bytes:
    said = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    return f'{said[:-1]},"segments":[{",".join(one.told for one in there)}]}}'.encode()


def segment(value: Segment) -> Plain:
    return segment_json(value) | {"version": value.version}


def doubts(value: Transcript) -> list[Plain]:
    """Suspect segments, and runs of words whose speaker is a close call, in order of time."""
    found = []
    for one in value.segments:
        ids = [word.id for word in one.words]
        if one.flags:
            found.append(_doubt(one, ids, "suspect", ", ".join(one.flags)))
        doubtful = [word.id for word in one.words if word.doubtful]
        if doubtful:
            found.append(_doubt(one, doubtful, "speaker", "a close call between two voices"))
    return found


def _doubt(one: Segment, ids: list[str], kind: str, why: str) -> Plain:
    words = [word for word in one.words if word.id in set(ids)]
    return {
        "segment": one.key,
        "words": ids,
        "start_ms": words[0].start_ms,
        "end_ms": max(word.end_ms for word in words),
        "kind": kind,
        "why": why,
    }


def recall(value: Recall, time_map: Map) -> Plain:
    return {
        "key": value.key,
        "session": value.session,
        "participant": value.participant,
        "delay_days": value.delay_days,
        "map": [_piece(TimeMap((row.piece,))) | {"number": row.number, "pinned": row.pinned} for row in time_map.rows],
        "struck_out": [_piece(TimeMap((piece,))) for piece in time_map.struck_out],
        "pauses": [pause_json(pause) for pause in value.pauses],
        "comments": [comment(one) for one in value.comments],
        "behind": value.behind,
        "version": version_of(map_state((row.piece, row.pinned) for row in time_map.rows)),
    }


def _piece(one: TimeMap) -> Plain:
    return map_json(one)[0]


def comment(value: Comment) -> Plain:
    return comment_json(value) | {"version": version_of(comment_state(value))}


def moment(value: Moment, codings: Sequence[Coding] = ()) -> Plain:
    """With what was coded there, where that is asked for."""
    return moment_json(value, [to_json(one) for one in codings]) | {"version": version_of(moment_state(value))}


def memo(value: PlacedMemo) -> Plain:
    return {
        "key": value.key,
        "target": value.target,
        "start_ms": value.span.start_ms,
        "end_ms": value.span.end_ms,
        "text": value.text,
        "author": value.author,
        "made_at": value.made_at,
    }


def coding(value: Coding) -> Plain:
    return coding_told(value)


def codings(values: Sequence[Filed]) -> bytes:
    """A list of codings as JSON, each as ``coding`` tells it."""
    return f"[{','.join(one.text for one in values)}]".encode()


def codebook(value: Book) -> Plain:
    book = value.book
    codes = [
        plain_code(code)
        | {
            "applied": rules(book.applied(code.key)),
            "shown_colour": book.colour(code.key),
            "rivals": sorted(book.rivals(code.key)),
            "uses": value.uses.get(code.key, {}),
            "version": version_of(code_state(code)),
        }
        for code in book.codes
    ]
    whole = {"pinned": value.pinned, "changed": value.changed, "origin": value.origin, "digest": book.digest}
    scales = [plain_scale(one) | {"version": version_of(scale_state(one))} for one in book.scales]
    head = {"head_version": version_of(codebook_state(book))}
    return plain(book) | {"codes": codes, "scales": scales} | head | whole


def rules(value: Rules) -> Plain:
    return asdict(value)


def assignment(value: Assignment, asker: str) -> Plain:
    mine = next((share for share in value.shares if share.coder.casefold() == asker.casefold()), None)
    return {
        "key": value.key,
        "codebook": value.codebook,
        "round": value.round,
        "purpose": value.purpose,
        "blind": value.blind,
        "state": "open" if value.open else "blind",
        "unit": value.unit,
        "coders": [asdict(share) for share in value.shares],
        "sample": value.sample,
        "made_at": value.made_at,
        "revealed": value.revealed,
        "mine": mine
        and {
            "submitted": mine.submitted_at is not None,
            "done": mine.coded or 0,
            "total": len(value.units),
            "left": dict(value.left),
        },
    }


def given(value: Given) -> Plain:
    return {"coder": value.coder, "codes": [{"code": code, "rating": rating} for code, rating in value.codes]}


def difference(value: Difference) -> Plain:
    anchor = value.anchor
    return {
        "codebook": value.codebook,
        "round": value.round,
        "target": anchor.target.key,
        "start_ms": anchor.span.start_ms,
        "end_ms": anchor.span.end_ms,
        "quote": anchor.quote,
        "given": [given(one) for one in value.given],
        "settled": list(value.settled),
    }


def adjudication(value: Adjudication) -> Plain:
    anchor = value.anchor
    names = ("key", "codebook", "code", "rating", "about", "round", "reason", "decided_by", "decided_at")
    return {name: getattr(value, name) for name in names} | {
        "target": anchor.target.key,
        "start_ms": anchor.span.start_ms,
        "end_ms": anchor.span.end_ms,
        "quote": anchor.quote,
        "version": version_of(adjudication_state(value)),
    }


def compared(value: Compared) -> Plain:
    return {
        "session": value.session,
        "codebook": value.codebook,
        "round": value.round,
        "coders": list(value.coders),
        "stretches": [_stretch(one) for one in value.stretches],
        "differences": [difference(one) for one in value.differences],
        "settled": [adjudication(one) for one in value.settled],
    }


def _stretch(one: Stretch) -> Plain:
    return {"start_ms": one.span.start_ms, "end_ms": one.span.end_ms, "agree": one.agree}


def drawing(name: str, value: Picture) -> Plain:
    title, caption = caption_of(value)
    told = {"name": name, "title": title, "caption": caption, "data": value.table}
    return told | {"version": version_of(told)}


def event(value: Event) -> Plain:
    return {
        "seq": value.number,
        "at": value.at,
        "author": value.author,
        "what": value.what,
        "subject": value.subject,
        "kind": value.sort,
        "keys": list(value.keys),
        "kinds": list(value.kinds),
        "undone": value.undone,
    }


def news(value: Portion) -> str:
    """Events for a page that listens, each with the codings that it touched and the number at which they were so."""
    return "".join(f"event: change\nid: {one.event.number}\ndata: {_told(one, value.state)}\n\n" for one in value.news)


def _told(one: News, state: int) -> str:
    told = json.dumps(event(one.event), ensure_ascii=False, separators=(",", ":"))
    if one.codings is None:
        return told
    return f'{told[:-1]},"state":{state},"codings":[{",".join(coded.text for coded in one.codings)}]}}'


def study(value: Overview, seq: int) -> Plain:
    return {
        "seq": seq,
        "title": value.title,
        "dyads": [_dyad(one) for one in value.dyads],
        "coders": [asdict(one) for one in value.coders],
        "codebooks": [asdict(one) for one in value.codebooks],
    }


def _dyad(one: DyadShown) -> Plain:
    sessions = [
        _conversation(session)
        | {
            "number": session.number,
            "n_codings": session.codings,
            "n_moments": session.moments,
            "interviews": [
                _conversation(each) | {"participant": each.participant}
                for each in one.interviews
                if each.about == session.key
            ],
        }
        for session in one.sessions
    ]
    return {"key": one.key, "members": [asdict(member) for member in one.members], "sessions": sessions}


def _conversation(one: ConversationShown) -> Plain:
    return {
        "key": one.key,
        "date": one.date,
        "duration_ms": one.duration_ms,
        "language": one.language,
        "state": [name for name, done in asdict(one.state).items() if done],
        "recordings": [_recording(recording) for recording in map(asdict, one.recordings)],
    }


def _recording(one: Plain) -> Plain:
    film = one.pop("film")
    return one | {"kind": "video" if film else "audio"}
