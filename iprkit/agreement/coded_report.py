"""All that is told of how far coders agree on the codings of a study: unit by unit, or along time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from iprkit.agreement.coded import (
    Coded,
    Unit,
    disagreements,
    label_table,
    presence_table,
    rating_table,
    set_confusions,
    timelines,
)
from iprkit.agreement.correlated import correlations
from iprkit.agreement.disagreements import Disagreement
from iprkit.agreement.measures import (
    BETWEEN_TWO,
    NOMINAL,
    ORDERED,
    ORDERED_BETWEEN_TWO,
    PER_CODE,
    PER_CODE_OF_TWO,
)
from iprkit.agreement.method import Method
from iprkit.agreement.rated import figures, pair_figures
from iprkit.agreement.ratings import Ratings
from iprkit.agreement.report import Report, report_on_timelines
from iprkit.agreement.result import Agreement
from iprkit.codebook import Codebook
from iprkit.coding import Coding
from iprkit.timeline import Span


@dataclass(frozen=True)
class Choice:
    """Which codes are compared. ``fill``: a rating not given counts as *no evidence*, on scales that have it."""

    book: Codebook
    codes: tuple[str, ...]
    fill: bool = True

    @property
    def present(self) -> list[str]:
        """The codes that are there or not there."""
        return [key for key in self.codes if self.book.scale(key) is None]

    @property
    def rated(self) -> list[str]:
        """The codes that are rated on a scale."""
        return [key for key in self.codes if self.book.scale(key) is not None]


def report_on_codings(coded: Coded, choice: Choice, method: Method) -> Report:
    """The figures of units: over all codes that are there or not there, of each of them, and of each rated code."""
    book, used = choice.book, {code for said in coded.said.values() for code in said}
    present = [key for key in choice.present if key in used]
    rated = [key for key in choice.rated if key in used]
    several = len(coded.coders) > 2
    in_pairs = several and method.pairs
    found: list[Agreement] = []
    pairs: list[Agreement] = []
    differing: list[Disagreement] = []
    if present:
        offered = choice.present if book.exclusive else present
        labels = label_table(coded, offered, book.exclusive, book.exhaustive and not choice.rated)
        differing += disagreements(coded, labels)
        if len(present) > 1 or book.exclusive:
            found += figures(labels, NOMINAL, method)
            pairs += pair_figures(labels, BETWEEN_TWO, method) if in_pairs else []
    for key in present:
        table, per_code = presence_table(coded, key), PER_CODE if several else PER_CODE_OF_TWO
        found += figures(table, per_code, method, [key])
        pairs += pair_figures(table, BETWEEN_TWO, method, [key]) if in_pairs else []
    for key in rated:
        table = _rated(coded, choice, key)
        found += _of_ratings(table, key, choice, method)
        pairs += _named(pair_figures(table, ORDERED_BETWEEN_TWO, method), key) if in_pairs else []
        differing += disagreements(coded, table, key)
    return Report(
        coders=coded.coders,
        figures=tuple(found),
        pairs=tuple(pairs),
        confusions=tuple(set_confusions(coded, choice.present)),
        disagreements=tuple(_in_order(coded, differing)),
        notes=tuple(_notes(coded, choice, used)),
    )


def report_on_time(units: Sequence[Unit], codings: Sequence[Coding], choice: Choice, method: Method) -> Report:
    """The figures of codes on time lines, one line for each unit. Raises ValueError where no unit has any time."""
    lines = timelines(units, [one for one in codings if one.code in choice.codes])
    report = report_on_timelines(lines, method, codebook=choice.book.name)
    begins = {unit.target: unit for unit in units}
    differing = [_on_the_clock(one, begins[one.session or ""]) for one in report.disagreements]
    rated = ", ".join(choice.rated)
    told = [f"of rated codes ({rated}) only the presence is compared along time"] if rated else []
    return replace(report, disagreements=tuple(differing), notes=(*report.notes, *told))


def _rated(coded: Coded, choice: Choice, key: str) -> Ratings:
    scale = choice.book.scale(key)
    if scale is None:
        raise ValueError(f"{key} is not rated")
    return rating_table(coded, key, scale, scale.no_evidence if choice.fill else None)


def _of_ratings(table: Ratings, key: str, choice: Choice, method: Method) -> list[Agreement]:
    """Of ratings of one code; intraclass correlations too where the scale or the codebook takes them as measures."""
    found = figures(table, ORDERED, method)
    asked = choice.book.applied(key).statistic or ""
    if table.level in ("interval", "ratio"):
        found += correlations(table)
    elif asked.startswith("icc"):
        found += correlations(replace(table, level="interval"))
    return _named(found, key)


def _named(found: Iterable[Agreement], key: str) -> list[Agreement]:
    return [replace(one, code=key) for one in found]


def _in_order(coded: Coded, found: Iterable[Disagreement]) -> list[Disagreement]:
    places = {unit.target: place for place, unit in enumerate(coded.units)}
    return sorted(found, key=lambda one: places[one.unit or ""])


def _on_the_clock(one: Disagreement, unit: Unit) -> Disagreement:
    """A stretch of a unit's time line on the session's clock."""
    span = Span(one.start_ms or 0, one.end_ms or 0).shift(unit.span.start_ms)
    return replace(one, unit=None, session=unit.session, start_ms=span.start_ms, end_ms=span.end_ms)


def _notes(coded: Coded, choice: Choice, used: set[str]) -> Iterable[str]:
    book = choice.book
    if choice.present:
        yield f"a {coded.kind} without a code counts as no code" + (
            "; as the codebook asks for a code on every unit, it counts as not rated instead"
            if book.exhaustive and not choice.rated
            else ""
        )
    for key in (key for key in choice.rated if key in used):
        scale = book.scale(key)
        least = scale.no_evidence if scale is not None and choice.fill else None
        missing = sum(
            coded.said.get((place, coder), {}).get(key) is None
            for place, unit in enumerate(coded.units)
            for coder in unit.coders
        )
        rule = "are left out" if least is None else f"count as {least:g}, no evidence"
        yield f"{key}: {missing} ratings were not given and {rule}"
    unused = [key for key in choice.codes if key not in used]
    if unused:
        yield f"{len(unused)} codes were given by nobody and are not listed"
    asked = dict.fromkeys(book.applied(key).statistic or "" for key in choice.codes if key in used)
    yield f"the codebook recommends {', '.join(name for name in asked if name)}"
