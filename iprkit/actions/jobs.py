"""The queue of long work: transcribing, linking and aligning, asked for at a page and done one after the other.

What a queue leaves behind when the machine stops is taken up by the next one that serves the study; the steps
themselves go on where they were.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psutil
from sqlalchemy.orm import Session as Db

from iprkit.actions.roles import need_researcher
from iprkit.database import queries, recall_queries, together_queries
from iprkit.database.connect import Study
from iprkit.database.journal import now
from iprkit.database.together_models import JobRow
from iprkit.errors import Conflict, InvalidInput, NotFound

STEPS = ("transcribe", "link", "align")
QUEUED, RUNNING, STOPPING = "queued", "running", "stopping"
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
OPEN = (QUEUED, RUNNING, STOPPING)

OPTIONS: dict[str, frozenset[str]] = {
    "transcribe": frozenset({"engine", "model", "language", "initial_prompt", "speakers", "again"}),
    "link": frozenset({"again"}),
    "align": frozenset({"language"}),
}
"""By step: what may be chosen."""

_SHOWN = 100


@dataclass(frozen=True)
class Job:
    """Long work on the conversation ``key``. ``message`` says what came of it, or why nothing did."""

    id: int
    step: str
    key: str
    options: Mapping[str, Any]
    author: str
    state: str
    message: str
    queued_at: str
    started_at: str | None
    ended_at: str | None


def ask_for(study: Study, step: str, key: str, options: Mapping[str, Any] | None = None) -> Job:
    """Put work at the end of the queue; what waits there already is not put twice.

    Raises NotAllowed, NotFound for an unknown key, InvalidInput.
    """
    need_researcher(study, f"{step} recordings")
    chosen = {name: value for name, value in (options or {}).items() if value is not None}
    _check(step, chosen)
    with study.write() as db:
        conversation = queries.conversation(db, key)
        if step == "link":
            recall_queries.interview(db, key)
        waiting = together_queries.jobs_in(db, [QUEUED])
        same = next((one for one in waiting if (one.step, one.key, one.options) == (step, key, chosen)), None)
        row = same or JobRow(
            step=step, key=conversation.key, options=chosen, author=study.author, state=QUEUED, queued_at=now()
        )
        db.add(row)
        db.flush()
        return _job(row)


def usual_pace(study: Study, job: Job) -> float | None:
    """Seconds that transcribing took for each millisecond of speech when it was last done with the same model.

    None for other work, and where it was never done with it.
    """
    if job.step != "transcribe":
        return None
    model = job.options.get("model", "auto")
    with study.read() as db:
        for run in together_queries.newest_runs(db, job.step):
            speech_ms: int = run.outcome.get("speech_ms", 0)
            if run.ended_at and speech_ms and (model == "auto" or model == run.model):
                return _seconds(run.started_at, run.ended_at) / speech_ms
    return None


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def listed(study: Study) -> list[Job]:
    """The newest jobs, newest first."""
    with study.read() as db:
        return [_job(row) for row in together_queries.jobs(db, _SHOWN)]


def cancel(study: Study, number: int) -> Job:
    """Take work out of the queue, or stop it; what it finished of a recording is kept. Raises NotFound, Conflict."""
    need_researcher(study, "stop work")
    with study.write() as db:
        row = _row(db, number)
        if row.state not in OPEN:
            raise Conflict(f"job {number} is over: {row.state}")
        if row.state == QUEUED:
            _end(row, CANCELLED, "taken out of the queue")
        else:
            row.state = STOPPING
        return _job(row)


def any_open(study: Study) -> bool:
    """Whether any work waits or runs."""
    with study.read() as db:
        return bool(together_queries.jobs_in(db, OPEN))


def take(study: Study) -> Job | None:
    """The next work to do, now this process's; None where there is none, or another process works on this study.

    What a process that is gone left undone is taken first.
    """
    if not any_open(study):
        return None
    with study.write() as db:
        for row in together_queries.jobs_in(db, [RUNNING, STOPPING]):
            if _is_alive(row.worker):
                return None
            if row.state == STOPPING:
                _end(row, CANCELLED, "stopped")
            else:
                row.state, row.worker = QUEUED, None
        queued = together_queries.jobs_in(db, [QUEUED])
        if not queued:
            return None
        queued[0].state, queued[0].worker, queued[0].started_at = RUNNING, _me(), now()
        return _job(queued[0])


def is_to_stop(study: Study, number: int) -> bool:
    """Whether somebody asked that running work be stopped."""
    with study.read() as db:
        return _row(db, number).state == STOPPING


def end(study: Study, number: int, state: str, message: str) -> None:
    """Note what came of work that was taken."""
    with study.write() as db:
        _end(_row(db, number), state, message)


def give_back(study: Study, number: int) -> None:
    """Leave work that was taken to the next one who takes any: the server ends."""
    with study.write() as db:
        row = _row(db, number)
        row.state, row.worker = QUEUED, None


def _check(step: str, options: Mapping[str, Any]) -> None:
    if step not in STEPS:
        raise InvalidInput(f"{step!r} is no step; choose among {', '.join(STEPS)}")
    unknown = sorted(set(options) - OPTIONS[step])
    if unknown:
        raise InvalidInput(f"{step} has no option {unknown[0]}; choose among {', '.join(sorted(OPTIONS[step]))}")


def _row(db: Db, number: int) -> JobRow:
    row = together_queries.job(db, number)
    if row is None:
        raise NotFound(f"there is no job {number}")
    return row


def _end(row: JobRow, state: str, message: str) -> None:
    row.state, row.worker, row.message, row.ended_at = state, None, message, now()


def _me() -> str:
    return f"{os.getpid()} {psutil.Process().create_time():.2f}"


def _is_alive(worker: str | None) -> bool:
    number, _, began = (worker or "").partition(" ")
    if not number.isdecimal() or not psutil.pid_exists(int(number)):
        return False
    try:
        return f"{psutil.Process(int(number)).create_time():.2f}" == began
    except psutil.Error:  # it ended just now
        return False


def _job(row: JobRow) -> Job:
    return Job(
        row.id, row.step, row.key, row.options, row.author, row.state, row.message, row.queued_at, row.started_at,
        row.ended_at,
    )  # fmt: skip
