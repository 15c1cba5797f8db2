"""Starting the server: on a free port of this machine, or for others under a certificate."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn

from iprkit.actions.accounts import list_accounts
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput
from iprkit.rights import RESEARCHER
from iprkit.web.app import Address, Served, serve_study
from iprkit.web.kept_visits import kept_visits
from iprkit.web.visits import Visits

PORT = 8765


@dataclass(frozen=True)
class Certificate:
    """The files by which other machines know that this server is who it says."""

    certfile: Path
    keyfile: Path


def serve(
    study: Study, address: Address, certificate: Certificate | None, tell: Callable[[str], None], browser: bool
) -> None:
    """Serve a study until somebody interrupts; ``tell`` is given the address to open.

    Port 0 means any that is free. Raises InvalidInput where the port is taken, or nobody has an account who needs one.
    """
    if address.accounts and not list_accounts(study):
        raise InvalidInput("nobody has an account yet; give one with: iprkit account add NAME --role researcher")
    door = listen(address)
    here = replace(address, port=door.getsockname()[1])
    served = serve_study(study, here, Visits(None if here.accounts else kept_visits(study)))
    url = here.url
    if not here.accounts:
        url += f"?token={served.visits.token_for(study.author, RESEARCHER)}"
    tell(url)
    if browser:
        webbrowser.open(url)
    with door, suppress(KeyboardInterrupt):  # the usual way to end it
        Server(_config(served, certificate), served).run(sockets=[door])


KEEP_ALIVE_S = 75
"""How long a connection waits for the next request; a shorter time cuts pages off that ask again just then."""


class Server(uvicorn.Server):
    """Lets the pages that listen go first, so that the server ends when it is told to."""

    def __init__(self, config: uvicorn.Config, served: Served) -> None:
        super().__init__(config)
        self._served = served

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._served.watch.close()
        await super().shutdown(sockets)


def _config(served: Served, certificate: Certificate | None) -> uvicorn.Config:
    return uvicorn.Config(
        served.app, access_log=False, log_level="warning", server_header=False, proxy_headers=False,
        timeout_graceful_shutdown=2, timeout_keep_alive=KEEP_ALIVE_S, lifespan="on", ws="none",
        ssl_certfile=certificate.certfile if certificate else None,
        ssl_keyfile=certificate.keyfile if certificate else None,
    )  # fmt: skip


def listen(address: Address) -> socket.socket:
    """The socket that people reach the server at. Raises InvalidInput where nothing can be served there.

    It is one of TCP by name: only then does asyncio send a short answer off at once, and not 40 ms later.
    """
    with ExitStack() as stack:
        try:
            family, kind, number, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
            door = stack.enter_context(socket.socket(family, kind, number))
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(place)
            door.listen(128)  # so that whoever opens the address at once waits, and is not turned away
        except OSError as e:
            raise InvalidInput(
                f"nothing can be served at {address.host}, port {address.port}: {e.strerror}; choose another with "
                "--port"
            ) from e
        stack.pop_all()
    return door
