"""The paired table as one HTML page that needs nothing else: to read, to print, to paste into a paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TextIO

from iprkit.report.paired import PairedMoment, PairedTable, Quotation, Said, head_of

_STYLE = """
body { font: 11pt/1.45 Georgia, serif; margin: 2.5em auto; max-width: 70em; padding: 0 1.5em; color: #1a1a1a; }
h1 { font-size: 1.4em; font-weight: normal; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { text-align: left; vertical-align: top; padding: .45em .8em .6em 0; }
thead th { border-bottom: 1.5px solid #1a1a1a; font-weight: normal; font-style: italic; }
tbody th { border-top: 1px solid #999; font-weight: bold; padding-top: .8em; }
tbody th span { font-weight: normal; margin-left: 1em; }
p { margin: 0 0 .5em; }
.speaker, .prompt { font-style: italic; }
.key { color: #555; font-size: .8em; white-space: nowrap; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
"""


def write_html(table: PairedTable, stream: TextIO) -> None:
    """Write the table as a page of its own; all that people said is escaped."""
    for line in _page(table):
        stream.write(line + "\n")


def _page(table: PairedTable) -> Iterator[str]:
    title = escape(table.title)
    yield "<!DOCTYPE html>"
    yield f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
    yield f"<body><h1>{title}</h1>"
    yield (
        "<table><thead><tr>" + "".join(f'<th scope="col">{escape(head)}</th>' for head in table.heads) + "</tr></thead>"
    )
    yield "<tbody>"
    for moment in table.moments:
        yield from _moment(table, moment)
    yield "</tbody></table>"
    for note in table.notes:
        yield f"<p>{escape(note)}</p>"
    yield "</body></html>"


def _moment(table: PairedTable, moment: PairedMoment) -> Iterator[str]:
    first, *rest = head_of(moment)
    told = "".join(f"<span>{escape(part)}</span>" for part in rest)
    head = f"{escape(first)}{told}{_notes(moment)}"
    yield f'<tr id="{escape(moment.key)}"><th colspan="{len(table.heads)}">{head}</th></tr>'
    yield "<tr><td>" + "".join(_said(one) for one in moment.excerpt) + "</td>"
    for perspective in table.perspectives:
        yield "<td>" + "".join(_quotation(one) for one in moment.recalls.get(perspective, ())) + "</td>"
    yield "</tr>"


def _notes(moment: PairedMoment) -> str:
    return "".join(f'<p class="prompt">{escape(note)}</p>' for note in moment.notes)


def _said(one: Said) -> str:
    key = f' <span class="key">{escape(one.key)}</span>'
    return f'<p><span class="speaker">{escape(one.speaker)}:</span> {escape(one.text)}{key}</p>'


def _quotation(one: Quotation) -> str:
    prompt = f'<p class="prompt">Interviewer: {escape(one.prompt)}</p>' if one.prompt else ""
    return f'{prompt}<p>{escape(one.text)} <span class="key">{escape(one.key)}</span></p>'
