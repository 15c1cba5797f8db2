"""The study as its first page shows it, who works at it, and what they may do."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from iprkit.web.shapes.base import Line, Shape, Written


class Today(Shape):
    changes: int
    codings: int


class Me(Shape):
    """``coder`` is in whose name changes are made; ``codes`` says whether that is a coder of the study.

    ``seq`` is the number of the journal's newest entry, from which on to listen. ``blind_in`` are the open blind
    assignments in which the person codes.
    """

    coder: str
    role: str
    codes: bool
    csrf: str
    study: str
    study_id: str
    can: list[str]
    today: Today
    seq: int
    blind_in: list[str]


class RecordingShape(Shape):
    id: str
    name: str
    kind: str
    part: int
    view: str
    offset_ms: int
    duration_ms: int
    media_type: str
    width: int | None
    height: int | None
    missing: bool


class InterviewShape(Shape):
    """``state``: of recorded, transcribed, speakers_named, linked those that are so."""

    key: str
    date: str | None
    participant: str | None
    duration_ms: int
    language: str | None
    state: list[str]
    recordings: list[RecordingShape]


class SessionShape(Shape):
    """``state``: of recorded, transcribed, speakers_named, linked, coded, adjudicated those that are so."""

    key: str
    number: int | None
    date: str | None
    duration_ms: int
    language: str | None
    state: list[str]
    n_codings: int
    n_moments: int
    recordings: list[RecordingShape]
    interviews: list[InterviewShape]


class MemberShape(Shape):
    key: str
    role: str


class DyadShape(Shape):
    key: str
    members: list[MemberShape]
    sessions: list[SessionShape]


class CoderShape(Shape):
    name: str
    role: str


class PinnedShape(Shape):
    name: str
    title: str
    version: str
    codes: int


class StudyShape(Shape):
    seq: int
    title: str
    dyads: list[DyadShape]
    coders: list[CoderShape]
    codebooks: list[PinnedShape]


class HitShape(Shape):
    """``kind``: segment, comment, moment or coding."""

    kind: str
    key: str
    place: str
    start_ms: int
    end_ms: int
    text: str


class EventShape(Shape):
    """One entry of the journal. ``kind``: start, change, undo, redo, submit or reveal; ``kinds`` of things touched."""

    seq: int
    at: str
    author: str
    what: str
    subject: str | None
    kind: str
    keys: list[str]
    kinds: list[str]
    undone: bool


class NewDyad(Shape):
    """A dyad and the pseudonyms of its members."""

    key: Line
    therapist: list[Line] = Field(default_factory=list)
    client: list[Line] = Field(default_factory=list)


class NewSession(Shape):
    """A session without a recording yet; that is added afterwards."""

    dyad: Line
    number: Annotated[int, Field(ge=1, le=999)]
    date: Line | None = None


class NewRecall(Shape):
    """A recall interview about a session without a recording yet; ``participant`` is a role or a pseudonym."""

    session: Line
    participant: Line
    date: Line | None = None


class NewCoder(Shape):
    name: Line
    role: Line = "coder"


class Keyed(Written):
    """That something new is there, and its key."""

    key: str


class Whose(Shape):
    """``mine``: only one's own newest change is meant."""

    mine: bool = True


class Reverted(Written):
    """What was taken back or brought back."""

    event: EventShape
