"""Whether any damage to a file breaks the reader that it is meant for, or holds it up.

``python benchmarks/fuzz.py [FILES]`` changes each of the sample files of the tests in 10,000 ways, or in as many as are
asked for: bytes changed, cut out, doubled, put elsewhere, the file cut off; in archives also the parts themselves. It
prints a line a file and ends with 1 where a reader failed otherwise than by one of iprkit's own sentences, took longer
than two seconds, or left anything behind in its folder.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
import traceback
import zipfile
from pathlib import Path

from iprkit.errors import IprkitError
from iprkit.formats.foreign import read_foreign

SAMPLES = Path(__file__).parents[1] / "tests/formats/samples"
FILES = (
    "ours/refi_full.qdpx", "ours/c_coders.qde", "ours/codebook.qdc", "ours/session01.eaf", "eaf/speach_test.ecv",
    "ours/session01.TextGrid", "textgrid/praatio_mary_longfile.TextGrid", "ours/session01.cha",
    "asr/whisper_ctranslate2_dosparlants.json", "asr/whisper_ctranslate2_dosparlants.tsv",
    "vtt/whisper_ctranslate2_dosparlants.vtt", "vtt/whisper_ctranslate2_dosparlants.srt",
    "refi/taguette_1.5.2_project.sqlite3", "refi/taguette_1.5.2_codebook.csv",
)  # fmt: skip
LONGEST = 2.0
_ODD = (b"-1", b"99999999999999", b"\0", b"<", b'"', b"\xff\xfe", b"NaN", b"1e400", b"&#0;", b"\r")


def main() -> None:
    times = int(sys.argv[1]) if sys.argv[1:] else 10_000
    failures = 0
    print(f"{'file':<45} {'read':>6} {'refused':>7} {'failed':>6} {'longest':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name in FILES:
            read, refused, failed, longest = _fuzz(name, times, Path(folder))
            failures += failed
            print(f"{name:<45} {read:>6} {refused:>7} {failed:>6} {longest:>7.2f}s", flush=True)
    sys.exit(1 if failures else 0)


def _fuzz(name: str, times: int, folder: Path) -> tuple[int, int, int, float]:
    """How many files were read, refused, or failed, and how long the slowest took."""
    data, chance = (SAMPLES / name).read_bytes(), random.Random(name)
    counts, longest = [0, 0, 0], 0.0
    for n in range(times):
        file = folder / Path(name).name
        file.write_bytes(_parts_mutated(data, chance) if n % 2 and zipfile.is_zipfile(io.BytesIO(data)) else mutated(data, chance))
        begun = time.monotonic()
        state = _read(file)
        took = time.monotonic() - begun
        longest = max(longest, took)
        left = [each for each in folder.iterdir() if each != file]
        if took > LONGEST or left:
            print(f"  {name}, number {n}: took {took:.1f} s, left {left}")
            state = 2
        counts[state] += 1
        file.unlink()
    return counts[0], counts[1], counts[2], longest


def _read(file: Path) -> int:
    """0 where the file was read, 1 where it was refused, 2 where reading failed in another way."""
    try:
        list(read_foreign(file).values.conversations)
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
