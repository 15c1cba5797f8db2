"""The checklist COREQ for interview studies, filled in as far as the study's database can, the rest left to the author.

The 32 items are told here in words of our own; the checklist is Tong, Sainsbury and Craig's.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, TextIO

from docx import Document

from iprkit.report.facts import Facts
from iprkit.report.methods import methods
from iprkit.report.printable import printable
from iprkit.timeline import clock

CITATION = (
    "Tong A, Sainsbury P, Craig J. Consolidated criteria for reporting qualitative research (COREQ): a 32-item "
    "checklist for interviews and focus groups. International Journal for Quality in Health Care 2007; 19(6): 349–357. "
    "doi:10.1093/intqhc/mzm042"
)
FOR_YOU = "for you to write"


@dataclass(frozen=True)
class Item:
    """One item: its number, which domain it belongs to, what must be told, and what the study knows of it."""

    number: int
    domain: str
    asks: str
    answer: str

    @property
    def known(self) -> bool:
        return self.answer != FOR_YOU


_TEAM, _DESIGN, _ANALYSIS = "Research team and reflexivity", "Study design", "Analysis and findings"


def coreq(facts: Facts) -> list[Item]:
    """The 32 items in order; ``FOR_YOU`` stands where the study knows nothing."""
    return [
        Item(number, domain, asks, (answer(facts) if answer else "") or FOR_YOU)
        for number, (domain, asks, answer) in enumerate(_ITEMS, start=1)
    ]


def write_coreq_csv(items: Sequence[Item], stream: TextIO) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["number", "domain", "item", "answer", "source"])
    writer.writerows([str(one.number), one.domain, one.asks, one.answer, "study" if one.known else ""] for one in items)


def write_coreq_markdown(items: Sequence[Item], stream: TextIO) -> None:
    stream.write(f"# COREQ\n\n{CITATION}\n\nItems in our own words.\n\n| No. | Item | Answer |\n|---|---|---|\n")
    for one in items:
        answer = one.answer if one.known else f"*{FOR_YOU}*"
        stream.write(f"| {one.number} | {one.asks} | {answer.replace('|', '&#124;')} |\n")


def write_coreq_docx(items: Sequence[Item], stream: BinaryIO) -> None:
    """A table by domain, items in our words, page numbers left to the author."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "COREQ", "", ""
    properties.created = properties.modified = datetime(2000, 1, 1)
    document.add_heading("COREQ", level=1)
    document.add_paragraph(f"{CITATION}. Items in our own words.")
    for domain in (_TEAM, _DESIGN, _ANALYSIS):
        document.add_heading(domain, level=2)
        table = document.add_table(rows=1, cols=4, style="Table Grid")
        for cell, head in zip(table.rows[0].cells, ("No.", "Item", "Answer", "Page"), strict=True):
            cell.paragraphs[0].add_run(head).bold = True
        for one in (item for item in items if item.domain == domain):
            cells = table.add_row().cells
            cells[0].text, cells[1].text = str(one.number), one.asks
            cells[2].paragraphs[0].add_run(printable(one.answer)).italic = not one.known
    document.save(stream)


def _sample(facts: Facts) -> str:
    if not facts.dyads:
        return ""
    people = ", ".join(f"{count} {role}{'' if count == 1 else 's'}" for role, count in facts.people)
    interviews = f"; {facts.linked.interviews} recall interviews" if facts.linked.interviews else ""
    return f"{facts.dyads} dyads ({people}); {facts.sessions} sessions{interviews}"


def _left(facts: Facts) -> str:
    gone = [one for one in facts.remarks if "withdrew" in one]
    return f"{len(gone)} recordings are not used, as somebody withdrew; who refused is {FOR_YOU}" if gone else ""


def _repeated(facts: Facts) -> str:
    return (
        f"{facts.linked.interviews} recall interviews about {facts.sessions} sessions"
        if facts.linked.interviews
        else ""
    )


def _recorded(facts: Facts) -> str:
    if not facts.recorded:
        return ""
    return f"{facts.recorded} of {facts.sessions} sessions recorded, {facts.video} recordings with film"


def _notes(facts: Facts) -> str:
    return f"{facts.memos} memos in the study; whether they are field notes is {FOR_YOU}" if facts.memos else ""


def _length(facts: Facts) -> str:
    return f"sessions: {clock(facts.duration_ms)} in all" if facts.duration_ms else ""


def _coders(facts: Facts) -> str:
    told = [f"{one.name}: {len(one.codings)}" for one in facts.coded]
    return f"coders by codebook: {', '.join(told)}" if told else ""


def _tree(facts: Facts) -> str:
    told = [f"{one.name} {one.version}, {one.codes} codes" for one in facts.coded]
    return f"{'; '.join(told)}: iprkit codebook export writes them for an appendix" if told else ""


def _software(facts: Facts) -> str:
    return methods(facts)[-1]


def _quotations(facts: Facts) -> str:
    if not facts.quotable_comments:
        return ""
    return f"every quotation has a key; {facts.quotable_comments} comments may be quoted: iprkit export quotes, docx"


_ITEMS: tuple[tuple[str, str, Callable[[Facts], str] | None], ...] = (
    (_TEAM, "Who held the interviews", None),
    (_TEAM, "Degrees of those who did research", None),
    (_TEAM, "What they worked as at the time", None),
    (_TEAM, "Their gender", None),
    (_TEAM, "Their experience and training", None),
    (_TEAM, "Whether they knew participants before", None),
    (_TEAM, "What participants knew of them, such as reasons for the research", None),
    (_TEAM, "What else about them matters: assumptions, interests, bias", None),
    (_DESIGN, "The methodology behind the study", None),
    (_DESIGN, "How participants were selected", None),
    (_DESIGN, "How they were approached", None),
    (_DESIGN, "How many took part", _sample),
    (_DESIGN, "How many refused or left, and why", _left),
    (_DESIGN, "Where the data were collected", None),
    (_DESIGN, "Whether anybody else was present", None),
    (_DESIGN, "What characterises the sample, dates among it", None),
    (_DESIGN, "What was asked; whether a guide was given or tried out", None),
    (_DESIGN, "Whether interviews were repeated, and how many", _repeated),
    (_DESIGN, "Whether sound or film was recorded", _recorded),
    (_DESIGN, "Whether notes were taken during or after", _notes),
    (_DESIGN, "How long interviews or sessions took", _length),
    (_DESIGN, "Whether saturation was discussed", None),
    (_DESIGN, "Whether transcripts went back to participants", None),
    (_ANALYSIS, "How many coded", _coders),
    (_ANALYSIS, "Whether the tree of codes is described", _tree),
    (_ANALYSIS, "Whether themes were set before or came from the data", None),
    (_ANALYSIS, "Which software was used", _software),
    (_ANALYSIS, "Whether participants commented on the findings", None),
    (_ANALYSIS, "Whether quotations are given and each can be told whose it is", _quotations),
    (_ANALYSIS, "Whether data and findings fit together", None),
    (_ANALYSIS, "Whether major themes are clear", None),
    (_ANALYSIS, "Whether minor themes or cases that differ are told", None),
)
