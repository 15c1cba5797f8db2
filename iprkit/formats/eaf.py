"""ELAN's annotation file (.eaf): a tier a speaker with the words below it, a tier a coder, tiers of recall and moments.

Each codebook is a controlled vocabulary. No two annotations of a tier may overlap, so what does goes to a second one
(``anna: cis #2``). What has no place of its own (rating, about whom, certainty, memo) stands in a tier below the codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from mimetypes import guess_type
from typing import BinaryIO
from urllib.parse import quote
from xml.sax.saxutils import escape

from iprkit.codebook import Codebook
from iprkit.exchange import Conversation, Exchange
from iprkit.formats.cues import one_line
from iprkit.formats.described import described, unique_names
from iprkit.formats.lanes import in_lanes, inside
from iprkit.formats.qdpx_selections import span_of
from iprkit.formats.refi import clean, element, guid, told
from iprkit.scale import number
from iprkit.timeline import Span, clock

SHOWN, PAUSES, MOMENTS, RECALL, MEMOS, BELOW, WORDS = (
    "session shown", "pauses", "moments", "recall", "memos", "memo: ", "words: ",
)  # fmt: skip
CODES = "codes"

_TYPES = (
    ("utterance", None), ("words", "Included_In"), ("memo", "Symbolic_Association"), ("note", None),
)  # fmt: skip
_CONSTRAINTS = (
    ("Time_Subdivision", "Time subdivision of parent annotation's time interval, no time gaps allowed"),
    ("Symbolic_Subdivision", "Symbolic subdivision of a parent annotation"),
    ("Symbolic_Association", "1-1 association with a parent annotation"),
    ("Included_In", "Time alignable annotations within the parent annotation's time interval, gaps are allowed"),
)
_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"


@dataclass(frozen=True)
class _Mark:
    """An annotation before it is placed: its time, its text, what stands below it, and which code it is."""

    span: Span
    text: str
    below: str = ""
    code: str | None = None
    words: tuple[tuple[Span, str], ...] = ()


@dataclass
class _Sheet:
    """The file while it grows: time slots and tiers, with the numbers given out so far."""

    slots: list[int] = field(default_factory=list)
    tiers: list[str] = field(default_factory=list)
    annotations: int = 0
    names: set[str] = field(default_factory=set)

    def tier(self, name: str, kind: str, marks: Sequence[_Mark], **attributes: str | None) -> None:
        """One tier or several lanes of it, each followed by what stands below."""
        for lane, placed in enumerate(in_lanes(marks, lambda mark: mark.span), start=1):
            title = self._unique(name if lane == 1 else f"{name} #{lane}")
            inner, below, words = [], [], []
            for span, mark in placed:
                identity = self._next()
                inner.append(self._aligned(identity, span, mark.text, mark.code))
                if mark.below:
                    below.append(self._referring(identity, mark.below))
                words += self._words(mark, span)
            self._add(title, kind, inner, attributes)
            if words:
                self._add(self._unique(f"{WORDS}{title}"), "words", words, attributes | {"PARENT_REF": title})
            if below:
                self._add(self._unique(f"{BELOW}{title}"), "memo", below, attributes | {"PARENT_REF": title})

    def _words(self, mark: _Mark, span: Span) -> list[str]:
        placed = inside([word for word, _ in mark.words], span) if mark.words else None
        texts = [text for _, text in mark.words]
        return [self._aligned(self._next(), s, t, None) for s, t in zip(placed or [], texts, strict=False)]

    def _add(self, title: str, kind: str, inner: list[str], attributes: dict[str, str | None]) -> None:
        head = {"TIER_ID": title, "LINGUISTIC_TYPE_REF": kind, **attributes}
        self.tiers.append(element("TIER", head, *inner))

    def _aligned(self, identity: str, span: Span, text: str, code: str | None) -> str:
        ends = (self._slot(span.start_ms), self._slot(span.end_ms))
        refs = {"ANNOTATION_ID": identity, "TIME_SLOT_REF1": ends[0], "TIME_SLOT_REF2": ends[1], "CVE_REF": code}
        return element("ANNOTATION", {}, element("ALIGNABLE_ANNOTATION", refs, _value(text)))

    def _referring(self, identity: str, text: str) -> str:
        refs = {"ANNOTATION_ID": self._next(), "ANNOTATION_REF": identity}
        return element("ANNOTATION", {}, element("REF_ANNOTATION", refs, _value(text)))

    def _slot(self, ms: int) -> str:
        self.slots.append(ms)
        return f"ts{len(self.slots)}"

    def _next(self) -> str:
        self.annotations += 1
        return f"a{self.annotations}"

    def _unique(self, name: str) -> str:
        number_, free = 2, one_line(clean(name))
        while free in self.names:
            free, number_ = f"{one_line(clean(name))} ({number_})", number_ + 1
        self.names.add(free)
        return free

    @property
    def order(self) -> list[str]:
        """The time slots in order of time."""
        ranked = sorted(range(len(self.slots)), key=lambda n: (self.slots[n], n))
        return [element("TIME_SLOT", {"TIME_SLOT_ID": f"ts{n + 1}", "TIME_VALUE": self.slots[n]}) for n in ranked]


def write_eaf(values: Exchange, stream: BinaryIO) -> None:
    """The file of the first conversation; the others, interviews about it, give their recall. Valid against EAF 3.0."""
    one, *others = values.conversations
    sheet = _Sheet()
    _speech(sheet, one)
    _codings(sheet, values, one)
    _recall(sheet, one, others)
    moments = [_Mark(m.span, f"{m.key} ({m.source})" + (f": {m.label}" if m.label else "")) for m in one.moments]
    sheet.tier(MOMENTS, "note", moments)
    _memos(sheet, one, others)
    root = {
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "AUTHOR": values.by, "DATE": values.written_at,
        "FORMAT": "3.0", "VERSION": "3.0", "xsi:noNamespaceSchemaLocation": _SCHEMA,
    }  # fmt: skip
    used = {coding.codebook for coding in one.codings} | {verdict.codebook for verdict in one.adjudications}
    books = [book for book in values.codebooks if book.name in used]
    inner = [
        _header(one, sheet), element("TIME_ORDER", {}, *sheet.order), *sheet.tiers, *_types(books),
        element("LANGUAGE", {"LANG_ID": "und", "LANG_LABEL": "undetermined (und)"}),
        *(element("CONSTRAINT", {"STEREOTYPE": name, "DESCRIPTION": what}) for name, what in _CONSTRAINTS),
        *(_vocabulary(book) for book in books),
    ]  # fmt: skip
    stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n' + element("ANNOTATION_DOCUMENT", root, *inner).encode())


def code_id(book: Codebook, key: str) -> str:
    """The identity of a code in its vocabulary."""
    return f"cve_{guid('eaf', book.name, key)}"


def _header(one: Conversation, sheet: _Sheet) -> str:
    media = [
        element("MEDIA_DESCRIPTOR", {
            "MEDIA_URL": f"./{quote(medium.name)}", "RELATIVE_MEDIA_URL": f"./{quote(medium.name)}",
            "MIME_TYPE": guess_type(medium.name)[0] or "application/octet-stream",
            "TIME_ORIGIN": medium.offset_ms or None,
        })
        for medium in one.media
    ]  # fmt: skip
    urn = element("PROPERTY", {"NAME": "URN"}, f"urn:nl-mpi-tools-elan-eaf:{guid('eaf', one.key).lower()}")
    last = element("PROPERTY", {"NAME": "lastUsedAnnotationId"}, str(sheet.annotations))
    key = element("PROPERTY", {"NAME": "iprkit"}, escape(clean(one.key)))
    return element("HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"}, *media, urn, last, key)


def _speech(sheet: _Sheet, one: Conversation) -> None:
    if one.transcript is None:
        return
    by_speaker: dict[str | None, list[_Mark]] = {}
    for segment in one.transcript.segments:
        measured = any(not word.interpolated for word in segment.words)
        words = tuple((word.span, one_line(word.text)) for word in segment.words) if measured else ()
        mark = _Mark(segment.span, one_line(segment.text), words=words)
        by_speaker.setdefault(segment.speaker, []).append(mark)
    for label, marks in by_speaker.items():
        title = one.transcript.title(label)
        sheet.tier(title, "utterance", marks, PARTICIPANT=clean(title))


def _codings(sheet: _Sheet, values: Exchange, one: Conversation) -> None:
    tiers: dict[tuple[str, str, str], list[_Mark]] = {}
    for coding in one.codings:
        rating = None if coding.rating is None else number(coding.rating)
        said = {"rating": rating, "about": coding.about, "certainty": coding.certainty, "round": coding.round}
        mark = _code_mark(values, coding.codebook, coding.code, coding.anchor.span, told(coding.memo, said))
        tiers.setdefault((coding.coder, coding.codebook, coding.coder), []).append(mark)
    for verdict in one.adjudications:
        rating = None if verdict.rating is None else number(verdict.rating)
        said = {"rating": rating, "about": verdict.about, "round": verdict.round, "settled": f"by {verdict.decided_by}"}
        mark = _code_mark(values, verdict.codebook, verdict.code, verdict.anchor.span, told(verdict.reason, said))
        tiers.setdefault(("adjudicated", verdict.codebook, "adjudicated"), []).append(mark)
    for (title, book, annotator), marks in tiers.items():
        sheet.tier(f"{title}: {book}", f"{CODES} {book}", marks, ANNOTATOR=clean(annotator))


def _code_mark(values: Exchange, name: str, code: str, span: Span, below: str) -> _Mark:
    book = values.book(name)
    if book is None or code not in book.by_key:
        return _Mark(span, code, below)
    return _Mark(span, _names(book).get(code, book.by_key[code].name), below, code_id(book, code))


def _names(book: Codebook) -> dict[str, str]:
    return unique_names(book)


def _recall(sheet: _Sheet, one: Conversation, others: Sequence[Conversation]) -> None:
    for interview in others:
        if interview.recall is None:
            continue
        said = [c for c in interview.recall.comments if c.session is not None]
        marks = [_Mark(c.session, one_line(c.text)) for c in said if c.session is not None]
        who = interview.recall.participant or interview.recall.perspective
        sheet.tier(f"{RECALL}: {who}", "note", marks, PARTICIPANT=who)
    if one.recall is not None:
        pieces = [_Mark(p.interview, f"{clock(p.session.start_ms)}-{clock(p.session.end_ms)}")
                  for p in one.recall.time_map.pieces]  # fmt: skip
        sheet.tier(SHOWN, "note", pieces)
        pauses = [_Mark(p.interview, f"stopped by {p.initiated_by or 'nobody knows whom'}") for p in one.recall.pauses]
        sheet.tier(PAUSES, "note", pauses)
        comments = [_Mark(c.interview, one_line(c.text)) for c in one.recall.comments]
        sheet.tier(f"{RECALL}: {one.recall.participant or one.recall.perspective}", "note", comments)


def _memos(sheet: _Sheet, one: Conversation, others: Sequence[Conversation]) -> None:
    by: dict[str, list[_Mark]] = {}
    for note in one.memos:
        span = span_of(note.target, one, list(others)) or Span(0, max(1, one.duration_ms))
        by.setdefault(note.author, []).append(_Mark(span, note.text))
    for author, marks in by.items():
        sheet.tier(f"{MEMOS}: {author}", "note", marks, ANNOTATOR=clean(author))


def _types(books: Sequence[Codebook]) -> Iterator[str]:
    for name, constraint in _TYPES:
        aligned = "false" if constraint == "Symbolic_Association" else "true"
        yield element("LINGUISTIC_TYPE", {
            "LINGUISTIC_TYPE_ID": name, "TIME_ALIGNABLE": aligned, "GRAPHIC_REFERENCES": "false",
            "CONSTRAINTS": constraint,
        })  # fmt: skip
    for book in books:
        yield element("LINGUISTIC_TYPE", {
            "LINGUISTIC_TYPE_ID": f"{CODES} {book.name}", "TIME_ALIGNABLE": "true", "GRAPHIC_REFERENCES": "false",
            "CONTROLLED_VOCABULARY_REF": book.name,
        })  # fmt: skip


def _vocabulary(book: Codebook) -> str:
    names = _names(book)
    entries = []
    for code in book.codes:
        path = " > ".join([*(above.name for above in reversed(list(book.ancestors(code.key)))), code.name])
        name = names.get(code.key, code.name)
        text = "\n\n".join(part for part in (path if path != name else "", described(book, code, name)) if part)
        head = {"LANG_REF": "und", "DESCRIPTION": text or None}
        value = element("CVE_VALUE", head, escape(clean(name)))
        entries.append(element("CV_ENTRY_ML", {"CVE_ID": code_id(book, code.key)}, value))
    title = element("DESCRIPTION", {"LANG_REF": "und"}, escape(clean(book.title or book.name)))
    return element("CONTROLLED_VOCABULARY", {"CV_ID": book.name}, title, *entries)


def _value(text: str) -> str:
    return f"<ANNOTATION_VALUE>{escape(clean(text))}</ANNOTATION_VALUE>"
