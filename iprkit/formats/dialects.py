"""Transcripts that are neither subtitles nor a recogniser's JSON: oTranscribe, noScribe, Word, transcription services.

::

    oTranscribe   {"text": "<p><span class=timestamp data-timestamp=1.2>…", "media": …}
    DOTE          {"lines": [{"startTime": "00:00:01,000", "endTime", "speakerDesignation", "text"}]}
    Amberscript   {"segments": [{"speaker", "words": [{"text", "start", "end", "conf"}]}], "speakers": [{"spkid"}]}
    transcribee   {"children": [{"speaker", "children": [{"text", "start", "end", "conf"}]}], "speaker_names"}
    noScribe      a web page with <a name="ts_start_end_speaker">
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from io import BytesIO
from itertools import count
from zipfile import BadZipFile

from iprkit.errors import FormatError
from iprkit.formats.cues import Cue, decided, one_line, prefix, spread
from iprkit.formats.node import Node
from iprkit.formats.stamps import cue_ms
from iprkit.formats.texts import Labels, made_transcript
from iprkit.transcript import Segment, Transcript, Word

_STAMP = re.compile(r"ts_(\d+)_(\d+)_?(.*)")
_BLOCKS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3")
_JOINED = " \n"


def of_cues(cues: Sequence[Cue], key: str = "", language: str = "") -> Transcript:
    """A transcript of cues, each a segment whose words share its time."""
    labels, ids = Labels(), (f"w{number:04d}" for number in count(1))
    segments = []
    for cue in cues:
        label = labels.of(cue.speaker) if cue.speaker else None
        words = spread(cue, ids, label)
        if words:
            segments.append(Segment("", label, words))
    return made_transcript(key, segments, labels.speakers, language)


def read_dialect(root: Node, key: str = "") -> Transcript | str | None:
    """The transcript of a JSON of these programs, of oTranscribe its text with times in it; None for another JSON.

    Raises FormatError with the place.
    """
    if "lines" in root and "segments" not in root:
        return of_cues([_dote(line) for line in root["lines"].items()], key)
    if "segments" in root and "speakers" in root and _is_amberscript(root):
        names = {s["spkid"].text(): s["name"].text_or_none() for s in root["speakers"].items() if "spkid" in s}
        paragraphs = [(s["speaker"].text_or_none(), list(s["words"].items())) for s in root["segments"].items()]
        return _of_atoms(paragraphs, names, key)
    if "children" in root:
        names = _speaker_names(root)
        paragraphs = [(_text(c["speaker"]), list(c["children"].items())) for c in root["children"].items()]
        return _of_atoms(paragraphs, names, key)
    if "text" in root and "segments" not in root and "chunks" not in root and "<" in root["text"].text():
        return page_text(root["text"].text())
    return None


def read_noscribe(page: str, key: str = "") -> Transcript | None:
    """The transcript in a page that noScribe wrote; None for any other page."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    cues = []
    for start_ms, end_ms, speaker, text in reader.stretches:
        name, said = prefix(text)
        said = re.sub(r"^\s*\[[\d:.]+\]\s*", "", said if name else text)
        if one_line(said):
            cues.append(Cue(start_ms, max(start_ms, end_ms), one_line(said), decided(speaker or name)))
    return of_cues(cues, key) if reader.stretches else None


def page_text(page: str) -> str:
    """The words of a web page, a paragraph a line."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    return "\n".join(line for line in (one_line(line) for line in "".join(reader.text).split("\n")) if line)


def docx_text(data: bytes, file: str) -> str:
    """The paragraphs of a Word document, a line each, those of tables row by row. Raises FormatError."""
    from docx import Document  # takes longer to load than most commands take to run
    from docx.table import Table

    try:
        document = Document(BytesIO(data))
        lines = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    cells = [one_line(cell.text) for cell in row.cells]
                    lines.append(": ".join(cell for cell in cells if cell) if len(cells) == 2 else "\t".join(cells))
            else:
                lines += block.text.split("\n")
    except (KeyError, ValueError, BadZipFile, SyntaxError, AttributeError) as e:
        raise FormatError(f"{file} is no whole Word document: {e}; save it again as .docx or as plain text") from e
    return "\n".join(lines)


class _Page(HTMLParser):
    """The text of a page, and the stretches between noScribe's marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.stretches: list[tuple[int, int, str, str]] = []
        self._open: tuple[int, int, str] | None = None
        self._said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._silent += tag in ("style", "script", "head", "title")
        if tag in _BLOCKS:
            self.text.append("\n")
        if "timestamp" in (values.get("class") or "") and values.get("data-timestamp"):
            self.text.append(f" [{_clock(values['data-timestamp'] or '')}] ")
            self._silent += 1
        found = _STAMP.fullmatch(values.get("name") or "") if tag == "a" else None
        if found:
            self._open, self._said = (int(found[1]), int(found[2]), found[3]), []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "head", "title") or (tag == "span" and self._silent):
            self._silent = max(0, self._silent - 1)
        if tag == "a" and self._open:
            self.stretches.append((*self._open, "".join(self._said)))
            self._open = None
        if tag in _BLOCKS:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.text.append(data.replace("\n", " "))
        if self._open:
            self._said.append(data)


def _clock(seconds: str) -> str:
    try:
        ms = round(float(seconds) * 1000)
    except (ValueError, OverflowError):
        return "00:00:00"
    whole, rest = divmod(max(0, min(ms, 10**10)), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{rest:03d}"


def _dote(line: Node) -> Cue:
    times = [cue_ms(line[name].text()) for name in ("startTime", "endTime")]
    if times[0] is None or times[1] is None or times[1] < times[0]:
        raise FormatError(f"{line.kind}, {line.place}: startTime and endTime are no times that follow each other")
    speaker = line["speakerDesignation"].text_or_none()
    return Cue(times[0], times[1], one_line(line["text"].text()), decided(speaker and one_line(speaker)))


def _is_amberscript(root: Node) -> bool:
    return any("spkid" in speaker for speaker in root["speakers"].items() if isinstance(speaker.value, dict))


def _of_atoms(
    paragraphs: Sequence[tuple[str | None, list[Node]]], names: dict[str, str | None], key: str
) -> Transcript:
    labels, ids, segments = Labels(), (f"w{number:04d}" for number in count(1)), []
    for speaker, atoms in paragraphs:
        label = labels.of(names.get(speaker) or speaker) if speaker else None
        words = tuple(_atoms(atoms, ids, label))
        if words:
            segments.append(Segment("", label, words))
    return made_transcript(key, segments, labels.speakers)


def _atoms(atoms: Sequence[Node], ids: Iterator[str], label: str | None) -> Iterator[Word]:
    last_ms = 0
    for atom in atoms:
        text = one_line(atom["text"].text())
        start = atom["start"].number_or_none() if "start" in atom else None
        end = atom["end"].number_or_none() if "end" in atom else None
        start_ms = last_ms if start is None else round(start * 1000)
        end_ms = start_ms if end is None else max(start_ms, round(end * 1000))
        conf = atom["conf"].number_or_none()
        last_ms = end_ms
        if text:
            yield Word(next(ids), text, max(0, start_ms), max(0, end_ms), conf, label, start is None)


def _speaker_names(root: Node) -> dict[str, str | None]:
    found = root["speaker_names"].value
    if not isinstance(found, dict):
        return {}
    return {str(key): value for key, value in found.items() if isinstance(value, str)}


def _text(node: Node) -> str | None:
    return None if node.value is None else str(node.value)
