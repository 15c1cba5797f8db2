"""What of a thing a person has before their eyes when they change it; its version is a fingerprint of that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from iprkit.codebook import Code, Codebook, plain, plain_code, plain_scale
from iprkit.coding import Adjudication, Coding, to_json
from iprkit.recall import Comment, Moment, Piece, TimeMap, comment_json, map_json, moment_json
from iprkit.scale import Scale
from iprkit.transcript import Transcript
from iprkit.versions import version_of

State = dict[str, Any]


def transcript_version(transcript: Transcript) -> str:
    """One version for all segments and speakers of a transcript."""
    said = [segment.version for segment in transcript.segments]
    named = [[one.label, one.role, one.name] for one in transcript.speakers]
    return version_of({"segments": said, "speakers": named, "style": transcript.style})


def coding_state(coding: Coding) -> State:
    """What a coder said; where its words stand today does not count."""
    names = ("key", "coder", "codebook", "code", "rating", "about", "certainty", "memo", "round")
    return {name: getattr(coding, name) for name in names} | {"target": coding.anchor.target.key}


def coding_told(coding: Coding) -> State:
    """A coding as the data contract tells it, with its version."""
    return to_json(coding) | {"version": version_of(coding_state(coding))}


def adjudication_state(one: Adjudication) -> State:
    names = ("key", "codebook", "code", "rating", "about", "round", "reason", "decided_by", "decided_at")
    return {name: getattr(one, name) for name in names} | {"target": one.anchor.target.key}


def code_state(code: Code) -> State:
    """All that a code says; where it stands among its sisters does not count."""
    return plain_code(code)


def codebook_state(book: Codebook) -> State:
    """What a codebook says of itself; its codes and scales do not count."""
    return {name: value for name, value in plain(book).items() if name not in ("codes", "scales")}


def scale_state(scale: Scale) -> State:
    return plain_scale(scale)


def comment_state(comment: Comment) -> State:
    """All of a comment but whether words under it changed."""
    return {name: value for name, value in comment_json(comment).items() if name != "moved"}


def moment_state(moment: Moment) -> State:
    """All of a moment but whether words under it changed."""
    return {name: value for name, value in moment_json(moment).items() if name != "moved"}


def map_state(pieces: Iterable[tuple[Piece, bool]]) -> State:
    """The pieces that stand, and whether a person vouches for each."""
    return {"pieces": [map_json(TimeMap((piece,)))[0] | {"pinned": pinned} for piece, pinned in pieces]}
