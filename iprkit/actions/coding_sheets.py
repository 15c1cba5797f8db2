"""Coding sheets: out to a coder without iprkit, and back, all of it or nothing, with every error named by its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from iprkit.actions.assignments import units_of
from iprkit.actions.coding_desk import ADDED, KNOWN, UPDATED, Desk, Wish
from iprkit.actions.codings import word_change
from iprkit.actions.handed_out import handed_out
from iprkit.codebook import Codebook
from iprkit.coding import Anchor, Coding, span_key
from iprkit.database import coding_queries
from iprkit.database.codings import load_coding
from iprkit.database.connect import Study
from iprkit.errors import FormatError, InvalidInput, IprkitError
from iprkit.formats.coding_sheet import SheetRow, read_sheet, write_sheet_csv, write_sheet_excel
from iprkit.scale import number
from iprkit.timeline import Span

LARGEST = 50_000_000
"""Bytes; no sheet is larger."""

_TOLD = 20  # errors are told row by row up to so many


@dataclass(frozen=True)
class Filled:
    """What a sheet leaves out and the person who imports it says."""

    coder: str | None = None
    codebook: str | None = None
    session: str | None = None
    round: str | None = None


@dataclass(frozen=True)
class Imported:
    """What became of a sheet's rows. ``empty`` rows have no code; ``moved`` quote other words than stand there now."""

    file: str
    coders: tuple[str, ...] = ()
    added: int = 0
    known: int = 0
    updated: int = 0
    empty: int = 0
    moved: tuple[str, ...] = ()


@dataclass
class _Count:
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys((ADDED, KNOWN, UPDATED), 0))
    coders: dict[str, None] = field(default_factory=dict)
    sessions: dict[str, None] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def import_sheet(study: Study, file: Path, filled: Filled | None = None, update: bool = False) -> Imported:
    """Enter the codings of a sheet, CSV or Excel, in one change.

    A coding that is there already is left; ``update`` brings its rating, certainty and memo to what the sheet says.
    Raises FormatError naming every row that cannot be entered, InvalidInput where there is no such file; nothing is
    stored then.
    """
    rows = read_sheet(_bytes(file), file.name)
    wanted = [row for row in rows if "code" in row.cells]
    told = filled or Filled()
    with study.change(f"imported {file.name}") as db:
        count = _enter(Desk(db, study.author), wanted, told, update)
        if count.errors:
            raise FormatError(_refusal(file.name, count.errors))
        coders, place = tuple(count.coders), tuple(count.sessions)
        made = count.states[ADDED] + count.states[UPDATED]
        word_change(db, f"imported {made} codings of {', '.join(coders)}", place[0] if len(place) == 1 else None)
    return Imported(file.name, coders, **count.states, empty=len(rows) - len(wanted), moved=tuple(count.moved))


def export_sheet(
    study: Study, to: Path, coder: str, assignment: str | None = None, codebook: str | None = None,
    places: Sequence[str] = (),
) -> int:  # fmt: skip
    """Write a sheet for a coder: one row for each unit of an assignment, or of sessions, with the coder's own codings.

    Without an assignment the units are those of ``codebook`` in the sessions ``places``. A name that ends in .xlsx
    makes a workbook, any other CSV. Returns the number of rows. Raises NotFound, InvalidInput, Conflict where somebody
    asks for another's sheet while coding blind.
    """
    with study.read() as db:
        desk = Desk(db, study.author)
        who = desk.writer(coder)
        drawn = units_of(db, desk.grounds, assignment, codebook, places, who)
        own = [
            load_coding(desk.grounds, row)
            for row in coding_queries.codings(db, drawn.codebook.id)
            if row.coder_id == who.id and (drawn.round is None or (row.round and row.round.name == drawn.round))
        ]
        book = desk.grounds.book(drawn.codebook)
        rows = list(_rows(book, drawn.units, own, who.name, drawn.round))
    with handed_out(to) as stream:
        if to.suffix.lower() == ".xlsx":
            write_sheet_excel(rows, book, stream)
        else:
            write_sheet_csv(rows, stream)
    return len(rows)


def _enter(desk: Desk, rows: Iterable[SheetRow], told: Filled, update: bool) -> _Count:
    count = _Count()
    for row in rows:
        try:
            entered = desk.enter(_wish(row.cells, told), update)
        except IprkitError as e:
            count.errors.append(f"row {row.number}: {e}")
            continue
        count.states[entered.state] += 1
        count.coders[entered.row.coder.name] = None
        count.sessions[entered.row.conversation.key] = None
        if entered.state == ADDED and load_coding(desk.grounds, entered.row).moved:
            count.moved.append(entered.row.key)
    return count


def _wish(cells: dict[str, str], told: Filled) -> Wish:
    return Wish(
        target=_target(cells, told),
        code=cells["code"],
        codebook=cells.get("codebook") or told.codebook,
        coder=cells.get("coder") or told.coder,
        rating=_number(cells, "rating"),
        about=cells.get("about"),
        certainty=cells.get("certainty"),
        memo=cells.get("memo", ""),
        round=cells.get("round") or told.round,
        quote=cells.get("quote"),
        by_time="target" not in cells,
    )


def _target(cells: dict[str, str], told: Filled) -> str:
    if "target" in cells:
        return cells["target"]
    session = cells.get("session") or told.session
    start_ms, end_ms = _number(cells, "start_ms"), _number(cells, "end_ms")
    if session is None or start_ms is None or end_ms is None:
        raise InvalidInput("it needs a target, or a session with start_ms and end_ms")
    if start_ms != int(start_ms) or end_ms != int(end_ms) or not 0 <= start_ms < end_ms:
        raise InvalidInput(f"{number(start_ms)} to {number(end_ms)} is no stretch of whole milliseconds")
    return span_key(session, Span(int(start_ms), int(end_ms)))


def _number(cells: dict[str, str], column: str) -> float | None:
    said = cells.get(column)
    if said is None:
        return None
    try:
        found = float(said.replace(",", "."))
    except ValueError as e:
        raise InvalidInput(f"{column} is {said!r}; expected a number") from e
    if not abs(found) < 1e15:
        raise InvalidInput(f"{column} is {said!r}; expected a number")
    return found


def _refusal(file: str, errors: Sequence[str]) -> str:
    more = f"\nand {len(errors) - _TOLD} rows more" if len(errors) > _TOLD else ""
    return f"{file}: nothing was imported\n" + "\n".join(errors[:_TOLD]) + more


def _rows(
    book: Codebook, units: Sequence[Anchor], own: Sequence[Coding], coder: str, round_name: str | None
) -> Iterator[dict[str, str]]:
    """Each unit's codings, or a row to fill in; of a codebook that rates every unit, a row for each rated code."""
    by_target: dict[str, list[Coding]] = {}
    for coding in own:
        by_target.setdefault(coding.anchor.target.key, []).append(coding)
    asked = [code.key for code in book.active if code.codable and book.scale(code.key)] if book.exhaustive else []
    for anchor in units:
        head = _head(anchor, book, coder, round_name)
        given = by_target.get(anchor.target.key, [])
        yield from (head | _cells(one) for one in given)
        left = [key for key in asked if key not in {one.code for one in given}]
        yield from (head | {"code": key} for key in left)
        if not given and not left:
            yield head


def _head(anchor: Anchor, book: Codebook, coder: str, round_name: str | None) -> dict[str, str]:
    return {
        "session": anchor.target.place,
        "target": anchor.target.key,
        "start_ms": str(anchor.span.start_ms),
        "end_ms": str(anchor.span.end_ms),
        "codebook": book.name,
        "coder": coder,
        "round": round_name or "",
        "quote": anchor.quote,
    }


def _cells(coding: Coding) -> dict[str, str]:
    return {
        "code": coding.code,
        "rating": "" if coding.rating is None else number(coding.rating),
        "about": coding.about or "",
        "certainty": coding.certainty or "",
        "memo": coding.memo,
        "round": coding.round or "",
    }


def _bytes(file: Path) -> bytes:
    if not file.is_file():
        raise InvalidInput(f"there is no file {file}")
    if file.stat().st_size > LARGEST:
        raise InvalidInput(f"{file} has {file.stat().st_size // 1_000_000} MB and cannot be a coding sheet")
    return file.read_bytes()
