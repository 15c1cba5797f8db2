"""A CHAT transcript read as a conversation: utterances with their times, CHAT's own marks made plain words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import PurePosixPath

from iprkit.codebook import Codebook
from iprkit.codebook_changes import name_of
from iprkit.coding import ABOUT, CERTAINTIES, Coding, span_key
from iprkit.errors import FormatError, InvalidCodebook
from iprkit.exchange import Coder, Conversation, Exchange, Medium, Note
from iprkit.formats.chat import BETWEEN, BULLET, CODED, MEMO, MOMENT, ORIGINAL, RECALL, ROLES, joined
from iprkit.formats.cues import Cue, one_line, spread
from iprkit.formats.described import Found, book_of
from iprkit.formats.encodings import decoded
from iprkit.formats.laid_out import UNTIMED
from iprkit.formats.texts import PACE_MS, Labels, Stretches, made_transcript, numbered
from iprkit.recall import Moment
from iprkit.timeline import Span
from iprkit.transcript import Segment, Transcript, Word

_BULLET = re.compile(rf"{BULLET}(\d{{1,12}})_(\d{{1,12}})-?{BULLET}|•(?:%snd:\"[^\"]*\"_)?(\d{{1,12}})_(\d{{1,12}})•")
_MAIN = re.compile(r"\*([A-Za-z0-9_'+-]{1,20}):\s*(.*)", re.DOTALL)
_TIER = re.compile(r"(%[a-z0-9]+):\s*(.*)", re.DOTALL)
_SPAN = re.compile(r"(?P<who>\S+) (?P<start>\d{1,12})_(?P<end>\d{1,12})(?: (?P<text>.*))?", re.DOTALL)
_CODED = re.compile(r"(?P<coder>\S+) (?P<book>\S+) (?P<code>\S+) (?P<start>\d{1,12})_(?P<end>\d{1,12})(?P<rest>.*)")
_DATE = re.compile(r"(\d{1,2})-([A-Z]{3})-(\d{4})")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DROPPED = re.compile(
    r"\[[^\]]*\]|&=\S+|\(\.+\)|\(\d*\.?\d*\.?\)|[<>‹›↫⌈⌉⌊⌋∆∇°▁▔☺♋⁇≋∙↑↓→↗↘⇗⇘]|\+[\"^,<+]|&\*\S+|&[a-z]\S*(?=\s)"
)
_END = re.compile(r"(\+[./!?\"]*[.?!]|[.?!])\s*$")
_SUFFIX = re.compile(r"@\S+$")


@dataclass
class _Utterance:
    code: str
    said: str
    line: int
    span: Span | None = None
    below: list[tuple[str, str]] = field(default_factory=list)


def read_chat(data: bytes, file: str, key: str) -> Exchange:
    """The conversation in a file. Raises FormatError with file and line."""
    heads, utterances = _lines(decoded(data), file)
    names = _names(heads)
    transcript = _transcript(utterances, names, key, (heads.get("@Languages") or ["und"])[0][:3])
    books, codings = _coded(utterances, transcript, key, file)
    media = [Medium(one.split(",")[0].strip(), 0, video="video" in one) for one in heads.get("@Media", [])]
    left = Counter(tier for u in utterances for tier, _ in u.below if tier not in _KNOWN)
    remarks = [f"{number} lines {tier} are left out" for tier, number in sorted(left.items())]
    one = Conversation(
        key,
        date=_date(heads),
        media=tuple(media),
        transcript=transcript,
        moments=tuple(_moments(utterances)),
        codings=tuple(codings),
        memos=tuple(_notes(utterances, key)),
    )
    coders = tuple(Coder(coder) for coder in sorted({c.coder for c in codings}))
    return Exchange(
        PurePosixPath(file).stem, (one,), codebooks=books, coders=coders, origin="CLAN", remarks=tuple(remarks)
    )


_KNOWN = ("%wor", "%cod", "%com", ORIGINAL, CODED)


def _lines(text: str, file: str) -> tuple[dict[str, list[str]], list[_Utterance]]:
    """The headers, and the utterances with what stands below each."""
    heads: dict[str, list[str]] = {}
    found: list[_Utterance] = []
    begun = False
    for number, line in _unfolded(text):
        if line.startswith("@"):
            name, _, value = line.partition(":")
            heads.setdefault(name.strip(), []).append(value.strip())
            begun = begun or name.strip() == "@Begin"
        elif line.startswith("*"):
            main = _MAIN.fullmatch(line)
            if main is None:
                raise FormatError(
                    f"{file}, line {number}: {line[:40]!r} is no utterance; expected *COD: and what was said"
                )
            found.append(_utterance(main, number, file))
        elif line.startswith("%"):
            tier = _TIER.fullmatch(line)
            if tier is None or not found:
                raise FormatError(f"{file}, line {number}: {line[:40]!r} stands below no utterance, or has no colon")
            found[-1].below += [(tier[1], part.strip()) for part in tier[2].split(BETWEEN)]
        elif line.strip():
            raise FormatError(f"{file}, line {number}: {line[:40]!r} is neither header, utterance nor dependent tier")
    if not begun:
        raise FormatError(f"{file} is no CHAT file: it has no line @Begin")
    if "@End" not in heads:
        raise FormatError(f"{file} ends too early: its last line is not @End; copy or export it again")
    return heads, found


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Lines with those that continue them, and where they begin."""
    waiting: list[str] = []
    begun = 1
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith(("\t", " ")) and waiting:
            waiting.append(line.strip())
            continue
        if waiting:
            yield begun, " ".join(waiting)
        waiting, begun = [line], number
    if waiting:
        yield begun, " ".join(waiting)


def _utterance(main: re.Match[str], number: int, file: str) -> _Utterance:
    bullets = list(_BULLET.finditer(main[2]))
    one = _Utterance(main[1], _BULLET.sub(" ", main[2]), number)
    if bullets:
        times = [int(t) for b in bullets for t in b.groups() if t is not None]
        if max(times) < times[0]:
            raise FormatError(f"{file}, line {number}: the utterance ends before it begins ({times[0]}_{times[-1]})")
        one.span = Span(min(times), max(times))
    return one


def _names(heads: dict[str, list[str]]) -> dict[str, str]:
    """By a speaker's letters the role where it is one of ours, else the name."""
    found: dict[str, str] = {}
    ours = {code: role for role, (code, _) in ROLES.items()}
    for entry in ", ".join(heads.get("@Participants", [])).split(","):
        parts = entry.split()
        if not parts:
            continue
        code = parts[0]
        name = parts[1] if len(parts) > 2 else code
        if code in ours and (name.casefold() == ours[code] or parts[-1].casefold() == ours[code]):
            found[code] = ours[code].capitalize()
        else:
            found[code] = name.replace("_", " ")
    return found


def _transcript(utterances: Sequence[_Utterance], names: dict[str, str], key: str, language: str) -> Transcript | None:
    labels, ids = Labels(), (f"w{number:04d}" for number in count(1))
    segments, clock_ms = [], 0
    timed = any(one.span for one in utterances)
    for one in utterances:
        text = _text(one)
        if not text:
            continue
        name = names.get(one.code, one.code)
        label = None if one.code == "UNK" and name == "Unknown" else labels.of(name)
        span = one.span or Span(clock_ms, clock_ms + PACE_MS * len(text.split()))
        clock_ms = span.end_ms
        words = _timed(one, text, ids, label) or spread(Cue(span.start_ms, span.end_ms, text), ids, label)
        segments.append(Segment("", label, words, flags=() if timed else (UNTIMED,)))
    two = {"eng": "en", "deu": "de", "fra": "fr", "spa": "es", "ita": "it", "por": "pt", "nld": "nl"}.get(language, "")
    return made_transcript(key, segments, labels.speakers, two) if segments else None


def _text(one: _Utterance) -> str:
    """What was said, in plain words: the original where the file keeps it."""
    original = next((text for tier, text in one.below if tier == ORIGINAL), "")
    if original:
        return one_line(original)
    ended = _END.search(one.said)
    bare = _DROPPED.sub(" ", f"{_END.sub('', one.said)} ")
    words = [_SUFFIX.sub("", word).replace("_", " ").lstrip("&0-~").strip("„‡") for word in bare.split()]
    kept = [word.replace("(", "").replace(")", "") for word in words if word not in ("www", "")]
    if not any(c.isalnum() for word in kept for c in word):
        return ""
    return one_line(joined(kept, ended[1][-1] if ended else "."))


def _timed(one: _Utterance, text: str, ids: Iterator[str], label: str | None) -> tuple[Word, ...] | None:
    """The words with the times of ``%wor``, where that has one for each."""
    line = next((said for tier, said in one.below if tier == "%wor"), "")
    times = [(int(b[1] or b[3]), int(b[2] or b[4])) for b in _BULLET.finditer(line)]
    tokens = text.split()
    sounding = [n for n, word in enumerate(tokens) if any(c.isalnum() for c in word)]
    if not times or len(times) != len(sounding) or len(tokens) != len(sounding):
        return None
    return tuple(
        Word(next(ids), tokens[n], start, max(start, end), speaker=label)
        for n, (start, end) in zip(sounding, times, strict=True)
    )


def _coded(
    utterances: Sequence[_Utterance], transcript: Transcript | None, key: str, file: str
) -> tuple[tuple[Codebook, ...], list[Coding]]:  # fmt: skip
    own = [
        (found, u) for u in utterances for tier, text in u.below if tier == CODED and (found := _CODED.fullmatch(text))
    ]
    plain = [
        (code, u)
        for u in utterances
        for tier, text in u.below
        if tier == "%cod"
        for code in re.findall(r"\$(\S+)", text)
    ]
    told = [(f["coder"], name_of(f["book"]), f["code"], _span(f), f["rest"]) for f, _ in own]
    if not told:
        told = [("coder", "chat", code, u.span or Span(0, 1), "") for code, u in plain]
    books, codings, ground = dict[str, Codebook](), list[Coding](), Stretches(transcript, key)
    used: dict[str, list[str]] = {}
    for name, code in sorted({(name, code) for _, name, code, _, _ in told}):
        used.setdefault(name, []).append(code)
    for name, codes in used.items():
        try:
            books[name] = book_of(name, "", [Found(one[:200], f"Key: {one}") for one in codes])
        except InvalidCodebook as e:
            raise FormatError(f"{file}, codes: {e}") from e
    for coder, name, code, span, rest in told:
        at = used[name].index(code)
        said = dict(part.split("=", 1) for part in rest.split() if "=" in part)
        rating = float(said["rating"]) if re.fullmatch(r"-?\d{1,6}(\.\d{1,6})?", said.get("rating", "")) else None
        about = said.get("about") if said.get("about") in ABOUT else None
        certainty = said.get("certainty") if said.get("certainty") in CERTAINTIES else None
        anchor = ground.on(span)
        codings.append(Coding("", name, books[name].codes[at].key, coder, anchor, rating, about, certainty))
    return tuple(books.values()), numbered(codings)


def _span(found: re.Match[str]) -> Span:
    start_ms = int(found["start"])
    return Span(start_ms, max(int(found["end"]), start_ms + 1))


def _moments(utterances: Sequence[_Utterance]) -> Iterator[Moment]:
    for found in _commented(utterances, MOMENT):
        yield Moment(found["who"], _span(found), "researcher", one_line(found["text"] or "") or None)


def _notes(utterances: Sequence[_Utterance], key: str) -> Iterator[Note]:
    for found in _commented(utterances, RECALL):
        if found["text"]:
            yield Note(span_key(key, _span(found)), one_line(found["text"]), found["who"])
    for u in utterances:
        for tier, text in u.below:
            known = re.match(rf"({RECALL}|{MOMENT}|{MEMO}) \S+ ", text)
            if tier == "%com" and text and not known:
                span = u.span or Span(0, 1)
                yield Note(span_key(key, Span(span.start_ms, max(span.end_ms, span.start_ms + 1))), one_line(text))


def _commented(utterances: Sequence[_Utterance], what: str) -> Iterator[re.Match[str]]:
    for u in utterances:
        for tier, text in u.below:
            if (
                tier == "%com"
                and text.startswith(f"{what} ")
                and (found := _SPAN.fullmatch(text.removeprefix(f"{what} ")))
            ):
                yield found


def _date(heads: dict[str, list[str]]) -> str | None:
    found = _DATE.fullmatch((heads.get("@Date") or [""])[0].strip())
    if found is None or found[2] not in _MONTHS:
        return None
    return f"{found[3]}-{_MONTHS.index(found[2]) + 1:02d}-{int(found[1]):02d}"
