"""The quote book: under every code what was said, by whom, when, in whose eyes and under which key, as a Word document.

It holds only what may be quoted in a paper; at its end stands how much was left out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from docx import Document
from docx.document import Document as Doc
from docx.shared import Pt, RGBColor

from iprkit.codebook import Codebook
from iprkit.coding import Coding
from iprkit.exchange import Conversation, Exchange
from iprkit.formats.long_table import Desk, Known, path_of, sessions_of
from iprkit.formats.quotable import Quotable
from iprkit.formats.sheet import write_undated
from iprkit.scale import number
from iprkit.timeline import clock
from iprkit.wording import tidy

_GREY = RGBColor(0x55, 0x55, 0x55)


@dataclass(frozen=True)
class _Quote:
    text: str
    speaker: str
    place: str
    time: str
    coding: Coding


def write_quote_book(values: Exchange, stream: BinaryIO) -> None:
    """Write the book, codes in the order of their codebooks, quotes in the order of sessions and time."""
    quotes, left_out = _collected(values)
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = f"Quotes: {values.title}", "", ""
    properties.created = properties.modified = datetime(2000, 1, 1)
    document.add_heading(tidy(f"Quotes: {values.title}"), level=0)
    for book in values.codebooks:
        _add_book(document, book, quotes)
    if not quotes:
        document.add_paragraph("No coded words may be quoted yet.")
    if left_out:
        said = f"{left_out} codings are left out: what they quote lacks a permission. Note permissions with iprkit "
        document.add_paragraph(f"{said}recall allow and iprkit consent.")
    made = io.BytesIO()
    document.save(made)
    write_undated(made, stream)


def _collected(values: Exchange) -> tuple[dict[tuple[str, str], list[_Quote]], int]:
    """By codebook and code: what may be quoted, the same words once a coder; and how many codings may not."""
    known, left_out = Known(values), 0
    found: dict[tuple[str, str], list[_Quote]] = {}
    for session, interviews in sessions_of(values.conversations):
        allowed = Quotable(session, interviews)
        comments = list(allowed.comments)
        for place in (session, *interviews):
            desk = Desk(known, place, (), comments)
            for coding in place.codings:
                if not coding.anchor.quote or coding.anchor.target.kind == "session":
                    continue
                if not allowed.coding(place, coding):
                    left_out += 1
                    continue
                quote = _quote(place, coding, desk.speakers(coding))
                found.setdefault((coding.codebook, coding.code), []).append(quote)
    return found, left_out


def _quote(place: Conversation, coding: Coding, speakers: str) -> _Quote:
    span = coding.anchor.span
    time = f"{clock(span.start_ms)} to {clock(span.end_ms)}"
    return _Quote(coding.anchor.quote, speakers.replace("|", " and "), place.key, time, coding)


def _add_book(document: Doc, book: Codebook, quotes: dict[tuple[str, str], list[_Quote]]) -> None:
    used = [code for code in book.codes if (book.name, code.key) in quotes]
    if not used:
        return
    document.add_heading(tidy(book.title or book.name), level=1)
    if book.citation:
        document.add_paragraph(tidy(book.citation))
    for code in used:
        mine = quotes[book.name, code.key]
        document.add_heading(f"{path_of(book, code.key)} ({len(mine)})", level=2)
        if code.definition:
            document.add_paragraph().add_run(tidy(code.definition)).italic = True
        for quote in mine:
            _add_quote(document, quote)


def _add_quote(document: Doc, quote: _Quote) -> None:
    words = document.add_paragraph(f"“{tidy(quote.text)}”")
    words.paragraph_format.space_after = Pt(0)
    words.paragraph_format.keep_with_next = True
    source = document.add_paragraph().add_run(". ".join(_source(quote)))
    source.font.size, source.font.color.rgb = Pt(8.5), _GREY


def _source(quote: _Quote) -> Iterator[str]:
    """Who said it, where and when, who coded it how, and the keys by which both are cited."""
    coding = quote.coding
    yield f"{quote.speaker.capitalize() or 'Speaker not named'}, {quote.place}, {quote.time}"
    told = [coding.coder, *([coding.round] if coding.round else [])]
    told += [f"rating {number(coding.rating)}"] if coding.rating is not None else []
    told += [f"about the {coding.about}"] if coding.about else []
    yield f"Coded by {', '.join(told)}"
    if coding.memo:
        yield f"Memo: {tidy(coding.memo)}"
    yield f"{coding.anchor.target.key}, {coding.key}"
