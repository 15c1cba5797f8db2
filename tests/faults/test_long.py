"""A therapy hour with real weights: killed half way, heard in flat memory. Takes minutes; `make test-all` runs it."""

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import scores
from benchmarks.references import SaidTurn
from iprkit.formats.native import read_native

pytestmark = [pytest.mark.slow, pytest.mark.weights]

RATE = 16_000
LIMIT_MB = 1_500
WORDS = ("transcribe", "--model", "base", "--language", "en", "--jobs", 2)


@dataclass(frozen=True)
class Watched:
    """A process that ended: what it said, its largest memory."""

    returncode: int
    said: str
    peak_mb: float

    @property
    def first_percent(self) -> int:
        return int(re.findall(r"transcribing (\d+) %", self.said)[0])


def watched(process: subprocess.Popen[str], kill_at: str | None = None) -> Watched:
    """Waits for a process, or kills it as soon as it says what the pattern matches."""
    assert process.stderr is not None
    assert process.stdout is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if kill_at and re.search(kill_at, line):
            process.kill()
            break
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    for stream in (process.stdout, process.stderr):
        stream.close()
    return Watched(process.returncode, "".join(said), used.ru_maxrss / 1024)


@dataclass(frozen=True)
class Hour:
    """A long recording and what is said in it."""

    file: Path
    turns: Sequence[SaidTurn]


@pytest.fixture
def dialogue(
    tmp_path: Path, sound: NDArray[np.float32], turns: Sequence[Any], write_wav: Callable[..., None]
) -> Callable[[int], Hour]:
    """The sample session over and over with pauses of 1 to 9 s between, at least so many minutes."""

    def build(minutes: int) -> Hour:
        parts: list[NDArray[np.float32]] = []
        said, at = [], 0
        while at < minutes * 60 * RATE:
            pause = RATE * (1 + 2 * (len(parts) % 5))
            parts += [sound, np.zeros(pause, np.float32)]
            said += [SaidTurn(turn.role, turn.span.shift(at * 1000 // RATE), turn.text) for turn in turns]
            at += len(sound) + pause
        file = tmp_path / f"{minutes}.wav"
        write_wav(file, np.concatenate(parts)[None])
        return Hour(file, said)

    return build


def test_an_hour_killed_half_way_is_finished_by_its_second_half_in_flat_memory(
    program: Any, dialogue: Callable[[int], Hour]
) -> None:
    short, long = dialogue(10), dialogue(50)
    program.do("session", "add", "D01", 1, short.file, "--link")
    ten_minutes = watched(program.start(*WORDS, "D01-S01"))
    assert ten_minutes.returncode == 0, ten_minutes.said

    program.do("session", "add", "D01", 2, long.file, "--link")
    first_half = watched(program.start(*WORDS, "D01-S02"), kill_at=r"transcribing 5\d %")
    finished = program.pieces()
    assert finished
    second_half = watched(program.start(*WORDS, "D01-S02"))
    assert second_half.returncode == 0, second_half.said
    assert second_half.first_percent >= 50
    assert (program.pieces(), program.is_sound()) == ([], True)

    said = scores.said_tokens(long.turns)
    heard = scores.heard_tokens(read_native((program.study / "transcripts/D01-S02.json").read_bytes()))
    assert scores.word_errors(said, heard) <= 0.04
    assert scores.right_speaker(scores.matched(said, heard)) >= 0.97

    peaks = [ten_minutes.peak_mb, first_half.peak_mb, second_half.peak_mb]
    assert max(peaks) < LIMIT_MB
    assert max(peaks) < 1.2 * ten_minutes.peak_mb, peaks
