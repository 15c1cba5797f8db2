"""An ELAN annotation file read as a conversation: which tiers are speech, words, codes, and what is left out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice, takewhile
from pathlib import PurePosixPath
from urllib.parse import unquote
from xml.etree import ElementTree as Xml

from iprkit.codebook import Codebook
from iprkit.codebook_changes import name_of
from iprkit.coding import Anchor, Coding, span_key
from iprkit.errors import FormatError, InvalidCodebook
from iprkit.exchange import Coder, Conversation, Exchange, Medium, Note
from iprkit.formats.cues import Cue, decided, one_line, spread
from iprkit.formats.described import Found, book_of
from iprkit.formats.eaf import BELOW, CODES, MEMOS, MOMENTS, PAUSES, RECALL, SHOWN, WORDS
from iprkit.formats.refi import told, untold
from iprkit.formats.texts import Labels, Stretches, made_transcript, numbered
from iprkit.formats.xml_tree import child, children, parsed_xml, text_of
from iprkit.recall import Moment
from iprkit.timeline import Span
from iprkit.transcript import Segment, Transcript, Word
from iprkit.wording import tidy, tidy_line

_LANE = re.compile(r"(?P<name>.+?) #\d+")
_MOMENT = re.compile(r"(?P<key>\S+) \(\w+\)(?:: (?P<label>.*))?", re.DOTALL)
_DEEPEST = 30


@dataclass(frozen=True)
class _Mark:
    identity: str
    span: Span
    text: str
    parent: str | None = None


@dataclass
class _Tier:
    name: str
    kind: str
    parent: str | None
    participant: str
    annotator: str
    marks: list[_Mark] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The name without the number of its lane."""
        found = _LANE.fullmatch(self.name)
        return found["name"] if found else self.name


def read_eaf(data: bytes, file: str, key: str) -> Exchange:
    """The conversation in a file. Raises FormatError with the place."""
    root = parsed_xml(data, file)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise FormatError(f"{file} is no ELAN file: it opens with {root.tag}, expected ANNOTATION_DOCUMENT")
    later = f"written in ELAN's format {root.get('FORMAT')}; known here are those up to 3.0" if _later(root) else ""
    own = next((text_of(p) for p in root.iter("PROPERTY") if p.get("NAME") == "iprkit"), "").strip()
    name = own or key
    tiers = _tiers(root, file)
    kinds = {k.get("LINGUISTIC_TYPE_ID") or "": k for k in children(root, "LINGUISTIC_TYPE")}
    vocabularies = {v.get("CV_ID") or "": v for v in children(root, "CONTROLLED_VOCABULARY")}
    sorted_tiers = _Sorted(tiers, {n: k.get("CONTROLLED_VOCABULARY_REF") or "" for n, k in kinds.items()})
    transcript = _transcript(sorted_tiers, name)
    books, codings = _coded(sorted_tiers, vocabularies, transcript, name, file)
    one = Conversation(
        name,
        media=tuple(_media(root)),
        transcript=transcript,
        moments=tuple(_moments(sorted_tiers)),
        codings=tuple(codings),
        memos=tuple(_notes(sorted_tiers, name)),
    )
    return Exchange(
        PurePosixPath(file).stem,
        conversations=(one,),
        codebooks=books,
        coders=tuple(Coder(coder) for coder in sorted({c.coder for c in codings})),
        origin="ELAN",
        remarks=(*((later,) if later else ()), *sorted_tiers.remarks()),
    )


def _later(root: Xml.Element) -> bool:
    found = re.match(r"(\d{1,4})\.(\d{1,4})", root.get("FORMAT") or "")
    return found is not None and (int(found[1]), int(found[2])) > (3, 0)


def read_ecv(data: bytes, file: str) -> Exchange:
    """The vocabularies of an external file of ELAN's as codebooks. Raises FormatError."""
    root, books = parsed_xml(data, file), list[Codebook]()
    for vocabulary in children(root, "CONTROLLED_VOCABULARY"):
        reference = vocabulary.get("CV_ID") or PurePosixPath(file).stem
        books.append(_book(reference, vocabulary, (), file, {book.name for book in books}))
    if not any(book.codes for book in books):
        raise FormatError(f"{file}: no vocabulary with entries is in it")
    return Exchange(PurePosixPath(file).stem, codebooks=tuple(books), origin="ELAN")


class _Sorted:
    """Tiers by what they are."""

    def __init__(self, tiers: Sequence[_Tier], vocabulary_of: dict[str, str]) -> None:
        self.vocabulary_of = vocabulary_of
        self.codes = [t for t in tiers if vocabulary_of.get(t.kind) or t.kind.startswith(f"{CODES} ")]
        coded = {t.name for t in self.codes}
        top = [t for t in tiers if t.parent is None and t.name not in coded]
        self.moments = [t for t in top if t.base == MOMENTS]
        self.notes = [t for t in top if t.base.startswith((f"{RECALL}: ", f"{MEMOS}: "))]
        aside = [t for t in top if t.base in (SHOWN, PAUSES)]
        used = {t.name for t in (*self.moments, *self.notes, *aside)}
        self.speech = [t for t in top if t.name not in used and t.marks]
        spoken = {t.name for t in self.speech}
        below = [t for t in tiers if t.parent is not None and t.name not in coded]
        self.words = {t.parent or "": t for t in below if t.parent in spoken and t.name.startswith(WORDS)}
        self.below = {t.parent or "": t for t in below if t.parent in coded and t.name.startswith(BELOW)}
        for tier in below:
            if tier.parent in spoken and tier.parent not in self.words and _is_words(tier):
                self.words[tier.parent or ""] = tier
        taken = {t.name for t in (*self.words.values(), *self.below.values())}
        self.left = [t for t in (*below, *aside) if t.name not in taken and t.marks]

    def remarks(self) -> Iterator[str]:
        if self.speech:
            yield f"tiers taken as speech: {', '.join(sorted(t.name for t in self.speech)[:12])}"
        if self.left:
            names = ", ".join(f"{t.name} ({len(t.marks)})" for t in self.left[:12])
            yield f"tiers left out, which depend on others or tell of playback: {names}"


def _is_words(tier: _Tier) -> bool:
    """Whether a tier below speech has a word an annotation, each with a time of its own."""
    return len({m.span for m in tier.marks}) == len(tier.marks) and all(" " not in m.text.strip() for m in tier.marks)


def _tiers(root: Xml.Element, file: str) -> list[_Tier]:
    slots = _slots(child(root, "TIME_ORDER"), file)
    tiers, spans, waiting = list[_Tier](), dict[str, Span](), list[tuple[_Tier, Xml.Element]]()
    seen = set[str]()
    for element in children(root, "TIER"):
        name = element.get("TIER_ID") or "unnamed"
        if name in seen:
            raise FormatError(f"{file} has two tiers named {name}; rename one in ELAN")
        seen.add(name)
        tier = _Tier(name, element.get("LINGUISTIC_TYPE_REF") or "", element.get("PARENT_REF"),
                     element.get("PARTICIPANT") or "", element.get("ANNOTATOR") or "")  # fmt: skip
        tiers.append(tier)
        for annotation in (inner for one in children(element, "ANNOTATION") for inner in one):
            identity = annotation.get("ANNOTATION_ID") or ""
            if annotation.tag != "ALIGNABLE_ANNOTATION":
                waiting.append((tier, annotation))
                continue
            ends = [slots.get(annotation.get(f"TIME_SLOT_REF{n}") or "") for n in (1, 2)]
            if ends[0] is None or ends[1] is None:
                raise FormatError(f"{file}, tier {name}: annotation {identity} refers to a time that is not there")
            spans[identity] = Span(ends[0], max(ends[0], ends[1]))
            tier.marks.append(_Mark(identity, spans[identity], _text(annotation)))
    for _ in range(_DEEPEST):
        waiting = [(tier, one) for tier, one in waiting if not _refer(tier, one, spans)]
    for tier in tiers:
        tier.marks.sort(key=lambda mark: (mark.span.start_ms, mark.span.end_ms))
    return tiers


def _refer(tier: _Tier, annotation: Xml.Element, spans: dict[str, Span]) -> bool:
    """Put an annotation that refers to another where that one is, once that is known."""
    above = annotation.get("ANNOTATION_REF") or ""
    if above not in spans:
        return False
    identity = annotation.get("ANNOTATION_ID") or ""
    spans[identity] = spans[above]
    tier.marks.append(_Mark(identity, spans[above], _text(annotation), above))
    return True


def _text(annotation: Xml.Element) -> str:
    return tidy(text_of(child(annotation, "ANNOTATION_VALUE")))


def _slots(order: Xml.Element | None, file: str) -> dict[str, int]:
    """The times by their name; those without one lie evenly between their neighbours."""
    listed = children(order, "TIME_SLOT")
    known = [(n, _ms(slot, file)) for n, slot in enumerate(listed) if slot.get("TIME_VALUE") is not None]
    found: dict[str, int] = {}
    at = 0
    for n, slot in enumerate(listed):
        while at < len(known) and known[at][0] < n:
            at += 1
        before, after = known[at - 1] if at else (n, 0), known[at] if at < len(known) else None
        if after is not None and after[0] == n:
            ms = after[1]
        elif after is None:
            ms = before[1]
        else:
            ms = before[1] + (after[1] - before[1]) * (n - before[0]) // max(1, after[0] - before[0])
        found[slot.get("TIME_SLOT_ID") or ""] = max(0, ms)
    return found


def _ms(slot: Xml.Element, file: str) -> int:
    said = slot.get("TIME_VALUE") or ""
    if not re.fullmatch(r"-?\d{1,12}", said.strip()):
        raise FormatError(f"{file}: time slot {slot.get('TIME_SLOT_ID')} is {said[:40]!r}; expected whole milliseconds")
    return int(said)


def _transcript(tiers: _Sorted, key: str) -> Transcript | None:
    labels, found = Labels(), list[tuple[_Mark, str | None, list[_Mark]]]()
    for tier in tiers.speech:
        name = tidy_line(tier.participant or tier.base)
        words = tiers.words.get(tier.name)
        found += [(mark, decided(name), _within(words, mark)) for mark in tier.marks if mark.text]
    found.sort(key=lambda one: (one[0].span.start_ms, one[0].span.end_ms, one[1] or ""))
    ids = (f"w{number:04d}" for number in count(1))
    segments = [_segment(mark, labels.of(name) if name else None, timed, ids) for mark, name, timed in found]
    return made_transcript(key, segments, labels.speakers) if segments else None


def _within(words: _Tier | None, mark: _Mark) -> list[_Mark]:
    if words is None:
        return []
    first = bisect_left(words.marks, mark.span.start_ms, key=lambda word: word.span.start_ms)
    inside = takewhile(lambda word: word.span.start_ms < mark.span.end_ms, islice(words.marks, first, None))
    return [word for word in inside if word.span.end_ms <= mark.span.end_ms]


def _segment(mark: _Mark, label: str | None, timed: list[_Mark], ids: Iterator[str]) -> Segment:
    """With the times of its words where these are the words of its text."""
    if timed and one_line(" ".join(word.text for word in timed)) == one_line(mark.text):
        words = tuple(Word(next(ids), w.text, w.span.start_ms, w.span.end_ms, speaker=label) for w in timed if w.text)
    else:
        words = spread(Cue(mark.span.start_ms, mark.span.end_ms, one_line(mark.text)), ids, label)
    return Segment("", label, words)


def _coded(
    tiers: _Sorted, vocabularies: dict[str, Xml.Element], transcript: Transcript | None, key: str, file: str
) -> tuple[tuple[Codebook, ...], list[Coding]]:
    books, codings = dict[str, Codebook](), list[Coding]()
    codes: dict[tuple[str, str], str] = {}
    ground = Stretches(transcript, key)
    for tier in tiers.codes:
        reference = tiers.vocabulary_of.get(tier.kind) or tier.kind.removeprefix(f"{CODES} ")
        if reference not in books:
            used = [m.text for t in tiers.codes if tiers.vocabulary_of.get(t.kind) == reference for m in t.marks]
            books[reference] = _book(reference, vocabularies.get(reference), used, file, set(books))
            codes |= {(reference, tidy_line(code.name)): code.key for code in books[reference].codes}
        below = {mark.parent: mark.text for mark in tiers.below[tier.name].marks} if tier.name in tiers.below else {}
        coder = tidy_line(tier.annotator) or tidy_line(tier.base)
        for mark in tier.marks:
            code = codes.get((reference, tidy_line(mark.text)))
            if code is not None:
                anchor = ground.on(mark.span)
                codings.append(_coding(anchor, (books[reference].name, code), coder, below.get(mark.identity, "")))
    return tuple(sorted(books.values(), key=lambda book: book.name)), numbered(codings)


def _coding(anchor: Anchor, code: tuple[str, str], coder: str, below: str) -> Coding:
    memo, said = untold(below)
    memo = told(memo, {"settled": said.get("settled")})
    rating = float(said["rating"]) if "rating" in said else None
    about, certainty, round_name = said.get("about"), said.get("certainty"), said.get("round")
    return Coding("", *code, coder, anchor, rating, about, certainty, memo, round_name)


def _book(reference: str, vocabulary: Xml.Element | None, used: Sequence[str], file: str, taken: set[str]) -> Codebook:
    """The codebook of a controlled vocabulary, and what was written in its tiers without standing in it."""
    found: dict[str, Found] = {}
    for entry in children(vocabulary, "CV_ENTRY", "CV_ENTRY_ML"):
        value = child(entry, "CVE_VALUE") if entry.tag == "CV_ENTRY_ML" else entry
        name = tidy_line(text_of(value))
        described = (value.get("DESCRIPTION") if value is not None else "") or ""
        if name:
            found.setdefault(name, Found(name[:200], described))
    for text in used:
        name = tidy_line(text)
        if name:
            found.setdefault(name, Found(name[:200]))
    title = tidy_line(text_of(child(vocabulary, "DESCRIPTION"))) if vocabulary is not None else ""
    name = name_of(reference)
    free = name if name not in taken else next(n for i in count(2) if (n := f"{name[:40]}-{i}") not in taken)
    try:
        return book_of(free, title, found.values())
    except InvalidCodebook as e:
        raise FormatError(f"{file}, vocabulary {reference}: {e}") from e


def _moments(tiers: _Sorted) -> Iterator[Moment]:
    for n, mark in enumerate((mark for tier in tiers.moments for mark in tier.marks), start=1):
        said = _MOMENT.fullmatch(mark.text)
        label = said["label"] if said else mark.text or None
        yield Moment(said["key"] if said else f"moment-{n}", mark.span, "researcher", label)


def _notes(tiers: _Sorted, key: str) -> Iterator[Note]:
    for tier in tiers.notes:
        for mark in tier.marks:
            lasting = Span(mark.span.start_ms, max(mark.span.end_ms, mark.span.start_ms + 1))
            yield Note(span_key(key, lasting), mark.text, tidy_line(tier.participant or tier.annotator))


def _media(root: Xml.Element) -> Iterator[Medium]:
    for n, descriptor in enumerate(root.iter("MEDIA_DESCRIPTOR"), start=1):
        url = descriptor.get("RELATIVE_MEDIA_URL") or descriptor.get("MEDIA_URL") or ""
        name = PurePosixPath(unquote(url.replace("\\", "/"))).name
        origin = descriptor.get("TIME_ORIGIN") or "0"
        offset_ms = int(origin) if re.fullmatch(r"\d{1,12}", origin) else 0
        video = (descriptor.get("MIME_TYPE") or "").startswith("video")
        yield Medium(name or f"medium {n}", 0, offset_ms=offset_ms, part=n, video=video)
