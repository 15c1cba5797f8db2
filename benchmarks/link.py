"""How well playback is located in recall interviews of every difficulty, and how long a therapy hour takes.

    python -m benchmarks.link                              the sample film, talk from its recall interviews
    python -m benchmarks.link --session FILE … --talk FILE … [--rooms FILE …]      your own recordings
    python -m benchmarks.link --hour [--session …]         50 minutes of session in 90 minutes of interview

Each row is one difficulty, all else as usual: playback 12 dB below live speech, reverberation of 0.4 s, babble 15 dB
below the playback, clocks 0.1 % apart, AAC at 64 kbit/s, a fifth of the stretches talked over, three in ten of 3 to
12 s; always with rewinds, repeats and skips, a quarter of them without a pause. Columns: stretches found; playback
mapped within 100 ms; wrong place (more than 1 s off) of all that is mapped; talk taken for playback; edges within
500 ms and their median error where the session sounds on both sides of the edge; median error of the other edges, at
which the session is silent and nothing tells when it was stopped.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from benchmarks.interviews import RATE, Difficulty, Floats, Played, Room, hold_interview, load, long_session
from benchmarks.maps import Score, score
from iprkit.media.decode import stream
from iprkit.recall import Piece, TimeMap
from iprkit.replay.locate import locate
from iprkit.timeline import Span

ROOT = Path(__file__).resolve().parents[1]
USUAL = Difficulty()
HARDEST = replace(USUAL, name="hardest", level_db=-24, rt60_s=1.2, babble_db=-5, drift=0.003, codec="mp3-32")
ROWS = (
    USUAL,
    *(replace(USUAL, name=f"level {db} dB", level_db=db) for db in (-6, -18, -24)),
    *(replace(USUAL, name=f"reverberation {s} s", rt60_s=s) for s in (0.2, 0.8, 1.2)),
    *(replace(USUAL, name=f"babble {db} dB", babble_db=db) for db in (-20, -10, -5)),
    *(replace(USUAL, name=f"drift {share:+.1%}", drift=share) for share in (-0.003, 0.0, 0.003)),
    *(replace(USUAL, name=codec, codec=codec) for codec in ("mp3-64", "mp3-32", "aac-32")),
    replace(USUAL, name="all talked over", talked_over=1.0),
    replace(USUAL, name="all short", short=1.0),
    replace(USUAL, name="hard", level_db=-18, rt60_s=0.7, babble_db=-10, drift=-0.002, codec="mp3-64"),
    HARDEST,
)
_BLOCK = 4 * RATE  # samples read at once, as the decoder gives them


def main() -> None:
    asked = _arguments()
    if asked.locate:
        _locate_files(*asked.locate)
    elif asked.make:
        _make_hour(asked.session, _room(asked), asked.make)
    elif asked.hour:
        _measure_hour(asked.session, asked.talk)
    else:
        _measure_rows([load(path) for path in asked.session], _room(asked), asked.seconds, range(asked.seeds))


def _measure_rows(sessions: list[Floats], room: Room, seconds: float, seeds: range) -> None:
    names = ("found", "mapped", "wrong", "false", "edges", "median", "silent")
    print(f"{'':<20}" + "".join(f"{name:>10}" for name in names))
    for how in ROWS:
        scores = [_located(one, room, how, seconds, seed) for one in sessions for seed in seeds]
        print(f"{how.name:<20}{Score.of(scores).row()}", flush=True)
    quiet = [_located(one, room, USUAL, seconds, seed, film=False) for one in sessions for seed in seeds]
    print(f"{'no playback':<20}{Score.of(quiet).row()}")


def _located(session: Floats, room: Room, how: Difficulty, seconds: float, seed: int, film: bool = True) -> Score:
    interview = hold_interview(session, room, how, seconds, seed, film)
    found = locate([session], [interview.sound])
    return score(interview.played, found, session, len(interview.sound) / RATE)


def _measure_hour(session: list[Path], talk: list[Path]) -> None:
    """Makes the hour in one process and locates it in another, so that the latter's memory is its own."""
    with tempfile.TemporaryDirectory() as folder:
        files = [str(path) for path in (Path(folder) / name for name in ("session", "interview", "truth"))]
        again = [sys.executable, "-m", "benchmarks.link", "--session", *map(str, session), "--talk", *map(str, talk)]
        subprocess.run([*again, "--make", *files], cwd=ROOT, check=True)
        told = subprocess.run([*again, "--locate", *files[:2]], cwd=ROOT, check=True, capture_output=True, text=True)
        answer = json.loads(told.stdout)
        truth = [Played(**one) for one in json.loads(Path(files[2]).read_text())]
        pieces = [Piece(Span(*one[:2]), Span(*one[2:])) for one in answer["pieces"]]
        sound = np.fromfile(files[0], np.float32)
        seconds = Path(files[1]).stat().st_size / 4 / RATE
        lengths = f"{len(sound) / RATE / 60:.0f} min of session, {seconds / 60:.0f} min of interview"
        print(f"{lengths}: {answer['seconds']:.1f} s, largest memory {answer['mb']:.0f} MB")
        print(score(truth, TimeMap.of(pieces), sound, seconds).row())


def _make_hour(session: list[Path], room: Room, files: list[Path]) -> None:
    sound = long_session([load(path) for path in session], 50 * 60, seed=1)
    interview = hold_interview(sound, room, USUAL, 89 * 60, seed=1)
    for samples, file in ((sound, files[0]), (interview.sound[: 90 * 60 * RATE], files[1])):
        samples.tofile(file)
    files[2].write_text(json.dumps([asdict(one) for one in interview.played]))


def _locate_files(session: Path, interview: Path) -> None:
    start = time.perf_counter()
    found = locate(_blocks(session), _blocks(interview))
    spans = [(one.interview, one.session) for one in found.pieces]
    pieces = [(i.start_ms, i.end_ms, s.start_ms, s.end_ms) for i, s in spans]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pieces": pieces, "seconds": time.perf_counter() - start, "mb": memory}))


def _blocks(file: Path) -> Iterator[Floats]:
    with file.open("rb") as source:
        while len(block := np.fromfile(source, np.float32, _BLOCK)):
            yield block


def _room(asked: argparse.Namespace) -> Room:
    voices = [load(path) for path in asked.talk] or list(_sample_talk())
    return Room(voices, [response for path in asked.rooms for response in _responses(path)])


def _sample_talk() -> Iterator[Floats]:
    """What is said in the sample's recall interviews while nothing plays."""
    truth = json.loads((ROOT / "transcripts" / "d01-s03.truth.json").read_text(encoding="utf-8"))
    for recall in truth["recalls"]:
        sound = load(ROOT / "recordings" / recall["file"])
        for said in recall["speech"]:
            yield sound[round(said["start"] * RATE) : round(said["end"] * RATE)]


def _responses(path: Path) -> Iterator[Floats]:
    """Measured impulse responses, one a channel, each from its direct sound on."""
    for channel in np.concatenate(list(stream(path, channels="all")), axis=1):
        yield channel[np.abs(channel).argmax() :] / np.abs(channel).max()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--session", type=Path, nargs="+", default=[ROOT / "recordings" / "d01-s03.mp4"])
    parser.add_argument("--talk", type=Path, nargs="*", default=[])
    parser.add_argument("--rooms", type=Path, nargs="*", default=[])
    parser.add_argument("--seconds", type=float, default=420, help="length of each interview")
    parser.add_argument("--seeds", type=int, default=2, help="interviews a row and session")
    parser.add_argument("--hour", action="store_true")
    parser.add_argument("--make", type=Path, nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--locate", type=Path, nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
