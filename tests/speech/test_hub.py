"""The hub as a server on this machine that answers as the real one does: what is asked of it and what is kept."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from iprkit.errors import ModelDamaged, ModelError
from iprkit.speech.fetch import fetch_model
from iprkit.speech.manifest import read_manifest
from iprkit.speech.models import find_model

REVISION = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "lab/norsk"
WEIGHTS = b"weights of a small model" * 50


@dataclass
class Hub:
    """The files of one repository; ``stated`` are checksums that it states instead of the true ones."""

    files: dict[str, bytes]
    stated: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def info(self) -> bytes:
        siblings = [self._sibling(name, content) for name, content in self.files.items()]
        return json.dumps({"_id": "1", "id": REPOSITORY, "sha": REVISION, "siblings": siblings}).encode()

    def tree(self) -> bytes:
        files = [{"type": "file", "path": n, "size": len(c), "oid": "0" * 40} for n, c in self.files.items()]
        return json.dumps(files).encode()

    def _sibling(self, name: str, content: bytes) -> dict[str, object]:
        known = {"rfilename": name, "size": len(content), "blobId": "0" * 40}
        if not name.endswith(".bin"):
            return known
        digest = self.stated.get(name) or hashlib.sha256(content).hexdigest()
        return known | {"lfs": {"sha256": digest, "size": len(content), "pointerSize": 130}}


class Answering(BaseHTTPRequestHandler):
    hub: Hub

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        name = path.partition(f"/resolve/{REVISION}/")[2]
        if path.startswith(f"/api/models/{REPOSITORY}/tree/"):
            self._send(self.hub.tree(), with_body)
        elif path.startswith(f"/api/models/{REPOSITORY}"):
            self._send(self.hub.info(), with_body)
        elif path.startswith(f"/{REPOSITORY}/") and name in self.hub.files:
            self.hub.asked.append(name)
            self._send(self.hub.files[name], with_body)
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _send(self, content: bytes, with_body: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Repo-Commit", REVISION)
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def hub(tmp_path: Path, surroundings: Callable[..., AbstractContextManager[None]]) -> Iterator[Hub]:
    """A repository with a model, its README and weights for another program, on a server of its own."""
    files = {"model.bin": WEIGHTS, "config.json": b"{}", "vocabulary.json": b"[]"}
    made = Hub(files | {"README.md": b"# norsk", "pytorch_model.bin": b"another program's"})
    handler = type("Answers", (Answering,), {"hub": made})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        where = f"http://127.0.0.1:{server.server_address[1]}"
        with surroundings(HF_ENDPOINT=where, HF_HOME=str(tmp_path / "hub"), HF_HUB_DISABLE_XET="1"):
            yield made
        server.shutdown()
        thread.join()


def test_a_model_comes_from_the_hub_with_its_own_files_only(models: Path, hub: Hub) -> None:
    fetched = fetch_model(REPOSITORY, source="hub")
    assert sorted(place.name for place in fetched.path.iterdir()) == [
        "config.json",
        "manifest.json",
        "model.bin",
        "vocabulary.json",
    ]
    assert set(hub.asked) == {"model.bin", "config.json", "vocabulary.json"}
    assert find_model(REPOSITORY, "faster-whisper").sha256 == hashlib.sha256(WEIGHTS).hexdigest()
    manifest = read_manifest(fetched.path)
    assert manifest is not None
    assert manifest.source == f"hub {REPOSITORY}@{REVISION}"


def test_weights_that_differ_from_what_the_hub_states_are_not_kept(models: Path, hub: Hub) -> None:
    hub.stated["model.bin"] = "f" * 64
    with pytest.raises(ModelDamaged, match=r"model\.bin of the model lab/norsk has the SHA-256 .*, expected f{64}"):
        fetch_model(REPOSITORY, source="hub")
    assert list(models.iterdir()) == []


def test_a_known_model_must_have_the_known_bytes_wherever_it_comes_from(models: Path, hub: Hub) -> None:
    hub.files.pop("config.json")
    with pytest.raises(ModelError, match=r"the hub did not give Systran/faster-whisper-base: "):
        fetch_model("base", source="hub")
    assert list(models.iterdir()) == []


def test_a_repository_that_is_not_there_is_told_in_one_sentence_with_the_other_way(models: Path, hub: Hub) -> None:
    with pytest.raises(ModelError) as told:
        fetch_model("lab/dansk", source="hub")
    assert str(told.value).startswith("the hub did not give lab/dansk: ")
    assert "or bring the model from another machine: iprkit models fetch lab/dansk --from FOLDER" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_hub_that_cannot_be_reached_is_too(
    models: Path, tmp_path: Path, surroundings: Callable[..., AbstractContextManager[None]]
) -> None:
    nowhere = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path / "hub")}
    with surroundings(**nowhere), pytest.raises(ModelError, match="the hub did not give lab/norsk: ") as told:
        fetch_model(REPOSITORY, source="hub")
    assert "\n" not in str(told.value)
    assert list(models.iterdir()) == []
