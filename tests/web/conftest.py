"""A study as browsers see it: a client that is let in, several people at once, and recordings as browsers make them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from starlette.testclient import TestClient

from iprkit.actions.assignments import Plan, assign
from iprkit.database.connect import Study, create
from iprkit.rights import RESEARCHER
from iprkit.web.app import Address, Served, serve_study

HOST = "http://127.0.0.1:8765"


@dataclass
class Browser:
    """A browser that was let in; changes bring the csrf word along."""

    client: TestClient
    csrf: str

    def get(self, path: str, **more: Any) -> Any:
        """What an address answers, as JSON."""
        response = self.client.get(path, **more)
        assert response.status_code == 200, response.text
        return response.json()

    def send(self, method: str, path: str, json: Any = None, **more: Any) -> Any:
        """The answer to a change, whatever it is."""
        headers = {"x-iprkit-token": self.csrf, **more.pop("headers", {})}
        return self.client.request(method, path, json=json, headers=headers, **more)

    def done(self, method: str, path: str, json: Any = None, **more: Any) -> Any:
        """The answer to a change that is made, as JSON."""
        response = self.send(method, path, json, **more)
        assert response.status_code == 200, response.text
        return response.json()


def open_browser(served: Served, name: str = "lea", role: str = RESEARCHER) -> Browser:
    """Somebody opens the page."""
    client = TestClient(served.app, base_url=HOST, follow_redirects=False)
    client.get(f"/?token={served.visits.token_for(name, role)}")
    return Browser(client, client.get("/api/me").json()["csrf"])


@pytest.fixture
def coded(tmp_path: Path, told_apart: Callable[[Study], None]) -> Iterator[Study]:
    """A study of Lea's: D01-S01 transcribed (T001, C001, C002), coders anna and ben, codebook talk."""
    with create(tmp_path / "coded", "Coded", "lea") as study:
        told_apart(study)
        yield study


@pytest.fixture
def blind(coded: Study) -> Study:
    """The same study, in which Anna and Ben code three segments blind in A01."""
    assign(coded, Plan("talk", ("anna", "ben")))
    return coded


@pytest.fixture
def served(coded: Study) -> Served:
    """The study ``coded`` being served to this machine; its queue rests, so that nothing is transcribed by the way."""
    return serve_study(coded, Address())


@pytest.fixture
def lea(served: Served) -> Browser:
    """Lea, a researcher."""
    return open_browser(served)


@pytest.fixture
def others(served: Served) -> Callable[[str, str], Browser]:
    """Somebody else opens the page: ``others("anna", "coder")``."""
    return lambda name, role: open_browser(served, name, role)


@pytest.fixture(scope="session")
def microphone() -> Callable[[NDArray[np.float32]], bytes]:
    """What a browser's recorder makes of sound at 16 kHz: WebM with Opus, written as it comes, without a length."""
    return _webm


def _webm(sound: NDArray[np.float32]) -> bytes:
    class Live(io.RawIOBase):
        """Takes bytes and can go back to none of them, as a recorder's output."""

        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, block: Any) -> int:
            self.data += block
            return len(block)

    live = Live()
    with av.open(live, "w", format="webm", options={"live": "1", "cluster_time_limit": "1000"}) as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        for start in range(0, len(sound), 16_000):
            block = np.ascontiguousarray(sound[None, start : start + 16_000])
            frame = av.AudioFrame.from_ndarray(block, format="flt", layout="mono")
            frame.sample_rate, frame.pts = 16_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return bytes(live.data)
