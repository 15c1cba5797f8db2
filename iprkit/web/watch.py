"""Looks twice a second whether anything was changed, by whatever program, as long as a page listens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from anyio import to_thread

EVERY_S = 0.5


class Watch:
    """The journal's newest number as it was seen last, and a count of the queue's changes; asleep without listeners."""

    def __init__(self, last_number: Callable[[], int], jobs_changed: Callable[[], int]) -> None:
        self.number = 0
        self.jobs = 0
        self.closing = False
        self._last_number = last_number
        self._jobs_changed = jobs_changed
        self._listeners = 0
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Look as long as the block runs."""
        self._listeners += 1
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look())
        try:
            yield
        finally:
            self._listeners -= 1

    async def changed(self, number: int, jobs: int, within_s: float) -> bool:
        """Whether the journal went beyond ``number``, or the queue changed, within so many seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within_s
        while self.number <= number and self.jobs == jobs and not self.closing:
            left = until - loop.time()
            if left <= 0:
                return False
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                return False
        return True

    def close(self) -> None:
        """Let everybody who listens go."""
        self.closing = True
        self._tell()

    async def _look(self) -> None:
        while self._listeners and not self.closing:
            number = await to_thread.run_sync(self._last_number)
            jobs = self._jobs_changed()
            if (number, jobs) != (self.number, self.jobs):
                self.number, self.jobs = number, jobs
                self._tell()
            await asyncio.sleep(EVERY_S)

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
