"""TalkBank's CHAT (.cha), which CLAN reads: an utterance a segment with its time, codes, memos and recall below it.

CHAT is strict: one sign ends an utterance, digits are spelled, of other signs commas stay. Where that changes the text
the original stands in ``%xtxt``. The file and its recording must bear the same name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO
from unicodedata import normalize

from iprkit.exchange import Conversation, Exchange
from iprkit.formats.cues import one_line
from iprkit.formats.qdpx_selections import span_of
from iprkit.scale import number
from iprkit.timeline import Span
from iprkit.transcript import Segment, Speaker, Transcript, Word

BULLET = "\x15"
ORIGINAL, CODED, RECALL, MOMENT, MEMO = "%xtxt", "%xcod", "recall", "moment", "memo"

BETWEEN = " | "
"""What parts the several codes, memos and comments of one utterance."""

ROLES = {"therapist": ("THE", "Therapist"), "client": ("CLI", "Participant"), "interviewer": ("INT", "Investigator"),
         "observer": ("OBS", "Participant"), "other": ("OTH", "Participant")}  # fmt: skip
"""The letters and the role of TalkBank's list by the role of a voice; Client is not on that list."""

_LANGUAGES = {
    "en": "eng", "de": "deu", "fr": "fra", "es": "spa", "it": "ita", "pt": "por", "nl": "nld", "da": "dan",
    "sv": "swe", "nb": "nor", "no": "nor", "fi": "fin", "pl": "pol", "cs": "ces", "ru": "rus", "uk": "ukr",
    "ja": "jpn", "zh": "zho", "ko": "kor", "ar": "ara", "he": "heb", "tr": "tur", "el": "ell", "hu": "hun",
    "ca": "cat", "ro": "ron",
}  # fmt: skip
_DIGITS = {
    "eng": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "deu": ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
    "fra": ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
    "spa": ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
}
_ENDS = {"?": "?", "!": "!"}
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d")
_PUBLIC_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_LONGEST_OVERLAP_MS = 500


def write_chat(values: Exchange, stream: BinaryIO) -> None:
    """The first conversation; the others, interviews about it, give their recall. Lines end with a line feed."""
    one, *others = values.conversations
    transcript = one.transcript or Transcript(one.key, "und", "", "", one.duration_ms, ())
    language = _LANGUAGES.get(transcript.language[:2], "und")
    codes = speaker_codes(transcript)
    lines = list(_head(one, transcript, language, codes))
    below = _below(one, others)
    before: dict[str | None, Span] = {}
    for n, segment in enumerate(sorted(transcript.segments, key=lambda s: (s.start_ms, s.end_ms))):
        span = _spaced(segment.span, before.get(segment.speaker))
        before[segment.speaker] = span
        lines += _utterance(segment, codes[segment.speaker], span, language)
        lines += _joined_tiers([line for line, at in below if at == n])
    stream.write(("\n".join([*lines, "@End"]) + "\n").encode())


def _joined_tiers(lines: Sequence[str]) -> list[str]:
    """One line a tier, because a tier stands once below an utterance: codes in a row, else parts between bars."""
    tiers: dict[str, list[str]] = {}
    for line in lines:
        name, _, said = line.partition(":\t")
        tiers.setdefault(name, []).append(said)
    return [
        f"{name}:\t{(' ' if name == '%cod' else BETWEEN).join(dict.fromkeys(said) if name == '%cod' else said)}"
        for name, said in tiers.items()
    ]


def speaker_codes(transcript: Transcript) -> dict[str | None, str]:
    """Three letters or so for every voice, no two alike."""
    codes: dict[str | None, str] = {}
    known = list(transcript.speakers)
    labels = [None, *(s.label for s in known)]
    known += [Speaker(seg.speaker) for seg in transcript.segments if seg.speaker not in labels and seg.speaker]
    for speaker in known:
        if speaker.label in codes:
            continue
        wanted = ROLES[speaker.role][0] if speaker.role in ROLES else f"SP{len(codes) + 1}"
        count = 2
        code = wanted
        while code in codes.values():
            code, count = f"{wanted[:4]}{count}", count + 1
        codes[speaker.label] = code
    if any(segment.speaker is None for segment in transcript.segments):
        codes[None] = "UNK"
    return codes


def spoken(text: str, language: str) -> tuple[list[str], str]:
    """The words of an utterance as CHAT takes them, commas among them, and the sign that ends it.

    >>> spoken("Well, he said: “In 3 weeks?”", "eng")
    (['Well', ',', 'he', 'said', ',', 'In', 'three', 'weeks'], '?')
    """
    found: list[str] = []
    for token in text.split():
        words = [_spelled(w, language) for w in _LETTERS.findall(normalize("NFKC", token))]
        found += words
        if words and re.search(r"[,;:.?!…][\"”’»)\]]*$", token):
            found.append(",")
    while found and found[-1] == ",":
        found.pop()
    last = next((c for c in reversed(text) if c in ".?!…"), ".")
    return found or ["xxx"], _ENDS.get(last, ".")


def _spelled(word: str, language: str) -> str:
    return _DIGITS.get(language, _DIGITS["eng"])[int(word)] if word.isdecimal() and word.isascii() else (
        "xxx" if word.isdecimal() else word
    )  # fmt: skip


def _head(one: Conversation, transcript: Transcript, language: str, codes: dict[str | None, str]) -> Iterator[str]:
    yield "@UTF8"
    yield "@Begin"
    yield f"@Languages:\t{language}"
    if not codes:
        codes[None] = "UNK"
    told = {label: _role(transcript.speaker(label)) for label in codes}
    yield "@Participants:\t" + ", ".join(f"{codes[label]} {_name(transcript, label)} {told[label]}" for label in codes)
    for label, code in codes.items():
        yield f"@ID:\t{language}|iprkit|{code}|||||{told[label]}|||"
    if one.media or transcript.segments:
        kind = "video" if any(medium.video for medium in one.media[:1]) else "audio"
        yield f"@Media:\t{one.key}, {kind}" + ("" if transcript.segments else ", notrans")
    if one.date and (said := _PUBLIC_DATE.fullmatch(one.date)):
        yield f"@Date:\t{said[3]}-{_MONTHS[int(said[2]) - 1]}-{said[1]}"


def _role(speaker: Speaker | None) -> str:
    return ROLES[speaker.role][1] if speaker and speaker.role in ROLES else "Participant"


def _name(transcript: Transcript, label: str | None) -> str:
    """The name to print as one word of letters, digits and underscores."""
    title = transcript.title(label) if label else "Unknown"
    return re.sub(r"\W+", "_", title).strip("_") or "Unknown"


def _spaced(span: Span, before: Span | None) -> Span:
    """A time that CLAN takes: one voice's utterances overlap by half a second at most, each lasts a millisecond."""
    start_ms = span.start_ms if before is None else max(span.start_ms, before.start_ms)
    if before is not None and before.end_ms - start_ms > _LONGEST_OVERLAP_MS:
        start_ms = before.end_ms - _LONGEST_OVERLAP_MS
    return Span(start_ms, max(span.end_ms, start_ms + 1))


def _utterance(segment: Segment, code: str, span: Span, language: str) -> Iterator[str]:
    text = one_line(segment.text)
    words, end = spoken(text, language)
    yield f"*{code}:\t{' '.join(words)} {end} {_bullet(span)}"
    timed = [(word, spelled) for word in segment.words for spelled in _word(word, language)]
    if timed and any(not word.interpolated for word in segment.words):
        yield "%wor:\t" + " ".join(f"{spelled} {_bullet(word.span)}" for word, spelled in timed) + f" {end}"
    if joined(words, end) != text:
        yield f"{ORIGINAL}:\t{_plain(text)}"


def joined(words: Sequence[str], end: str) -> str:
    """An utterance as it would be printed."""
    return " ".join(words).replace(" ,", ",") + end


def _word(word: Word, language: str) -> list[str]:
    """What a word of the transcript is in CHAT; its time is told once, at the first part."""
    return [_spelled(part, language) for part in _LETTERS.findall(normalize("NFKC", word.text))]


def _bullet(span: Span) -> str:
    return f"{BULLET}{span.start_ms}_{max(span.end_ms, span.start_ms + 1)}{BULLET}"


def _plain(text: str) -> str:
    return one_line("".join(c if c.isprintable() else " " for c in text)).replace("|", "/")


def _below(one: Conversation, others: Sequence[Conversation]) -> list[tuple[str, int]]:
    """What stands below utterances, and below which one: where it begins, or the last before it."""
    segments = sorted(one.transcript.segments, key=lambda s: (s.start_ms, s.end_ms)) if one.transcript else []
    if not segments:
        return []
    found: list[tuple[str, int]] = []

    def put(line: str, span: Span | None) -> None:
        at = span.start_ms if span is not None else 0
        first = next((n for n, s in enumerate(segments) if s.end_ms > at), len(segments) - 1)
        found.append((line, first))

    for coding in one.codings:
        span = coding.anchor.span
        about = [f"rating={number(coding.rating)}" if coding.rating is not None else "",
                 f"about={coding.about}" if coding.about else "",
                 f"certainty={coding.certainty}" if coding.certainty else ""]  # fmt: skip
        rest = " ".join(part for part in about if part)
        put(f"%cod:\t${_safe(coding.codebook)}:{_safe(coding.code)}", span)
        said = f"{coding.coder} {coding.codebook} {coding.code} {span.start_ms}_{span.end_ms} {rest}".rstrip()
        put(f"{CODED}:\t{said}", span)
        if coding.memo:
            put(f"%com:\t{MEMO} {coding.coder} {coding.code} {span.start_ms}_{span.end_ms} {_plain(coding.memo)}", span)
    for verdict in one.adjudications:
        span = verdict.anchor.span
        put(f"{CODED}:\tadjudicated {verdict.codebook} {verdict.code} {span.start_ms}_{span.end_ms}", span)
    for interview in others:
        for comment in interview.recall.comments if interview.recall else ():
            if comment.session is not None:
                who = interview.recall.participant or comment.speaker if interview.recall else comment.speaker
                span = comment.session
                put(f"%com:\t{RECALL} {who} {span.start_ms}_{span.end_ms} {_plain(comment.text)}", span)
    for moment in one.moments:
        span = moment.span
        put(f"%com:\t{MOMENT} {moment.key} {span.start_ms}_{span.end_ms} {_plain(moment.label or '')}".rstrip(), span)
    for note in one.memos:
        span = span_of(note.target, one, list(others)) or Span(0, max(1, one.duration_ms))
        put(f"%com:\t{RECALL} {_safe(note.author)} {span.start_ms}_{span.end_ms} {_plain(note.text)}", span)
    return found


def _safe(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_") or "x"
