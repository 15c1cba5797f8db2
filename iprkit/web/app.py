"""The server as a whole, put together from its parts."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from anyio import to_thread
from fastapi import FastAPI
from starlette.types import ASGIApp

from iprkit import __version__
from iprkit.actions.corrections import Means
from iprkit.database.connect import Study
from iprkit.database.kept import Kept
from iprkit.rights import RESEARCHER
from iprkit.speech.apart import Apart
from iprkit.web.asking import House
from iprkit.web.copies import Copies
from iprkit.web.errors import tell_errors
from iprkit.web.garbage import remembering
from iprkit.web.guard import Doors, Guard
from iprkit.web.queue import Queue
from iprkit.web.repeats import Repeats
from iprkit.web.routes import ROUTERS
from iprkit.web.visits import Visits
from iprkit.web.watch import Watch


@dataclass(frozen=True)
class Address:
    """Where the server is reached: the name or number of the machine, the port, and whether the way is encrypted.

    ``others``: other machines may come. ``accounts``: people say who they are by name and password.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    tls: bool = False
    others: bool = False
    accounts: bool = False

    @property
    def doors(self) -> Doors:
        names = {self.host} if self.others else {"127.0.0.1", "localhost", "[::1]"}
        usual = 443 if self.tls else 80
        hosts = {f"{name.lower()}:{self.port}" for name in names}
        hosts |= {name.lower() for name in names} if self.port == usual else set()
        return Doors(frozenset(hosts), "https" if self.tls else "http", f"iprkit-{self.port}")

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}/"


@dataclass(frozen=True)
class Served:
    """A study being served: the application behind its guard, and who is let in."""

    app: ASGIApp
    inner: FastAPI
    visits: Visits
    watch: Watch


def serve_study(study: Study, address: Address, visits: Visits | None = None) -> Served:
    """The application that serves a study under an address. The study stays open, and the caller's to close."""
    lasting = replace(study, kept=Kept())
    visits = visits or Visits()
    house = House(lasting, visits, address.doors.cookie, address.others, address.accounts)
    inner = make_app()
    queue = Queue(replace(lasting, role=RESEARCHER), logging.getLogger("uvicorn.error").warning)
    watch = Watch(lasting, lambda: queue.changes)
    inner.state.house, inner.state.watch, inner.state.queue = house, watch, queue
    inner.state.copies = Copies(lasting, logging.getLogger("uvicorn.error").warning)
    inner.state.apart = Apart()
    inner.state.means = Means(inner.state.apart.aligners, inner.state.copies.later)
    return Served(Guard(Repeats(inner), address.doors, visits), inner, visits, watch)


def make_app() -> FastAPI:
    """The routes without a study: all that the OpenAPI document is made from."""
    app = FastAPI(
        title="iprkit", version=__version__, docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan,
        description="The workbench of an IPR study: sessions, recall, codings on one clock.",
    )  # fmt: skip
    for router in ROUTERS:
        app.include_router(router)
    tell_errors(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The queue works as long as the server runs."""
    app.state.queue.start()
    app.state.copies.begin()
    with remembering():
        yield
    app.state.watch.close()
    await to_thread.run_sync(app.state.copies.close)
    await to_thread.run_sync(app.state.queue.close)
    app.state.apart.close()
