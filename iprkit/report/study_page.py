"""A dyad or a whole study as one page: people, sessions, talk, moments side by side, codings, agreement, figures and
methods, in a file that needs nothing else, asks nothing of any network, and can be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TextIO

from iprkit.report.paired import PairedMoment, PairedTable, head_of

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --soft: #555; --line: #bbb; --paper: #fff; --shade: #f3f3f0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e6e1; --soft: #a9a6a0; --line: #4a4a48; --paper: #1c1c1b; --shade: #282826; }
}
* { box-sizing: border-box; }
body { font: 1rem/1.5 Georgia, "Times New Roman", serif; color: var(--ink); background: var(--paper);
  margin: 0 auto; max-width: 72rem; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.7rem; font-weight: normal; margin: 0 0 .2rem; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }
a { color: inherit; }
a:focus-visible, summary:focus-visible { outline: 2px solid; outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; color: var(--soft); padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .35rem 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; border-bottom: 1.5px solid var(--ink); font-weight: normal; font-style: italic; }
tbody th { font-weight: normal; white-space: nowrap; }
td.number { font-variant-numeric: tabular-nums; }
.moment th { font-weight: bold; white-space: normal; background: var(--shade); padding-left: .5rem; }
.moment span { font-weight: normal; margin-left: 1rem; }
.wide { table-layout: fixed; min-width: 44rem; }
.wide p { margin: 0 0 .5rem; }
.key { color: var(--soft); font-size: .8rem; white-space: nowrap; }
.speaker, .prompt { font-style: italic; }
.note, .soft { color: var(--soft); }
.banner { border: 1.5px solid currentColor; padding: .5rem .8rem; }
figure { margin: 1rem 0 1.5rem; }
figure .card { background: #fff; color: #1a1a1a; padding: .5rem; overflow-x: auto; border: 1px solid var(--line); }
figure svg { width: 100%; height: auto; max-width: 60rem; display: block; }
figcaption { font-size: .92rem; margin-top: .3rem; }
details { font-size: .9rem; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; color: #000; background: #fff; }
  nav, details { display: none; }
  h2, h3 { break-after: avoid; }
  tr, figure { break-inside: avoid; }
  .scroll { overflow: visible; }
}
"""


@dataclass(frozen=True)
class Sheet:
    """A table with its caption; ``numbers`` are the columns of numbers."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Drawn:
    """A figure as SVG, with what it shows and its data."""

    title: str
    caption: str
    svg: str
    data: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """A section of the page: sentences, tables, figures, moments, in this order."""

    title: str
    paragraphs: tuple[str, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    figures: tuple[Drawn, ...] = ()
    moments: tuple[PairedTable, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """The whole page; ``banner`` says who may see it, where not everybody may."""

    title: str
    about: str
    parts: tuple[Part, ...]
    banner: str = ""


def write_page(page: Page, stream: TextIO) -> None:
    """Write the page; all that people wrote or said is escaped. The same values make the same bytes."""
    for line in _page(page):
        stream.write(line + "\n")


def inlined(svg: str, number: int) -> str:
    """An SVG as it stands in a page: without addresses, its ids told apart from those of other figures."""
    bare = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    bare = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", bare).replace("xlink:href", "href")
    bare = re.sub(r'\bid="([^"]*)"', lambda found: f'id="f{number}-{escape(_one_word(found[1]), quote=True)}"', bare)
    bare = re.sub(r"url\(#([^)]*)\)", rf"url(#f{number}-\1)", bare)
    return re.sub(r'href="#([^"]*)"', rf'href="#f{number}-\1"', bare)


def _one_word(text: str) -> str:
    return re.sub(r"\s+", "_", text)


def _page(page: Page) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(page.title)}</title><style>{_STYLE}</style></head><body>"
    yield f'<header><h1>{escape(page.title)}</h1><p class="soft">{escape(page.about)}</p>'
    if page.banner:
        yield f'<p class="banner" role="note">{escape(page.banner)}</p>'
    yield '<nav aria-label="Contents"><ul>'
    for number, part in enumerate(page.parts, start=1):
        yield f'<li><a href="#part-{number}">{escape(part.title)}</a></li>'
    yield "</ul></nav></header><main>"
    drawn = 0
    for number, part in enumerate(page.parts, start=1):
        yield f'<section aria-labelledby="part-{number}"><h2 id="part-{number}">{escape(part.title)}</h2>'
        yield from _part(part, drawn)
        yield "</section>"
        drawn += len(part.figures)
    yield "</main></body></html>"


def _part(part: Part, drawn: int) -> Iterator[str]:
    for paragraph in part.paragraphs:
        yield f"<p>{escape(paragraph)}</p>"
    if part.items:
        yield "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in part.items) + "</ul>"
    for sheet in part.sheets:
        yield from _sheet(sheet)
    for number, figure in enumerate(part.figures, start=drawn + 1):
        yield from _figure(figure, number)
    for table in part.moments:
        yield from _moments(table)


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(sheet.caption, quote=True)}"><table>'
    yield f"<caption>{escape(sheet.caption)}</caption>"
    yield (
        "<thead><tr>" + "".join(f'<th scope="col">{escape(head)}</th>' for head in sheet.heads) + "</tr></thead><tbody>"
    )
    for row in sheet.rows:
        cells = [f'<th scope="row">{escape(row[0])}</th>']
        for column, cell in enumerate(row[1:], start=1):
            kind = ' class="number"' if column in sheet.numbers else ""
            cells.append(f"<td{kind}>{escape(cell)}</td>")
        yield "<tr>" + "".join(cells) + "</tr>"
    yield "</tbody></table></div>"


def _heads(heads: Sequence[str]) -> str:
    return "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)


def _figure(figure: Drawn, number: int) -> Iterator[str]:
    label = f"figure-{number}"
    yield f'<figure aria-labelledby="{label}"><div class="card">'
    yield inlined(figure.svg, number).replace("<svg ", f'<svg role="img" aria-labelledby="{label}" ', 1)
    yield f'</div><figcaption id="{label}"><b>Figure {number}.</b> {escape(figure.title)}. {escape(figure.caption)}'
    yield "</figcaption><details><summary>Data of this figure</summary>"
    heads, *rows = figure.data
    yield from _sheet(Sheet(f"Data of figure {number}", tuple(heads), tuple(tuple(row) for row in rows)))
    yield "</details></figure>"


def _moments(table: PairedTable) -> Iterator[str]:
    yield f"<h3>{escape(table.title)}</h3>"
    if table.moments:
        label = escape(table.title, quote=True)
        yield f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table class="wide">'
        yield f"<thead><tr>{_heads(table.heads)}</tr></thead>"
        yield "<tbody>"
        for moment in table.moments:
            yield from _moment(table, moment)
        yield "</tbody></table></div>"
    for note in table.notes or ([] if table.moments else ["No moments."]):
        yield f'<p class="note">{escape(note)}</p>'


def _moment(table: PairedTable, moment: PairedMoment) -> Iterator[str]:
    first, *rest = head_of(moment)
    told = "".join(f"<span>{escape(part)}</span>" for part in rest)
    memos = "".join(f'<p class="prompt">{escape(memo)}</p>' for memo in moment.memos)
    yield f'<tr class="moment"><th colspan="{len(table.heads)}" scope="colgroup">{escape(first)}{told}{memos}</th></tr>'
    said = "".join(
        f'<p><span class="speaker">{escape(one.speaker)}:</span> {escape(one.text)} {_key(one.key)}</p>'
        for one in moment.excerpt
    )
    yield f"<tr><td>{said}</td>{''.join(_recalled(moment, by) for by in table.perspectives)}</tr>"


def _recalled(moment: PairedMoment, by: str) -> str:
    told = []
    for one in moment.recalls.get(by, ()):
        prompt = f'<p class="prompt">Interviewer: {escape(one.prompt)}</p>' if one.prompt else ""
        told.append(f"{prompt}<p>{escape(one.text)} {_key(one.key)}</p>")
    return f"<td>{''.join(told)}</td>"


def _key(key: str) -> str:
    return f'<span class="key">{escape(key)}</span>'


def rows_of(table: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """A table of lists as a value."""
    return tuple(tuple(row) for row in table)
