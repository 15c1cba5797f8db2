"""The files that transcripts travel in: one module a format, each with what it writes, reads and cannot carry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from iprkit.formats.atlasti import write_atlasti
from iprkit.formats.carried import Carried
from iprkit.formats.dresing_pehl import write_dresing_pehl
from iprkit.formats.jefferson import write_jefferson
from iprkit.formats.maxqda import write_maxqda
from iprkit.formats.native import write_native
from iprkit.formats.nvivo import write_nvivo
from iprkit.formats.plain import write_plain
from iprkit.formats.srt import write_srt
from iprkit.formats.table import write_table, write_word_table
from iprkit.formats.tsv import write_tsv
from iprkit.formats.vtt import write_vtt
from iprkit.formats.whisperx import write_whisperx
from iprkit.transcript import Transcript


@dataclass(frozen=True)
class Format:
    """A way to write a transcript down: the file's suffix, what it is for, and what does not fit into it.

    ``write`` ends lines with a line feed alone; open its stream with ``encoding="utf-8", newline=""`` and the same
    transcript makes the same bytes on every machine.
    """

    write: Callable[[Transcript, TextIO], None]
    suffix: str
    purpose: str
    loses: str
    carries: Carried


_NO_WORDS = "word times, confidence, flags"
_NO_KEYS = f"keys, {_NO_WORDS}"
_NO_TIMES = f"times, keys, {_NO_WORDS}"

_FILES = {"sessions": "the transcript of each in a file of its own", "recall interviews": "the transcript of each"}
_WHOLE = Carried(("segments", "word times", "speakers", "confidences", "flags"), _FILES)
_SEGMENTS = Carried(("segments", "speakers"), _FILES)
_TURNS = Carried(("speakers",), _FILES | {"segments": "joined into turns"})
_TABLE = Carried(("segments", "speakers", "flags"), _FILES | {"confidences": "the mean of each segment"})
_WORDS = Carried(("word times", "speakers", "confidences"), _FILES | {"segments": "the key beside each word"})

WRITERS = {
    "json": Format(
        write_whisperx, ".json", "WhisperX's shape, for programs that read recognised speech", "nothing", _WHOLE
    ),
    "native": Format(write_native, ".iprkit.json", "iprkit's own shape, whole milliseconds", "nothing", _WHOLE),
    "vtt": Format(write_vtt, ".vtt", "subtitles with voices, for browsers and players", _NO_WORDS, _SEGMENTS),
    "srt": Format(write_srt, ".srt", "subtitles for every player and cutting program", _NO_KEYS, _SEGMENTS),
    "tsv": Format(write_tsv, ".tsv", "Whisper's table in milliseconds, with speakers", _NO_KEYS, _SEGMENTS),
    "segments-csv": Format(write_table, ".csv", "one row a segment, for R, SPSS, Excel, pandas", "word times", _TABLE),
    "words-csv": Format(write_word_table, ".words.csv", "one row a word, for R, SPSS, Excel, pandas", "flags", _WORDS),
    "txt": Format(write_plain, ".txt", "one paragraph a turn, names before it", _NO_TIMES, _TURNS),
    "dresing-pehl": Format(
        write_dresing_pehl, ".dresing-pehl.txt", "simple transcript after Dresing and Pehl", _NO_KEYS, _TURNS
    ),
    "jefferson": Format(
        write_jefferson,
        ".jefferson.txt",
        "draft with measured pauses and overlaps, for conversation analysis",
        _NO_TIMES,
        _TURNS,
    ),
    "nvivo": Format(write_nvivo, ".nvivo.txt", "rows of time span, content, speaker for NVivo", _NO_KEYS, _SEGMENTS),
    "maxqda": Format(write_maxqda, ".maxqda.txt", "time-stamped paragraphs for MAXQDA and f4", _NO_KEYS, _TURNS),
    "atlasti": Format(write_atlasti, ".atlasti.txt", "time-stamped paragraphs for ATLAS.ti", _NO_KEYS, _TURNS),
}
