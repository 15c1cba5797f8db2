"""Looks twice a second whether anything was changed, by whatever program, as long as a page listens."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from anyio import to_thread

from iprkit.actions import feed
from iprkit.actions.feed import Portion
from iprkit.database.connect import Study
from iprkit.errors import IprkitError

EVERY_S = 0.5


class Watch:
    """The journal's newest number as it was seen last, and a count of the queue's changes; asleep without listeners."""

    def __init__(self, study: Study, jobs_changed: Callable[[], int]) -> None:
        self.number = 0
        self.jobs = 0
        self.closing = False
        self._study = study
        self._jobs_changed = jobs_changed
        self._listeners: Counter[str] = Counter()
        self._read: tuple[int, dict[str, Portion]] = (0, {})
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    @contextmanager
    def listening(self, name: str) -> Iterator[None]:
        """Look in somebody's name as long as the block runs."""
        self._listeners[name] += 1
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look())
        try:
            yield
        finally:
            self._listeners -= Counter({name: 1})

    def read(self, name: str, number: int) -> Portion | None:
        """What the last look found for somebody who knows the journal to ``number``; None where it began elsewhere."""
        since, portions = self._read
        return portions.get(name) if since == number else None

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
        self._read = (0, {})
        while self._listeners and not self.closing:
            with suppress(IprkitError):  # the database is away for a while
                await self._see()
            await asyncio.sleep(EVERY_S)

    async def _see(self) -> None:
        number = await to_thread.run_sync(feed.last_number, self._study)
        jobs = self._jobs_changed()
        if (number, jobs) == (self.number, self.jobs):
            return
        if 0 < number - self.number <= feed.MOST_ENTRIES:
            read = await to_thread.run_sync(feed.news_for, self._study, self.number, [*self._listeners])
            self._read = (self.number, read)
        self.number, self.jobs = number, jobs
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
