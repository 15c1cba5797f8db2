"""How long transcribing takes and how many words it gets wrong: iprkit's whole chain beside the bare engines.

    python benchmarks/transcribe.py                                   the sample film (3 min)
    python benchmarks/transcribe.py FILE REFERENCE [--minutes 50]     your own; chained to at least that length
    python benchmarks/transcribe.py … --tools plain,iprkit            only some of: openai plain batched iprkit

REFERENCE is a text, a transcript in iprkit's JSON, or a list of turns. All tools hear the same file, one after the
other, with the same base weights, beam 5, English, on the same number of threads, each in a process of its own whose
time and memory the system measures. iprkit's time is that of the whole command: decoding, finding speech, words, a
second look, forced alignment, speakers, sentences, storing. Quote the ratios: single times are the machine's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import av
import jiwer
import numpy as np

from benchmarks.references import read_reference, spoken
from iprkit.media import decode
from iprkit.speech.models import find_model

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ("openai", "plain", "batched", "iprkit")
_PAUSE = np.zeros((1, 2 * decode.RATE), np.float32)


@dataclass(frozen=True)
class Measured:
    """One tool's run: seconds of wall and processor time, the process's largest memory in MB, what it heard."""

    tool: str
    wall_s: float
    cpu_s: float
    memory_mb: float
    text: str


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        file, times = _chained(asked.file, asked.minutes, Path(folder))
        reference = " ".join([read_reference(asked.reference)] * times)
        length_s = sum(block.shape[1] for block in decode.stream(file)) / decode.RATE
        print(f"{asked.file.name}, {length_s / 60:.1f} min, {len(reference.split())} words, {asked.threads} threads")
        print(
            f"{'tool':<10}{'wall s':>9}{'of length':>11}{'cpu s':>9}{'peak MB':>9}{'word errors':>13}{'wall / plain':>14}"
        )
        done: dict[str, Measured] = {}
        for tool in asked.tools.split(","):
            done[tool] = found = _run(tool, file, asked.threads, Path(folder))
            errors = jiwer.wer(reference, spoken(found.text))
            ratio = f"{found.wall_s / done['plain'].wall_s:.2f}" if "plain" in done else ""
            print(
                f"{tool:<10}{found.wall_s:>9.1f}{found.wall_s / length_s:>11.3f}{found.cpu_s:>9.1f}"
                f"{found.memory_mb:>9.0f}{errors:>12.1%}{ratio:>14}",
                flush=True,
            )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "recordings/d01-s03.mp4")
    parser.add_argument("reference", nargs="?", type=Path, default=ROOT / "transcripts/d01-s03.truth.json")
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--tools", default="plain,batched,iprkit,openai")
    return parser.parse_args()


def _chained(file: Path, minutes: float, folder: Path) -> tuple[Path, int]:
    """The recording again and again as one WAV, two seconds of silence between; all tools get this file."""
    sound = np.concatenate(list(decode.stream(file)), axis=1)
    times = max(1, -(-int(minutes * 60 * decode.RATE) // (sound.shape[1] + _PAUSE.shape[1])))
    whole = np.concatenate([part for _ in range(times) for part in (sound, _PAUSE)], axis=1)
    place = folder / "sound.wav"
    with av.open(str(place), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=decode.RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray((np.clip(whole, -1, 1) * 32767).astype(np.int16), "s16", "mono")
        frame.sample_rate = decode.RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return place, times


def _run(tool: str, file: Path, threads: int, folder: Path) -> Measured:
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.transcribe_tools", tool, str(file), str(threads), str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{tool} ended with status {process.returncode}")
    heard = json.loads(said)
    cpu_s = used.ru_utime + used.ru_stime
    return Measured(tool, time.monotonic() - started, cpu_s, used.ru_maxrss / 1024, heard["text"])


if __name__ == "__main__":
    find_model("base", "faster-whisper")
    main()
