"""Whether any damage to a file breaks the reader that it is meant for, or holds it up.

``python benchmarks/fuzz.py [TIMES [FILE…]]`` changes each of the sample files of the tests in 10,000 ways, or as many
as are asked for: bytes changed, cut out, doubled, put elsewhere, the file cut off; in archives also the parts
themselves. It prints a line a file and ends with 1 where a reader failed otherwise than by one of iprkit's own
sentences, took longer than two seconds, or left anything behind in its folder.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path

from docx import Document

from iprkit.errors import IprkitError
from iprkit.formats.bundle import Bundle, read_bundle, write_bundle
from iprkit.formats.codebooks import read_codebook
from iprkit.formats.coding_sheet import read_sheet
from iprkit.formats.event_table import read_events
from iprkit.formats.foreign import read_foreign
from iprkit.formats.playlog import read_playlog
from iprkit.formats.ratings_table import read_ratings
from iprkit.formats.study_archive import Manifest, Source, read_manifest, write_archive

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests/formats/samples"
FILES = (
    "ours/refi_full.qdpx", "ours/c_coders.qde", "ours/codebook.qdc", "ours/session01.eaf", "eaf/speach_test.ecv",
    "ours/session01.TextGrid", "textgrid/praatio_mary_longfile.TextGrid", "ours/session01.cha",
    "asr/whisper_ctranslate2_dosparlants.json", "asr/whisper_ctranslate2_dosparlants.tsv",
    "vtt/whisper_ctranslate2_dosparlants.vtt", "vtt/whisper_ctranslate2_dosparlants.srt",
    "refi/taguette_1.5.2_project.sqlite3", "refi/taguette_1.5.2_codebook.csv", "refi/qualcoder_v14_data.qda",
    "../events/project.boris", "../events/boris-aggregated.tsv", "../events/boris-tabular.tsv", "../events/datavyu.csv",
)  # fmt: skip
_GOLDEN = "tests/formats/golden_codebooks"
MADE = {
    "noscribe.html": '<!DOCTYPE HTML><html><head><meta charset="UTF-8"/></head><body><p><a name="ts_12140_22800_S01">S01: '
    '<span>[00:00:12]</span> Guten Tag.</a></p><p><a name="ts_22800_25000_S02">S02: Ja &amp; nein.</a></p></body></html>',
    "otranscribe.otr": '{"text": "<p><span class=\\"timestamp\\" data-timestamp=\\"1.5\\">0:01</span> And then?</p>"}',
    "dote.json": '{"lines": [{"startTime": "00:00:01,500", "endTime": "00:00:02,000", "speakerDesignation": "T", '
    '"text": "And then?"}]}',
    "amberscript.json": '{"speakers": [{"spkid": "s1", "name": "T"}], "segments": [{"speaker": "s1", "words": [{"text": '
    '"And", "start": 1.5, "end": 1.8, "conf": 0.9}]}]}',
    "transcribee.json": '{"speaker_names": {"0": "T"}, "children": [{"speaker": "0", "children": [{"text": " And", '
    '"start": 1.5, "end": 1.8, "conf": 0.9}]}]}',
    "cpp.json": '{"transcription": [{"offsets": {"from": 1500, "to": 2000}, "text": " And then?"}]}',
    "f4.txt": "#00:00:01-5# T: And then? #00:00:02-0#\n#00:00:03-0# C: I left (laughs). #00:00:04-0#\n",
    "nvivo.txt": "Timespan\tContent\tSpeaker\n0:00:01.5-0:00:02.0\tAnd then?\tT\n",
    "talk.txt": "Therapist: And then?\r\n\r\nClient: I left. [00:01:02]\r\n",
}
"""Small files in formats of which no sample may be kept here."""

OTHERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "codebook.yaml": ("codebooks/cis.yaml", lambda file: read_codebook(file.read_bytes(), "x", "", file.name)),
    "codes.xlsx": (
        f"{_GOLDEN}/ruptures.maxqda.xlsx",
        lambda file: read_codebook(file.read_bytes(), "x", "", file.name),
    ),
    "codes.csv": (f"{_GOLDEN}/ruptures.csv", lambda file: read_codebook(file.read_bytes(), "x", "", file.name)),
    "sheet.csv": ("codings/d01-s03-anna.csv", lambda file: read_sheet(file.read_bytes(), file.name)),
    "ratings.csv": ("unit,A,B\nu1,1,2\nu2,3,3\nu3,,1\n", lambda file: read_ratings(file.read_bytes(), "interval")),
    "codings.csv": (
        "coder,code,start_ms,end_ms\nA,x,0,1000\nB,x,200,900\n",
        lambda file: read_events(file.read_bytes(), 60_000),
    ),
    "playlog.csv": (
        "interview,event,session,by\n0:10.2,play,0:22.8,\n0:29.6,pause,,client\n",
        lambda file: read_playlog(file.read_bytes()),
    ),
    "study.zip": ("", read_manifest),
    "bundle.zip": ("", read_bundle),
}
"""Files that come in by other commands than `import`: a file of the repository or a text, and what reads it."""

LONGEST = 2.0
_ODD = (b"-1", b"99999999999999", b"\0", b"<", b'"', b"\xff\xfe", b"NaN", b"1e400", b"&#0;", b"\r")


def main() -> None:
    times, chosen = int(sys.argv[1]) if sys.argv[1:] else 10_000, sys.argv[2:]
    failures = 0
    print(f"{'file':<45} {'read':>6} {'refused':>7} {'failed':>6} {'longest':>8}")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "out").mkdir()
        sources = {name: (SAMPLES / name).read_bytes() for name in FILES}
        sources |= {name: text.encode() for name, text in MADE.items()}
        sources |= {"talk.docx": _word_document(), "sheet.opf": _datavyu()}
        sources |= {name: _content(name, text) for name, (text, _) in OTHERS.items()}
        for name, data in ((n, d) for n, d in sources.items() if not chosen or n in chosen):
            read, refused, failed, longest = _fuzz(name, data, times, Path(folder) / "out")
            failures += failed
            print(f"{name:<45} {read:>6} {refused:>7} {failed:>6} {longest:>7.2f}s", flush=True)
    sys.exit(1 if failures else 0)


def _word_document() -> bytes:
    document, stream = Document(), io.BytesIO()
    for line in ("Therapist: And then?", "Client: I left."):
        document.add_paragraph(line)
    document.save(stream)
    return stream.getvalue()


def _content(name: str, text: str) -> bytes:
    if name == "bundle.zip":
        made = io.BytesIO()
        write_bundle(Bundle("s1", "A01", "anna", "2026", {"coding": [{"id": "a", "memo": "ça"}]}, {}), {}, made)
        return made.getvalue()
    if name == "study.zip":
        made, packed = io.BytesIO(), Source(ROOT / "codebooks/cis.yaml", "codebooks/cis.yaml", False)
        write_archive(Manifest("Study", "0", "0005", ()), [packed], made)
        return made.getvalue()
    return text.encode() if "\n" in text else (ROOT / text).read_bytes()


def _datavyu() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        out.writestr("db", "#4\ngaze (MATRIX,true,)-where|NOMINAL\n00:00:01:800,00:00:08:125,(floor)\n")
        out.writestr("project", "--- !project\nversion: 5\n")
    return made.getvalue()


def _fuzz(name: str, data: bytes, times: int, folder: Path) -> tuple[int, int, int, float]:
    """How many files were read, refused, or failed, and how long the slowest took."""
    chance = random.Random(name)
    counts, longest = [0, 0, 0], 0.0
    for n in range(times):
        file = folder / Path(name).name
        in_parts = n % 2 and zipfile.is_zipfile(io.BytesIO(data))
        file.write_bytes(_parts_mutated(data, chance) if in_parts else mutated(data, chance))
        begun = time.monotonic()
        state = _read(file, OTHERS[name][1] if name in OTHERS else _read_foreign)
        took = time.monotonic() - begun
        longest = max(longest, took)
        left = [each for each in folder.iterdir() if each != file]
        if took > LONGEST or left:
            print(f"  {name}, number {n}: took {took:.1f} s, left {left}")
            state = 2
        counts[state] += 1
        file.unlink()
    return counts[0], counts[1], counts[2], longest


def _read_foreign(file: Path) -> object:
    return list(read_foreign(file).values.conversations)


def _read(file: Path, reader: Callable[[Path], object]) -> int:
    """0 where the file was read, 1 where it was refused, 2 where reading failed in another way."""
    try:
        reader(file)
    except IprkitError:
        return 1
    except Exception:  # any error at all is what is looked for here
        traceback.print_exc(limit=-3)
        return 2
    return 0


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes changed, cut out, doubled or put elsewhere."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at, size = chance.randrange(len(out) + 1), chance.choice((1, 1, 4, 40, 400))
        match chance.randrange(5):
            case 0:
                out[at : at + size] = chance.randbytes(size)
            case 1:
                del out[at : at + size]
            case 2:
                out[at:at] = out[at : at + size]
            case 3:
                out[at:at] = chance.choice(_ODD)
            case _:
                del out[at:]
    return bytes(out)


def _parts_mutated(data: bytes, chance: random.Random) -> bytes:
    """An archive that is whole, with damage to the texts in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as out:
        for entry in source.infolist():
            part = source.read(entry)
            out.writestr(entry, mutated(part, chance) if entry.filename.endswith((".qde", ".txt", ".xml")) else part)
    return stream.getvalue()


if __name__ == "__main__":
    main()
