"""Bundles: an assignment goes to a coder's own computer as one file, and the codings come back as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session as Db

from iprkit.actions.assignments import assignment_row
from iprkit.actions.coding_desk import Desk
from iprkit.actions.codings import word_change
from iprkit.actions.handed_out import handed_out
from iprkit.anchors import standing
from iprkit.coding import Coding
from iprkit.coding_rules import check, check_rating
from iprkit.database import coding_queries, queries
from iprkit.database.bundle_rows import CODING, TABLES, Rows, checked, put_in, same_name, take_out
from iprkit.database.codebook_models import CodeRow
from iprkit.database.coding_models import AssignmentRow, CoderRow, CodingRow, RoundRow
from iprkit.database.codings import anchor_of, load_coding, next_key
from iprkit.database.connect import Study
from iprkit.database.journal import now
from iprkit.errors import Conflict, FormatError, InvalidInput, IprkitError
from iprkit.formats.bundle import Bundle, read_bundle, unpack_recording, write_bundle
from iprkit.scale import number
from iprkit.timeline import Span

_SAID = ("code_id", "rating", "about", "certainty", "memo", "round_id", "target")


@dataclass(frozen=True)
class Clash:
    """A coding that was not taken over, and why. ``here`` and ``there`` say what each side has, if one may know."""

    key: str
    reason: str
    here: str | None = None
    there: str | None = None


@dataclass(frozen=True)
class Merged:
    """What a bundle brought. ``only_here`` are codings of the coder that it does not have: they stay.

    ``arrived``: the assignment was new here. ``differing`` are rows that say something else here: they stay as they
    are. ``renamed`` are new keys of codings whose own was taken here.
    """

    assignment: str
    coder: str
    arrived: bool
    added: int
    known: int
    changed: int
    submitted: bool
    clashes: tuple[Clash, ...] = ()
    only_here: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    renamed: Mapping[str, str] | None = None


def export_bundle(
    study: Study, assignment: str, to: Path, coder: str | None = None, recordings: bool = False
) -> Bundle:
    """Write an assignment, with a coder's own codings and nobody else's, into one file.

    ``recordings`` puts those of the sessions into it too. Raises NotFound, Conflict for another's part, InvalidInput
    where a recording is missing.
    """
    with study.read() as db:
        desk = Desk(db, study.author)
        row, who = assignment_row(db, assignment), desk.writer(coder)
        if all(part.coder_id != who.id for part in row.coders):
            raise Conflict(f"{who.name} is not among the coders of {assignment}")
        rows = take_out(db, row, who)
        the_study = queries.the_study(db)
        files = _files(study, rows) if recordings else {}
        bundle = Bundle(the_study.id if the_study else "", row.key, who.name, now(), rows, {})
    with handed_out(to) as stream:
        write_bundle(bundle, files, stream)
    return bundle


def merge_bundle(study: Study, file: Path, theirs: bool = False) -> Merged:
    """Take in a bundle: the assignment where it is new here, else the coder's codings. Nothing here is overwritten.

    With ``theirs`` codings that differ are brought to what the bundle says, unless their coder has submitted here.

    Raises InvalidInput where there is no such file, FormatError where it is damaged or none of ours, Conflict for
    another coder's bundle and where the study has other sessions of the same names. Nothing is stored then.
    """
    if not file.is_file():
        raise InvalidInput(f"there is no file {file}")
    bundle = read_bundle(file)
    rows = checked(bundle.rows, file.name)
    part = _one(rows, bundle, file.name)
    with study.read() as db:
        arrives = db.get(AssignmentRow, part["assignment"]["id"]) is None
    paths = _paths(rows) if arrives else {}
    with (
        _unpacked(study, file, bundle, paths if arrives else {}),
        study.change(f"merged a bundle of {bundle.coder}") as db,
    ):
        _check_whose(db, study.author, part["coder"]["name"])
        differing: list[str] = []
        if arrives:
            same_name(db, rows)
            for values in rows["recording"]:
                values |= {"path": paths[values["sha256"]], "linked": False}
            differing = put_in(db, rows, [model for model in TABLES if model is not CodingRow])
        else:
            put_in(db, rows, [RoundRow])
        merged = _merge_codings(db, study.author, rows, part, theirs)
        merged = _submit(db, part, merged)
        word_change(db, f"merged {merged.added} codings of {merged.coder} for {merged.assignment}", merged.assignment)
    return replace(merged, arrived=arrives, differing=tuple(differing))


def _one(rows: Rows, bundle: Bundle, file: str) -> dict[str, dict[str, Any]]:
    """The assignment, the coder and the coder's part that a bundle is about. Raises FormatError."""
    coder = next((one for one in rows["coder"] if one["name"] == bundle.coder), None)
    if len(rows["assignment"]) != 1 or coder is None:
        raise FormatError(f"{file}: it names no assignment, or nobody who codes it")
    about = rows["assignment"][0]
    share = next((one for one in rows["assignment_coder"] if one["coder_id"] == coder["id"]), None)
    if share is None or any(one["coder_id"] != coder["id"] for one in rows[CODING]):
        raise FormatError(f"{file}: it holds codings by others than {bundle.coder}, which no bundle does")
    return {"assignment": about, "coder": coder, "share": share}


def _check_whose(db: Db, author: str, name: str) -> None:
    me = coding_queries.find_coder(db, author)
    desk = Desk(db, author)
    if me is not None and me.name != name and (me.role != "researcher" or desk.sight.blind_in):
        raise Conflict(f"the bundle is {name}'s; {me.name} may not take it in while coding themselves")


def _merge_codings(db: Db, author: str, rows: Rows, part: dict[str, dict[str, Any]], theirs: bool) -> Merged:
    desk = Desk(db, author)
    row, coder = db.get(AssignmentRow, part["assignment"]["id"]), db.get(CoderRow, part["coder"]["id"])
    if row is None or coder is None:
        raise Conflict(f"this study has another coder {part['coder']['name']} than the one of the bundle")
    added, known, changed, clashes, renamed = 0, 0, 0, [], {}
    here = {one.id: one for one in coding_queries.codings(db, row.codebook_id) if one.coder_id == coder.id}
    for values in rows[CODING]:
        found = here.get(values["id"]) or _alike(desk, here.values(), values)
        if found is not None and all(getattr(found, name) == values[name] for name in _SAID):
            known += 1
            continue
        if found is not None and not theirs:
            clashes.append(_clash(desk, found, values))
            continue
        try:
            key = _add(desk, coder, values) if found is None else _bring(desk, found, values)
        except IprkitError as e:
            clashes.append(Clash(values["key"], str(e)))
            continue
        added, changed = added + (found is None), changed + (found is not None)
        if found is None and key != values["key"]:
            renamed[values["key"]] = key
    ids = {values["id"] for values in rows[CODING]}
    places = {unit.conversation_id for unit in row.units}
    only = tuple(one.key for one in here.values() if one.id not in ids and one.conversation_id in places)
    return Merged(row.key, coder.name, False, added, known, changed, False, tuple(clashes), only, (), renamed)


def _add(desk: Desk, coder: CoderRow, values: dict[str, Any]) -> str:
    """Store a coding of the bundle. Raises Conflict, InvalidInput, NotFound where it may not stand here."""
    code = desk.db.get(CodeRow, values["code_id"])
    place = coding_queries.conversations_by_id(desk.db, [values["conversation_id"]]).get(values["conversation_id"])
    if code is None or place is None:
        raise Conflict("its code or its session is not in this study; codebooks are not changed on a coder's computer")
    row = CodingRow(**values)
    row.coder, row.code, row.conversation = coder, code, place
    row.round = desk.db.get(RoundRow, values["round_id"]) if values["round_id"] else None
    ground = desk.grounds.of(place)
    anchor, _ = standing(anchor_of(row), ground)
    with desk.db.no_autoflush:
        check(desk.grounds.book(code.codebook), code.key, anchor, ground.role(anchor), row.rating)
        said = row.round.name if row.round else None
        desk.check_unlocked(coder, code.codebook_id, place.id, anchor.span, said)
        if coding_queries.coding_of_key(desk.db, row.key) is not None:
            row.key = next_key(desk.db, CODING, f"{place.key}-{coder.name}-")
    desk.db.add(row)
    desk.db.flush()
    return row.key


def _bring(desk: Desk, found: CodingRow, values: dict[str, Any]) -> str:
    """Bring a coding to what the bundle says. Raises as ``_add``."""
    desk.check_unlocked(
        found.coder, found.code.codebook_id, found.conversation_id, Span(found.start_ms, found.end_ms),
        found.round.name if found.round else None,
    )  # fmt: skip
    code = desk.db.get(CodeRow, values["code_id"])
    if code is None or values["conversation_id"] != found.conversation_id:
        raise Conflict("its code or its session is not in this study; codebooks are not changed on a coder's computer")
    check_rating(desk.grounds.book(code.codebook), code.key, values["rating"])
    for name in (*_SAID, "start_ms", "end_ms", "kind", "first_word", "last_word", "quote"):
        setattr(found, name, values[name])
    desk.db.flush()
    desk.db.expire(found, ["code", "round"])
    return found.key


def _alike(desk: Desk, here: Sequence[CodingRow] | Any, values: dict[str, Any]) -> CodingRow | None:
    """A coding made here that puts the same code on the same target in the same round."""
    for one in here:
        same = (one.code_id, one.round_id, one.about) == (values["code_id"], values["round_id"], values["about"])
        if same and one.conversation_id == values["conversation_id"] and one.target == values["target"]:
            found: CodingRow = one
            return found
    return None


def _clash(desk: Desk, found: CodingRow, values: dict[str, Any]) -> Clash:
    if not desk.sight.coding(found):
        return Clash(found.key, "it differs here and in the bundle; its coder can see how")
    code = desk.db.get(CodeRow, values["code_id"])
    there = _said(code.key if code else "?", values["rating"], values["memo"], values["target"])
    one: Coding = load_coding(desk.grounds, found)
    here = _said(found.code.key, one.rating, one.memo, found.target)
    return Clash(found.key, "it differs here and in the bundle; what is here stays", here, there)


def _said(code: str, rating: float | None, memo: str, target: str) -> str:
    told = "" if rating is None else f" {number(rating)}"
    return f"{code}{told} on {target}" + (f", {memo!r}" if memo else "")


def _submit(db: Db, part: dict[str, dict[str, Any]], merged: Merged) -> Merged:
    """Where the coder has submitted on the other computer, and everything that they coded is here."""
    row = db.get(AssignmentRow, part["assignment"]["id"])
    share = next((one for one in row.coders if one.coder_id == part["coder"]["id"]), None) if row else None
    if share is None or part["share"]["submitted_at"] is None or merged.clashes:
        return merged
    if share.submitted_at is None:
        share.submitted_at = part["share"]["submitted_at"]
        db.info["change"].kind = "submit"
    return replace(merged, submitted=True)


def _files(study: Study, rows: Rows) -> dict[str, Path]:
    found = {values["sha256"]: study.path(values["path"]) for values in rows["recording"]}
    for values in rows["recording"]:
        if not found[values["sha256"]].is_file():
            raise InvalidInput(f"the recording {values['path']} is missing; find it with: iprkit relink FOLDER")
    return found


def _paths(rows: Rows) -> dict[str, str]:
    """Where each recording of a bundle is to lie: always in the study's own folder, whatever its row says."""
    found: dict[str, str] = {}
    for values in rows["recording"]:
        suffix = Path(values["path"].replace("\\", "/")).suffix.lower()
        safe = suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else ""
        found[values["sha256"]] = f"recordings/{values['sha256'][:16]}{safe}"
    return found


@contextmanager
def _unpacked(study: Study, file: Path, bundle: Bundle, paths: Mapping[str, str]) -> Iterator[None]:
    """The recordings of a bundle lie in the study's folder, and are gone again where the block fails."""
    made: list[Path] = []
    try:
        for sha256, size in bundle.sizes.items():
            place = study.path(paths[sha256]) if sha256 in paths else None
            if place is not None and not place.exists():
                with handed_out(place) as stream:
                    unpack_recording(file, sha256, size, stream)
                made.append(place)
        yield
    except BaseException:
        for place in made:
            place.unlink(missing_ok=True)
        raise
