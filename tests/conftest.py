"""What most tests start from: a small study, its database inside a change, the command line, and short recordings."""

from __future__ import annotations

import math
import os
import struct
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session as Db

from iprkit.cli import main
from iprkit.database.connect import Study, create

MODELS = "IPRKIT_MODELS"
Recorder = Callable[..., Path]


@pytest.fixture
def record(tmp_path: Path) -> Recorder:
    """Writes a short WAV: ``record("a.wav", seconds=2, channels=2, pitch=440)``."""

    def write(name: str, seconds: float = 1, channels: int = 1, pitch: int = 440) -> Path:
        file = tmp_path / "camera" / name
        file.parent.mkdir(exist_ok=True)
        tone = [round(9000 * math.sin(math.tau * pitch * i / 8000)) for i in range(round(8000 * seconds))]
        with wave.open(str(file), "wb") as out:
            out.setnchannels(channels)
            out.setsampwidth(2)
            out.setframerate(8000)
            out.writeframes(b"".join(struct.pack("<h", sample) * channels for sample in tone))
        return file

    return write


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """An empty study of Anna's."""
    with create(tmp_path / "study", "Rupture and repair", "anna") as made:
        yield made


@pytest.fixture
def db(study: Study) -> Iterator[Db]:
    """The study's database inside one change."""
    with study.change("a test's change", "D01") as open_db:
        yield open_db


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., Result]:
    """Runs ``iprkit -C STUDY …`` on a study in the temporary folder; ``cli("status", "--json")``."""

    def run(*words: object, folder: Path | None = None) -> Result:
        where = ["-C", str(folder or tmp_path / "study")]
        return CliRunner().invoke(main, [*where, "--as", "anna", *map(str, words)])

    return run


@pytest.fixture
def models(tmp_path: Path) -> Iterator[Path]:
    """An empty models folder, named by IPRKIT_MODELS while the test runs."""
    folder = tmp_path / "models"
    before = os.environ.get(MODELS)
    os.environ[MODELS] = str(folder)
    yield folder
    if before is None:
        del os.environ[MODELS]
    else:
        os.environ[MODELS] = before
