"""A report of agreement as a Word document: a table that a paper can take, and below it what was counted and where
coders differ."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from docx import Document
from docx.document import Document as Written

from iprkit.agreement.disagreements import Disagreement
from iprkit.agreement.report import Report
from iprkit.agreement.result import NAMES, Agreement
from iprkit.timeline import clock
from iprkit.wording import tidy

_FIGURES = ("Statistic", "Code", "Value", "95 % interval", "Observed", "Expected", "Units")
_MOST = 500
"""Rows of a table that a document holds."""


def write_report(report: Report, stream: BinaryIO) -> None:
    """Figures, what they count, the undefined ones with their reasons, confusions, disagreements, notes."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = datetime(2000, 1, 1)
    document.core_properties.author = ""
    document.add_heading("Agreement between coders", level=1)
    document.add_paragraph(f"Coders: {', '.join(report.coders)}.")
    defined = [one for one in report.figures if one.value is not None]
    _table(document, _FIGURES, [_figure(one) for one in defined])
    document.add_paragraph("Observed and expected are agreement; of α and γ they are disagreement.")
    _list(document, "What is counted", [f"{name}: {text}" for text, name in _by_text(defined, "denominator").items()])
    _list(document, "Intervals", list(_by_text(defined, "interval")))
    undefined = [one for one in report.figures if one.value is None]
    _list(document, "Undefined", [f"{_name(one)}: undefined, because {one.reason}" for one in undefined])
    if report.confusions:
        document.add_heading("Codes taken for one another", level=2)
        rows = [[c.first, c.second, str(c.count), f"{c.share:.0%}"] for c in report.confusions]
        _table(document, ("One says", "Another says", "Times", "Of all that differ"), rows)
    if report.disagreements:
        document.add_heading("Where coders differ", level=2)
        _table(document, ("Where", *report.coders, "Quote"), [_differing(one) for one in report.disagreements])
    _list(document, "Notes", list(report.notes))
    made = io.BytesIO()
    document.save(made)
    stream.write(made.getvalue())


def _figure(one: Agreement) -> list[str]:
    percent = one.statistic == "percent_agreement"
    value, ends = _number(one.value, percent), [_number(end, percent) for end in one.ci or ()]
    interval = f"[{', '.join(ends)}]" if ends else "—"
    return [
        NAMES[one.statistic], one.code or "all", value, interval, _number(one.observed), _number(one.expected),
        str(one.n_units),
    ]  # fmt: skip


def _differing(one: Disagreement) -> list[str]:
    time = f"{clock(one.start_ms)}–{clock(one.end_ms)}" if one.start_ms is not None and one.end_ms is not None else ""
    where = " ".join(part for part in (one.unit or one.session or "", time) if part)
    return [where, *(said or "—" for said in one.said), one.quote or ""]


def _number(value: float | None, percent: bool = False) -> str:
    """As journals print it: three decimals, no zero before the point."""
    if value is None:
        return "—"
    if percent:
        return f"{value:.1%}"
    text = f"{value:.3f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _name(one: Agreement) -> str:
    return f"{NAMES[one.statistic]} of {one.code}" if one.code else NAMES[one.statistic]


def _by_text(figures: Sequence[Agreement], part: str) -> dict[str, str]:
    groups: dict[str, dict[str, None]] = {}
    for one in figures:
        groups.setdefault(str(getattr(one, part)), {})[NAMES[one.statistic]] = None
    return {text: ", ".join(names) for text, names in groups.items() if text}


def _list(document: Written, head: str, told: Sequence[str]) -> None:
    if told:
        document.add_heading(head, level=2)
        for line in told:
            document.add_paragraph(tidy(line), style="List Bullet")


def _table(document: Written, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for row in rows[:_MOST]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = tidy(text)
    if len(rows) > _MOST:
        document.add_paragraph(f"{len(rows) - _MOST} rows more stand in the table of figures or in JSON.")
