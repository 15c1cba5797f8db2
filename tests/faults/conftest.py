"""iprkit as a program of its own, so that it can be killed, interrupted and left without room on its disk."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from iprkit.cli import main
from iprkit.database import queries
from iprkit.database.connect import open_study

ROOT = Path(__file__).parents[2]
_START = "from iprkit.cli import main; main()"
_KB = 1024


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Inside:
    """``iprkit -C STUDY …`` in this process; ``on`` is the disk whose room is scarce while it runs."""

    study: Path
    on: SmallDisk | None = None

    def run(self, *words: object) -> Ended:
        with self.on.scarce() if self.on else nullcontext():
            done = CliRunner().invoke(main, ["-C", str(self.study), "--as", "anna", *map(str, words)])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ended(done.exit_code, done.stdout, done.stderr)

    def do(self, *words: object) -> str:
        """Runs what must go well and returns what it says."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def transcript(self, key: str) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(self.do("transcript", "show", key, "--json"))
        return shown

    def pieces(self) -> list[tuple[int, int]]:
        """Id and ordinal of every finished piece of work that lies in the study."""
        with open_study(self.study) as study, study.read() as db:
            return [(chunk.id, chunk.ordinal) for chunk in queries.all_chunks(db)]

    def is_sound(self) -> bool:
        return self.run("check", "--full").returncode == 0

    def files(self, folder: str) -> list[str]:
        return sorted(place.name for place in (self.study / folder).iterdir())


@dataclass
class Program(Inside):
    """The same; and as a process of its own that can be ended by a signal."""

    def start(self, *words: object) -> subprocess.Popen[str]:
        return self.start_source(_START, "-C", self.study, "--as", "anna", *words)

    def start_source(self, source: str, *words: object) -> subprocess.Popen[str]:
        """A process that runs some Python."""
        return subprocess.Popen(
            [sys.executable, "-c", source, *map(str, words)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def stop_at(self, told: str, how: signal.Signals, *words: object) -> Ended:
        """Ends the command by a signal as soon as it says something that the pattern ``told`` matches."""
        process = self.start(*words)
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if re.search(told, line):
                os.kill(process.pid, how)
                break
        out, err = process.communicate(timeout=600)
        return Ended(process.returncode, out, "".join(said) + err)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """iprkit on an empty study with a dyad."""
    made = Program(tmp_path / "study")
    made.do("init", tmp_path / "study")
    made.do("dyad", "add", "D01", "--therapist", "T01", "--client", "C01")
    return made


@dataclass
class SmallDisk:
    """A place where room can be made scarce: a disk of its own, or a limit on how large files may become."""

    folder: Path
    own: bool
    limit_kb: int | None = field(default=None)

    def leave(self, kb: int | None) -> None:
        """Leaves so much room, all of it with None."""
        ballast = self.folder / "ballast"
        if not self.own:
            self.limit_kb = kb
            return
        ballast.unlink(missing_ok=True)
        if kb is not None:
            room = os.statvfs(self.folder)
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, max(1, room.f_bavail * room.f_frsize - kb * _KB))

    @contextmanager
    def scarce(self) -> Iterator[None]:
        """No more room than was left while the block runs."""
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        if self.limit_kb is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.limit_kb * _KB, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    def says_full(self, told: str) -> bool:
        """Whether that is one sentence about the disk; a file that may not grow has other words than a full disk."""
        sentences = (
            ["the disk is full"] if self.own else ["the disk is full", "takes no file so large", "disk I/O error"]
        )
        return "Error: " in told and any(sentence in told for sentence in sentences)


def _mounted(folder: Path, size: str) -> bool:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    return os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0


def _ways() -> list[str]:
    """A disk of its own needs the right to mount one; the limit works for everybody."""
    with tempfile.TemporaryDirectory() as folder:
        if not _mounted(Path(folder), "64k"):
            return ["a limit"]
        subprocess.run(["umount", folder], check=True)
    return ["a small disk", "a limit"]


@pytest.fixture(params=_ways())
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    own = request.param == "a small disk"
    if own:
        assert _mounted(folder, "6m")
    yield SmallDisk(folder, own)
    if own:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def confined(disk: SmallDisk) -> Inside:
    """iprkit on a study with a dyad, on the small disk."""
    made = Inside(disk.folder / "study", disk)
    made.do("init", made.study)
    made.do("dyad", "add", "D01", "--therapist", "T01", "--client", "C01")
    return made
