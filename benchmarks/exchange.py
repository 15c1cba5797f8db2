"""How long a large study takes on its way to other programs, and how much memory.

``python -m benchmarks.exchange [FORMAT…]`` makes the study of ``exchange_data`` (100 sessions of 50 minutes with both
recall interviews, 40,000 codings) in a temporary folder and writes it in every format of whole studies, or in those
that are named; each in a process of its own, so that the memory is that of one export, read from ``VmHWM``: what
``getrusage`` tells counts the process that started it as well. Recordings stay where they are.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.exchange_data import make
from iprkit.actions.study_exports import Wanted, export_study
from iprkit.database.connect import open_study
from iprkit.formats.studies import STUDY_WRITERS


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
            subprocess.run(
                [sys.executable, "-m", "benchmarks.exchange", "--write", str(Path(folder) / "study"), form], check=True
            )


def write(folder: Path, form: str) -> None:
    """Write the study once and say what that took."""
    with open_study(folder, "lea") as study:
        start = time.perf_counter()
        done = export_study(study, Wanted(STUDY_WRITERS[form]))
        took = time.perf_counter() - start
    memory = _most_kb() / 1024
    size = sum(place.stat().st_size for place in done.places) / 1024**2
    print(f"{form:>12} {took:>8.1f} {memory:>10.0f} {size:>10.1f}", flush=True)


def _most_kb() -> int:
    """The most memory that this process ever held, as Linux counts it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
