"""The rows of an assignment, taken out of one study and put into another under the same ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, String, inspect
from sqlalchemy.orm import Session as Db

from iprkit.database import coding_queries, queries, recall_queries
from iprkit.database.codebook_models import CodebookRow, CodeRow
from iprkit.database.coding_models import (
    AssignmentCoder,
    AssignmentRow,
    AssignmentUnit,
    CoderRow,
    CodingRow,
    RoundRow,
)
from iprkit.database.models import (
    Conversation,
    Dyad,
    DyadMember,
    FormerKey,
    Journaled,
    Participant,
    Recall,
    RecallInterview,
    Recording,
    Run,
    SegmentRow,
    Session,
    SpeakerRow,
    TranscriptVersion,
)
from iprkit.database.recall_models import CommentRow, MomentRow
from iprkit.errors import Conflict, FormatError

Values = dict[str, Any]
Rows = dict[str, list[Values]]

TABLES: tuple[type[Journaled], ...] = (
    Participant, Dyad, DyadMember, Conversation, Recording, SpeakerRow, Run, TranscriptVersion, SegmentRow, FormerKey,
    Recall, MomentRow, CommentRow, CodebookRow, CodeRow, CoderRow, RoundRow, AssignmentRow, AssignmentCoder,
    AssignmentUnit, CodingRow,
)  # fmt: skip
"""What a bundle holds, in an order in which nothing points to what comes later, but for rows of the same table."""

_LINKING = ("map_run_id", "map_work", "comments_run_id", "comments_work")
"""How far an interview is linked, which the other computer need not know."""

CODING = CodingRow.__tablename__
_KINDS: dict[str, type[Conversation]] = {"session": Session, "recall": RecallInterview}
_ID = re.compile(r"[0-9a-f]{32}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def take_out(db: Db, row: AssignmentRow, coder: CoderRow) -> Rows:
    """All that the coder needs for an assignment: sessions as people see them, the codebook, and their own codings.

    Of moments and comments only those that are to be coded. When the others submitted is left out. Raises Conflict
    where somebody of the dyads withdrew, and what they said is still in the study.
    """
    places = _places(row)
    _refuse_withdrawn(db, places)
    found: list[Journaled] = [row.codebook, *row.codebook.codes, row, row.round, *row.units, *row.coders]
    found += [part.coder for part in row.coders]
    for place in places:
        found += [place, place.dyad, *place.dyad.members, *(member.participant for member in place.dyad.members)]
        found += [*place.recordings, *place.speakers, *queries.former_keys(db, place.id).values()]
        newest = queries.newest_transcript(db, place.id)
        if newest is not None:
            found += [newest, *newest.segments, *([newest.run] if newest.run else [])]
    found += _marked(db, row)
    own = [
        one
        for one in coding_queries.codings(db, row.codebook_id, [place.id for place in places])
        if one.coder_id == coder.id
    ]
    found += [*own, *(one.round for one in own if one.round)]
    rows: Rows = {model.__tablename__: [] for model in TABLES}
    for one in dict.fromkeys(found):
        rows[one.__tablename__].append(values_of(one))
    _leave_out(rows, coder)
    return rows


def values_of(row: Journaled) -> Values:
    """A row by its columns."""
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}


def checked(rows: Mapping[str, Sequence[Mapping[str, Any]]], file: str) -> Rows:
    """The rows of a bundle with every value of the kind that its column holds. Raises FormatError naming the column."""
    known = {model.__tablename__: model for model in TABLES}
    for table in rows:
        if table not in known:
            raise FormatError(f"{file}: it has rows of a table {table!r}, which no bundle has")
    return {name: [_checked(model, row, file) for row in rows.get(name, ())] for name, model in known.items()}


def put_in(db: Db, rows: Rows, tables: Iterable[type[Journaled]]) -> list[str]:
    """Add the rows that this study does not have, under their ids. Must run inside a journaled change.

    Nothing that is there is changed: returned are the names of rows that say something else here. Raises Conflict where
    another row bears the same name.
    """
    differing: list[str] = []
    for model in tables:
        waiting = list(rows[model.__tablename__])
        while waiting:
            ready = [values for values in waiting if not _refers_to(model, values, waiting)]
            if not ready:
                raise FormatError(f"rows of {model.__tablename__} point to each other in a circle")
            for values in ready:
                here = db.get(model, values["id"])
                if here is None:
                    db.add(_new(model, values))
                elif _differs(here, values):
                    differing.append(str(values.get("key") or values.get("name") or model.__tablename__))
            db.flush()
            waiting = [values for values in waiting if values not in ready]
    return differing


def _places(row: AssignmentRow) -> list[Conversation]:
    """The conversations of the units; the session before the recall interviews about it."""
    found: dict[str, Conversation] = {}
    for unit in row.units:
        place = unit.conversation
        if isinstance(place, RecallInterview):
            found.setdefault(place.about.id, place.about)
        found.setdefault(place.id, place)
    return list(found.values())


def _refuse_withdrawn(db: Db, places: Sequence[Conversation]) -> None:
    for dyad in dict.fromkeys(place.dyad for place in places):
        for gone in recall_queries.withdrawals(db, dyad.id):
            if gone.purged_at is None:
                raise Conflict(
                    f"what the {gone.party} of {dyad.key} said must not leave the study, they withdrew; take the "
                    f"withdrawal back with iprkit undo, or delete it for good: iprkit withdraw {dyad.key} {gone.party} "
                    "--purge"
                )


def _marked(db: Db, row: AssignmentRow) -> list[Journaled]:
    """The moments and comments among the units, and of the interviews of these what a comment stands on."""
    wanted = {unit.target for unit in row.units if unit.kind in ("moment", "comment")}
    sessions = dict.fromkeys(unit.conversation_id for unit in row.units) if wanted else ()
    found: list[Journaled] = []
    for session_id in sessions:
        comments = [one for one in recall_queries.comments_about(db, session_id) if one.key in wanted]
        interviews = dict.fromkeys(one.conversation for one in comments)
        found += [*interviews, *(one.recall for one in interviews if isinstance(one, RecallInterview))]
        found += [one for one in recall_queries.moments(db, session_id) if one.key in wanted]
        found += comments
    return found


def _leave_out(rows: Rows, coder: CoderRow) -> None:
    """What the other computer does not have, or is not to know."""
    for values in rows["transcript"]:
        values["parent_id"] = None
    for values in rows["assignment_coder"]:
        if values["coder_id"] != coder.id:
            values["submitted_at"] = None
    for values in rows["recall"]:
        values |= dict.fromkeys(_LINKING)
    for values in rows["moment"]:
        values["fixed"] = True  # its marks may stay behind; it stands all the same
    moments = {values["id"] for values in rows["moment"]}
    for values in rows["comment"]:
        values["moment_id"] = values["moment_id"] if values["moment_id"] in moments else None
    ids = {values["id"] for values in rows["participant"]}
    for name in ("speaker", "conversation"):
        for values in rows[name]:
            if values["participant_id"] not in ids:
                values["participant_id"] = None


def _checked(model: type[Journaled], row: Mapping[str, Any], file: str) -> Values:
    columns = {one.key: one.columns[0] for one in inspect(model).column_attrs}
    if set(row) != set(columns):
        raise FormatError(f"{file}: a row of {model.__tablename__} has other columns than this iprkit knows; update it")
    for name, column in columns.items():
        value = row[name]
        if not _fits(column, value) or (name == "id" and not _ID.fullmatch(value)):
            raise FormatError(f"{file}: {model.__tablename__}.{name} is {str(value)[:40]!r}, which no such row holds")
    if model is Recording:
        _check_recording(row, file)
    return dict(row)


def _check_recording(row: Mapping[str, Any], file: str) -> None:
    if not _SHA256.fullmatch(row["sha256"]):
        raise FormatError(f"{file}: a recording's checksum is {row['sha256'][:40]!r}, which none is")


def _fits(column: Any, value: object) -> bool:
    if value is None:
        return bool(column.nullable)
    if isinstance(column.type, JSON):
        return isinstance(value, list | dict)
    kind = column.type.python_type
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53
    longest = column.type.length if isinstance(column.type, String) else None
    return isinstance(value, kind) and (longest is None or len(str(value)) <= longest)


def _refers_to(model: type[Journaled], values: Values, waiting: Sequence[Values]) -> bool:
    """Whether a row points to another row of its own table that is not there yet."""
    table = inspect(model).local_table
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    ids = {other["id"] for other in waiting}
    return any(values[name] in ids and values[name] != values["id"] for name in own)


def _new(model: type[Journaled], values: Values) -> Journaled:
    kind = _KINDS.get(values["kind"], Session) if model is Conversation else model
    return kind(**values)


def _differs(here: Journaled, values: Values) -> bool:
    """Whether a row says something else here; paths and what the other side is not to know do not count."""
    quiet = {"path", "linked", "parent_id", "submitted_at", "participant_id", "moment_id", "fixed", *_LINKING}
    return any(getattr(here, name) != value for name, value in values.items() if name not in quiet)


def same_name(db: Db, rows: Rows) -> None:
    """Raises Conflict where this study has another row of the same name as one of these: it began by itself."""
    for name, model, find in (
        ("dyad", Dyad, queries.find_dyad),
        ("participant", Participant, queries.find_participant),
        ("conversation", Conversation, queries.find_conversation),
    ):
        for values in rows[model.__tablename__]:
            here = find(db, values["key"])
            if here is not None and here.id != values["id"]:
                raise Conflict(_other(f"{name} {values['key']}"))
    for values in rows["coder"]:
        coder = coding_queries.find_coder(db, values["name"])
        if coder is not None and coder.id != values["id"]:
            raise Conflict(_other(f"coder {values['name']}"))


def _other(what: str) -> str:
    return (
        f"this study has a {what} of its own, which is not the one of the bundle; merge the bundle into a study that "
        "was begun for it: iprkit init DIR"
    )
