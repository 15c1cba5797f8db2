"""``/api/jobs``: the queue of long work."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from iprkit.actions import jobs
from iprkit.actions.jobs import Job
from iprkit.actions.models import check_model_name
from iprkit.web.asking import REFUSALS, Asked
from iprkit.web.queue import Queue
from iprkit.web.shapes.jobs import JobShape, NewJob

router = APIRouter(prefix="/api/jobs", tags=["jobs"], responses=REFUSALS)


@router.get("", response_model=list[JobShape])
def listed(study: Asked, request: Request) -> list[dict[str, Any]]:
    """The newest jobs first, with how far they are."""
    return [_told(request, one) for one in jobs.listed(study)]


@router.post("", response_model=JobShape)
def add(new: NewJob, study: Asked, request: Request) -> dict[str, Any]:
    """Ask for long work; one piece is done at a time."""
    if new.options.model is not None:
        check_model_name(new.options.model)
    made = jobs.ask_for(study, new.step, new.key, new.options.model_dump())
    queue_of(request).look()
    return _told(request, made)


@router.delete("/{number}", response_model=JobShape)
def cancel(number: Annotated[int, Path(ge=1, le=1 << 31)], study: Asked, request: Request) -> dict[str, Any]:
    """Take work out of the queue, or stop it; what it finished is kept and found again."""
    stopped = jobs.cancel(study, number)
    queue_of(request).look()
    return _told(request, stopped)


def queue_of(request: Request) -> Queue:
    queue: Queue = request.app.state.queue
    return queue


def _told(request: Request, job: Job) -> dict[str, Any]:
    far = queue_of(request).how_far(job.id)
    names = ("name", "part", "of", "seconds_left", "age_s")
    progress = far and {name: getattr(far, name) for name in names}
    return {name: value for name, value in asdict(job).items() if name != "options"} | {"progress": progress}
