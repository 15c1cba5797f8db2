"""The queue at work: takes one piece of long work after the other, runs it apart, and knows how far it is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from iprkit.actions import jobs
from iprkit.actions.jobs import Job
from iprkit.database.connect import Study
from iprkit.errors import IprkitError

_LOOK_S = 0.5  # how soon a stop is heeded
_AGAIN_S = 2.0  # how soon work of others' asking is seen, while there is any


@dataclass(frozen=True)
class HowFar:
    """How far running work is: ``part`` of ``of`` of the step ``name``; ``seconds_left`` None while nobody knows.

    ``told_at``: when it said so, on the clock of ``time.monotonic``.
    """

    job: int
    name: str
    part: float
    of: float
    seconds_left: float | None
    told_at: float

    @property
    def age_s(self) -> float:
        """The seconds since it was told."""
        return round(monotonic() - self.told_at, 1)


_MEASURED_BY_SPEECH = "transcribing"


@dataclass
class Pace:
    """How fast a step goes, from when it was first told of.

    ``usual``: seconds for a millisecond of speech when such work was done before, until this one shows its own.
    """

    usual: float | None = None
    name: str = ""
    began: float = 0.0
    first: float = 0.0

    def left(self, name: str, part: float, of: float, at: float) -> float | None:
        """The seconds left by the pace so far, at the beginning by the usual one; None where neither is known.

        >>> pace = Pace()
        >>> pace.left("transcribing", 0, 100, at=10.0), pace.left("transcribing", 25, 100, at=20.0)
        (None, 30.0)
        >>> Pace(usual=0.5).left("transcribing", 0, 100, at=10.0)
        50.0
        """
        if name != self.name or part < self.first:
            self.name, self.began, self.first = name, at, part
        gone = part - self.first
        if gone <= 0 and self.usual is not None and name == _MEASURED_BY_SPEECH:
            return round(max((of - part) * self.usual - (at - self.began), 0.0), 1)
        if gone <= 0 or of <= part or at <= self.began:
            return None
        return round((of - part) * (at - self.began) / gone, 1)


@dataclass
class Queue:
    """Works as long as the server runs. ``changes`` counts what there is to tell the pages."""

    study: Study
    log: Callable[[str], None]
    changes: int = 0
    _far: HowFar | None = None
    _said: dict[str, Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _wake: Event = field(default_factory=Event)
    _ending: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self) -> None:
        self._thread = Thread(target=self._work, name="queue", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; what runs is left to the next server."""
        self._ending.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def look(self) -> None:
        """There is something new to do, or to stop."""
        self.changes += 1
        self._wake.set()

    def how_far(self, number: int) -> HowFar | None:
        """How far a job of this server is; None where it does not run."""
        with self._lock:
            return self._far if self._far is not None and self._far.job == number else None

    def _work(self) -> None:
        while not self._ending.is_set():
            self._wake.clear()
            try:
                job, more = jobs.take(self.study), jobs.any_open(self.study)
                if job is not None:
                    self._run(job)
                    continue
            except IprkitError as e:  # the database was busy for too long, or the disk is full
                self.log(str(e))
                more = True
            self._wake.wait(_AGAIN_S if more else None)

    def _run(self, job: Job) -> None:
        self.changes += 1
        self._said = {}
        process = _process()
        listener = Thread(target=self._listen, args=(job, process), daemon=True)
        try:
            _tell(process, self.study, job)
            listener.start()
            stopped = self._attend(job, process)
        finally:
            _stop(process)
        listener.join(timeout=5)
        assert process.stdout is not None
        process.stdout.close()
        state, message = (jobs.CANCELLED, "stopped") if stopped else self._outcome(process)
        if self._ending.is_set() and not stopped and state != jobs.DONE:
            jobs.give_back(self.study, job.id)
        else:
            jobs.end(self.study, job.id, state, message)
        with self._lock:
            self._far = None
        self.changes += 1

    def _attend(self, job: Job, process: subprocess.Popen[str]) -> bool:
        """Wait for the work to end; whether it was stopped."""
        while process.poll() is None:
            if self._ending.is_set():
                return False
            if jobs.is_to_stop(self.study, job.id):
                return True
            self._ending.wait(_LOOK_S)
        return False

    def _listen(self, job: Job, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        pace, told_at = Pace(jobs.usual_pace(self.study, job)), 0.0
        for line in process.stdout:
            said = json.loads(line)
            if "step" not in said:
                self._said = said
                continue
            now = monotonic()
            left = pace.left(said["step"], said["part"], said["of"], now)
            with self._lock:
                self._far = HowFar(job.id, said["step"], said["part"], said["of"], left, now)
            if monotonic() - told_at > 1:
                told_at = monotonic()
                self.changes += 1

    def _outcome(self, process: subprocess.Popen[str]) -> tuple[str, str]:
        said = self._said
        if "done" in said:
            return jobs.DONE, said["done"]
        if "failed" in said:
            return jobs.FAILED, said["failed"]
        return jobs.FAILED, f"the work ended without an answer (code {process.returncode}); the terminal says more"


def _process() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "iprkit.actions.long_work"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")


def _tell(process: subprocess.Popen[str], study: Study, job: Job) -> None:
    work = {
        "folder": str(study.folder),
        "author": job.author,
        "network_share": study.share is None,
        "step": job.step,
        "key": job.key,
        "options": dict(job.options),
    }
    assert process.stdin is not None
    process.stdin.write(json.dumps(work) + "\n")
    process.stdin.flush()


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdin is not None:
        process.stdin.close()
