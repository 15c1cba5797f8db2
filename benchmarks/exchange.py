"""How long a large study takes on its way to other programs, and how much memory.

``python benchmarks/exchange.py [FORMAT…]`` makes a study of 100 sessions of 50 minutes (7,000 words and 400 codings
each: 40,000 codings) in a temporary folder and writes it in every format of whole studies, or in those that are named;
each in a process of its own, so that the memory is that of one export. Recordings stay where they are.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert

from iprkit.actions import codebooks, codes
from iprkit.actions.coders import add_coder
from iprkit.actions.study_exports import Wanted, export_study
from iprkit.database import codebook_queries, coding_queries, queries
from iprkit.database.coding_models import CodingRow
from iprkit.database.connect import Study, create, open_study
from iprkit.database.models import Dyad, Recording, SegmentRow, Session, SpeakerRow, TranscriptVersion
from iprkit.formats.studies import STUDY_WRITERS

SESSIONS, SEGMENTS, WORDS, CODINGS, CODERS = 100, 700, 10, 400, 4
CODES = ("Push", "Pull", "Wait", "Meet", "Leave")


def main() -> None:
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), sys.argv[3])
        return
    forms = sys.argv[1:] or list(STUDY_WRITERS)
    with tempfile.TemporaryDirectory() as folder:
        with make(Path(folder) / "study") as study:
            study.close()
        print(f"{'format':>12} {'seconds':>8} {'MB memory':>10} {'MB written':>10}")
        for form in forms:
            subprocess.run([sys.executable, __file__, "--write", str(Path(folder) / "study"), form], check=True)


def write(folder: Path, form: str) -> None:
    """Write the study once and say what that took."""
    with open_study(folder, "lea") as study:
        start = time.perf_counter()
        done = export_study(study, Wanted(STUDY_WRITERS[form]))
        took = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(place.stat().st_size for place in done.places) / 1024**2
    print(f"{form:>12} {took:>8.1f} {memory:>10.0f} {size:>10.1f}", flush=True)


def make(folder: Path) -> Study:
    """The study, put straight into the tables: the benchmark is of reading and writing, not of entering."""
    draw = random.Random(1)
    study = create(folder, "Benchmark", "lea")
    for number in range(CODERS):
        add_coder(study, f"c{number:02d}")
    codebooks.new_codebook(study, "talk", {"unit": "segment"})
    for name in CODES:
        codes.add(study, "talk", name, {})
    with study.change("made sessions") as db:
        for number in range(SESSIONS):
            dyad = Dyad(key=f"D{number:03d}")
            session = Session(key=f"{dyad.key}-S01", number=1, dyad=dyad)
            session.recordings = [
                Recording(part=1, path=f"recordings/{session.key}.mp4", sha256=uuid4().hex * 2, size_bytes=1,
                          duration_ms=3_000_000)
            ]  # fmt: skip
            session.speakers = [SpeakerRow(label="A", role="therapist"), SpeakerRow(label="B", role="client")]
            session.versions = [TranscriptVersion(number=1, language="en")]
            db.add_all([dyad, session])
    with study.read() as db:
        versions = [(one.key, one.id, one.versions[0].id) for one in queries.all_conversations(db)]
        coders = [row.id for row in coding_queries.all_coders(db)]
        book = codebook_queries.find_codebook(db, "talk")
        assert book is not None
        ids = [row.id for row in book.codes]
    with study.engine.begin() as connection:
        for key, conversation, version in versions:
            rows = [_segment(draw, key, version, n) for n in range(SEGMENTS)]
            connection.execute(insert(SegmentRow.__table__), rows)
            codings = [_coding(draw, (key, conversation), rows, (coders, ids), n) for n in range(CODINGS)]
            connection.execute(insert(CodingRow.__table__), codings)
    return study


def _segment(draw: random.Random, key: str, version: str, n: int) -> dict[str, object]:
    start_ms, step = n * 4200, 380
    speaker = "AB"[n % 2]
    words = [
        {"id": f"w{n * WORDS + w + 1:05d}", "text": draw.choice(("homework", "and", "left", "quiet,", "you", "müde.")),
         "start_ms": start_ms + w * step, "end_ms": start_ms + w * step + 300, "confidence": 0.9, "speaker": speaker,
         "interpolated": False}
        for w in range(WORDS)
    ]  # fmt: skip
    return {
        "id": uuid4().hex, "version_id": version, "ordinal": n, "key": f"{key}-{'TC'[n % 2]}{n // 2 + 1:03d}",
        "speaker": speaker, "role": ("therapist", "client")[n % 2], "start_ms": start_ms,
        "end_ms": start_ms + (WORDS - 1) * step + 300, "text": " ".join(str(w["text"]) for w in words), "flags": [],
        "words": words,
    }  # fmt: skip


def _coding(
    draw: random.Random, place: tuple[str, str], rows: list[dict[str, object]], known: tuple[list[str], list[str]], n: int
) -> dict[str, object]:
    row, (key, conversation), (coders, ids) = draw.choice(rows), place, known
    words = row["words"]
    assert isinstance(words, list)
    return {
        "id": uuid4().hex, "key": f"{key}-{n:04d}", "coder_id": draw.choice(coders), "code_id": draw.choice(ids),
        "round_id": None, "rating": None, "about": draw.choice((None, "client")), "certainty": None,
        "memo": draw.choice(("", "Look here again.")), "made_at": "2026-01-01T00:00:00.000Z",
        "conversation_id": conversation, "target": row["key"], "kind": "segment", "start_ms": row["start_ms"],
        "end_ms": row["end_ms"], "first_word": words[0]["id"], "last_word": words[-1]["id"], "quote": row["text"],
    }  # fmt: skip


if __name__ == "__main__":
    main()
