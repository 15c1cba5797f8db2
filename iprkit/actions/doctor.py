"""What this machine offers: parts and their versions, cores, memory, disk, graphics card, speech engines, models."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path

import psutil

from iprkit.speech.models import Model, list_models

PARTS = (
    "iprkit",
    "sqlalchemy",
    "alembic",
    "av",
    "faster-whisper",
    "openai-whisper",
    "pocketsphinx",
    "torch",
    "spacy",
    "psycopg",
)


@dataclass(frozen=True)
class Machine:
    """Where iprkit runs. Sizes in bytes; ``parts`` maps a part's name to its version, None where it is missing."""

    python: str
    system: str
    sqlite: str
    cores: int
    memory_bytes: int
    memory_free_bytes: int
    disk_free_bytes: int
    gpu: str | None
    parts: dict[str, str | None]
    engines: tuple[str, ...]
    models: tuple[Model, ...]


def doctor(folder: Path | None = None) -> Machine:
    """Look at the machine; ``folder`` is where the disk's free room is measured, the current one by default."""
    memory = psutil.virtual_memory()
    return Machine(
        python=platform.python_version(),
        system=platform.platform(terse=True),
        sqlite=sqlite3.sqlite_version,
        cores=_cores(),
        memory_bytes=memory.total,
        memory_free_bytes=memory.available,
        disk_free_bytes=shutil.disk_usage(folder or Path.cwd()).free,
        gpu=_gpu(),
        parts={name: _version(name) for name in PARTS},
        engines=tuple(sorted(point.name for point in entry_points(group="iprkit.engines"))),
        models=tuple(list_models()),
    )


def _cores() -> int:
    """Those that this process may use, which a container or a cluster may limit."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(part: str) -> str | None:
    try:
        return version(part)
    except PackageNotFoundError:
        return None


def _gpu() -> str | None:
    """The card that torch would use; torch is loaded only here."""
    try:
        import torch
    except ImportError:
        return None
    if torch.cuda.is_available():
        return str(torch.cuda.get_device_name(0))
    return "Apple (mps)" if torch.backends.mps.is_available() else None
