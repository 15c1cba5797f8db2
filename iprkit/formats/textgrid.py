"""Praat's TextGrid: an interval tier a speaker with one for the words, a tier a coder and codebook, recall, moments.

No two intervals of a tier may overlap, so what does goes to a second tier. Read are the long and the short form in any
encoding that Praat writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import PurePosixPath
from typing import BinaryIO

from iprkit.codebook import Codebook
from iprkit.codebook_changes import name_of
from iprkit.coding import Coding, span_key
from iprkit.errors import FormatError, InvalidCodebook
from iprkit.exchange import Coder, Conversation, Exchange, Note
from iprkit.formats.cues import Cue, decided, one_line, spread
from iprkit.formats.described import Found, book_of, unique_names
from iprkit.formats.encodings import decoded
from iprkit.formats.lanes import in_lanes, inside
from iprkit.formats.texts import Labels, Stretches, made_transcript, numbered
from iprkit.recall import Moment
from iprkit.timeline import Span, gaps
from iprkit.transcript import Segment, Transcript, Word
from iprkit.wording import tidy, tidy_line

WORDS, CODE, RECALL, MOMENTS = "words: ", "code: ", "recall: ", "moments"

_LANE = re.compile(r"(?P<name>.+?) #\d+")
_TOKEN = re.compile(
    r'"(?P<text>(?:[^"]|"")*)"|\[\d*\]|(?<![\w.])(?P<number>-?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?)(?![\w.])'
    r"|(?P<flag><exists>|<absent>)"
)
_FINE = ("phone", "phones", "phoneme", "phonemes", "segments", "syllable", "syllables", "tones", "pitch")
_LONGEST_MS = 10**10
_PAUSE_MS = 300

Labelled = tuple[Span, str]


@dataclass(frozen=True)
class _Tier:
    name: str
    intervals: tuple[Labelled, ...]
    points: bool = False

    @property
    def base(self) -> str:
        found = _LANE.fullmatch(self.name)
        return found["name"] if found else self.name


def write_textgrid(values: Exchange, stream: BinaryIO) -> None:
    """The tiers of the first conversation; the others, interviews about it, give their recall."""
    one, *others = values.conversations
    tiers = list(_tiers(values, one, others))
    ends = [interval.end_ms for _, intervals in tiers for interval, _ in intervals]
    end_ms = max([one.duration_ms, 1, *ends])
    text = [f'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = {_seconds(end_ms)}\n']
    text.append(f"tiers? <exists>\nsize = {len(tiers)}\nitem []:\n")
    for number, (name, intervals) in enumerate(tiers, start=1):
        filled = _filled(intervals, Span(0, end_ms))
        text.append(f'    item [{number}]:\n        class = "IntervalTier"\n        name = {_quoted(one_line(name))}\n')
        text.append(f"        xmin = 0\n        xmax = {_seconds(end_ms)}\n        intervals: size = {len(filled)}\n")
        for place, (span, label) in enumerate(filled, start=1):
            text.append(f"        intervals [{place}]:\n            xmin = {_seconds(span.start_ms)}\n")
            text.append(f"            xmax = {_seconds(span.end_ms)}\n            text = {_quoted(label)}\n")
    stream.write("".join(text).encode())


def read_textgrid(data: bytes, file: str, key: str) -> Exchange:
    """The conversation in a TextGrid. Raises FormatError with the place."""
    tiers = _parsed(decoded(data), file)
    speech, words = _speech(tiers)
    transcript = _transcript(speech, words, key)
    books, codings = _coded([t for t in tiers if t.name.startswith(CODE)], transcript, key, file)
    moments = [
        Moment(f"moment-{n}", span, "researcher", text)
        for n, (span, text) in enumerate((i for t in tiers if t.base == MOMENTS for i in t.intervals), start=1)
    ]
    memos = [
        Note(span_key(key, _lasting(span)), text, tier.base.removeprefix(RECALL))
        for tier in tiers if tier.name.startswith(RECALL) for span, text in tier.intervals
    ]  # fmt: skip
    one = Conversation(key, transcript=transcript, moments=tuple(moments), codings=tuple(codings), memos=tuple(memos))
    taken = {t.name for t in (*speech, *words.values())}
    left = [
        t.name for t in tiers if t.name not in taken and not t.name.startswith((CODE, RECALL)) and t.base != MOMENTS
    ]
    remarks = [f"tiers taken as speech: {', '.join(sorted(t.name for t in speech))}"] if speech else []
    remarks += [f"tiers left out: {', '.join(left)}"] if left else []
    return Exchange(
        PurePosixPath(file).stem, conversations=(one,), codebooks=books, origin="Praat", remarks=tuple(remarks),
        coders=tuple(Coder(coder) for coder in sorted({c.coder for c in codings})),
    )  # fmt: skip


def _tiers(values: Exchange, one: Conversation, others: Sequence[Conversation]) -> Iterator[tuple[str, list[Labelled]]]:
    if one.transcript is not None:
        by_speaker: dict[str | None, list[Segment]] = {}
        for segment in one.transcript.segments:
            by_speaker.setdefault(segment.speaker, []).append(segment)
        for label, segments in by_speaker.items():
            yield from _spoken(one.transcript.title(label), segments)
    coded: dict[str, list[Labelled]] = {}
    for coding in one.codings:
        name = f"{CODE}{coding.coder}: {coding.codebook}"
        coded.setdefault(name, []).append((coding.anchor.span, _name(values, coding.codebook, coding.code)))
    for verdict in one.adjudications:
        name = f"{CODE}adjudicated: {verdict.codebook}"
        coded.setdefault(name, []).append((verdict.anchor.span, _name(values, verdict.codebook, verdict.code)))
    for name, labelled in coded.items():
        yield from _laned(name, labelled)
    for interview in others:
        if interview.recall is not None:
            said = [(c.session, tidy(c.text)) for c in interview.recall.comments if c.session is not None]
            yield from _laned(f"{RECALL}{interview.recall.participant or interview.recall.perspective}", said)
    yield from _laned(MOMENTS, [(m.span, m.label or m.key) for m in one.moments])


def _spoken(title: str, segments: Sequence[Segment]) -> Iterator[tuple[str, list[Labelled]]]:
    for lane, placed in enumerate(in_lanes(segments, lambda s: s.span), start=1):
        name = title if lane == 1 else f"{title} #{lane}"
        yield name, [(span, one_line(segment.text)) for span, segment in placed]
        words: list[Labelled] = []
        for span, segment in placed:
            if any(not word.interpolated for word in segment.words):
                spans = inside([word.span for word in segment.words], span) or []
                texts = (one_line(w.text) for w in segment.words)
                words += list(zip(spans, texts, strict=False))
        if words:
            yield f"{WORDS}{name}", words


def _laned(name: str, labelled: Iterable[Labelled]) -> Iterator[tuple[str, list[Labelled]]]:
    for lane, placed in enumerate(in_lanes(labelled, lambda one: one[0]), start=1):
        yield name if lane == 1 else f"{name} #{lane}", [(span, label) for span, (_, label) in placed]


def _name(values: Exchange, book: str, code: str) -> str:
    found = values.book(book)
    return unique_names(found).get(code, code) if found is not None else code


def _filled(intervals: Sequence[Labelled], within: Span) -> list[Labelled]:
    """With empty intervals between, so that the tier has no hole."""
    empty = [(gap, "") for gap in gaps((span for span, _ in intervals), within)]
    return sorted([*intervals, *empty], key=lambda one: one[0])


def _seconds(ms: int) -> str:
    return f"{ms // 1000}.{ms % 1000:03d}".rstrip("0").rstrip(".")


def _quoted(text: str) -> str:
    return '"' + tidy(text).replace('"', '""') + '"'


class _Tokens:
    """What counts in a TextGrid, one after the other: numbers, texts, and whether there are tiers."""

    def __init__(self, text: str, file: str) -> None:
        self._file, self._found = file, list(self._all(text))
        self._at = 0

    @staticmethod
    def _all(text: str) -> Iterator[tuple[str, str, int]]:
        line, at = 1, 0
        for match in _TOKEN.finditer(text):
            line += text.count("\n", at, match.start())
            at = match.start()
            if match["text"] is not None:
                yield "text", match["text"].replace('""', '"'), line
            elif match["number"] is not None:
                yield "number", match["number"].replace(",", "."), line
            elif match["flag"] is not None:
                yield "flag", match["flag"], line

    def next(self, kind: str, what: str) -> str:
        """The next one, of a kind. Raises FormatError saying what was expected where."""
        if self._at >= len(self._found):
            raise FormatError(f"{self._file} ends too early: {what} is missing; copy or export it again")
        found, value, line = self._found[self._at]
        if found != kind:
            raise FormatError(f"{self._file}, line {line}: found {value[:40]!r}, expected {what}")
        self._at += 1
        return value

    def ms(self, what: str) -> int:
        """A time in seconds, as ms."""
        seconds = float(self.next("number", what))
        if not -1 <= seconds * 1000 <= _LONGEST_MS:
            raise FormatError(f"{self._file}: {what} is {seconds}; expected seconds of a recording")
        return max(0, round(seconds * 1000))

    def whole(self, what: str) -> int:
        said = self.next("number", what)
        if not said.isdecimal() or len(said) > 7:
            raise FormatError(f"{self._file}: {what} is {said}; expected a number of intervals")
        return int(said)


def _parsed(text: str, file: str) -> list[_Tier]:
    tokens = _Tokens(text, file)
    if tokens.next("text", "ooTextFile") != "ooTextFile" or tokens.next("text", "the class TextGrid") != "TextGrid":
        raise FormatError(f"{file} is a file of Praat's, but no TextGrid; save the annotation as a TextGrid")
    tokens.ms("the start"), tokens.ms("the end")
    if tokens.next("flag", "whether there are tiers") != "<exists>":
        return []
    tiers = [_tier(tokens, file) for _ in range(tokens.whole("the number of tiers"))]
    names = [tier.name for tier in tiers]
    return [
        replace(tier, name=tier.name if tier.name not in names[:n] else f"{tier.name} ({n + 1})")
        for n, tier in enumerate(tiers)
    ]


def _tier(tokens: _Tokens, file: str) -> _Tier:
    kind, name = tokens.next("text", "a tier's class"), tokens.next("text", "a tier's name")
    tokens.ms(f"the start of tier {name}"), tokens.ms(f"the end of tier {name}")
    if kind not in ("IntervalTier", "TextTier"):
        raise FormatError(f"{file}: tier {name[:40]} is a {kind[:40]}; expected IntervalTier or TextTier")
    found: list[Labelled] = []
    for _ in range(tokens.whole(f"the size of tier {name}")):
        start_ms = tokens.ms(f"a time of tier {name}")
        end_ms = tokens.ms(f"a time of tier {name}") if kind == "IntervalTier" else start_ms
        label = tidy(tokens.next("text", f"a label of tier {name}"))
        if label:
            found.append((Span(start_ms, max(start_ms, end_ms)), label))
    return _Tier(tidy_line(name) or "unnamed", tuple(found), kind == "TextTier")


def _speech(tiers: Sequence[_Tier]) -> tuple[list[_Tier], dict[str, _Tier]]:
    """The tiers that are speech, and by their name those with their words."""
    names = {tier.name for tier in tiers}
    words = {t.name.removeprefix(WORDS): t for t in tiers if t.name.startswith(WORDS) and t.name[len(WORDS) :] in names}
    own = [
        t for t in tiers
        if not t.points and t.intervals and not t.name.startswith((WORDS, CODE, RECALL)) and t.base != MOMENTS
    ]  # fmt: skip
    coarse = [tier for tier in own if tier.name.casefold() not in _FINE]
    return coarse or own, words


def _transcript(speech: Sequence[_Tier], words: dict[str, _Tier], key: str) -> Transcript | None:
    labels, found = Labels(), list[tuple[Span, str | None, list[Labelled], str]]()
    for tier in speech:
        name = decided(tier.base)
        if all(" " not in text for _, text in tier.intervals) and len(tier.intervals) > 1 and tier.name not in words:
            found += [(s, name, run, " ".join(t for _, t in run)) for s, run in _runs(tier.intervals)]
            continue
        inner = words[tier.name].intervals if tier.name in words else ()
        for span, text in tier.intervals:
            timed = [one for one in inner if span.start_ms <= one[0].start_ms and one[0].end_ms <= span.end_ms]
            found.append((span, name, timed, one_line(text)))
    ids = (f"w{number:04d}" for number in count(1))
    segments = []
    for span, name, timed, text in sorted(found, key=lambda one: (one[0].start_ms, one[0].end_ms, one[1] or "")):
        label = labels.of(name) if name else None
        segments.append(Segment("", label, _words(span, label, timed, text, ids)))
    return made_transcript(key, segments, labels.speakers) if segments else None


def _runs(intervals: Sequence[Labelled]) -> Iterator[tuple[Span, list[Labelled]]]:
    """Single words joined to what is said in one go."""
    run: list[Labelled] = []
    for one in intervals:
        if run and one[0].start_ms - run[-1][0].end_ms > _PAUSE_MS:
            yield run[0][0] | run[-1][0], run
            run = []
        run.append(one)
    if run:
        yield run[0][0] | run[-1][0], run


def _words(
    span: Span, label: str | None, timed: Sequence[Labelled], text: str, ids: Iterator[str]
) -> tuple[Word, ...]:  # fmt: skip
    if timed and " ".join(one_line(t) for _, t in timed) == text:
        return tuple(Word(next(ids), one_line(t), s.start_ms, s.end_ms, speaker=label) for s, t in timed)
    return spread(Cue(span.start_ms, span.end_ms, text), ids, label)


def _coded(
    tiers: Sequence[_Tier], transcript: Transcript | None, key: str, file: str
) -> tuple[tuple[Codebook, ...], list[Coding]]:  # fmt: skip
    placed: dict[str, list[tuple[str, Labelled]]] = {}
    for tier in tiers:
        coder, _, book = tier.base.removeprefix(CODE).partition(": ")
        placed.setdefault(name_of(book or "codes"), []).extend((coder, one) for one in tier.intervals)
    books, codings, ground = list[Codebook](), list[Coding](), Stretches(transcript, key)
    for name, found in sorted(placed.items()):
        codes = {text: Found(text[:200]) for text in sorted({tidy_line(text) for _, (_, text) in found})}
        try:
            made = book_of(name, "", codes.values())
        except InvalidCodebook as e:
            raise FormatError(f"{file}, codes of {name}: {e}") from e
        books.append(made)
        keys = dict(zip(codes, (code.key for code in made.codes), strict=True))
        codings += [Coding("", name, keys[tidy_line(text)], coder, ground.on(span)) for coder, (span, text) in found]
    return tuple(books), numbered(codings)


def _lasting(span: Span) -> Span:
    return Span(span.start_ms, max(span.end_ms, span.start_ms + 1))
