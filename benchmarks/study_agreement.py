"""How long the full report on a study's codings takes, from 2,000 to 200,000 codings.

``python benchmarks/study_agreement.py [CODINGS…]`` makes a study of that many codings in a temporary folder (20 coders,
200 sessions of 50 minutes, windows of one minute, six codes of which one is rated) and prints seconds and memory.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert

from iprkit.actions import codebooks, codes
from iprkit.actions.coders import add_coder
from iprkit.actions.study_agreement import Comparison, agree_on_codings
from iprkit.agreement.bootstrap import Bootstrap
from iprkit.agreement.method import Method
from iprkit.coding import window_key
from iprkit.database import codebook_queries, coding_queries
from iprkit.database.coding_models import CodingRow
from iprkit.database.connect import Study, create
from iprkit.database.models import Dyad, Recording, Session

CODERS, SESSIONS, WINDOWS = 20, 200, 50
CODES = ("Push", "Pull", "Wait", "Meet", "Leave")


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [2_000, 20_000, 200_000]
    print(f"{'codings':>8} {'units':>6} {'figures':>8} {'seconds':>8} {'MB':>6}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, make(Path(folder) / "study", size) as study:
            start = time.perf_counter()
            report = agree_on_codings(study, Comparison("talk"), Method(Bootstrap(1000), pairs=False))
            took = time.perf_counter() - start
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            units = max(one.n_units for one in report.figures)
            print(f"{size:>8} {units:>6} {len(report.figures) + len(report.pairs):>8} {took:>8.1f} {memory:>6}")


def make(folder: Path, size: int) -> Study:
    """A study with ``size`` codings; every unit that is coded at all is coded by the coders of its session."""
    study = create(folder, "Benchmark", "lea")
    for number in range(CODERS):
        add_coder(study, f"c{number:02d}")
    codebooks.new_codebook(study, "talk", {"unit": "window", "window_ms": 60_000})
    for name in CODES:
        codes.add(study, "talk", name, {})
    codes.add(study, "talk", "Warmth", {"scale": "1-5"})
    with study.change("made sessions") as db:
        for number in range(SESSIONS):
            dyad = Dyad(key=f"D{number:03d}")
            session = Session(key=f"{dyad.key}-S01", number=1, dyad=dyad)
            session.recordings = [Recording(part=1, path="x", sha256=uuid4().hex * 2, size_bytes=1, duration_ms=3_000_000)]
            db.add_all([dyad, session])
    _code(study, size)
    return study


def _code(study: Study, size: int) -> None:
    """Straight into the table: the benchmark is of reading and computing, not of entering."""
    draw = random.Random(1)
    with study.read() as db:
        coders = [row.id for row in coding_queries.all_coders(db)]
        book = codebook_queries.find_codebook(db, "talk")
        assert book is not None
        keys = {row.key: row.id for row in book.codes}
        from iprkit.database import queries

        places = [(row.id, row.key) for row in queries.all_conversations(db)]
    rows = [_row(draw, number, coders, keys, places) for number in range(size)]
    unique = {(row["coder_id"], row["code_id"], row["target"]): row for row in rows}
    with study.engine.begin() as connection:
        connection.execute(insert(CodingRow.__table__), list(unique.values()))


def _row(
    draw: random.Random, number: int, coders: list[str], keys: dict[str, str], places: list[tuple[str, str]]
) -> dict[str, object]:
    place, key = places[draw.randrange(len(places))]
    window = draw.randrange(WINDOWS)
    true = (window * 7 + hash(key)) % len(CODES)
    code = ("push", "pull", "wait", "meet", "leave")[true if draw.random() < 0.7 else draw.randrange(len(CODES))]
    rated = draw.random() < 0.2
    return {
        "id": uuid4().hex, "key": f"{key}-{number}", "coder_id": draw.choice(coders),
        "code_id": keys["warmth" if rated else code], "round_id": None,
        "rating": float(min(5, max(1, true + draw.randrange(3)))) if rated else None, "about": None, "certainty": None,
        "memo": "", "made_at": "2026-01-01T00:00:00.000Z", "conversation_id": place,
        "target": window_key(key, 60_000, window + 1), "kind": "window", "start_ms": window * 60_000,
        "end_ms": (window + 1) * 60_000, "first_word": None, "last_word": None, "quote": "",
    }  # fmt: skip


if __name__ == "__main__":
    main()
