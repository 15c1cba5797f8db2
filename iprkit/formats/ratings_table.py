"""The table that people take to a web calculator: a column of units, then one column a coder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from iprkit.agreement.ratings import Level, Ratings, number, ratings
from iprkit.errors import FormatError
from iprkit.formats.delimited import Row, Table, read_delimited

MISSING = ("", ".", "NA", "N/A", "#N/A", "NaN")


@dataclass(frozen=True)
class RatingsTable:
    """Ratings as read, and what the reader should know of how they were read."""

    ratings: Ratings
    notes: tuple[str, ...]


def read_ratings(
    data: str | bytes, level: Level = "nominal", coders: Sequence[str] = (), cluster: str | None = None
) -> RatingsTable:
    """Ratings of units by coders, numbers with a decimal point or comma; what is in `MISSING` is no rating.

    ``coders`` chooses columns, all but the first and ``cluster`` where it is empty; ``cluster`` names the column of
    what is drawn as a whole when intervals are estimated, as sessions or dyads. Raises FormatError with the line for
    units that are named twice or not at all, for words where the level needs numbers, negative numbers at the ratio
    level, a missing cluster, and for columns that are not there.
    """
    table = read_delimited(data)
    homes = _column(table, cluster) if cluster else None
    columns = [_column(table, name) for name in coders] or [
        place for place in range(1, len(table.heads)) if place != homes
    ]
    names = [table.heads[place] for place in columns]
    if not names or not table.rows:
        raise FormatError("expected a first column of units, one column for each coder, and rows below")
    rows: dict[str, list[str | float | None]] = {}
    for row, unit in zip(table.rows, _units(table), strict=True):
        rows[unit] = [_rating(row, unit, table.heads[place], row.cells[place], level) for place in columns]
    clusters = (cluster, _homes(table, homes, cluster)) if cluster and homes is not None else None
    return RatingsTable(ratings(rows, names, level, clusters=clusters), _notes(table, columns, level))


def decimal(text: str) -> float:
    """A number with a decimal point or comma, also with a typographic minus. Raises ValueError for what is none.

    >>> decimal("3,5"), decimal("−1.25")
    (3.5, -1.25)
    """
    plain = text.replace("−", "-")
    return float(plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain)


def _column(table: Table, name: str) -> int:
    places = {head.casefold(): place for place, head in enumerate(table.heads)}
    if name.casefold() not in places:
        raise FormatError(f"there is no column {name!r}; the columns are {', '.join(table.heads)}")
    return places[name.casefold()]


def _units(table: Table) -> list[str]:
    lines: dict[str, int] = {}
    for row in table.rows:
        unit = row.cells[0]
        if not unit:
            raise FormatError(f"line {row.line}: the first cell is empty; it names the unit")
        if unit in lines:
            raise FormatError(f"line {row.line}: unit {unit!r} is already in line {lines[unit]}; name each unit once")
        lines[unit] = row.line
    return list(lines)


def _rating(row: Row, unit: str, coder: str, cell: str, level: Level) -> str | float | None:
    if cell in MISSING:
        return None
    if level == "nominal":
        return cell
    place = f"line {row.line}, unit {unit!r}, column {coder!r}"
    try:
        value = decimal(cell)
    except ValueError as e:
        hint = "leave the cell empty if it is missing, or use --level nominal for words"
        raise FormatError(f"{place}: {cell!r} is no number, and the {level} level takes numbers; {hint}") from e
    try:
        return number(value, level)
    except ValueError as e:
        raise FormatError(f"{place}: {e}") from e


def _homes(table: Table, column: int, name: str) -> dict[str, str]:
    for row in table.rows:
        if not row.cells[column]:
            raise FormatError(f"line {row.line}: column {name!r} is empty; every unit belongs to something there")
    return {row.cells[0]: row.cells[column] for row in table.rows}


def _notes(table: Table, columns: Sequence[int], level: Level) -> tuple[str, ...]:
    cells = [row.cells[place] for row in table.rows for place in columns]
    marks = Counter(cell for cell in cells if cell and cell in MISSING)
    notes = [f"{mark!r} was read as missing, {often} times" for mark, often in sorted(marks.items())]
    forms: dict[str, list[str]] = {}
    for cell in dict.fromkeys(cells):
        forms.setdefault(cell.casefold(), []).append(cell)
    if level == "nominal":
        alike = [" and ".join(map(repr, same)) for same in forms.values() if len(same) > 1]
        notes += [f"{same} are counted as different categories" for same in alike]
    return tuple(notes)
