"""A transcript as a person brings it, in whatever file: its words in order, who says them, and the times in between.

Read are plain text with or without names and times (a typist's, f4's, MAXQDA's, ATLAS.ti's, Otter's), NVivo's rows,
WebVTT, SubRip, Whisper's table, and the JSON that recognisers and iprkit write. Punctuation that stands alone belongs
to the word before it; a remark such as ``(laughs quietly)`` is one word, which nobody spoke.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from unicodedata import category, normalize

from iprkit.errors import FormatError
from iprkit.formats.cues import Cue
from iprkit.formats.encodings import decoded
from iprkit.formats.native import read_native
from iprkit.formats.nvivo import HEAD, read_nvivo
from iprkit.formats.plain import marked_turns
from iprkit.formats.srt import read_srt
from iprkit.formats.stamps import mark_ms
from iprkit.formats.tsv import read_tsv
from iprkit.formats.vtt import read_vtt
from iprkit.formats.whisperx import read_whisperx
from iprkit.transcript import Transcript

_REMARK = re.compile(r"[(\[][^()\[\]?]{1,60}[)\]][.,;:!?…]*")
_OVERLAP = re.compile(r"\[(?!\d+[:.]\d)|(?<!\d)\]")  # Jefferson's brackets, which are not those of a time
_MEASURED = re.compile(r"\((?:\.|\d{1,3}[.,]\d)\)")
_GLUE = "\ue001"  # holds the words of a remark together while the text is split
_STRANGE = 0.01
_FOREIGN = {
    "{\\rtf": "an RTF document; save it as plain text (UTF-8)",
    "%PDF": "a PDF; save its text as plain text (UTF-8)",
    "<?xml": "XML; export the transcript as text, VTT, SRT or JSON",
    "<!DOCTYPE": "a web page; save its text as plain text (UTF-8)",
    "<html": "a web page; save its text as plain text (UTF-8)",
    'File type = "ooTextFile': "a Praat TextGrid; export the transcript as text, VTT, SRT or JSON",
    "key,session,speaker": "a table; export the transcript as text, VTT, SRT or JSON",
}


@dataclass(frozen=True)
class Told:
    """A word as a person's file has it.

    ``speaker`` is the name as written, None where none stands. ``start_ms`` and ``end_ms`` are what the file says of
    the word's edges, None where it says nothing; ``measured``: a program found them, they are no typist's stamps.
    ``turn`` counts the paragraphs, cues or segments.
    """

    text: str
    speaker: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    measured: bool = False
    turn: int = 0

    @property
    def spoken(self) -> bool:
        """Whether somebody said this word, and it is no remark about what could be heard besides."""
        return not _REMARK.fullmatch(self.text)


def read_told(data: str | bytes) -> list[Told]:
    """The words of a transcript in any format that can be told from its first lines.

    Raises FormatError for what is no text, for a text that breaks its format's rules, and where not a word stands.
    """
    text = normalize("NFC", decoded(data)).lstrip("\n \t")
    _check_text(text)
    found = list(_reader(text)(text))
    if not found:
        raise FormatError("there is not a word in it; expected a transcript")
    return found


def words_of(text: str) -> list[str]:
    """A text split into words as transcripts have them.

    >>> words_of("Well – I (laughs quietly) know , “yes” .")
    ['Well –', 'I', '(laughs quietly)', 'know ,', '“yes” .']
    """
    out: list[str] = []
    for token in _split(text):
        if out and not _has_sound(token):
            out[-1] += f" {token}"
        elif out and len(out) == 1 and not _has_sound(out[0]):
            out[0] += f" {token}"
        else:
            out.append(token)
    return out if any(map(_has_sound, out)) else []


def _reader(text: str) -> Callable[[str], Iterable[Told]]:
    if text.startswith("{"):
        return _from_json
    if text.startswith("WEBVTT"):
        return lambda text: _from_cues(read_vtt(text))
    if "-->" in text:
        return lambda text: _from_cues(read_srt(text))
    if text.startswith("start\tend\ttext"):
        return lambda text: _from_cues(read_tsv(text))
    if text.startswith(HEAD):
        return lambda text: _from_cues(read_nvivo(text))
    return _from_text


def _check_text(text: str) -> None:
    strange = sum(category(c) == "Cc" and not c.isspace() for c in text)
    if strange > _STRANGE * len(text):
        raise FormatError("this is no text file; save the transcript as plain text (UTF-8) and try again")
    for opening, what in _FOREIGN.items():
        if text.startswith(opening):
            raise FormatError(f"this is {what} and try again")


def _from_text(text: str) -> Iterator[Told]:
    jefferson = len(_MEASURED.findall(text)) > 1
    for turn, (name, said) in enumerate(marked_turns(_OVERLAP.sub("", text) if jefferson else text)):
        yield from (replace(word, turn=turn) for word in _timed(said, name))


def _timed(said: str, name: str | None) -> Iterator[Told]:
    """The words of a turn, each with the mark before it; those after the last word are its end."""
    out: list[Told] = []
    start_ms: int | None = None
    for times, plain in _stretches(said):
        start_ms = times[-1] if times and plain else start_ms
        if times and out:
            out[-1] = replace(out[-1], end_ms=times[0])
        for word in words_of(plain):
            out.append(Told(word, name, start_ms))
            start_ms = None
    yield from out


def _stretches(said: str) -> Iterator[tuple[list[int], str]]:
    """The text between the marks, with the times that precede it."""
    times: list[int] = []
    plain: list[str] = []
    for word in said.split():
        ms = mark_ms(word)
        if ms is None:
            plain.append(word)
            continue
        if plain:
            yield times, " ".join(plain)
            times, plain = [], []
        times.append(ms)
    yield times, " ".join(plain)


def _from_cues(cues: Iterable[Cue]) -> Iterator[Told]:
    for turn, cue in enumerate(cues):
        found = [Told(word, cue.speaker, turn=turn) for word in words_of(cue.text)]
        if found:
            found[0] = replace(found[0], start_ms=cue.start_ms)
            found[-1] = replace(found[-1], end_ms=cue.end_ms)
        yield from found


def _from_json(text: str) -> Iterator[Told]:
    transcript = _transcript(text)
    for turn, segment in enumerate(transcript.segments):
        for word in segment.words:
            label = word.speaker or segment.speaker
            name = transcript.title(label) if label else None
            yield Told(word.text, name, word.start_ms, word.end_ms, not word.interpolated, turn)


def _transcript(text: str) -> Transcript:
    """Our own shape is told from WhisperX's by its milliseconds."""
    return read_native(text) if '"duration_ms"' in text and '"iprkit"' not in text else read_whisperx(text)


def _split(text: str) -> Sequence[str]:
    whole = _REMARK.sub(lambda remark: remark[0].replace(" ", _GLUE), text.replace(_GLUE, ""))
    return [token.replace(_GLUE, " ") for token in whole.split()]


def _has_sound(token: str) -> bool:
    return any(character.isalnum() for character in token)
